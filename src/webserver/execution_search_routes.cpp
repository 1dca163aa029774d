// Executions: lists, and what belongs to one.
#include "sql/webserver.h"
#include "store/executions.h"
#include "store/find_executions.h"
#include "store/find_flows.h"
#include "value/json.h"
#include "webserver/api_profile.h"
#include "webserver/execution_view.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace execution_search_routes {

ExecutionId id_of(const http::Request& request) {
    return ExecutionId{std::string(request.parameter("id"))};
}

Result<http::Response> answer(Api& api, const http::Request& request, const store::Search& search) {
    const auto light = flag_parameter(request, "light", is_second_profile(request));
    if (!light) return tl::unexpected(light.error());
    const auto found = run_search(
        api.lists, request, [&](pg::Connection& connection) { return store::find_executions(connection, search); });
    if (!found) return tl::unexpected(found.error());
    return paged(executions_on_wire(api, found->rows, *light ? Form::Light : Form::Full), found->total,
                 found->next_cursor);
}

Result<http::Response> search(Api& api, const http::Request& request) {
    auto wanted = search_of(request, api.services.pool.clock().now());
    if (!wanted) return tl::unexpected(wanted.error());
    return answer(api, request, *wanted);
}

/// Those of one flow, newest first.
Result<http::Response> of_flow(Api& api, const http::Request& request) {
    auto wanted = search_of(request, api.services.pool.clock().now());
    if (!wanted) return tl::unexpected(wanted.error());
    wanted->filters.clear();
    for (const char* name : {"namespace", "flowId"}) {
        std::string value = text_parameter(request, name);
        if (value.empty()) return refuse(ErrorCode::BadRequest, "Bad Request: the parameter '{}' is missing", name);
        wanted->filters.push_back(equal_to(name, std::move(value)));
    }
    return answer(api, request, *wanted);
}

/// What a field may be filtered by.
Result<http::Response> field_values(Api& api, const http::Request& request) {
    const std::string field = text_parameter(request, "field");
    if (field.empty()) return refuse(ErrorCode::BadRequest, "Bad Request: the parameter 'field' is missing");
    const auto size = integer_parameter(request, "size");
    if (!size) return tl::unexpected(size.error());
    const std::int64_t most = size->value_or(100);
    if (most < 1 || most > 1000) return invalid("Illegal argument: size: expected 1 to 1000, found {}", most);
    const auto filters = filters_of(request, api.services.pool.clock().now());
    if (!filters) return tl::unexpected(filters.error());
    const auto values = run_search(api.services.pool, [&](pg::Connection& connection) {
        return store::values_of_field(connection, *filters, field, static_cast<std::size_t>(most));
    });
    if (!values) return tl::unexpected(values.error());
    List out;
    for (const std::string& one : *values) out.emplace_back(one);
    return http::Response::json(Value(std::move(out)));
}

/// The newest execution of each flow that was named, where the visitor may look.
std::vector<engine::Execution> newest_of(Api& api, const http::Request& request, const List& named) {
    std::vector<std::string> namespaces, flows;
    for (const Value& one : named) {
        if (!may(request, one.text("namespace"))) continue;
        namespaces.push_back(one.text("namespace"));
        flows.push_back(one.text("id"));
    }
    return api.services.pool.with_connection([&](pg::Connection& connection) {
        std::vector<ExecutionId> ids;
        for (pg::Row row : connection.run(sql::latest_executions, namespaces, flows)) ids.emplace_back(row.text());
        return store::load_executions(connection, ids);
    });
}

Result<http::Response> latest(Api& api, const http::Request& request) {
    const auto body = parse_json(request.body);
    if (!body || !body->is_list()) return invalid("Invalid json: expected a list of {{\"namespace\", \"id\"}}");
    List out;
    for (const engine::Execution& one : newest_of(api, request, body->as_list())) {
        out.push_back(Value{{"id", one.id.text()},
                            {"flowId", one.flow.id},
                            {"namespace", one.flow.namespace_name},
                            {"startDate", to_iso(one.history.created_at())},
                            {"status", to_text(one.state())}});
    }
    return http::Response::json(Value(std::move(out)));
}

/// The same, as monitoring of before 1.0 asks for it: whole executions.
Result<http::Response> latest_by_flow(Api& api, const http::Request& request) {
    const auto body = parse_json(request.body);
    if (!body || !(*body)["flows"].is_list())
        return invalid("Invalid json: expected {{\"flows\": [{{\"namespace\", \"id\"}}]}}");
    const auto found = newest_of(api, request, (*body)["flows"].as_list());
    return http::Response::json(Value(executions_on_wire(api, found, Form::Full)));
}

