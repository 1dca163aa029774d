#include "store/chart_rows.h"

#include <algorithm>

#include "store/find_executions.h"
#include "value/json.h"

namespace sluice::store {
namespace chart_rows_of {

using flow::ChartColumn;
using flow::ChartCondition;
using flow::ChartData;
using flow::ChartField;
using flow::ChartSource;

constexpr Duration kUploadTime = 24h;      // by which an id may be older than its row
constexpr Duration kLongestRun = 7 * 24h;  // what an execution writes later is not looked for

struct Column {
    std::string_view field;
    std::string_view sql;
};
constexpr Column kExecutions[] = {
    {"ID", "e.id"},
    {"NAMESPACE", "e.namespace"},
    {"FLOW_ID", "e.flow_id"},
    {"FLOW_REVISION", "e.flow_revision"},
    {"STATE", "e.state"},
    {"DURATION", "extract(epoch from coalesce(e.ended_at, now()) - e.created_at)"},
    {"LABELS", "e.labels"},
    {"START_DATE", "e.created_at"},
    {"END_DATE", "e.ended_at"},
    {"TRIGGER_EXECUTION_ID", "coalesce(e.caller_id, e.trigger -> 'variables' ->> 'executionId')"},
};
constexpr Column kLogs[] = {
    {"NAMESPACE", "l.namespace"},
    {"FLOW_ID", "l.flow_id"},
    {"EXECUTION_ID", "l.execution_id"},
    {"TASK_ID", "l.task_id"},
    {"DATE", "l.at"},
    {"TASK_RUN_ID", "l.task_run_id"},
    {"ATTEMPT_NUMBER", "l.attempt"},
    {"TRIGGER_ID", "l.trigger_id"},
    {"LEVEL", "('{TRACE,DEBUG,INFO,WARN,ERROR}'::text[])[l.level + 1]"},
    {"MESSAGE", "l.message"},
};
constexpr Column kMetrics[] = {
    {"NAMESPACE", "m.namespace"},
    {"FLOW_ID", "m.flow_id"},
    {"TASK_ID", "m.task_id"},
    {"EXECUTION_ID", "m.execution_id"},
    {"TASK_RUN_ID", "m.task_run_id"},
    {"TYPE", "m.kind"},
    {"NAME", "m.name"},
    {"VALUE", "m.value"},
    {"DATE", "m.at"},
};
constexpr Column kFlows[] = {{"ID", "f.flow_id"}, {"NAMESPACE", "f.namespace"}, {"REVISION", "f.revision"}};
constexpr Column kTriggers[] = {
    {"ID", "t.trigger_id"},         {"NAMESPACE", "t.namespace"},       {"FLOW_ID", "t.flow_id"},
    {"TRIGGER_ID", "t.trigger_id"}, {"EXECUTION_ID", "t.execution_id"}, {"NEXT_EXECUTION_DATE", "t.next_at"},
    {"WORKER_ID", "t.worker_id"},
};

constexpr Field kExecutionFilters[] = {{"flowId", Field::Kind::Text, "e.flow_id"},
                                       {"state", Field::Kind::Word, "e.state"},
                                       {"labels", Field::Kind::Labels, "e.labels"},
                                       {"triggerExecutionId", Field::Kind::Text, "e.caller_id"}};
constexpr Field kLogFilters[] = {{"flowId", Field::Kind::Text, "l.flow_id"},
                                 {"executionId", Field::Kind::Text, "l.execution_id"},
                                 {"taskId", Field::Kind::Text, "l.task_id"},
                                 {"triggerId", Field::Kind::Text, "l.trigger_id"}};
constexpr Field kMetricFilters[] = {{"flowId", Field::Kind::Text, "m.flow_id"},
                                    {"executionId", Field::Kind::Text, "m.execution_id"},
                                    {"taskId", Field::Kind::Text, "m.task_id"}};
constexpr Field kFlowFilters[] = {{"flowId", Field::Kind::Text, "f.flow_id"}};
constexpr Field kTriggerFilters[] = {{"flowId", Field::Kind::Text, "t.flow_id"},
                                     {"triggerId", Field::Kind::Text, "t.trigger_id"},
                                     {"workerId", Field::Kind::Text, "t.worker_id"}};

struct Source {
    const char* from;
    std::span<const Column> columns;
    std::span<const Field> filters;
    const char* name_space;
    const char* at;            // its time; empty: it has none
    const char* execution_id;  // by which its partitions go
    Duration earlier;          // by which this may be older than `at`
};
const Source& source_of(ChartSource source) {
    static const Source kSources[] = {
        {"from sluice.executions e where e.kind is null", kExecutions, kExecutionFilters, "e.namespace", "e.created_at",
         "e.id", kUploadTime},
        {"from sluice.logs l where true", kLogs, kLogFilters, "l.namespace", "l.at", "l.execution_id", kLongestRun},
        {"from sluice.metrics m where true", kMetrics, kMetricFilters, "m.namespace", "m.at", "m.execution_id",
         kLongestRun},
        {"from sluice.flows f where f.latest and not f.deleted", kFlows, kFlowFilters, "f.namespace", "", "", {}},
        {"from sluice.triggers t where true", kTriggers, kTriggerFilters, "t.namespace", "", "", {}}};
    return kSources[static_cast<std::size_t>(source)];
}

ChartField::Kind kind_of(ChartSource source, const std::string& field) {
    const ChartField* found = flow::find_field(source, field);
    return found != nullptr ? found->kind : ChartField::Kind::Number;
}

/// What a field is in SQL.
std::string expression(Query& query, ChartSource source, const std::string& field, const std::string& label_key) {
    const auto& columns = source_of(source).columns;
    const auto found =
        std::find_if(columns.begin(), columns.end(), [&](const Column& one) { return one.field == field; });
    ensure(found != columns.end(), "a chart reads {}, which is nowhere", field);
    if (kind_of(source, field) != ChartField::Kind::Labels) return std::string(found->sql);
    return fmt::format("({} ->> {}::text)", found->sql, query.place_of(label_key));
}

// ------------------------------------------------------------------------------------------------------ conditions

std::string_view type_of(ChartField::Kind kind) {
    switch (kind) {
        case ChartField::Kind::Number:
            return "double precision";
        case ChartField::Kind::Time:
            return "timestamptz";
        case ChartField::Kind::Text:
        case ChartField::Kind::Labels:
            break;
    }
    return "text";
}

std::string condition(Query& query, ChartSource source, const ChartCondition& one);

std::string joined(Query& query, ChartSource source, const std::vector<ChartCondition>& all, std::string_view word) {
    std::string out;
    for (const ChartCondition& one : all)
        (out += out.empty() ? "" : fmt::format(" {} ", word)) += "(" + condition(query, source, one) + ")";
    return out.empty() ? "true" : out;
}

/// A pattern of LIKE.
std::string like(Query& query, const std::string& column, std::string_view how, std::string_view before,
                 const std::string& value, std::string_view after) {
    return fmt::format("{}::text {} {}", column, how,
                       query.place_of(fmt::format("{}{}{}", before, escaped_like(value), after)));
}

std::string condition(Query& query, ChartSource source, const ChartCondition& one) {
    if (one.type == "OR") return joined(query, source, one.any_of, "or");
    const std::string column = expression(query, source, one.field, one.label_key);
    const std::string_view type = type_of(kind_of(source, one.field));
    const std::string value = one.values.empty() ? "" : one.values.front();
    struct Comparison {
        std::string_view type;
        std::string_view sql;
    };
    static constexpr Comparison kComparisons[] = {{"EQUAL_TO", "="},     {"NOT_EQUAL_TO", "is distinct from"},
                                                  {"GREATER_THAN", ">"}, {"GREATER_THAN_OR_EQUAL_TO", ">="},
                                                  {"LESS_THAN", "<"},    {"LESS_THAN_OR_EQUAL_TO", "<="}};
    for (const Comparison& comparison : kComparisons) {
        if (comparison.type == one.type)
            return fmt::format("{} {} {}::{}", column, comparison.sql, query.place_of(value), type);
    }
    if (one.type == "IN") return fmt::format("{} = any ({}::{}[])", column, query.place_of(one.values), type);
    if (one.type == "NOT_IN")
        return fmt::format("({0} = any ({1}::{2}[])) is not true", column, query.place_of(one.values), type);
    if (one.type == "IS_NULL") return column + " is null";
    if (one.type == "IS_NOT_NULL") return column + " is not null";
    if (one.type == "IS_TRUE") return column + "::text = 'true'";
    if (one.type == "IS_FALSE") return column + "::text = 'false'";
    if (one.type == "STARTS_WITH") return like(query, column, "like", "", value, "%");
    if (one.type == "ENDS_WITH") return like(query, column, "like", "%", value, "");
    if (one.type == "CONTAINS") return like(query, column, "ilike", "%", value, "%");
    ensure(one.type == "REGEX", "a chart has the condition {}", one.type);
    return fmt::format("{}::text ~ {}", column, query.place_of(value));
}

/// Of whoever looks.
Result<void> apply_filters(Query& query, const Source& source, const std::vector<Filter>& filters) {
    const Field name_space[] = {{"namespace", Field::Kind::Text, source.name_space}};
    for (const Filter& filter : filters) {
        Result<void> applied;
        const bool is_known = std::any_of(source.filters.begin(), source.filters.end(),
                                          [&](const Field& one) { return one.name == filter.field; });
        if (filter.field == "namespace")
            applied = apply(query, filter, name_space);
        else if (filter.field == "scope")
            applied = apply_scope(query, filter, source.name_space);
        else if (is_known)
            applied = apply(query, filter, source.filters);
        if (!applied) return applied;
    }
    return {};
}

void bound(Query& query, const Source& source, const ChartQuestion& question) {
    if (*source.at == '\0') return;
    query.where(fmt::format("{0} >= $?::timestamptz and {0} <= $?::timestamptz", source.at), question.from,
                question.until);
    query.where(fmt::format("{0} >= $? and {0} < $?", source.execution_id), lowest_id(question.from - source.earlier),
                lowest_id(question.until + 1s));
}

// ------------------------------------------------------------------------------------------------------------ rows

std::string name_of(std::size_t column) {
    return fmt::format("c{}", column);
}

/// The columns by their numbers, as q has them; dates that gather rows are cut to the bucket.
std::string inner_select(Query& query, const ChartQuestion& question) {
    const ChartData& data = question.data;
    std::string out = "select true as hit";
    if (data.is_number && !data.numerator.empty())
        out = fmt::format("select ({}) is true as hit", joined(query, data.source, data.numerator, "and"));
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
        const ChartColumn& column = data.columns[i];
        if (column.field.empty()) continue;
        std::string sql = expression(query, data.source, column.field, column.label_key);
        const bool gathers = data.is_aggregated() && column.aggregation.empty();
        if (gathers && kind_of(data.source, column.field) == ChartField::Kind::Time)
            sql = fmt::format("date_trunc('{}', {}, 'UTC')", bucket_of(question.until - question.from), sql);
        out += fmt::format(", {} as {}", sql, name_of(i));
    }
    return out;
}

/// A column of the answer.
std::string outer(const ChartColumn& column, std::size_t i) {
    if (column.aggregation.empty()) return name_of(i);
    if (column.field.empty()) return "count(*)";
    return fmt::format("{}({})", column.aggregation, name_of(i));
}

std::string shown(const ChartData& data, std::size_t i) {
    const ChartColumn& column = data.columns[i];
    const bool keeps = column.aggregation.empty() || column.aggregation == "MIN" || column.aggregation == "MAX";
    const bool is_time = keeps && kind_of(data.source, column.field) == ChartField::Kind::Time;
    return is_time ? fmt::format("sluice.short_iso({})", outer(column, i)) : outer(column, i);
}

/// As the chart says; else dates go forward where rows are gathered, and backward where they are not.
std::string order_of(const ChartData& data) {
    std::string out;
    const auto add = [&](const std::string& term, bool descending) {
        out += fmt::format("{}{}{}", out.empty() ? "\norder by " : ", ", term, descending ? " desc nulls last" : "");
    };
    for (const flow::ChartOrder& order : data.order_by)
        add(outer(data.columns[order.column], order.column), order.descending);
    for (const bool time : {true, false}) {
        for (std::size_t i = 0; i < data.columns.size(); ++i) {
            const ChartColumn& column = data.columns[i];
            if (!column.aggregation.empty() || (kind_of(data.source, column.field) == ChartField::Kind::Time) != time)
                continue;
            add(name_of(i), time && !data.is_aggregated());
        }
    }
    return out;
}

std::string group_of(const ChartData& data) {
    std::string out;
    if (!data.is_aggregated()) return out;
    for (std::size_t i = 0; i < data.columns.size(); ++i) {
        if (data.columns[i].aggregation.empty()) out += (out.empty() ? "\ngroup by " : ", ") + name_of(i);
    }
    return out;
}

Value number_of(pg::Connection& connection, const Query& query, const ChartData& data) {
    const std::string value = shown(data, 0);
    const std::string part = fmt::format("{} filter (where hit)", outer(data.columns.front(), 0));
    const std::string asked = data.is_percentage
                                  ? fmt::format("round(100.0 * ({})::numeric / nullif({}, 0)::numeric, 2)", part, value)
                              : data.numerator.empty() ? value
                                                       : part;
    const auto row = parse_json(
        query.run_within(connection, fmt::format("select jsonb_build_array({})::text from", asked), "")[0].text());
    ensure(row.has_value() && row->is_list(), "a chart's number is none");
    return Value{{"value", row->as_list().front()}};
}

}  // namespace chart_rows_of

