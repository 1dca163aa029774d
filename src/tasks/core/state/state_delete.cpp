#include "plugin/records.h"
#include "tasks/catalog.h"
#include "tasks/core/state/task_state.h"

namespace sluice::tasks {
namespace state_delete {

struct Properties {
    std::string name = "default";
    bool name_space = false;
    bool taskrun_value = true;
    bool error_on_missing = false;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const std::string key = state_key({want.name, want.name_space, want.taskrun_value}, context);
    const bool deleted = context.key_values().remove(context.place().flow.namespace_name, key);
    if (!deleted && want.error_on_missing) return not_found("there is no state '{}'", want.name);
    return Value{{"deleted", deleted}};
}

}  // namespace state_delete

plugin::TaskType core_state_delete() {
    using namespace state_delete;
    return plugin::task_type<Properties>("core.state.Delete", run)
        .title("Forgets data that an earlier execution kept.")
        .deprecated()
        .alias("io.kestra.core.tasks.states.Delete")
        .property("name", &Properties::name, "Name of the state")
        .property("namespace", &Properties::name_space, "Shared by the flows of the namespace")
        .property("taskrunValue", &Properties::taskrun_value, "One for each value of a loop")
        .property("errorOnMissing", &Properties::error_on_missing, "A state that is not there is a failure")
        .output("deleted", "Whether it was there", flow::Shape::Boolean);
}

}  // namespace sluice::tasks
