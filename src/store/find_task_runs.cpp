#include "store/find_task_runs.h"

#include <algorithm>

#include "sql/store.h"
#include "store/find_executions.h"
#include "store/named_flows.h"
#include "store/narrowing.h"
#include "store/weeks.h"

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

bool has(const std::vector<std::string>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// Only of those that wait for a worker does the claim decide: other states are compared as they are in the rows.
Result<void> apply_task_run_state(Query& query, const Filter& filter) {
    if (filter.operation != Operation::Equals && filter.operation != Operation::In)
        return apply(query, filter, kTaskRunFields);
    constexpr std::string_view kClaimed = "c.task_run_id is not null and t.state in ('CREATED', 'RESTARTED')";
    if (has(filter.values, "RUNNING"))
        query.where(fmt::format("t.state = any ($?::text[]) or {}", kClaimed), filter.values);
    else if (has(filter.values, "CREATED") || has(filter.values, "RESTARTED"))
        query.where(fmt::format("t.state = any ($?::text[]) and not ({})", kClaimed), filter.values);
    else
        query.where("t.state = any ($?::text[])", filter.values);
    return {};
}

Result<void> apply_to_task_runs(pg::Connection& connection, Query& query, const Filter& filter) {
    if (filter.field == "q") {
        for (const std::string& words : filter.values) {
            apply_words(query, "t.execution_id || ' ' || t.namespace || ' ' || t.flow_id || ' ' || t.task_id", words,
                        filter.operation == Operation::NotEquals);
        }
        return {};
    }
    if (filter.field == "state") return apply_task_run_state(query, filter);
    if (filter.field == "scope") return apply_scope(query, filter, "t.namespace");
    if (filter.field == "namespace" && filter.operation == Operation::Prefix) {
        query.where("t.namespace = any ($?::text[])", namespaces_within(connection, filter.values));
        return {};
    }
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

FoundTaskRun found_task_run_of(pg::Row& row) {
    FoundTaskRun one;
    one.owned = task_run_of(row);
    one.flow.namespace_name = row.text();
    one.flow.id = row.text();
    one.claimed_by = row.maybe_text().value_or("");
    one.claimed_at = row.maybe_timestamp();
    return one;
}

/// What the counts of task runs know about. They are of rows, and by the time of the execution.
std::optional<Narrowing> task_run_narrowing_of(const std::vector<Filter>& filters) {
    auto narrowing = narrowing_of(filters);
    if (!narrowing) return {};
    if (narrowing->from) narrowing->is_all = false;
    narrowing->from.reset();  // a task run may begin days after its execution
    return narrowing;
}

std::int64_t count_claimed(pg::Connection& connection, const Narrowing& narrowing) {
    std::int64_t claimed = 0;
    const bool running = has(narrowing.states, "RUNNING");
    for (pg::Row row : connection.run(sql::count_claimed_task_runs, narrowing.name_space, narrowing.flow_id)) {
        const bool counted = has(narrowing.states, row.text());
        if (running != counted) claimed += (running ? 1 : -1) * row.integer();
    }
    return claimed;
}

Query::Count count_task_runs(pg::Connection& connection, const Query& query, const Search& search) {
    if (search.total == Total::None) return {};
    if (const auto narrowing = task_run_narrowing_of(search.filters); narrowing && narrowing->is_all) {
        const std::int64_t claimed = narrowing->states.empty() ? 0 : count_claimed(connection, *narrowing);
        return {count_narrowed_task_runs(connection, *narrowing) + claimed, false};
    }
    Query newest = query;
    newest.order_by("t.execution_id desc");
    // A task run may begin long after its execution. To count those, too, all executions would have to be looked at.
    constexpr Duration kLongRun = 7 * 24h;
    const Filter* from = search.filter("startDate");
    const bool open = from != nullptr && search.total == Total::Exact &&
                      (from->operation == Operation::GreaterThanOrEqualTo || from->operation == Operation::GreaterThan);
    if (open) {
        for (const std::string& value : from->values) {
            if (const auto at = parse_iso(value)) newest.where("t.execution_id >= $?", lowest_id(*at - kLongRun));
        }
    }
    return count(newest, connection, search.total);
}

std::vector<FoundTaskRun> newest_task_runs(pg::Connection& connection, const Query& query, const Search& search) {
    std::vector<FoundTaskRun> found;
    const std::size_t most = search.offset + search.size;
    const auto take = [&found](const pg::Rows& rows) {
        for (pg::Row row : rows) found.push_back(found_task_run_of(row));
    };
    auto narrowing = task_run_narrowing_of(search.filters);
    if (narrowing && narrowing->finds_few()) {
        if (has(narrowing->states, "RUNNING"))  // a claim makes these run
            narrowing->states.insert(narrowing->states.end(), {"CREATED", "RESTARTED"});
        find_narrowed(connection, query, *narrowing, narrowed_task_runs(), "", most, take);
    } else {
        for (Weeks weeks(connection, "", ""); found.size() < most;) {
            const auto week = weeks.next();
            if (!week) break;
            Query here = query;
            here.where("t.execution_id >= $? and t.execution_id < $?", week->lowest, week->end);
            here.order_by("t.execution_id desc, t.ordinal desc").limit(most - found.size());
            take(here.run(connection));
        }
    }
    found.erase(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(std::min(search.offset, found.size())));
    return found;
}

}  // namespace

Result<Found<FoundTaskRun>> find_task_runs(pg::Connection& connection, const Search& asked) {
    constexpr std::size_t kMostSkipped = 20'000;
    Search search = asked;
    search.filters = with_exact_flow(connection, asked.filters);
    Query query("find_task_runs", std::string(kTaskRunSelect),
                "from sluice.task_runs t left join sluice.claims c on c.task_run_id = t.id where true");
    for (const Filter& filter : search.filters) {
        if (auto applied = apply_to_task_runs(connection, query, filter); !applied)
            return tl::unexpected(applied.error());
    }
    Found<FoundTaskRun> found;
    found.total = count_task_runs(connection, query, search);
    const bool newest_first = newest_task_runs_first(search);
    if (newest_first && search.offset <= kMostSkipped) {
        found.rows = newest_task_runs(connection, query, search);
        return with_fit_total(std::move(found), search);
    }
    if (!newest_first) {
        if (auto sorted = apply_sort(query, search.sort, kTaskRunOrders); !sorted)
            return tl::unexpected(sorted.error());
    }
    query.order_by("t.execution_id desc, t.ordinal desc").limit(search.size, search.offset);
    for (pg::Row row : query.run(connection)) found.rows.push_back(found_task_run_of(row));
    return with_fit_total(std::move(found), search);
}

std::vector<OwnedTaskRun> load_task_runs_of_executions(pg::Connection& connection,
                                                       const std::vector<ExecutionId>& ids) {
    std::vector<OwnedTaskRun> out;
    if (ids.empty()) return out;
    for (pg::Row row : connection.run(sql::load_task_runs_of_executions, ids)) out.push_back(task_run_of(row));
    return out;
}

}  // namespace sluice::store
