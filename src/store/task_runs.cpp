#include "store/task_runs.h"

#include "sql/store.h"
#include "store/history_column.h"
#include "store/json_column.h"

namespace sluice::store {
namespace {

std::optional<std::string> optional_id(const TaskRunId& id) {
    return id.empty() ? std::nullopt : std::optional(id.text());
}

/// Attempts that the other columns tell as well are not written: a single one that ran from start to end.
bool is_told_by_columns(const engine::TaskRun& run) {
    if (run.attempts.empty()) return true;
    if (run.attempts.size() > 1) return false;
    const engine::Attempt& only = run.attempts.front();
    return only.reason.empty() && only.log_file.empty() && only.state == run.state() && is_over(only.state) &&
           only.ended_at && run.history.first(State::Running) == only.started_at &&
           run.history.since() == *only.ended_at;
}

Value attempts_column(const engine::TaskRun& run) {
    if (is_told_by_columns(run)) return {};
    List list;
    for (const engine::Attempt& attempt : run.attempts) {
        Map map;
        map.set("state", to_text(attempt.state));
        if (!attempt.worker_id.empty()) map.set("worker", attempt.worker_id);
        map.set("startedAt", to_iso(attempt.started_at));
        if (attempt.ended_at) map.set("endedAt", to_iso(*attempt.ended_at));
        if (!attempt.reason.empty()) map.set("reason", attempt.reason);
        if (!attempt.log_file.empty()) map.set("logFile", attempt.log_file);
        list.push_back(Value(std::move(map)));
    }
    return Value(std::move(list));
}

std::vector<engine::Attempt> attempts_of(const Value& column, const HistoryColumns& h, const std::string& worker) {
    std::vector<engine::Attempt> out;
    if (const List* list = column.if_list()) {
        for (const Value& one : *list) {
            engine::Attempt attempt;
            attempt.state = state_of(one.text("state")).value_or(State::Created);
            attempt.worker_id = one.text("worker");
            attempt.started_at = parse_iso(one.text("startedAt")).value_or(Timestamp{});
            if (const auto ended = parse_iso(one.text("endedAt"))) attempt.ended_at = *ended;
            attempt.reason = one.text("reason");
            attempt.log_file = one.text("logFile");
            out.push_back(std::move(attempt));
        }
    } else if (h.started_at && h.ended_at && h.state != State::Skipped) {
        out.push_back({h.state, worker, *h.started_at, h.ended_at, ""});
    }
    return out;
}

std::optional<std::string> values_column(const std::vector<std::string>& values) {
    if (values.empty()) return {};
    List list;
    for (const std::string& value : values) list.emplace_back(value);
    return to_json(Value(std::move(list)));
}

struct TaskRunColumns {
    std::vector<std::string> execution_id, id, name_space, flow_id, task_id, state;
    std::vector<std::int64_t> ordinal, epoch;
    std::vector<std::optional<std::int64_t>> iteration;
    std::vector<Timestamp> created_at;
    std::vector<std::optional<Timestamp>> started_at, ended_at;
    std::vector<std::optional<std::string>> parent_id, value, parent_values, worker_id, attempts, outputs, progress,
        history;

