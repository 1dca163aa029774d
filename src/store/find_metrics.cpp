#include "store/find_metrics.h"

#include "sql/store.h"
#include "store/json_column.h"

namespace sluice::store {
namespace {

constexpr Field kMetricFields[] = {
    {"executionId", Field::Kind::Text, "m.execution_id"}, {"namespace", Field::Kind::Text, "m.namespace"},
    {"flowId", Field::Kind::Text, "m.flow_id"},           {"taskId", Field::Kind::Text, "m.task_id"},
    {"taskRunId", Field::Kind::Text, "m.task_run_id"},    {"name", Field::Kind::Text, "m.name"},
};

constexpr SortField kMetricOrders[] = {
    {"namespace", "m.namespace"},      {"flowId", "m.flow_id"}, {"taskId", "m.task_id"},
    {"executionId", "m.execution_id"}, {"name", "m.name"},      {"timestamp", "m.at"},
    {"taskrunId", "m.task_run_id"},    {"value", "m.value"},
};

std::optional<std::string> of_task(const std::string& task_id) {
    return task_id.empty() ? std::nullopt : std::optional(task_id);
}

std::vector<std::string> first_texts(const pg::Rows& rows) {
    std::vector<std::string> out;
    for (pg::Row row : rows) out.push_back(row.text());
    return out;
}

}  // namespace

Result<Found<MetricRow>> find_metrics(pg::Connection& connection, const Search& search) {
    Query query(
        "find_metrics",
        "select m.execution_id, m.at, m.namespace, m.flow_id, m.task_id, m.task_run_id, m.name, m.kind, m.value, "
        "m.tags",
        "from sluice.metrics m where true");
    for (const Filter& filter : search.filters) {
        if (auto applied = apply(query, filter, kMetricFields); !applied) return tl::unexpected(applied.error());
    }
    Found<MetricRow> found;
    found.total = count(query, connection, search.total);
    if (auto sorted = apply_sort(query, search.sort, kMetricOrders); !sorted) return tl::unexpected(sorted.error());
    query.order_by("m.seq").limit(search.size, search.offset);
    for (pg::Row row : query.run(connection)) {
        MetricRow& one = found.rows.emplace_back();
        one.execution_id = ExecutionId{row.text()};
        one.at = row.timestamp();
        one.flow.namespace_name = row.text();
        one.flow.id = row.text();
        one.task_id = row.text();
        one.task_run_id = TaskRunId{row.text()};
        one.name = row.text();
        one.kind = row.text();
        one.value = row.number();
        one.tags = value_of_column(row.maybe_text());
    }
    return with_fit_total(std::move(found), search);
}

std::vector<std::string> metric_names(pg::Connection& connection, const flow::FlowId& flow,
                                      const std::string& task_id) {
    return first_texts(connection.run(sql::metric_names, flow.namespace_name, flow.id, of_task(task_id)));
}

std::vector<std::string> tasks_with_metrics(pg::Connection& connection, const flow::FlowId& flow) {
    return first_texts(connection.run(sql::tasks_with_metrics, flow.namespace_name, flow.id));
}

std::vector<MetricBucket> aggregate_metric(pg::Connection& connection, const flow::FlowId& flow,
                                           const std::string& task_id, const std::string& name, Aggregation how,
                                           const std::string& unit, Timestamp from, Timestamp until) {
    std::vector<MetricBucket> out;
    for (pg::Row row : connection.run(sql::aggregate_metric, flow.namespace_name, flow.id, of_task(task_id), name, unit,
                                      from, until, lowest_id(until + 1s))) {
        MetricBucket bucket{.at = row.timestamp()};
        const double values[] = {row.number(), row.number(), row.number(), row.number()};
        bucket.value = values[static_cast<std::size_t>(how)];
        out.push_back(bucket);
    }
    return out;
}

}  // namespace sluice::store
