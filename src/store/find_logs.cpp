#include "store/find_logs.h"

#include <algorithm>
#include <chrono>
#include <tuple>

#include "sql/store.h"
#include "store/find_executions.h"
#include "store/log_totals.h"
#include "store/named_flows.h"

namespace sluice::store {
namespace {

constexpr Duration kLongestRun = 7 * 24h;  // lines that an execution writes later are not looked for by their flow
constexpr Duration kOneLook = 60ms;        // of a search that goes back in time
constexpr Duration kLookingTime = 500ms;   // … and all of them together

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

/// As the indexes on what went wrong want it.
std::string at_least(LogLevel level) {
    return level == LogLevel::Error ? "l.level = 4" : fmt::format("l.level >= {}", static_cast<int>(level));
}

Result<void> apply_level(Query& query, const Filter& filter) {
    for (const std::string& value : filter.values) {
        const auto level = parse_log_level(value);
        if (!level) return refuse(ErrorCode::BadRequest, "Invalid query filters: {}", level.error().message);
        if (filter.operation == Operation::Equals)
            query.where(at_least(*level));
        else if (filter.operation == Operation::NotEquals)
            query.where("l.level <> $?", static_cast<int>(*level));
        else
            return unfit_operation(filter);
    }
    return {};
}

Result<void> apply_to_logs(pg::Connection& connection, Query& query, const Filter& filter) {
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
    if (filter.field == "namespace" && filter.operation == Operation::Prefix) {
        query.where("l.namespace = any ($?::text[])", namespaces_within(connection, filter.values));
        return {};
    }
    const bool upper = filter.operation == Operation::LessThan || filter.operation == Operation::LessThanOrEqualTo;
    if (upper && (filter.field == "startDate" || filter.field == "endDate")) {
        for (const std::string& value : filter.values) {
            if (const auto at = parse_iso(value)) query.where("l.execution_id < $?", lowest_id(*at + 1s));
        }
    }
    return apply(query, filter, kLogFields);
}

Result<Query> log_query(pg::Connection& connection, const std::vector<Filter>& filters, std::string from) {
    Query query("find_logs", std::string(kLogSelect), std::move(from));
    for (const Filter& filter : filters) {
        if (auto applied = apply_to_logs(connection, query, filter); !applied) return tl::unexpected(applied.error());
    }
    return query;
}

bool newest_lines_first(const Search& search) {
    return search.sort.empty() ||
           (search.sort.size() == 1 && search.sort[0].descending && search.sort[0].field == "timestamp");
}

void order_newest_first(Query& query, std::size_t most) {
    query.order_by("l.at desc, l.seq desc").limit(most);
}

/// The filters that say whose lines are wanted.
std::vector<Filter> flow_filters_of(const Search& search) {
    std::vector<Filter> out;
    for (const Filter& filter : search.filters) {
        const bool equality = filter.operation == Operation::Equals || filter.operation == Operation::In;
        if (filter.field == "flowId"
                ? equality
                : filter.field == "namespace" && (equality || filter.operation == Operation::Prefix))
            out.push_back(filter);
    }
    return out;
}

/// The time that the search begins or ends at, if it says so.
std::optional<Timestamp> bound_of(const Search& search, std::string_view field, Operation open, Operation closed) {
    const Filter* filter = search.filter(field);
    if (filter == nullptr || filter->values.empty()) return {};
    if (filter->operation != open && filter->operation != closed) return {};
    const auto at = parse_iso(filter->values.front());
    return at ? std::optional<Timestamp>(*at) : std::nullopt;
}

/// No index has all lines in the order of their time, but one tells cheaply which pages are new: so the newest are
/// looked at first, then those before them. A search for some flows goes back no further than six hours that way.
class NewestLines {
  public:
    NewestLines(pg::Connection& connection, const Query& query, const Search& search)
        : connection_(connection), query_(query), search_(search), most_(search.offset + search.size) {}

    Duration took() const { return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began_); }
    /// Lines before this were not looked at. Empty: all were, or the page is full
    std::optional<Timestamp> searched_from() const { return searched_from_; }

    std::vector<LogRow> find() {
        const std::vector<Filter> flows = flow_filters_of(search_);
        const bool few = !flows.empty() && search_.filter("executionId") == nullptr;
        const auto from = bound_of(search_, "startDate", Operation::GreaterThan, Operation::GreaterThanOrEqualTo);
        const auto until = bound_of(search_, "endDate", Operation::LessThan, Operation::LessThanOrEqualTo);
        const Timestamp end = until ? *until : now() + 1min;
        // Nothing may have been written for hours.
        const auto newest = connection_.run(sql::newest_line, lowest_id(end + 1s))[0].maybe_timestamp();
        const Timestamp anchor = std::min(newest.value_or(end), end);
        Timestamp reached = end;
        Duration window = 150s;
        for (Duration step = window; !is_full() && !(from && reached <= *from); window += step) {
            if (few && window > 6h) return find_of_flows(flows, end, from);
            if (window > 1000 * 24h) {
                look(std::nullopt, reached);
                break;
            }
            const Duration took = look(anchor - window, reached);
            reached = anchor - window;
            if (is_out_of_time(reached)) break;
            // As far as is likely to be looked through in time, and no more than four times as far as so far.
            const double likely =
                static_cast<double>(kOneLook.count()) / static_cast<double>(std::max(took, 1us).count());
            step =
                std::min(3 * window, Duration(static_cast<std::int64_t>(static_cast<double>(step.count()) * likely)));
        }
        return page();
    }

