// Boards that people describe in YAML, and the rows of their charts.
#include "store/chart_rows.h"
#include "store/dashboards.h"
#include "value/json.h"
#include "webserver/api.h"
#include "webserver/csv_source.h"
#include "webserver/search_request.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace dashboard_routes {

using http::Request;
using store::DashboardRow;

constexpr std::int64_t kLargestPage = 10'000;
constexpr std::int64_t kLastPage = 1'000'000;
constexpr std::array kReserved{"charts", "settings", "validate"};  // words of paths

std::string id_of(const Request& request) {
    return std::string(request.parameter("id"));
}

Value on_wire(const DashboardRow& row) {
    Map out;
    out.set("id", row.id);
    for (const auto& [key, value] : row.definition.as_map()) {
        if (key != "id") out.set(key, value);
    }
    out.set("deleted", false);
    out.set("created", to_iso(row.created_at));
    out.set("updated", to_iso(row.updated_at));
    out.set("sourceCode", row.source);
    return Value(std::move(out));
}

tl::unexpected<Error> unknown(const std::string& id) {
    return not_found("Not Found: dashboard {} does not exist", id);
}

/// All mistakes as one, with their places.
Error error_of(std::vector<Error> mistakes) {
    flow::ParsedFlow parsed;
    parsed.errors = std::move(mistakes);
    return parsed.error();
}

http::Response validation_of(std::vector<Error> mistakes) {
    flow::ParsedFlow parsed;
    parsed.errors = std::move(mistakes);
    return http::Response::json(validation_on_wire(parsed, 0, false));
}

Result<flow::Dashboard> dashboard_in(Api& api, const std::string& text) {
    auto read = flow::parse_dashboard(text, api.services.flows.catalog());
    if (!read.dashboard) return tl::unexpected(error_of(std::move(read.errors)));
    return std::move(*read.dashboard);
}

// ------------------------------------------------------------------------------------------------------ dashboards

Result<http::Response> list(Api& api, const Request& request) {
    const auto wanted = search_of(request, api.services.pool.clock().now());
    if (!wanted) return tl::unexpected(wanted.error());
    const auto found = run_search(
        api.services.pool, [&](pg::Connection& connection) { return store::find_dashboards(connection, *wanted); });
    if (!found) return tl::unexpected(found.error());
    List results;
    for (const DashboardRow& row : found->rows) results.push_back(on_wire(row));
    return paged(std::move(results), found->total);
}

Result<DashboardRow> row_of(Api& api, const std::string& id) {
    auto row = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::find_dashboard(connection, id); });
    if (!row) return unknown(id);
    return std::move(*row);
}

Result<http::Response> get(Api& api, const Request& request) {
    const auto row = row_of(api, id_of(request));
    if (!row) return tl::unexpected(row.error());
    return http::Response::json(on_wire(*row));
}

Result<http::Response> create(Api& api, const Request& request) {
    const auto read = dashboard_in(api, request.body);
    if (!read) return tl::unexpected(read.error());
    const std::string id = read->id.empty() ? time_ordered_id(api.services.pool.clock().now()) : read->id;
    if (std::find(kReserved.begin(), kReserved.end(), id) != kReserved.end())
        return invalid("Illegal argument: a dashboard can't be called '{}'", id);
    const auto made = api.services.pool.in_transaction([&](pg::Transaction& tx) {
        return store::add_dashboard(tx, {.id = id, .source = request.body, .definition = read->definition});
    });
    if (!made) return invalid("Invalid entity: Dashboard id already exists: {}", id);
    return http::Response::json(on_wire(*made));
}

Result<http::Response> change(Api& api, const Request& request) {
    const std::string id = id_of(request);
    const auto read = dashboard_in(api, request.body);
    if (!read) return tl::unexpected(read.error());
    if (!read->id.empty() && read->id != id)
        return invalid("Invalid entity: Illegal dashboard id update: the path names '{}', the text '{}'", id, read->id);
    const auto made = api.services.pool.in_transaction([&](pg::Transaction& tx) {
        return store::change_dashboard(tx, {.id = id, .source = request.body, .definition = read->definition});
    });
    if (!made) return unknown(id);
    return http::Response::json(on_wire(*made));
}

Result<http::Response> remove(Api& api, const Request& request) {
    const bool gone = api.services.pool.in_transaction(
        [&](pg::Transaction& tx) { return store::delete_dashboard(tx, id_of(request)); });
    if (!gone) return unknown(id_of(request));
    return http::Response::empty();
}

