#include "tasks/catalog.h"
#include "value/truthiness.h"

namespace sluice::tasks {
namespace execution_fail {

struct Properties {
    std::optional<std::string> condition;
    std::string error_message = "Task failure";
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    if (!want.condition) return invalid("{}", want.error_message);
    if (!is_truthy(*want.condition)) return Value();
    context.log(LogLevel::Error, want.error_message);
    return invalid("Fail on a condition");
}

}  // namespace execution_fail

plugin::TaskType core_execution_fail() {
    using namespace execution_fail;
    return plugin::task_type<Properties>("core.execution.Fail", run)
        .title("Fails, always or on a condition.")
        .light()
        .alias("io.kestra.core.tasks.executions.Fail")
        .property("condition", &Properties::condition, "Fails only when this is true")
        .property("errorMessage", &Properties::error_message, "Goes to the log");
}

}  // namespace sluice::tasks
