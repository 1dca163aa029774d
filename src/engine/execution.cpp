#include "engine/execution.h"

#include "engine/moves.h"

namespace sluice::engine {

std::vector<std::string> TaskRun::value_chain() const {
    std::vector<std::string> chain = parent_values;
    if (value) chain.push_back(*value);
    return chain;
}

void TaskRun::move_to(State state, Timestamp at) {
    ensure(task_run_may_move(history.state(), state), "task run {} of {} can't go from {} to {}", id, task_id,
           to_text(history.state()), to_text(state));
    history.add(state, at);
}

void Execution::move_to(State state, Timestamp at) {
    ensure(execution_may_move(history.state(), state), "execution {} can't go from {} to {}", id,
           to_text(history.state()), to_text(state));
    history.add(state, at);
}

}  // namespace sluice::engine