// ---------------------------------------------------------------------------------------------------------- charts

Result<Value> body_of(const Request& request) {
    auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    if (!body->is_map()) return invalid("Invalid json mapping: expected an object");
    return body;
}

access::Resource resource_of(flow::ChartSource source) {
    switch (source) {
        case flow::ChartSource::Logs:
            return access::Resource::Log;
        case flow::ChartSource::Flows:
            return access::Resource::Flow;
        case flow::ChartSource::Triggers:
            return access::Resource::Trigger;
        case flow::ChartSource::Executions:
        case flow::ChartSource::Metrics:
            break;
    }
    return access::Resource::Execution;
}

/// A chart shows nobody what a list would not.
Result<void> narrow_to_readable(const Request& request, store::ChartQuestion& question) {
    const access::Capability read{resource_of(question.data.source), access::Action::Read};
    access::Scope scope = visitor_of(request).identity.grants->scope_of(read);
    if (scope.everywhere) return {};
    if (scope.empty()) return refuse(ErrorCode::Forbidden, "{} is needed for this chart", access::to_text(read));
    question.filters.push_back({"namespace", store::Operation::Prefix, "", std::move(scope.namespaces)});
    return {};
}

/// The span, by `startDate` and `endDate` or by filters; empty: nothing says when it begins.
Result<std::optional<Timestamp>> read_span(const Value& body, store::ChartQuestion& question, Timestamp now) {
    std::vector<store::Filter> dates;
    for (const auto& [name, operation] : {std::pair("startDate", store::Operation::GreaterThanOrEqualTo),
                                          std::pair("endDate", store::Operation::LessThanOrEqualTo)}) {
        if (const std::string text = body.text(name); !text.empty()) dates.push_back({name, operation, "", {text}});
    }
    for (const store::Filter& filter : question.filters) {
        if (filter.field == "startDate" || filter.field == "endDate") dates.push_back(filter);
    }
    std::erase_if(question.filters,
                  [](const store::Filter& f) { return f.field == "startDate" || f.field == "endDate"; });
    std::optional<Timestamp> from;
    question.until = now;
    for (const store::Filter& date : dates) {
        const auto at = parse_iso(date.values.front());
        if (!at) return invalid("Invalid format: {}: {}", date.field, at.error().message);
        if (date.field == "startDate") from = *at;
        if (date.field == "endDate") question.until = *at;
    }
    return from;
}

Result<void> read_page(const Value& body, store::ChartQuestion& question) {
    const std::int64_t size = body["pageSize"].if_integer().value_or(100);
    const std::int64_t page = body["pageNumber"].if_integer().value_or(1);
    if (size < 1 || page < 1 || size > kLargestPage || page > kLastPage)
        return invalid("Illegal argument: pageSize is 1 to {}, and pageNumber 1 to {}", kLargestPage, kLastPage);
    question.size = static_cast<std::size_t>(size);
    question.offset = static_cast<std::size_t>((page - 1) * size);
    return {};
}

/// What the body asks of a chart.
/// otherwise  the span that ends now where nothing says when it begins; empty: that must be said
Result<store::ChartQuestion> question_of(Api& api, const Request& request, const flow::Chart& chart, const Value& body,
                                         std::optional<Duration> otherwise, Duration longest) {
    if (!chart.data) return invalid("Illegal argument: the chart {} has no data: it is a text", chart.id);
    const Timestamp now = api.services.pool.clock().now();
    store::ChartQuestion out{.data = *chart.data};
    const auto nested = body.get("globalFilter", "filters");
    auto filters = filters_in_json(nested ? *nested : body["filters"], now);
    if (!filters) return tl::unexpected(filters.error());
    out.filters = std::move(*filters);
    if (const std::string name = body.text("namespace"); !name.empty())
        out.filters.push_back({"namespace", store::Operation::Prefix, "", {name}});
    if (const auto labels = body.get("labels"); labels && labels->is_map()) {
        for (const auto& [key, value] : labels->as_map()) {
            if (value.is_string())
                out.filters.push_back({"labels", store::Operation::Equals, key, {value.as_string()}});
        }
    }
    const auto from = read_span(body, out, now);
    if (!from) return tl::unexpected(from.error());
    if (!*from && !otherwise) return invalid("Invalid entity: startDate: must not be null");
    out.from = *from ? **from : out.until - otherwise.value_or(Duration{});
    if (out.from > out.until) return invalid("Illegal argument: startDate must be before endDate");
    if (out.until - out.from > longest) {
        return invalid("Illegal argument: from startDate to endDate are more than the {} of timeWindow.max",
                       to_iso(longest));
    }
    if (auto paged = read_page(body, out); !paged) return tl::unexpected(paged.error());
    if (auto narrowed = narrow_to_readable(request, out); !narrowed) return tl::unexpected(narrowed.error());
    return out;
}