std::string_view bucket_of(Duration span) {
    if (span > 365 * 24h) return "month";
    if (span > 180 * 24h) return "week";
    if (span > 24h) return "day";
    return span > 6h ? "hour" : "minute";
}

Result<Found<Value>> chart_rows(pg::Connection& connection, const ChartQuestion& question) {
    using namespace chart_rows_of;
    const ChartData& data = question.data;
    const Source& source = source_of(data.source);
    Query query("chart_rows", "", source.from);
    bound(query, source, question);
    if (auto applied = apply_filters(query, source, question.filters); !applied) return tl::unexpected(applied.error());
    query.where(joined(query, data.source, data.where, "and"));
    query.select(inner_select(query, question));
    if (data.is_number) return Found<Value>{{number_of(connection, query, data)}, {1, false}, ""};

    std::string columns;
    for (std::size_t i = 0; i < data.columns.size(); ++i) (columns += columns.empty() ? "" : ", ") += shown(data, i);
    const std::string rest = group_of(data);
    const std::string page =
        fmt::format("{}{}\nlimit {} offset {}", rest, order_of(data), question.size, question.offset);
    Found<Value> found;
    for (pg::Row row :
         query.run_within(connection, fmt::format("select jsonb_build_array({})::text from", columns), page)) {
        const auto values = parse_json(row.text());
        ensure(values.has_value() && values->is_list(), "a row of a chart is no list");
        Map one;
        for (std::size_t i = 0; i < data.columns.size(); ++i) one.set(data.columns[i].name, values->as_list()[i]);
        found.rows.emplace_back(std::move(one));
    }
    const auto seen = static_cast<std::int64_t>(question.offset + found.rows.size());
    found.total = {seen, false};
    const bool is_one = data.is_aggregated() && rest.empty();
    if (!is_one && (found.rows.size() == question.size || found.rows.empty())) {
        const std::string counted = fmt::format("{}\nlimit {}) as counted", rest, kMostCounted);
        found.total.rows = query.run_within(connection, "select count(*) from (select 1 from", counted)[0].integer();
        found.total.estimated = found.total.rows == kMostCounted;
    }
    return found;
}

}  // namespace sluice::store
