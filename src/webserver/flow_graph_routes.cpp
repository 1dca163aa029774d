// The drawing of a flow: of a stored one, of a text, of an execution with its task runs.
#include "store/executions.h"
#include "store/trigger_views.h"
#include "webserver/execution_view.h"
#include "webserver/flow_changes.h"
#include "webserver/flow_graph.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace flow_graph_routes {

GraphRequest graph_request(Api& api, const http::Request& request, pg::Connection& connection) {
    GraphRequest out;
    for (const std::string& uid : list_parameter(request, "subflows")) out.expanded.insert(uid);
    out.flow_of = [&](const flow::FlowId& id) { return api.services.flows.latest(connection, id); };
    return out;
}

Result<http::Response> drawn(const flow::Flow& flow, const GraphRequest& wanted) {
    const auto graph = flow_graph_on_wire(flow, wanted);
    if (!graph) return tl::unexpected(graph.error());
    return http::Response::json(*graph);
}

std::map<std::string, Value> triggers_of(pg::Connection& connection, const flow::FlowId& flow) {
    constexpr std::size_t kMost = 1000;
    std::map<std::string, Value> out;
    const auto found = store::find_triggers(
        connection, {.filters = {equal_to("namespace", flow.namespace_name), equal_to("flowId", flow.id)},
                     .size = kMost,
                     .total = store::Total::None});
    if (!found) return out;
    for (const store::TriggerView& one : found->rows) out[one.id.id] = Value(trigger_on_wire(one));
    return out;
}

Result<http::Response> of_flow(Api& api, const http::Request& request) {
    const flow::FlowId id{std::string(request.parameter("namespace")), std::string(request.parameter("id"))};
    const auto revision = integer_parameter(request, "revision");
    if (!revision) return tl::unexpected(revision.error());
    return api.services.pool.with_connection([&](pg::Connection& connection) -> Result<http::Response> {
        const auto flow =
            *revision ? api.services.flows.get(connection, id, **revision) : api.services.flows.latest(connection, id);
        if (!flow) return tl::unexpected(flow.error());
        GraphRequest wanted = graph_request(api, request, connection);
        wanted.triggers = triggers_of(connection, id);
        return drawn(**flow, wanted);
    });
}

Result<http::Response> of_text(Api& api, const http::Request& request) {
    const flow::ParsedFlow parsed = parse_text(api, request.body);
    if (!parsed.ok()) return tl::unexpected(parsed.error());
    return api.services.pool.with_connection(
        [&](pg::Connection& connection) { return drawn(*parsed.flow, graph_request(api, request, connection)); });
}

Result<http::Response> of_execution(Api& api, const http::Request& request) {
    const ExecutionId id{std::string(request.parameter("id"))};
    const auto execution = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::load_execution(connection, id); });
    if (!execution) return not_found("Not Found: execution {} does not exist", id);
    const Value whole = execution_with_runs(api, *execution);
    return api.services.pool.with_connection([&](pg::Connection& connection) -> Result<http::Response> {
        const auto flow = api.services.flows.get(connection, execution->flow, execution->flow_revision);
        if (!flow) return tl::unexpected(flow.error());
        GraphRequest wanted = graph_request(api, request, connection);
        // Of a task in a loop the newest one.
        for (const Value& run : whole["taskRunList"].as_list()) wanted.task_runs[run.text("taskId")] = run;
        return drawn(**flow, wanted);
    });
}

}  // namespace flow_graph_routes

void add_flow_graph_routes(http::Router& router, Api& api) {
    using namespace flow_graph_routes;
    using http::Method;
    using http::Request;
    route(router, Method::Get, "/flows/{namespace}/{id}/graph", [&api](const Request& r) { return of_flow(api, r); },
          {"Tasks and triggers of a flow as a graph", {"revision", "subflows"}});
    route(router, Method::Post, "/flows/graph", [&api](const Request& r) { return of_text(api, r); },
          {"The graph of a flow that is not stored: YAML", {"subflows"}});
    route(router, Method::Get, "/executions/{id}/graph", [&api](const Request& r) { return of_execution(api, r); },
          {"The graph of an execution's flow, with its task runs", {"subflows"}});
}

}  // namespace sluice::webserver