Result<store::Found<Value>> rows_of(Api& api, const store::ChartQuestion& question) {
    return run_search(api.services.pool,
                      [&](pg::Connection& connection) { return store::chart_rows(connection, question); });
}

Result<http::Response> answer(Api& api, const Result<store::ChartQuestion>& question, const std::string& csv_name) {
    if (!question) return tl::unexpected(question.error());
    auto found = rows_of(api, *question);
    if (!found) return tl::unexpected(found.error());
    if (csv_name.empty()) return paged(std::move(found->rows), found->total);
    std::vector<std::string> columns;
    for (const flow::ChartColumn& column : question->data.columns) columns.push_back(column.name);
    return csv_of(csv_name, columns, found->rows);
}

/// The chart of a dashboard that is kept. `as_csv`: as a table
Result<http::Response> chart(Api& api, const Request& request, bool as_csv) {
    const auto row = row_of(api, id_of(request));
    if (!row) return tl::unexpected(row.error());
    const auto board = dashboard_in(api, row->source);
    if (!board) return tl::unexpected(board.error());
    const std::string id(request.parameter("chartId"));
    const flow::Chart* found = board->chart(id);
    if (found == nullptr) return not_found("Not Found: dashboard {} has no chart {}", row->id, id);
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    return answer(api, question_of(api, request, *found, *body, {}, board->longest_window), as_csv ? id + ".csv" : "");
}

/// The chart that the body describes.
Result<http::Response> preview(Api& api, const Request& request, bool as_csv) {
    const flow::Dashboard defaults;
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    auto read = flow::parse_chart(body->text("chart"), api.services.flows.catalog());
    if (!read.chart) return tl::unexpected(error_of(std::move(read.errors)));
    return answer(api, question_of(api, request, *read.chart, *body, defaults.default_window, defaults.longest_window),
                  as_csv ? read.chart->id + ".csv" : "");
}

}  // namespace dashboard_routes

void add_dashboard_routes(http::Router& router, Api& api) {
    using namespace dashboard_routes;
    using http::Method;
    const auto add = [&](Method method, const char* pattern, const char* summary, auto handler,
                         const std::vector<std::string>& query = {}) {
        route(router, method, pattern, [&api, handler](const Request& r) { return handler(api, r); }, {summary, query});
    };
    add(Method::Get, "/dashboards", "Dashboards", list, kSearchParameters);
    add(Method::Post, "/dashboards", "Keeps a dashboard: YAML", create);
    add(Method::Get, "/dashboards/{id}", "A dashboard", get);
    add(Method::Put, "/dashboards/{id}", "Keeps another text of a dashboard: YAML", change);
    add(Method::Delete, "/dashboards/{id}", "Deletes a dashboard", remove);
    add(Method::Post, "/dashboards/validate", "What is wrong with a dashboard: YAML", [](Api& a, const Request& r) {
        return validation_of(flow::parse_dashboard(r.body, a.services.flows.catalog()).errors);
    });
    add(Method::Post, "/dashboards/validate/chart", "What is wrong with a chart: YAML", [](Api& a, const Request& r) {
        return validation_of(flow::parse_chart(r.body, a.services.flows.catalog()).errors);
    });
    // None is set: each page shows its own.
    add(Method::Get, "/dashboards/settings/default-dashboards", "Dashboards that pages begin with",
        [](Api&, const Request&) { return http::Response::json(Value(Map())); });
    for (const bool csv : {false, true}) {
        const std::string end = csv ? "/export/to-csv" : "";
        const char* rows = csv ? "The rows of a chart as CSV" : "The rows of a chart";
        add(Method::Post, csv ? "/dashboards/charts/export/to-csv" : "/dashboards/charts/preview", rows,
            [csv](Api& a, const Request& r) { return preview(a, r, csv); });
        add(Method::Post, ("/dashboards/{id}/charts/{chartId}" + end).c_str(), rows,
            [csv](Api& a, const Request& r) { return chart(a, r, csv); });
    }
}

}  // namespace sluice::webserver
