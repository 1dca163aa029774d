#pragma once
#include "store/search.h"
#include "store/task_runs.h"

namespace sluice::store {

/// A task run with what its row has of its execution and, while a worker has it, of the claim.
struct FoundTaskRun {
    OwnedTaskRun owned{};
    flow::FlowId flow{};
    std::string claimed_by{};
    std::optional<Timestamp> claimed_at{};
};

/// Task runs that match, those of the newest executions first.
///
/// Fields  q namespace flowId taskId executionId state startDate endDate workerId value attempts
/// Errors  BadRequest: a filter; Invalid: a sort field
Result<Found<FoundTaskRun>> find_task_runs(pg::Connection& connection, const Search& search);

/// All task runs of these executions, in the order of their creation.
std::vector<OwnedTaskRun> load_task_runs_of_executions(pg::Connection& connection, const std::vector<ExecutionId>& ids);

}  // namespace sluice::store
