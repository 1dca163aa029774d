// Executions: lists, and what belongs to one.
#include "sql/webserver.h"
#include "store/executions.h"
#include "store/find_executions.h"
#include "store/find_flows.h"
#include "value/json.h"
#include "webserver/api.h"
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
    const auto light = flag_parameter(request, "light");
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

/// The newest execution of each flow that was named.
Result<http::Response> latest(Api& api, const http::Request& request) {
    const auto body = parse_json(request.body);
    if (!body || !body->is_list()) return invalid("Invalid json: expected a list of {{\"namespace\", \"id\"}}");
    std::vector<std::string> namespaces, flows;
    for (const Value& one : body->as_list()) {
        if (!may(request, one.text("namespace"))) continue;
        namespaces.push_back(one.text("namespace"));
        flows.push_back(one.text("id"));
    }
    List out;
    api.services.pool.with_connection([&](pg::Connection& connection) {
        std::vector<ExecutionId> ids;
        for (pg::Row row : connection.run(sql::latest_executions, namespaces, flows)) ids.emplace_back(row.text());
        for (const engine::Execution& one : store::load_executions(connection, ids)) {
            out.push_back(Value{{"id", one.id.text()},
                                {"flowId", one.flow.id},
                                {"namespace", one.flow.namespace_name},
                                {"startDate", to_iso(one.history.created_at())},
                                {"status", to_text(one.state())}});
        }
    });
    return http::Response::json(Value(std::move(out)));
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
    route(router, Method::Get, "/executions", [&api](const Request& r) { return of_flow(api, r); });
    route(router, Method::Post, "/executions/latest", [&api](const Request& r) { return latest(api, r); });
    route(router, Method::Get, "/executions/namespaces", [&api](const Request& r) { return namespaces(api, r); });
    route(router, Method::Get, "/executions/namespaces/{namespace}/flows",
          [&api](const Request& r) { return flows_to_run(api, r); });
    route(router, Method::Get, "/executions/flows/{namespace}/{flowId}",
          [&api](const Request& r) { return flow_to_run(api, r); });
    route(router, Method::Get, "/executions/{id}/flow", [&api](const Request& r) { return flow_of_execution(api, r); });
    route(router, Method::Get, "/executions/{id}/why", [&api](const Request& r) { return why(api, r); });
}

}  // namespace sluice::webserver
