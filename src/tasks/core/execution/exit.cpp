#include "tasks/catalog.h"

namespace sluice::tasks {
namespace execution_exit {

struct Properties {
    std::string state = "SUCCESS";
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const auto state = state_of(want.state == "CANCELED" ? "CANCELLED" : want.state);
    if (!state || !is_over(*state)) {
        return invalid("property 'state': '{}' is not one of SUCCESS, WARNING, KILLED, FAILED, CANCELED", want.state);
    }
    context.exit_execution(*state);
    return Value();
}

}  // namespace execution_exit

plugin::TaskType core_execution_exit() {
    using namespace execution_exit;
    return plugin::task_type<Properties>("core.execution.Exit", run)
        .title("Ends the execution in a state.")
        .description(
            "Nothing more is started but `finally` and `afterExecution`. Tasks that run at the same time are waited "
            "for, "
            "or killed when the state is KILLED.")
        .updating()
        .property("state", &Properties::state, "How the execution ends")
        .values({"SUCCESS", "WARNING", "KILLED", "FAILED", "CANCELED", "CANCELLED"});
}

}  // namespace sluice::tasks
