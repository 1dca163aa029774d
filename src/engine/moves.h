#pragma once
#include <string>

#include "flow/state.h"

namespace sluice::engine {

/// Whether a task run may go from one state to another. Every change of a state is held against this table.
/// Source  flows.md §5.2
bool task_run_may_move(State from, State to);

/// The same for executions.
bool execution_may_move(State from, State to);

}  // namespace sluice::engine
