#pragma once
#include <map>

#include "engine/event.h"
#include "flow/flow.h"

namespace sluice::engine {

/// A new execution that repeats another one, with the task runs that are not run again.
struct Replay {
    Execution execution{};
    std::vector<TaskRun> runs{};
    std::map<TaskRunId, TaskRunId> ids{};  // of those kept: the old one's id to the new one's
    Event first{};                         // to be put for the new execution
};

/// From the start: inputs, labels and trigger are the same.
Replay replay(const flow::Flow& flow, const Execution& original, const ExecutionId& id, Timestamp now);

/// From one task run: what came before it is kept with its outputs, it and all that follows from it runs again. A task
/// run inside a LoopUntil stands for the whole loop.
///
/// flow  the revision that the new execution runs
/// runs  all of the original's, in the order of their creation
/// Errors  NotFound: no such task run; Invalid: it is not one of `tasks`, or the revision has no such task
Result<Replay> replay_from(const flow::Flow& flow, const Execution& original, const std::vector<TaskRun>& runs,
                           const TaskRunId& from, const ExecutionId& id, Timestamp now);

/// From all that failed: a restart that leaves the original as it is.
/// Errors  Invalid: nothing failed, or the revision lacks a task that failed
Result<Replay> restart_anew(const flow::Flow& flow, const Execution& original, const std::vector<TaskRun>& runs,
                            const ExecutionId& id, Timestamp now);

/// The id of the task run at a place: the same place gives the same id.
/// round  of the LoopUntil that it stands in, else 0
TaskRunId id_of_place(const ExecutionId& execution, const TaskRunId& parent, const std::string& task,
                      const std::optional<std::string>& value, std::optional<std::int64_t> iteration,
                      std::int64_t round);

}  // namespace sluice::engine