    void add(const TaskRunWrite& write) {
        const engine::TaskRun& run = *write.run;
        const HistoryColumns h = columns_of(run.history, false);
        execution_id.push_back(write.execution->id.text());
        id.push_back(run.id.text());
        ordinal.push_back(run.ordinal);
        name_space.push_back(write.execution->flow.namespace_name);
        flow_id.push_back(write.execution->flow.id);
        task_id.push_back(run.task_id);
        parent_id.push_back(optional_id(run.parent_id));
        value.push_back(run.value);
        parent_values.push_back(values_column(run.parent_values));
        iteration.push_back(run.iteration);
        state.emplace_back(to_text(h.state));
        created_at.push_back(h.created_at);
        started_at.push_back(h.started_at);
        ended_at.push_back(h.ended_at);
        history.push_back(h.text);
        const bool on_worker = !run.attempts.empty() && !run.attempts.back().worker_id.empty();
        worker_id.push_back(on_worker ? std::optional(run.attempts.back().worker_id) : std::nullopt);
        epoch.push_back(run.epoch);
        attempts.push_back(json_column(attempts_column(run)));
        outputs.push_back(json_column(run.outputs));
        progress.push_back(run.progress == engine::Progress{} ? std::nullopt
                                                              : json_column(engine::to_value(run.progress)));
    }
};

}  // namespace

void insert_task_runs(pg::Transaction& tx, const std::vector<TaskRunWrite>& writes) {
    if (writes.empty()) return;
    TaskRunColumns c;
    for (const TaskRunWrite& write : writes) c.add(write);
    tx.send(sql::insert_task_runs, c.execution_id, c.id, c.ordinal, c.name_space, c.flow_id, c.task_id, c.parent_id,
            c.value, c.parent_values, c.iteration, c.state, c.created_at, c.started_at, c.ended_at, c.worker_id,
            c.epoch, c.attempts, c.outputs, c.progress, c.history);
}

void update_task_runs(pg::Transaction& tx, const std::vector<TaskRunWrite>& writes) {
    if (writes.empty()) return;
    TaskRunColumns c;
    for (const TaskRunWrite& write : writes) c.add(write);
    tx.send(sql::update_task_runs, c.execution_id, c.id, c.state, c.started_at, c.ended_at, c.worker_id, c.epoch,
            c.attempts, c.outputs, c.progress, c.history);
}

namespace {
std::pair<std::vector<ExecutionId>, std::vector<TaskRunId>> side_by_side(
    const std::vector<std::pair<ExecutionId, TaskRunId>>& ids) {
    std::pair<std::vector<ExecutionId>, std::vector<TaskRunId>> out;
    for (const auto& [execution, run] : ids) {
        out.first.push_back(execution);
        out.second.push_back(run);
    }
    return out;
}

std::vector<engine::TaskRun> runs_of(const pg::Rows& rows) {
    std::vector<engine::TaskRun> out;
    out.reserve(rows.size());
    for (pg::Row row : rows) out.push_back(task_run_of(row).run);
    return out;
}
}  // namespace

void delete_task_runs(pg::Transaction& tx, const std::vector<std::pair<ExecutionId, TaskRunId>>& ids) {
    if (ids.empty()) return;
    const auto [executions, runs] = side_by_side(ids);
    tx.send(sql::delete_task_runs, executions, runs);
}

OwnedTaskRun task_run_of(pg::Row& row) {
    OwnedTaskRun out;
    engine::TaskRun& run = out.run;
    out.execution_id = ExecutionId{row.text()};
    run.id = TaskRunId{row.text()};
    run.ordinal = row.integer();
    run.task_id = row.text();
    run.parent_id = TaskRunId{row.maybe_text().value_or("")};
    run.value = row.maybe_text();
    run.parent_values = row.maybe_texts();
    run.iteration = row.maybe_integer();
    HistoryColumns h;
    const auto state = state_of(row.view());
    ensure(state.has_value(), "task run {} has an unknown state", run.id);
    h.state = *state;
    h.created_at = row.timestamp();
    h.started_at = row.maybe_timestamp();
    h.ended_at = row.maybe_timestamp();
    const std::string worker = row.maybe_text().value_or("");
    run.epoch = row.integer();
    const Value attempts = value_of_column(row.maybe_text());
    run.outputs = value_of_column(row.maybe_text());
    run.progress = engine::progress_of(value_of_column(row.maybe_text()));
    h.text = row.maybe_text();
    run.history = history_of(h);
    // A flowable task has no attempts; what it has is progress.
    const bool flowable = !(run.progress == engine::Progress{});
    if (!flowable || !attempts.is_null()) run.attempts = attempts_of(attempts, h, worker);
    return out;
}

void load_lineage(pg::Transaction& tx, const std::vector<std::pair<ExecutionId, TaskRunId>>& ids,
                  std::function<void(OwnedTaskRun)> take) {
    if (ids.empty()) return;
    const auto [executions, runs] = side_by_side(ids);
    tx.send_for(
        [take = std::move(take)](const pg::Rows& rows) {
            for (pg::Row row : rows) take(task_run_of(row));
        },
        sql::load_lineage, executions, runs);
}

std::vector<engine::TaskRun> load_task_runs(pg::Connection& connection, const ExecutionId& id) {
    return runs_of(connection.run(sql::load_task_runs, id));
}
std::vector<engine::TaskRun> load_active_task_runs(pg::Connection& connection, const ExecutionId& id) {
    return runs_of(connection.run(sql::load_active_task_runs, id));
}
std::vector<engine::TaskRun> load_task_runs_of(pg::Connection& connection, const ExecutionId& id,
                                               const std::vector<std::string>& task_ids) {
    return runs_of(connection.run(sql::load_task_runs_of, id, task_ids));
}
std::vector<engine::TaskRun> load_children(pg::Connection& connection, const ExecutionId& id, const TaskRunId& parent) {
    return runs_of(connection.run(sql::load_children, id, parent));
}

void insert_loop_values(pg::Transaction& tx,
                        const std::vector<std::pair<ExecutionId, const engine::LoopValues*>>& values) {
    if (values.empty()) return;
    std::vector<ExecutionId> executions;
    std::vector<TaskRunId> runs;
    std::vector<std::int64_t> chunks;
    std::vector<std::string> items;
    for (const auto& [execution, one] : values) {
        executions.push_back(execution);
        runs.push_back(one->task_run_id);
        chunks.push_back(one->chunk);
        items.push_back(values_column(one->values).value_or("[]"));
    }
    tx.send(sql::insert_loop_values, executions, runs, chunks, items);
}

std::optional<std::vector<Value>> outputs_of_batches(pg::Connection& connection, const ExecutionId& id,
                                                     const TaskRunId& beside, const std::string& task_id,
                                                     std::int64_t piece) {
    const pg::Rows rows =
        connection.run(sql::outputs_of_batches, id, beside, task_id, engine::child_chunk(piece * engine::kChildChunk));
    if (rows.empty()) return {};
    std::vector<Value> out;
    for (pg::Row row : rows) out.push_back(value_of_column(row.maybe_text()));
    return out;
}

void copy_loop_values(pg::Transaction& tx, const ExecutionId& from, const ExecutionId& to,
                      const std::map<TaskRunId, TaskRunId>& ids) {
    if (ids.empty()) return;
    std::vector<TaskRunId> old_ids, new_ids;
    for (const auto& [old_id, new_id] : ids) {
        old_ids.push_back(old_id);
        new_ids.push_back(new_id);
    }
    tx.send(sql::copy_loop_values, from, to, old_ids, new_ids);
}

std::vector<std::string> load_loop_values(pg::Connection& connection, const ExecutionId& id, const TaskRunId& run,
                                          std::int64_t chunk) {
    std::vector<std::string> out;
    const pg::Rows rows = connection.run(sql::load_loop_values, id, run, chunk);
    if (rows.empty()) return out;
    const Value items = value_of_column(rows[0].maybe_text());
    for (const Value& item : items.as_list()) out.push_back(item.as_string());
    return out;
}

std::set<TaskRunId> live_folders(pg::Connection& connection, const std::vector<FolderKey>& keys) {
    std::vector<ExecutionId> executions;
    std::vector<TaskRunId> runs;
    std::vector<std::int64_t> epochs;
    for (const FolderKey& key : keys) {
        executions.push_back(key.execution_id);
        runs.push_back(key.task_run_id);
        epochs.push_back(key.epoch);
    }
    std::set<TaskRunId> out;
    for (pg::Row row : connection.run(sql::live_folders, executions, runs, epochs)) out.emplace(row.text());
    return out;
}

}  // namespace sluice::store
