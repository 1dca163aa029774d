#include "store/find_logs.h"

#include "sql/store.h"
#include "store/find_executions.h"

namespace sluice::store {
namespace {

constexpr Field kLogFields[] = {
    {"namespace", Field::Kind::Text, "l.namespace"},
    {"flowId", Field::Kind::Text, "l.flow_id"},
    {"executionId", Field::Kind::Text, "l.execution_id"},
    {"triggerId", Field::Kind::Text, "l.trigger_id"},
    {"taskId", Field::Kind::Text, "l.task_id"},
    {"taskRunId", Field::Kind::Text, "l.task_run_id"},
    {"attemptNumber", Field::Kind::Word, "l.attempt::text"},
    {"startDate", Field::Kind::Time, "l.at"},
    {"endDate", Field::Kind::Time, "l.at"},
};

constexpr SortField kLogOrders[] = {
    {"timestamp", "l.at"},
    {"level", "l.level"},
    {"namespace", "l.namespace"},
    {"flowId", "l.flow_id"},
};

constexpr std::string_view kLogSelect =
    "select l.execution_id, l.seq, l.at, l.level, l.namespace, l.flow_id, l.task_id, l.task_run_id, l.attempt, "
    "l.trigger_id, l.message";

LogRow log_row_of(pg::Row& row) {
    LogRow out;
    out.execution_id = ExecutionId{row.text()};
    out.seq = row.integer();
    out.at = row.timestamp();
    out.level = static_cast<LogLevel>(row.integer());
    out.flow.namespace_name = row.text();
    out.flow.id = row.text();
    out.task_id = row.maybe_text().value_or("");
    out.task_run_id = TaskRunId{row.maybe_text().value_or("")};
    out.attempt = row.maybe_integer();
    out.trigger_id = row.maybe_text().value_or("");
    out.message = row.text();
    return out;
}

std::vector<LogRow> log_rows(const pg::Rows& rows) {
    std::vector<LogRow> out;
    out.reserve(rows.size());
    for (pg::Row row : rows) out.push_back(log_row_of(row));
    return out;
}

Result<void> apply_level(Query& query, const Filter& filter) {
    for (const std::string& value : filter.values) {
        const auto level = parse_log_level(value);
        if (!level) return refuse(ErrorCode::BadRequest, "Invalid query filters: {}", level.error().message);
        if (filter.operation == Operation::Equals)
            query.where("l.level >= $?", static_cast<int>(*level));
        else if (filter.operation == Operation::NotEquals)
            query.where("l.level <> $?", static_cast<int>(*level));
        else
            return unfit_operation(filter);
    }
    return {};
}

Result<void> apply_to_logs(Query& query, const Filter& filter) {
    if (filter.field == "q") {
        for (const std::string& words : filter.values) {
            apply_words(query,
                        "l.message || ' ' || l.execution_id || ' ' || l.flow_id || ' ' || coalesce(l.task_id, '')",
                        words, filter.operation == Operation::NotEquals);
        }
        return {};
    }
    if (filter.field == "level") return apply_level(query, filter);
    if (filter.field == "scope") return apply_scope(query, filter, "l.namespace");
    const bool upper = filter.operation == Operation::LessThan || filter.operation == Operation::LessThanOrEqualTo;
    if (upper && (filter.field == "startDate" || filter.field == "endDate")) {
        for (const std::string& value : filter.values) {
            if (const auto at = parse_iso(value)) query.where("l.execution_id < $?", lowest_id(*at + 1s));
        }
    }
    return apply(query, filter, kLogFields);
}

Result<Query> log_query(const Search& search) {
    Query query("find_logs", std::string(kLogSelect), "from sluice.logs l where true");
    for (const Filter& filter : search.filters) {
        if (auto applied = apply_to_logs(query, filter); !applied) return tl::unexpected(applied.error());
    }
    return query;
}

bool newest_lines_first(const Search& search) {
    return search.sort.empty() ||
           (search.sort.size() == 1 && search.sort[0].descending && search.sort[0].field == "timestamp");
}

}  // namespace

Result<Found<LogRow>> find_logs(pg::Connection& connection, const Search& search) {
    auto query = log_query(search);
    if (!query) return tl::unexpected(query.error());
    Found<LogRow> found;
    found.total = count(*query, connection, search.total);
    const bool newest = newest_lines_first(search);
    if (auto sorted = apply_sort(*query, search.sort, kLogOrders); !sorted) return tl::unexpected(sorted.error());
    if (search.sort.empty()) query->order_by("l.at desc");
    query->order_by("l.seq desc").limit(search.size, search.offset);
    if (newest && search.filter("startDate") == nullptr && search.filter("executionId") == nullptr) {
        // No index has all lines in the order of their time, but one tells cheaply which pages are new: most questions
        // are answered by the last minutes.
        for (const Duration window : {Duration(10min), Duration(6h), Duration(72h), Duration(31 * 24h)}) {
            Query recent = *query;
            recent.where("l.at > now() - $?::interval", window);
            found.rows = log_rows(recent.run(connection));
            if (found.rows.size() == search.size) return found;
        }
    }
    found.rows = log_rows(query->run(connection));
    return found;
}

bool LogSelection::matches(const LogRow& row) const {
    return row.level >= min_level && (task_id.empty() || row.task_id == task_id) &&
           (task_run_id.empty() || row.task_run_id == task_run_id) && (!attempt || row.attempt == attempt);
}

namespace {
std::optional<std::string> text_unless_empty(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}
}  // namespace

std::vector<LogRow> execution_logs(pg::Connection& connection, const LogSelection& selection, std::int64_t after_seq,
                                   std::size_t most) {
    const auto words =
        selection.words.empty() ? std::nullopt : std::optional("%" + escaped_like(selection.words) + "%");
    return log_rows(connection.run(sql::execution_logs, selection.execution_id, after_seq, most,
                                   static_cast<int>(selection.min_level), text_unless_empty(selection.task_id),
                                   text_unless_empty(selection.task_run_id.text()), selection.attempt, words));
}

std::vector<LogCount> count_logs(pg::Connection& connection, const ExecutionId& id) {
    std::vector<LogCount> out;
    for (pg::Row row : connection.run(sql::count_logs, id)) {
        LogCount& one = out.emplace_back();
        one.task_run_id = TaskRunId{row.maybe_text().value_or("")};
        one.level = static_cast<LogLevel>(row.integer());
        one.lines = row.integer();
        one.first_seq = row.integer();
    }
    return out;
}

std::size_t delete_logs(pg::Connection& connection, const LogSelection& selection) {
    return connection
        .run(sql::delete_logs, selection.execution_id, static_cast<int>(selection.min_level),
             text_unless_empty(selection.task_id), text_unless_empty(selection.task_run_id.text()), selection.attempt)
        .affected();
}

std::size_t delete_trigger_logs(pg::Connection& connection, const flow::FlowId& flow, const std::string& trigger_id) {
    return connection.run(sql::delete_trigger_logs, flow.namespace_name, flow.id, trigger_id).affected();
}

}  // namespace sluice::store
