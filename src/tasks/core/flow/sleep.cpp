#include "base/waker.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace flow_sleep {

struct Properties {
    Duration duration{0};
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const std::stop_token stop = context.stop_token();
    const auto until = std::chrono::steady_clock::now() + want.duration;
    Waker nobody;
    while (!stop.stop_requested()) {
        const auto left = until - std::chrono::steady_clock::now();
        if (left <= Duration{0}) return Value();
        nobody.wait(stop, std::chrono::ceil<Duration>(left));
    }
    return refuse(ErrorCode::Cancelled, "stopped before the {} were over", for_people(want.duration));
}

}  // namespace flow_sleep

plugin::TaskType core_flow_sleep() {
    using namespace flow_sleep;
    return plugin::task_type<Properties>("core.flow.Sleep", run)
        .title("Waits for a time.")
        .description("Occupies a slot of its worker while it waits; a `Pause` with a `pauseDuration` does not.")
        .property("duration", &Properties::duration, "How long, for example PT30S", plugin::required);
}

}  // namespace sluice::tasks
