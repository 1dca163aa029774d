#include "plugin/records.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace trigger_toggle {

struct Properties {
    std::string trigger;
    std::optional<std::string> name_space;
    std::optional<std::string> flow_id;
    bool enabled = false;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const plugin::TaskPlace& place = context.place();
    const flow::FlowId& own = place.flow;
    const flow::FlowId flow{want.name_space.value_or(own.namespace_name), want.flow_id.value_or(own.id)};
    auto done = context.execution_records().set_trigger_disabled(
        flow, want.trigger, !want.enabled, fmt::format("task {} of execution {}", place.task_id, place.execution_id));
    if (!done) return tl::unexpected(done.error());
    return Value();
}

}  // namespace trigger_toggle

plugin::TaskType core_trigger_toggle() {
    using namespace trigger_toggle;
    return plugin::task_type<Properties>("core.trigger.Toggle", run)
        .title("Disables a trigger, or enables it.")
        .alias("io.kestra.core.tasks.trigger.Toggle")
        .property("trigger", &Properties::trigger, "Id of the trigger", plugin::required)
        .property("namespace", &Properties::name_space, "Default: the flow's own")
        .property("flowId", &Properties::flow_id, "Default: the flow itself")
        .property("enabled", &Properties::enabled, "true enables it");
}

}  // namespace sluice::tasks
