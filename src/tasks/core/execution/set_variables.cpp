#include "tasks/catalog.h"

namespace sluice::tasks {
namespace execution_set_variables {

struct Properties {
    Value variables;
    bool overwrite = true;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    if (!want.variables.is_map()) return invalid("property 'variables': expected a map");
    const Value present = context.variables()["vars"];
    for (const auto& [name, value] : want.variables.as_map()) {
        if (!want.overwrite && present.get(name)) {
            return conflict("the variable '{}' is there already, and `overwrite` is false", name);
        }
    }
    context.set_variables(want.variables);
    return Value();
}

}  // namespace execution_set_variables

plugin::TaskType core_execution_set_variables() {
    using namespace execution_set_variables;
    return plugin::task_type<Properties>("core.execution.SetVariables", run)
        .title("Sets variables of the execution.")
        .description("They are `{{ vars.<name> }}` from the next task on.")
        .updating()
        .property("variables", &Properties::variables, "Names and values", plugin::required)
        .shape(flow::Shape::Map)
        .property("overwrite", &Properties::overwrite, "When false, a variable that is there already is a failure");
}

}  // namespace sluice::tasks
