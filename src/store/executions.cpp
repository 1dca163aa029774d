#include "store/executions.h"

#include "sql/store.h"
#include "store/history_column.h"
#include "store/json_column.h"
#include "store/optional_text.h"

namespace sluice::store {
namespace {

template <class Tag>
std::optional<std::string> optional_id(const Id<Tag>& id) {
    return id.empty() ? std::nullopt : std::optional(id.text());
}

std::string state_text(State state) {
    return std::string(to_text(state));
}

/// Arrays side by side, as unnest wants them.
struct Columns {
    std::vector<std::string> id, name_space, flow_id, state, labels, progress;
    std::vector<std::int64_t> revision;
    std::vector<int> attempt;
    std::vector<Timestamp> created_at;
    std::vector<std::optional<Timestamp>> started_at, ended_at, schedule_date;
    std::vector<std::optional<std::string>> kind, inputs, outputs, variables, trigger, parent_id, original_id,
        caller_id, caller_task_run_id, history;

    void add(const engine::Execution& e) {
        const HistoryColumns h = columns_of(e.history, true);
        id.push_back(e.id.text());
        name_space.push_back(e.flow.namespace_name);
        flow_id.push_back(e.flow.id);
        revision.push_back(e.flow_revision);
        state.push_back(state_text(h.state));
        created_at.push_back(h.created_at);
        started_at.push_back(h.started_at);
        ended_at.push_back(h.ended_at);
        history.push_back(h.text);
        kind.push_back(optional_text(e.kind));
        labels.push_back(to_json(labels_column(e.labels)));
        inputs.push_back(json_column(e.inputs));
        outputs.push_back(json_column(e.outputs));
        variables.push_back(json_column(e.variables));
        trigger.push_back(json_column(e.trigger));
        parent_id.push_back(optional_id(e.parent_id));
        original_id.push_back(optional_id(e.original_id));
        caller_id.push_back(optional_id(e.caller_id));
        caller_task_run_id.push_back(optional_id(e.caller_task_run_id));
        attempt.push_back(e.attempt);
        schedule_date.push_back(e.schedule_date);
        progress.push_back(to_json(engine::to_value(e.progress)));
    }
};

}  // namespace

Value labels_column(const std::vector<flow::Label>& labels) {
    Map map;
    for (const flow::Label& label : labels) {
        if (!map.contains(label.key)) map.set(label.key, label.value);
    }
    return Value(std::move(map));
}

std::vector<flow::Label> labels_of_column(const Value& column) {
    std::vector<flow::Label> out;
    if (!column.is_map()) return out;
    for (const auto& [key, value] : column.as_map()) out.push_back({key, value.is_string() ? value.as_string() : ""});
    return out;
}

void insert_executions(pg::Transaction& tx, const std::vector<engine::Execution>& executions) {
    if (executions.empty()) return;
    Columns c;
    for (const engine::Execution& one : executions) c.add(one);
    tx.send(sql::insert_executions, c.id, c.name_space, c.flow_id, c.revision, c.state, c.created_at, c.started_at,
            c.ended_at, c.kind, c.labels, c.inputs, c.outputs, c.trigger, c.parent_id, c.original_id, c.caller_id,
            c.caller_task_run_id, c.attempt, c.schedule_date, c.progress, c.history);
}

void update_executions(pg::Transaction& tx, const std::vector<ExecutionUpdate>& updates) {
    if (updates.empty()) return;
    Columns c;
    for (const ExecutionUpdate& update : updates) {
        c.add(*update.execution);
        if (!update.inputs_too) c.inputs.back().reset();
    }
    tx.send(sql::update_executions, c.id, c.state, c.started_at, c.ended_at, c.labels, c.outputs, c.variables,
            c.attempt, c.progress, c.history, c.inputs);
}

engine::Execution execution_of(pg::Row& row) {
    engine::Execution e;
    e.id = ExecutionId{row.text()};
    e.flow.namespace_name = row.text();
    e.flow.id = row.text();
    e.flow_revision = row.integer();
    HistoryColumns h;
    const auto state = state_of(row.view());
    ensure(state.has_value(), "execution {} has an unknown state", e.id);
    h.state = *state;
    e.version = row.integer();
    h.created_at = row.timestamp();
    h.started_at = row.maybe_timestamp();
    h.ended_at = row.maybe_timestamp();
    e.kind = row.maybe_text().value_or("");
    e.labels = labels_of_column(value_of_column(row.maybe_text()));
    e.inputs = value_of_column(row.maybe_text());
    e.outputs = value_of_column(row.maybe_text());
    e.variables = value_of_column(row.maybe_text());
    e.trigger = value_of_column(row.maybe_text());
    e.parent_id = ExecutionId{row.maybe_text().value_or("")};
    e.original_id = ExecutionId{row.maybe_text().value_or("")};
    e.caller_id = ExecutionId{row.maybe_text().value_or("")};
    e.caller_task_run_id = TaskRunId{row.maybe_text().value_or("")};
    e.attempt = static_cast<int>(row.integer());
    e.schedule_date = row.maybe_timestamp();
    e.progress = engine::progress_of(value_of_column(row.maybe_text()));
    h.text = row.maybe_text();
    e.history = history_of(h);
    return e;
}

namespace {
std::vector<engine::Execution> executions_of(const pg::Rows& rows) {
    std::vector<engine::Execution> out;
    out.reserve(rows.size());
    for (pg::Row row : rows) out.push_back(execution_of(row));
    return out;
}
}  // namespace

void lock_executions(pg::Transaction& tx, const std::vector<ExecutionId>& ids,
                     std::function<void(LockedExecution)> take) {
    if (ids.empty()) return;
    tx.send_for(
        [take = std::move(take)](const pg::Rows& rows) {
            for (pg::Row row : rows) {
                engine::Execution one = execution_of(row);
                take({std::move(one), row.maybe_text()});
            }
        },
        sql::lock_executions, ids);
}

std::optional<engine::Execution> lock_execution(pg::Transaction& tx, const ExecutionId& id) {
    auto found = executions_of(tx.run(sql::lock_execution, id));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<engine::Execution> load_executions(pg::Connection& connection, const std::vector<ExecutionId>& ids) {
    return executions_of(connection.run(sql::load_executions, ids));
}

std::optional<engine::Execution> load_execution(pg::Connection& connection, const ExecutionId& id) {
    auto found = load_executions(connection, {id});
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
}

std::vector<ExecutionId> active_children(pg::Transaction& tx, const ExecutionId& caller) {
    std::vector<ExecutionId> out;
    for (pg::Row row : tx.run(sql::active_children, caller)) out.emplace_back(row.text());
    return out;
}

}  // namespace sluice::store
