#include "tasks/catalog.h"

namespace sluice::tasks {
namespace execution_unset_variables {

struct Properties {
    std::vector<std::string> variables;
    bool ignore_missing = false;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const Value present = context.variables()["vars"];
    for (const std::string& name : want.variables) {
        if (!want.ignore_missing && !present.get(name)) return not_found("there is no variable '{}'", name);
        context.unset_variable(name);
    }
    return Value();
}

}  // namespace execution_unset_variables

plugin::TaskType core_execution_unset_variables() {
    using namespace execution_unset_variables;
    return plugin::task_type<Properties>("core.execution.UnsetVariables", run)
        .title("Removes variables that SetVariables had set.")
        .updating()
        .property("variables", &Properties::variables, "Names", plugin::required)
        .property("ignoreMissing", &Properties::ignore_missing, "A variable that is not there is no failure");
}

}  // namespace sluice::tasks
