#pragma once
#include <functional>
#include <map>
#include <set>
#include <vector>

#include "engine/execution.h"
#include "engine/transition.h"
#include "pg/pg.h"

namespace sluice::store {

/// A task run and the execution that it belongs to.
struct OwnedTaskRun {
    ExecutionId execution_id{};
    engine::TaskRun run{};
};

/// A task run to be written, with what its row has of its execution.
struct TaskRunWrite {
    const engine::Execution* execution;
    const engine::TaskRun* run;
};

/// Errors  every function: DatabaseError, StatementError (task_runs_pkey when the same one is made twice)
void insert_task_runs(pg::Transaction& tx, const std::vector<TaskRunWrite>& writes);
void update_task_runs(pg::Transaction& tx, const std::vector<TaskRunWrite>& writes);
void delete_task_runs(pg::Transaction& tx, const std::vector<std::pair<ExecutionId, TaskRunId>>& ids);

/// Task runs and all their ancestors, with the next round trip of the transaction.
void load_lineage(pg::Transaction& tx, const std::vector<std::pair<ExecutionId, TaskRunId>>& ids,
                  std::function<void(OwnedTaskRun)> take);

// In the order of their creation.
std::vector<engine::TaskRun> load_task_runs(pg::Connection& connection, const ExecutionId& id);
std::vector<engine::TaskRun> load_active_task_runs(pg::Connection& connection, const ExecutionId& id);
std::vector<engine::TaskRun> load_task_runs_of(pg::Connection& connection, const ExecutionId& id,
                                               const std::vector<std::string>& task_ids);
std::vector<engine::TaskRun> load_children(pg::Connection& connection, const ExecutionId& id, const TaskRunId& parent);

/// Reads the columns of load_task_runs.sql.
OwnedTaskRun task_run_of(pg::Row& row);

void insert_loop_values(pg::Transaction& tx,
                        const std::vector<std::pair<ExecutionId, const engine::LoopValues*>>& values);
/// For task runs that were copied into another execution: old ids to new ones.
/// Outputs of the executions that a ForEachItem started, a piece of engine::child_chunk() ids at a time; nothing: there
/// is no such piece.
///
/// beside   a task run with the same parent as the one that started them
/// task_id  of the one that started them
std::optional<std::vector<Value>> outputs_of_batches(pg::Connection& connection, const ExecutionId& id,
                                                     const TaskRunId& beside, const std::string& task_id,
                                                     std::int64_t piece);
void copy_loop_values(pg::Transaction& tx, const ExecutionId& from, const ExecutionId& to,
                      const std::map<TaskRunId, TaskRunId>& ids);
std::vector<std::string> load_loop_values(pg::Connection& connection, const ExecutionId& id, const TaskRunId& run,
                                          std::int64_t chunk);

/// A folder that the tasks of a WorkingDirectory share.
struct FolderKey {
    ExecutionId execution_id{};
    TaskRunId task_run_id{};
    std::int64_t epoch = 0;
};
/// Which of them are still needed.
std::set<TaskRunId> live_folders(pg::Connection& connection, const std::vector<FolderKey>& keys);

}  // namespace sluice::store