  private:
    bool is_full() const { return found_.size() >= most_; }

    Timestamp now() const { return connection_.run(sql::history_span)[0].skip().timestamp(); }

    /// Words may stand nowhere: all lines can't be looked through while somebody waits.
    bool is_out_of_time(Timestamp reached) {
        if (is_full() || std::chrono::steady_clock::now() - began_ < kLookingTime) return false;
        searched_from_ = reached;
        return true;
    }

    /// Returns how long that took.
    Duration look(std::optional<Timestamp> begin, Timestamp end) {
        const auto began = std::chrono::steady_clock::now();
        Query here = query_;
        if (begin) here.where("l.at > $?", *begin);
        here.where("l.at <= $?", end);
        order_newest_first(here, most_ - found_.size());
        for (LogRow& row : log_rows(here.run(connection_))) found_.push_back(std::move(row));
        return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
    }

    /// By the executions of the flows, the newest first, and their triggers' own lines. Lines come in the order of
    /// their time as long as no execution wrote for more than a day.
    std::vector<LogRow> find_of_flows(std::vector<Filter> flows, Timestamp end, std::optional<Timestamp> from) {
        constexpr Duration kLongRun = 24h;
        flows.push_back({"kind", Operation::In, "", {"NORMAL", "TEST", "PLAYGROUND", "LOOP"}});
        look_at_triggers();
        ExecutionId after{lowest_id(end + 1s)};
        for (std::size_t batch = 100;; batch = std::min<std::size_t>(4 * batch, 6'400)) {
            const auto ids = ok_ids(find_execution_ids(connection_, flows, after, batch));
            if (ids.empty()) break;
            after = ids.back();
            Query here = query_;
            here.where("l.trigger_id is null");
            here.where("l.execution_id = any ($?::text[])", ids);
            here.where("l.execution_id >= $? and l.execution_id <= $?", ids.back().text(), ids.front().text());
            order_newest_first(here, most_);
            add(log_rows(here.run(connection_)));
            const Timestamp reached = time_of_id(after.text());
            if (ids.size() < batch || (from && reached + kLongestRun < *from)) break;
            if (is_full() && found_.back().at > reached + kLongRun) break;
            if (is_out_of_time(reached)) break;
        }
        return page();
    }

    void look_at_triggers() {
        Query here = query_;
        here.where("l.trigger_id is not null");
        order_newest_first(here, most_);
        add(log_rows(here.run(connection_)));
    }

    static std::vector<ExecutionId> ok_ids(Result<std::vector<ExecutionId>> ids) {
        ensure(ids.has_value(), "executions of flows can't be found: {}", ids ? "" : ids.error().text());
        return std::move(*ids);
    }

    void add(std::vector<LogRow> rows) {
        for (LogRow& row : rows) found_.push_back(std::move(row));
        std::sort(found_.begin(), found_.end(),
                  [](const LogRow& a, const LogRow& b) { return std::tie(a.at, a.seq) > std::tie(b.at, b.seq); });
        // What was found by windows of time comes again; only there are lines that outlived their executions.
        const auto is_same = [](const LogRow& a, const LogRow& b) {
            return std::tie(a.execution_id, a.seq) == std::tie(b.execution_id, b.seq);
        };
        found_.erase(std::unique(found_.begin(), found_.end(), is_same), found_.end());
        if (found_.size() > most_) found_.resize(most_);
    }

    std::vector<LogRow> page() {
        const std::size_t skipped = std::min(search_.offset, found_.size());
        found_.erase(found_.begin(), found_.begin() + static_cast<std::ptrdiff_t>(skipped));
        if (found_.size() > search_.size) found_.resize(search_.size);
        return std::move(found_);
    }

    pg::Connection& connection_;
    const Query& query_;
    const Search& search_;
    const std::size_t most_;
    const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
    std::optional<Timestamp> searched_from_{};
    std::vector<LogRow> found_{};
};

/// Of some flows by their executions, unless it is counted: they know which these are, lines don't.
Result<Query::Count> count_lines(pg::Connection& connection, const Query& query, const Search& search) {
    if (search.total == Total::Exact) {
        if (const auto lines = counted_lines(connection, search)) return *lines;
    }
    const std::vector<Filter> flows = flow_filters_of(search);
    if (flows.empty() || search.total != Total::Exact || search.filter("executionId") != nullptr ||
        asks_what_went_wrong(search))
        return count(query, connection, search.total);
    auto by_execution = log_query(connection, search.filters,
                                  "from sluice.executions x cross join lateral (select y.* from sluice.logs y "
                                  "where y.execution_id = x.id offset 0) l where true");
    if (!by_execution) return tl::unexpected(by_execution.error());
    for (const Filter& filter : flows) {
        if (filter.field == "flowId")
            by_execution->where("x.flow_id = any ($?::text[])", filter.values);
        else
            by_execution->where("x.namespace = any ($?::text[])", namespaces_within(connection, filter.values));
    }
    by_execution->where("l.trigger_id is null");
    // Without these the lines of all executions would be read to count those of a day.
    if (const auto from = bound_of(search, "startDate", Operation::GreaterThan, Operation::GreaterThanOrEqualTo))
        by_execution->where("x.id >= $?", lowest_id(*from - kLongestRun));
    if (const auto until = bound_of(search, "endDate", Operation::LessThan, Operation::LessThanOrEqualTo))
        by_execution->where("x.id < $?", lowest_id(*until + 1s));
    Query of_triggers = query;
    of_triggers.where("l.trigger_id is not null");
    Query::Count lines = count(*by_execution, connection, search.total);
    const Query::Count more = count(of_triggers, connection, search.total);
    return Query::Count{lines.rows + more.rows, lines.estimated || more.estimated};
}

/// Of lines that were found by going back in time.
Result<Query::Count> total_of(pg::Connection& connection, const Query& query, const Search& search,
                              const Found<LogRow>& found, Duration took) {
    constexpr Duration kQuick = 30ms;
    if (search.total != Total::Exact) return count_lines(connection, query, search);
    const auto seen = static_cast<std::int64_t>(search.offset + found.rows.size());
    if (found.searched_from) return Query::Count{seen, true};
    const bool all_seen = found.rows.size() < search.size && (!found.rows.empty() || search.offset == 0);
    if (all_seen) return Query::Count{seen, false};
    // Counting would only take longer, and end with an estimate.
    if (took > kQuick && search.filter("q") != nullptr) return Query::Count{query.estimate(connection), true};
    return count_lines(connection, query, search);
}

}  // namespace

Result<Found<LogRow>> find_logs(pg::Connection& connection, const Search& search) {
    constexpr std::size_t kMostSkipped = 20'000;
    auto query = log_query(connection, search.filters, "from sluice.logs l where true");
    if (!query) return tl::unexpected(query.error());
    Found<LogRow> found;
    // What went wrong has indexes in the order of time, and an execution has one of its own.
    const bool by_windows = newest_lines_first(search) && search.offset <= kMostSkipped &&
                            search.filter("executionId") == nullptr && !asks_what_went_wrong(search);
    if (by_windows) {
        NewestLines lines(connection, *query, search);
        found.rows = lines.find();
        found.searched_from = lines.searched_from();
        auto total = total_of(connection, *query, search, found, lines.took());
        if (!total) return tl::unexpected(total.error());
        found.total = *total;
        return with_fit_total(std::move(found), search);
    }
    auto total = count_lines(connection, *query, search);
    if (!total) return tl::unexpected(total.error());
    found.total = *total;
    if (auto sorted = apply_sort(*query, search.sort, kLogOrders); !sorted) return tl::unexpected(sorted.error());
    if (search.sort.empty()) query->order_by("l.at desc");
    query->order_by("l.seq desc").limit(search.size, search.offset);
    found.rows = log_rows(query->run(connection));
    return with_fit_total(std::move(found), search);
}

Result<std::vector<LogRow>> next_logs(pg::Connection& connection, const std::vector<Filter>& filters,
                                      const ExecutionId& after, std::int64_t after_seq, std::size_t most) {
    auto query = log_query(connection, filters, "from sluice.logs l where true");
    if (!query) return tl::unexpected(query.error());
    const Search search{.filters = filters};
    if (const auto from = bound_of(search, "startDate", Operation::GreaterThan, Operation::GreaterThanOrEqualTo))
        query->where("l.execution_id >= $?", lowest_id(*from - kLongestRun));
    query->where("(l.execution_id, l.seq) > ($?, $?::bigint)", after.text(), after_seq);
    query->order_by("l.execution_id, l.seq").limit(most);
    return log_rows(query->run(connection));
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

std::vector<LogRow> logs_to_ship(pg::Connection& connection, std::int64_t after, std::int64_t upto, LogLevel least,
                                 std::int64_t most) {
    return log_rows(connection.run(sql::logs_to_ship, after, upto, static_cast<int>(least), most));
}

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
