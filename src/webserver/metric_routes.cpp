// Metrics that tasks wrote.
#include "store/chart_rows.h"
#include "store/find_metrics.h"
#include "webserver/api.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"

namespace sluice::webserver {
namespace metric_routes {

using http::Request;

flow::FlowId flow_of(const Request& request) {
    return {std::string(request.parameter("namespace")), std::string(request.parameter("flowId"))};
}

std::string task_of(const Request& request) {
    return std::string(request.find_parameter("taskId").value_or(""));
}

Value entry(const store::MetricRow& row) {
    const bool timer = row.kind == "timer";
    return Value{{"tenantId", "main"},
                 {"namespace", row.flow.namespace_name},
                 {"flowId", row.flow.id},
                 {"taskId", row.task_id},
                 {"executionId", row.execution_id.text()},
                 {"taskRunId", row.task_run_id.text()},
                 {"type", row.kind},
                 {"name", row.name},
                 {"value", timer ? row.value * 1000 : row.value},  // timers go out in milliseconds
                 {"timestamp", to_iso(row.at)},
                 {"tags", row.tags.is_null() ? Value(Map()) : row.tags}};
}

Result<http::Response> of_execution(Api& api, const Request& request) {
    auto wanted = search_of(request, api.services.pool.clock().now());
    if (!wanted) return tl::unexpected(wanted.error());
    // The task id wins when both are given.
    if (wanted->filter("taskId") != nullptr) {
        std::erase_if(wanted->filters, [](const store::Filter& filter) { return filter.field == "taskRunId"; });
    }
    wanted->filters.push_back(equal_to("executionId", std::string(request.parameter("executionId"))));
    const auto found = run_search(api.lists, request,
                                  [&](pg::Connection& connection) { return store::find_metrics(connection, *wanted); });
    if (!found) return tl::unexpected(found.error());
    List results;
    for (const store::MetricRow& row : found->rows) results.push_back(entry(row));
    return paged(std::move(results), found->total);
}

http::Response words(std::vector<std::string> texts) {
    List out;
    for (std::string& text : texts) out.emplace_back(std::move(text));
    return http::Response::json(Value(std::move(out)));
}

Result<store::Aggregation> aggregation_of(const std::string& word) {
    if (word.empty() || word == "sum") return store::Aggregation::Sum;
    if (word == "avg") return store::Aggregation::Average;
    if (word == "min") return store::Aggregation::Minimum;
    if (word == "max") return store::Aggregation::Maximum;
    return invalid("Illegal argument: aggregation must be sum, avg, min or max, found '{}'", word);
}

/// The bucket after `at`.
Timestamp next_bucket(Timestamp at, std::string_view unit) {
    if (unit == "minute") return at + 1min;
    if (unit == "hour") return at + 1h;
    if (unit == "day") return at + 24h;
    if (unit == "week") return at + 7 * 24h;
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(at)};
    return std::chrono::sys_days{(day.year() / day.month() + std::chrono::months{1}) / 1};
}

Timestamp bucket_of(Timestamp at, std::string_view unit) {
    if (unit == "minute") return std::chrono::floor<std::chrono::minutes>(at);
    if (unit == "hour") return std::chrono::floor<std::chrono::hours>(at);
    const auto day = std::chrono::floor<std::chrono::days>(at);
    if (unit == "day") return day;
    if (unit == "week") return day - (std::chrono::weekday{day} - std::chrono::Monday);
    const std::chrono::year_month_day date{day};
    return std::chrono::sys_days{date.year() / date.month() / 1};
}

Result<http::Response> aggregate(Api& api, const Request& request) {
    const Timestamp now = api.services.pool.clock().now();
    const auto from = date_parameter(request, "startDate");
    if (!from) return tl::unexpected(from.error());
    const auto until = date_parameter(request, "endDate");
    if (!until) return tl::unexpected(until.error());
    const Timestamp last = until->value_or(now);
    const Timestamp first = from->value_or(last - 30 * 24h);
    if (first > last) return invalid("Illegal argument: startDate must be before endDate");
    const auto how = aggregation_of(text_parameter(request, "aggregation"));
    if (!how) return tl::unexpected(how.error());
    const std::string name(request.parameter("metric"));
    const std::string unit(store::bucket_of(last - first));
    std::map<Timestamp, double> values;
    for (const store::MetricBucket& one : api.lists.read(request, [&](pg::Connection& connection) {
             return store::aggregate_metric(connection, flow_of(request), task_of(request), name, *how, unit, first,
                                            last);
         })) {
        values[one.at] = one.value;
    }
    List buckets;
    for (Timestamp at = bucket_of(first, unit); at <= last; at = next_bucket(at, unit)) {
        Map one;
        one.set("name", name);
        if (const auto found = values.find(at); found != values.end()) one.set("value", found->second);
        one.set("date", to_iso(at));
        buckets.push_back(Value(std::move(one)));
    }
    return http::Response::json(Value{{"groupBy", unit}, {"aggregations", Value(std::move(buckets))}});
}

}  // namespace metric_routes

void add_metric_routes(http::Router& router, Api& api) {
    using namespace metric_routes;
    using http::Method;
    route(router, Method::Get, "/metrics/{executionId}", [&api](const Request& r) { return of_execution(api, r); },
          {"Metrics of an execution", kSearchParameters});
    const auto names = [&api](const Request& r) {
        return words(api.services.pool.with_connection(
            [&](pg::Connection& connection) { return store::metric_names(connection, flow_of(r), task_of(r)); }));
    };
    route(router, Method::Get, "/metrics/names/{namespace}/{flowId}", names, {"Names of a flow's metrics"});
    route(router, Method::Get, "/metrics/names/{namespace}/{flowId}/{taskId}", names, {"Names of a task's metrics"});
    route(router, Method::Get, "/metrics/tasks/{namespace}/{flowId}",
          [&api](const Request& r) {
              return words(api.services.pool.with_connection(
                  [&](pg::Connection& connection) { return store::tasks_with_metrics(connection, flow_of(r)); }));
          },
          {"Tasks that have metrics"});
    const RouteDoc doc{"A metric by time", {"startDate", "endDate", "aggregation"}};
    route(
        router, Method::Get, "/metrics/aggregates/{namespace}/{flowId}/{metric}",
        [&api](const Request& r) { return aggregate(api, r); }, doc);
    route(
        router, Method::Get, "/metrics/aggregates/{namespace}/{flowId}/{taskId}/{metric}",
        [&api](const Request& r) { return aggregate(api, r); }, doc);
}

}  // namespace sluice::webserver
