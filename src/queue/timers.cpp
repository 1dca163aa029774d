#include "queue/queue.h"
#include "sql/queue.h"
#include "value/json.h"

namespace sluice::queue {

void put_timers(pg::Transaction& tx, const std::vector<TimerWrite>& timers) {
    if (timers.empty()) return;
    std::vector<Timestamp> due;
    std::vector<ExecutionId> executions;
    std::vector<std::string> kinds;
    std::vector<std::optional<std::string>> runs, payloads;
    for (const TimerWrite& write : timers) {
        due.push_back(write.timer->due_at);
        executions.push_back(write.execution_id);
        const TaskRunId& run = write.timer->task_run_id;
        runs.push_back(run.empty() ? std::nullopt : std::optional(run.text()));
        kinds.push_back(write.timer->kind);
        const Value& payload = write.timer->payload;
        payloads.push_back(payload.is_null() ? std::nullopt : std::optional(to_json(payload)));
    }
    tx.send(sql::put_timers, due, executions, runs, kinds, payloads);
}

void drop_timers(pg::Transaction& tx, const std::vector<std::pair<ExecutionId, TaskRunId>>& of) {
    if (of.empty()) return;
    std::vector<ExecutionId> executions;
    std::vector<TaskRunId> runs;
    for (const auto& [execution, run] : of) {
        executions.push_back(execution);
        runs.push_back(run);
    }
    tx.send(sql::drop_timers, executions, runs);
}

void drop_timers(pg::Transaction& tx, const std::vector<ExecutionId>& of) {
    if (!of.empty()) tx.send(sql::drop_timers_of_executions, of);
}

std::size_t fire_timers(pg::Connection& connection, std::size_t most) {
    return connection.run(sql::fire_timers, most).size();
}

std::optional<Duration> next_timer(pg::Connection& connection) {
    const auto seconds = connection.run(sql::next_timer)[0].maybe_number();
    return seconds ? std::optional(seconds_of(*seconds)) : std::nullopt;
}

}  // namespace sluice::queue
