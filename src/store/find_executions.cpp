#include "store/find_executions.h"

#include <algorithm>

#include "sql/store.h"
#include "store/executions.h"
#include "store/named_flows.h"
#include "store/narrowing.h"
#include "store/weeks.h"
#include "value/json.h"

namespace sluice::store {
namespace {

constexpr std::string_view kTriggeringExecution = "coalesce(e.caller_id, e.trigger -> 'variables' ->> 'executionId')";

constexpr Field kExecutionFields[] = {
    {"namespace", Field::Kind::Text, "e.namespace"},
    {"flowId", Field::Kind::Text, "e.flow_id"},
    {"id", Field::Kind::Text, "e.id"},
    {"state", Field::Kind::Word, "e.state"},
    {"trigger.type", Field::Kind::Text, "e.trigger ->> 'type'"},
    {"triggerExecutionId", Field::Kind::Text, kTriggeringExecution},
    {"labels", Field::Kind::Labels, "e.labels"},
    {"inputs", Field::Kind::IndexedMap, "e.inputs"},
    {"outputs", Field::Kind::Map, "e.outputs"},
    {"startDate", Field::Kind::Time, "e.created_at"},
    {"endDate", Field::Kind::Time, "coalesce(e.ended_at, now())"},
};

constexpr SortField kExecutionOrders[] = {
    {"id", "e.id"},
    {"state.startDate", "e.id"},  // ids sort by time, and their index is there
    {"startDate", "e.id"},
    {"state.endDate", "e.ended_at"},
    {"state.duration", "coalesce(e.ended_at, now()) - e.created_at"},
    {"state.current", "e.state"},
    {"namespace", "e.namespace"},
    {"flowId", "e.flow_id"},
};

/// What can be suggested, as a set of texts of one execution.
struct Suggested {
    std::string_view field;
    std::string_view values;
};
constexpr Suggested kSuggested[] = {
    {"namespace", "select e.namespace"},
    {"flowId", "select e.flow_id"},
    {"state", "select e.state"},
    {"kind", "select coalesce(e.kind, 'NORMAL')"},
    {"labels", "select l.key || ':' || l.value from jsonb_each_text(e.labels) l where l.key <> 'system.correlationId'"},
    {"triggerExecutionId", "select coalesce(e.caller_id, e.trigger -> 'variables' ->> 'executionId')"},
    {"trigger.id", "select e.trigger ->> 'id'"},
    {"trigger.type", "select e.trigger ->> 'type'"},
};

constexpr std::string_view kKinds[] = {"NORMAL", "TEST", "PLAYGROUND", "LOOP"};
constexpr std::string_view kCorrelation = "system.correlationId";
constexpr std::size_t kMostSkipped = 50'000;  // ids that are read to get to a page; cursors need none

/// An id may be somewhat older than its row, when files were uploaded for it; it is never younger.
constexpr Duration kUploadTime = 24h;

/// Bounds on the id, so that partitions outside the time are not visited.
void bound_execution_ids(Query& query, const Filter& filter) {
    for (const std::string& value : filter.values) {
        const auto at = parse_iso(value);
        ensure(at.has_value(), "the filter {} came with '{}', which is no instant", filter.field, value);
        switch (filter.operation) {
            case Operation::GreaterThan:
            case Operation::GreaterThanOrEqualTo:
                if (filter.field == "startDate") query.where("e.id >= $?", lowest_id(*at - kUploadTime));
                break;
            case Operation::LessThan:
            case Operation::LessThanOrEqualTo:
                query.where("e.id < $?", lowest_id(*at + 1s));
                break;
            default:
                break;
        }
    }
}

Result<void> apply_child(Query& query, const Filter& filter) {
    const bool negated = filter.operation == Operation::NotEquals;
    if (!negated && filter.operation != Operation::Equals) return unfit_operation(filter);
    for (const std::string& value : filter.values) {
        if (value != "CHILD" && value != "MAIN") {
            return refuse(ErrorCode::BadRequest, "Invalid query filters: childFilter is CHILD or MAIN, not '{}'",
                          value);
        }
        query.where((value == "CHILD") != negated ? "e.caller_id is not null" : "e.caller_id is null");
    }
    return {};
}

Result<void> apply_task_state(Query& query, const Filter& filter) {
    if (filter.operation != Operation::Equals && filter.operation != Operation::In) return unfit_operation(filter);
    query.where("exists (select from sluice.task_runs t where t.execution_id = e.id and t.state = any ($?::text[]))",
                filter.values);
    return {};
}

bool is_equality(const Filter& filter) {
    return filter.operation == Operation::Equals || filter.operation == Operation::In;
}

/// An execution's own id stands for its correlation id where its labels have none.
Result<void> apply_execution_labels(Query& query, const Filter& filter) {
    const std::string prefix = std::string(kCorrelation) + ":";
    std::vector<std::string> ids;
    for (const std::string& value : filter.values) {
        if (filter.key == kCorrelation)
            ids.push_back(value);
        else if (value.starts_with(prefix))
            ids.push_back(value.substr(prefix.size()));
    }
    const bool names_it = std::find(filter.values.begin(), filter.values.end(), kCorrelation) != filter.values.end();
    if (ids.empty() && !names_it) return apply(query, filter, kExecutionFields);
    if (is_equality(filter) && ids.size() == 1 && filter.values.size() == 1) {  // as the indexes want it
        query.where("e.labels <> '{}' and e.labels @> $?::jsonb or e.id = $? and not e.labels ? 'system.correlationId'",
                    to_json(Value{{kCorrelation, ids.front()}}), ids.front());
        return {};
    }
    static constexpr Field kWithId[] = {
        {"labels", Field::Kind::Labels, "(jsonb_build_object('system.correlationId', e.id) || e.labels)"}};
    return apply(query, filter, kWithId);
}

Result<void> apply_triggering_execution(pg::Connection& connection, Query& query, const Filter& filter) {
    if (!is_equality(filter)) return apply(query, filter, kExecutionFields);
    // Nobody knows beforehand how many a flow trigger made, but they are found at once: with their ids in the condition
    // the database finds the others by their index, too.
    std::vector<std::string> triggered;
    for (pg::Row row : connection.run(sql::triggered_executions, filter.values)) triggered.push_back(row.text());
    if (triggered.empty())
        query.where("e.caller_id = any ($?::text[])", filter.values);
    else
        query.where("e.caller_id = any ($?::text[]) or e.id = any ($?::text[])", filter.values, triggered);
    return {};
}

/// NORMAL is no kind at all in the rows.
Result<void> apply_kind(Query& query, const Filter& filter) {
    const auto asks_for = [&filter](std::string_view kind) {
        return std::find(filter.values.begin(), filter.values.end(), kind) != filter.values.end();
    };
    if (is_equality(filter) && std::all_of(std::begin(kKinds), std::end(kKinds), asks_for)) return {};
    if (is_equality(filter) && !asks_for("NORMAL")) {
        query.where("e.kind = any ($?::text[])", filter.values);
        return {};
    }
    static constexpr Field kWithNormal[] = {{"kind", Field::Kind::Word, "coalesce(e.kind, 'NORMAL')"}};
    return apply(query, filter, kWithNormal);
}

/// Words stand in the names of flows, or are an id. Only where no flow has such a name, all ids are looked through.
Result<void> apply_search_words(pg::Connection& connection, Query& query, const Filter& filter) {
    if (filter.operation != Operation::Equals && filter.operation != Operation::NotEquals)
        return unfit_operation(filter);
    const bool negated = filter.operation == Operation::NotEquals;
    for (const std::string& words : filter.values) {
        const auto patterns = patterns_of_words(words);
        if (patterns.empty()) continue;
        const NamedFlows flows = flows_with_words(connection, patterns);
        if (!negated && flows.empty() && looks_like_id(words))
            query.where("e.id = $?", words);
        else if (negated || flows.empty())
            apply_words(query, "e.id || ' ' || e.namespace || ' ' || e.flow_id", words, negated);
        else
            flows.apply(query, "e");
    }
    return {};
}

/// Words that only one flow has in its name mean that flow: then the counts know where to look.
std::vector<Filter> with_named_flow(pg::Connection& connection, std::vector<Filter> filters) {
    const auto names_flows = [](const Filter& f) { return f.field == "namespace" || f.field == "flowId"; };
    const auto words = std::find_if(filters.begin(), filters.end(), [](const Filter& f) { return f.field == "q"; });
    if (words == filters.end() || words->operation != Operation::Equals || words->values.size() != 1 ||
        std::any_of(filters.begin(), filters.end(), names_flows))
        return with_exact_flow(connection, std::move(filters));
    const auto patterns = patterns_of_words(words->values.front());
    if (patterns.empty()) return filters;
    const NamedFlows flows = flows_with_words(connection, patterns);
    if (flows.flow_ids.size() != 1) return filters;
    filters.erase(words);
    filters.push_back({"namespace", Operation::Equals, "", flows.name_spaces});
    filters.push_back({"flowId", Operation::Equals, "", flows.flow_ids});
    return filters;
}

Result<void> apply_to_executions(pg::Connection& connection, Query& query, const Filter& filter) {
    if (filter.field == "q") return apply_search_words(connection, query, filter);
    if (filter.field == "namespace" && filter.operation == Operation::Prefix) {
        query.where("e.namespace = any ($?::text[])", namespaces_within(connection, filter.values));
        return {};
    }
    if (filter.field == "triggerExecutionId") return apply_triggering_execution(connection, query, filter);
    if (filter.field == "kind") return apply_kind(query, filter);
    if (filter.field == "scope") return apply_scope(query, filter, "e.namespace");
    if (filter.field == "childFilter") return apply_child(query, filter);
    if (filter.field == "taskState") return apply_task_state(query, filter);
    if (filter.field == "labels") return apply_execution_labels(query, filter);
    if (filter.field == "startDate" || filter.field == "endDate") bound_execution_ids(query, filter);
    return apply(query, filter, kExecutionFields);
}

Result<Query> execution_query(pg::Connection& connection, const std::vector<Filter>& filters,
                              std::string columns = "select e.id") {
    Query query("find_executions", std::move(columns), "from sluice.executions e where true");
    bool kind = false;
    for (const Filter& filter : filters) {
        kind = kind || filter.field == "kind";
        if (auto applied = apply_to_executions(connection, query, filter); !applied)
            return tl::unexpected(applied.error());
    }
    if (!kind) query.where("e.kind is null");
    return query;
}

std::vector<ExecutionId> execution_ids(const pg::Rows& rows) {
    std::vector<ExecutionId> out;
    for (pg::Row row : rows) out.emplace_back(row.text());
    return out;
}

/// The rows of the ids, in the order of the ids.
std::vector<engine::Execution> load_in_order(pg::Connection& connection, const std::vector<ExecutionId>& ids) {
    if (ids.empty()) return {};
    std::map<ExecutionId, engine::Execution> by_id;
    for (engine::Execution& one : load_executions(connection, ids)) by_id.emplace(one.id, std::move(one));
    std::vector<engine::Execution> out;
    for (const ExecutionId& id : ids) {
        if (const auto found = by_id.find(id); found != by_id.end()) out.push_back(std::move(found->second));
    }
    return out;
}

/// Below this id there is nothing that matches; empty: not known.
std::string floor_of(const std::vector<Filter>& filters) {
    std::string floor;
    for (const Filter& filter : filters) {
        const bool lower =
            filter.operation == Operation::GreaterThan || filter.operation == Operation::GreaterThanOrEqualTo;
        if (filter.field != "startDate" || !lower) continue;
        for (const std::string& value : filter.values) {
            if (const auto at = parse_iso(value)) floor = std::max(floor, lowest_id(*at - kUploadTime));
        }
    }
    return floor;
}

/// Ids that match, newest first, below `below` (empty: all).
std::vector<ExecutionId> find_newest(pg::Connection& connection, const Query& query, const std::vector<Filter>& filters,
                                     const std::string& below, std::size_t most) {
    std::vector<ExecutionId> found;
    const auto take = [&found](const pg::Rows& rows) {
        for (pg::Row row : rows) found.emplace_back(row.text());
    };
    if (const auto narrowing = narrowing_of(filters); narrowing && narrowing->finds_few()) {
        find_narrowed(connection, query, *narrowing, narrowed_executions(), below, most, take);
        return found;
    }
    Weeks weeks(connection, below, floor_of(filters));
    while (found.size() < most) {
        const auto week = weeks.next();
        if (!week) break;
        Query here = query;
        here.where("e.id >= $? and e.id < $?", week->lowest, week->end);
        here.order_by("e.id desc").limit(most - found.size());
        take(here.run(connection));
    }
    return found;
}

bool by_id_only(const Search& search) {
    return search.sort.empty() || (search.sort.size() == 1 && search.sort[0].descending &&
                                   (search.sort[0].field == "id" || search.sort[0].field == "state.startDate"));
}

}  // namespace

Result<void> apply_scope(Query& query, const Filter& filter, std::string_view column) {
    const bool negated = filter.operation == Operation::NotEquals;
    if (!negated && filter.operation != Operation::Equals && filter.operation != Operation::In)
        return unfit_operation(filter);
    bool user = false;
    bool system = false;
    for (const std::string& value : filter.values) {
        if (value != "USER" && value != "SYSTEM") {
            return refuse(ErrorCode::BadRequest, "Invalid query filters: scope is USER or SYSTEM, not '{}'", value);
        }
        user = user || value == "USER";
        system = system || value == "SYSTEM";
    }
    if (user != system) {
        query.where(fmt::format("{} {} $?", column, system != negated ? "=" : "<>"), kSystemNamespace);
    } else if (negated) {
        query.where("false");
    }
    return {};
}

Result<Found<engine::Execution>> find_executions(pg::Connection& connection, const Search& asked) {
    Search search = asked;
    search.filters = with_named_flow(connection, asked.filters);
    auto query = execution_query(connection, search.filters);
    if (!query) return tl::unexpected(query.error());
    Found<engine::Execution> found;
    const auto narrowing = narrowing_of(search.filters);
    if (search.total != Total::None) {
        found.total = narrowing && narrowing->is_all ? Query::Count{count_narrowed(connection, *narrowing), false}
                                                     : count(*query, connection, search.total);
    }
    const bool newest_first = by_id_only(search);
    if (!search.cursor.empty()) {
        if (!newest_first) return invalid("Illegal argument: a cursor goes with the order state.startDate:desc only");
        query->where("e.id < $?", search.cursor);
    }
    const std::size_t offset = search.cursor.empty() ? search.offset : 0;
    if (newest_first && offset + search.size <= kMostSkipped) {
        const std::size_t most = offset + search.size;
        auto ids = find_newest(connection, *query, search.filters, search.cursor, most);
        ids.erase(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(std::min(offset, ids.size())));
        found.rows = load_in_order(connection, ids);
        if (ids.size() == search.size) found.next_cursor = ids.back().text();
        return with_fit_total(std::move(found), search);
    }
    if (auto sorted = apply_sort(*query, search.sort, kExecutionOrders); !sorted) return tl::unexpected(sorted.error());
    if (!newest_first || search.sort.empty()) query->order_by("e.id desc");
    query->limit(search.size, offset);
    const auto ids = execution_ids(query->run(connection));
    found.rows = load_in_order(connection, ids);
    if (newest_first && ids.size() == search.size) found.next_cursor = ids.back().text();
    return with_fit_total(std::move(found), search);
}

Result<std::vector<ExecutionId>> find_execution_ids(pg::Connection& connection, const std::vector<Filter>& asked,
                                                    const ExecutionId& after, std::size_t most) {
    const std::vector<Filter> filters = with_named_flow(connection, asked);
    auto query = execution_query(connection, filters);
    if (!query) return tl::unexpected(query.error());
    if (!after.empty()) query->where("e.id < $?", after.text());
    return find_newest(connection, *query, filters, after.text(), most);
}

Result<std::vector<std::string>> values_of_field(pg::Connection& connection, const std::vector<Filter>& filters,
                                                 std::string_view field, std::size_t most) {
    constexpr std::size_t kLookedAt = 2000;
    const auto wanted = std::find_if(std::begin(kSuggested), std::end(kSuggested),
                                     [&](const Suggested& one) { return one.field == field; });
    if (wanted == std::end(kSuggested)) {
        std::string known;
        for (const Suggested& one : kSuggested) (known += known.empty() ? "" : ", ") += one.field;
        return refuse(ErrorCode::BadRequest, "Bad Request: field: expected one of {}; found '{}'", known, field);
    }
    const auto ids = find_execution_ids(connection, filters, {}, kLookedAt);
    if (!ids) return tl::unexpected(ids.error());
    std::vector<std::string> out;
    if (ids->empty()) return out;
    Query query("values_of_field", "select distinct v.word",
                fmt::format("from sluice.executions e cross join lateral ({}) as v(word) where v.word is not null",
                            wanted->values));
    query.where("e.id = any ($?::text[])", *ids);
    query.where("e.id >= $? and e.id <= $?", ids->back().text(), ids->front().text());
    query.order_by("1").limit(most);
    for (pg::Row row : query.run(connection)) out.push_back(row.text());
    return out;
}

Result<std::map<std::string, std::int64_t>> count_executions_by_state(pg::Connection& connection,
                                                                      const std::vector<Filter>& filters) {
    auto query = execution_query(connection, filters, "select e.state, count(*)");
    if (!query) return tl::unexpected(query.error());
    std::map<std::string, std::int64_t> out;
    for (pg::Row row : query->group_by("e.state").run(connection)) {
        std::string state = row.text();
        out.emplace(std::move(state), row.integer());
    }
    return out;
}

}  // namespace sluice::store
