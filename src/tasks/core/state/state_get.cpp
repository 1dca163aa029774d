#include "tasks/catalog.h"
#include "tasks/core/state/task_state.h"

namespace sluice::tasks {
namespace state_get {

struct Properties {
    std::string name = "default";
    bool name_space = false;
    bool taskrun_value = true;
    bool error_on_missing = false;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const std::string key = state_key({want.name, want.name_space, want.taskrun_value}, context);
    bool found = false;
    Value data = state_data(key, context, found);
    if (!found && want.error_on_missing) return not_found("there is no state '{}'", want.name);
    const auto count = static_cast<std::int64_t>(data.as_map().size());
    return Value{{"count", count}, {"data", std::move(data)}};
}

}  // namespace state_get

plugin::TaskType core_state_get() {
    using namespace state_get;
    return plugin::task_type<Properties>("core.state.Get", run)
        .title("Reads data that an earlier execution kept.")
        .deprecated()
        .alias("io.kestra.core.tasks.states.Get")
        .property("name", &Properties::name, "Name of the state")
        .property("namespace", &Properties::name_space, "Shared by the flows of the namespace")
        .property("taskrunValue", &Properties::taskrun_value, "One for each value of a loop")
        .property("errorOnMissing", &Properties::error_on_missing, "A state that is not there is a failure")
        .output("count", "Entries", flow::Shape::Integer)
        .output("data", "The data", flow::Shape::Map);
}

}  // namespace sluice::tasks
