#include "store/find_task_runs.h"

#include "sql/store.h"
#include "store/find_executions.h"

namespace sluice::store {
namespace {

/// A claim is what makes a task run RUNNING: its own row tells that only when the result is there.
constexpr std::string_view kTaskRunState =
    "case when c.task_run_id is not null and t.state in ('CREATED', 'RESTARTED') then 'RUNNING' else t.state end";
constexpr std::string_view kTaskRunDuration =
    "coalesce(t.ended_at, now()) - coalesce(c.claimed_at, t.started_at, t.created_at)";

constexpr Field kTaskRunFields[] = {
    {"namespace", Field::Kind::Text, "t.namespace"},
    {"flowId", Field::Kind::Text, "t.flow_id"},
    {"taskId", Field::Kind::Text, "t.task_id"},
    {"executionId", Field::Kind::Text, "t.execution_id"},
    {"taskRunId", Field::Kind::Text, "t.id"},
    {"value", Field::Kind::Text, "t.value"},
    {"state", Field::Kind::Word, kTaskRunState},
    {"workerId", Field::Kind::Text, "coalesce(c.service_id, t.worker_id)"},
    {"attempts", Field::Kind::Word, "coalesce(jsonb_array_length(t.attempts), (t.started_at is not null)::int)::text"},
    {"startDate", Field::Kind::Time, "t.created_at"},
    {"endDate", Field::Kind::Time, "coalesce(t.ended_at, now())"},
};

constexpr SortField kTaskRunOrders[] = {
    {"id", "t.id"},
    {"taskId", "t.task_id"},
    {"namespace", "t.namespace"},
    {"flowId", "t.flow_id"},
    {"state.startDate", "t.created_at"},
    {"state.endDate", "t.ended_at"},
    {"state.current", kTaskRunState},
    {"state.duration", kTaskRunDuration},
};

constexpr std::string_view kTaskRunSelect =
    "select t.execution_id, t.id, t.ordinal, t.task_id, t.parent_id, t.value, t.parent_values, t.iteration, t.state, "
    "t.created_at, t.started_at, t.ended_at, t.worker_id, t.epoch, t.attempts, t.outputs, t.progress, t.history, "
    "t.namespace, t.flow_id, c.service_id, c.claimed_at";

Result<void> apply_to_task_runs(Query& query, const Filter& filter) {
    if (filter.field == "q") {
        for (const std::string& words : filter.values) {
            apply_words(query, "t.execution_id || ' ' || t.namespace || ' ' || t.flow_id || ' ' || t.task_id", words,
                        filter.operation == Operation::NotEquals);
        }
        return {};
    }
    if (filter.field == "scope") return apply_scope(query, filter, "t.namespace");
    // What began before an instant belongs to an execution that began before it. Not the other way round: executions
    // run for days.
    const bool upper = filter.operation == Operation::LessThan || filter.operation == Operation::LessThanOrEqualTo;
    if (upper && (filter.field == "startDate" || filter.field == "endDate")) {
        for (const std::string& value : filter.values) {
            if (const auto at = parse_iso(value)) query.where("t.execution_id < $?", lowest_id(*at + 1s));
        }
    }
    return apply(query, filter, kTaskRunFields);
}

bool newest_task_runs_first(const Search& search) {
    return search.sort.empty() ||
           (search.sort.size() == 1 && search.sort[0].descending && search.sort[0].field == "state.startDate");
}

}  // namespace

Result<Found<FoundTaskRun>> find_task_runs(pg::Connection& connection, const Search& search) {
    Query query("find_task_runs", std::string(kTaskRunSelect),
                "from sluice.task_runs t left join sluice.claims c on c.task_run_id = t.id where true");
    for (const Filter& filter : search.filters) {
        if (auto applied = apply_to_task_runs(query, filter); !applied) return tl::unexpected(applied.error());
    }
    Found<FoundTaskRun> found;
    found.total = count(query, connection, search.total);
    if (newest_task_runs_first(search)) {
        query.order_by("t.execution_id desc, t.ordinal desc");  // by the index of their keys
    } else if (auto sorted = apply_sort(query, search.sort, kTaskRunOrders); !sorted) {
        return tl::unexpected(sorted.error());
    } else {
        query.order_by("t.execution_id desc, t.ordinal desc");
    }
    query.limit(search.size, search.offset);
    for (pg::Row row : query.run(connection)) {
        FoundTaskRun one;
        one.owned = task_run_of(row);
        one.flow.namespace_name = row.text();
        one.flow.id = row.text();
        one.claimed_by = row.maybe_text().value_or("");
        one.claimed_at = row.maybe_timestamp();
        found.rows.push_back(std::move(one));
    }
    return found;
}

std::vector<OwnedTaskRun> load_task_runs_of_executions(pg::Connection& connection,
                                                       const std::vector<ExecutionId>& ids) {
    std::vector<OwnedTaskRun> out;
    if (ids.empty()) return out;
    for (pg::Row row : connection.run(sql::load_task_runs_of_executions, ids)) out.push_back(task_run_of(row));
    return out;
}

}  // namespace sluice::store
