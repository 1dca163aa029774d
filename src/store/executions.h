#pragma once
#include <functional>
#include <vector>

#include "engine/execution.h"
#include "pg/pg.h"

namespace sluice::store {

/// Errors  every function: DatabaseError, StatementError
void insert_executions(pg::Transaction& tx, const std::vector<engine::Execution>& executions);
struct ExecutionUpdate {
    const engine::Execution* execution;
    bool inputs_too = false;  // they hardly ever change, and may be large
};
void update_executions(pg::Transaction& tx, const std::vector<ExecutionUpdate>& updates);

/// An execution, and why it must not go on: the reason of the kill switch that it is under.
struct LockedExecution {
    engine::Execution execution{};
    std::optional<std::string> kill_reason{};
};
/// Locks them for this transaction, with its next round trip. What others have locked is left out.
void lock_executions(pg::Transaction& tx, const std::vector<ExecutionId>& ids,
                     std::function<void(LockedExecution)> take);

/// Locks one, waiting for whoever has it. Empty: there is none
std::optional<engine::Execution> lock_execution(pg::Transaction& tx, const ExecutionId& id);

std::vector<engine::Execution> load_executions(pg::Connection& connection, const std::vector<ExecutionId>& ids);
std::optional<engine::Execution> load_execution(pg::Connection& connection, const ExecutionId& id);

/// Executions that a task of this one started and that are not over.
std::vector<ExecutionId> active_children(pg::Transaction& tx, const ExecutionId& caller);

/// Reads the columns of load_executions.sql.
engine::Execution execution_of(pg::Row& row);

/// Labels as their column has them: a map, without the correlation id that is the own id.
Value labels_column(const std::vector<flow::Label>& labels);
std::vector<flow::Label> labels_of_column(const Value& column);

}  // namespace sluice::store