/// A reason as a sentence; what it tells to do in psql is for psql.
std::string sentence(std::string text) {
    for (const std::string_view hint : {": select sluice.", "; go on with: select sluice."}) {
        if (const auto at = text.find(hint); at != std::string::npos) text.resize(at);
    }
    if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
    return text + ".";
}

Result<http::Response> why(Api& api, const http::Request& request) {
    return api.services.pool.with_connection([&](pg::Connection& connection) -> Result<http::Response> {
        if (!store::load_execution(connection, id_of(request))) {
            return not_found("Not Found: execution {} does not exist", id_of(request));
        }
        List reasons;
        for (pg::Row row : connection.run(sql::why, id_of(request))) {
            Map one;
            one.set("code", row.text());
            if (const auto task = row.maybe_text()) one.set("taskId", *task);
            one.set("text", sentence(row.text()));
            if (const auto since = row.maybe_timestamp()) one.set("since", to_iso(*since));
            reasons.push_back(Value(std::move(one)));
        }
        return http::Response::json(Value{{"reasons", Value(std::move(reasons))}});
    });
}

Result<http::Response> flow_of_revision(Api& api, const flow::FlowId& id, std::optional<std::int64_t> revision) {
    const auto row = api.services.pool.with_connection([&](pg::Connection& connection) {
        return revision ? store::flow_revision(connection, id, *revision) : store::latest_flow(connection, id);
    });
    if (!row || (row->deleted && !revision)) return not_found("Not Found: flow {} does not exist", id.text());
    return http::Response::json(flow_for_execution_on_wire(*row));
}

/// The flow in the revision that ran.
Result<http::Response> flow_of_execution(Api& api, const http::Request& request) {
    const auto execution = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::load_execution(connection, id_of(request)); });
    if (!execution) return not_found("Not Found: execution {} does not exist", id_of(request));
    return flow_of_revision(api, execution->flow, execution->flow_revision);
}

Result<http::Response> flow_to_run(Api& api, const http::Request& request) {
    const auto revision = integer_parameter(request, "revision");
    if (!revision) return tl::unexpected(revision.error());
    return flow_of_revision(
        api, {std::string(request.parameter("namespace")), std::string(request.parameter("flowId"))}, *revision);
}

Result<http::Response> namespaces(Api& api, const http::Request& request) {
    List out;
    for (std::string& one : api.services.pool.with_connection(
             [](pg::Connection& connection) { return store::flow_namespaces(connection); })) {
        if (may(request, one)) out.emplace_back(std::move(one));
    }
    return http::Response::json(Value(std::move(out)));
}

Result<http::Response> flows_to_run(Api& api, const http::Request& request) {
    List out;
    for (const store::FlowRow& row : api.services.pool.with_connection([&](pg::Connection& connection) {
             return store::flows_of_namespace(connection, std::string(request.parameter("namespace")));
         })) {
        out.push_back(flow_for_execution_on_wire(row));
    }
    return http::Response::json(Value(std::move(out)));
}

}  // namespace execution_search_routes

void add_execution_search_routes(http::Router& router, Api& api) {
    using namespace execution_search_routes;
    using http::Method;
    using http::Request;
    route(router, Method::Get, "/executions/search", [&api](const Request& r) { return search(api, r); },
          {"Executions, filtered and paged", kSearchParameters});
    route(router, Method::Get, "/executions/distinct-field-values",
          [&api](const Request& r) { return field_values(api, r); },
          {"Values that a field has among the newest executions", {"field", "size", "filters"}});
    route(router, Method::Get, "/executions", [&api](const Request& r) { return of_flow(api, r); });
    route(router, Method::Post, "/executions/latest", [&api](const Request& r) { return latest(api, r); });
    route(router, Method::Post, "/stats/executions/latest/group-by-flow",
          [&api](const Request& r) { return latest_by_flow(api, r); }, {"The newest execution of each flow"});
    route(router, Method::Get, "/executions/namespaces", [&api](const Request& r) { return namespaces(api, r); });
    route(router, Method::Get, "/executions/namespaces/{namespace}/flows",
          [&api](const Request& r) { return flows_to_run(api, r); });
    route(router, Method::Get, "/executions/flows/{namespace}/{flowId}",
          [&api](const Request& r) { return flow_to_run(api, r); });
    route(router, Method::Get, "/executions/{id}/flow", [&api](const Request& r) { return flow_of_execution(api, r); });
    route(router, Method::Get, "/executions/{id}/why", [&api](const Request& r) { return why(api, r); });
}

}  // namespace sluice::webserver
