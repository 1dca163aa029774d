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

/// A drawing leads into other namespaces only who may look there.
GraphRequest graph_request(Api& api, const http::Request& request) {
    GraphRequest out;
    for (const std::string& uid : list_parameter(request, "subflows")) out.expanded.insert(uid);
    out.flow_of = [&](const flow::FlowId& id) -> Result<flow::FlowPtr> {
        if (auto allowed = demand(request, id.namespace_name); !allowed) return tl::unexpected(allowed.error());
        return api.services.pool.with_connection(
            [&](pg::Connection& connection) { return api.services.flows.latest(connection, id); });
    };
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
    GraphRequest wanted = graph_request(api, request);
    const auto flow = api.services.pool.with_connection([&](pg::Connection& connection) {
        wanted.triggers = triggers_of(connection, id);
        return *revision ? api.services.flows.get(connection, id, **revision)
                         : api.services.flows.latest(connection, id);
    });
    if (!flow) return tl::unexpected(flow.error());
    return drawn(**flow, wanted);
}

Result<http::Response> of_text(Api& api, const http::Request& request) {
    const flow::ParsedFlow parsed = parse_text(api, request.body);
    if (!parsed.ok()) return tl::unexpected(parsed.error());
    return drawn(*parsed.flow, graph_request(api, request));
}

/// The flow and the task runs of an execution, if it is there.
Result<std::optional<GraphRequest::Child>> drawable(Api& api, const http::Request& request, const ExecutionId& id) {
    std::optional<GraphRequest::Child> out;
    const auto execution = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::load_execution(connection, id); });
    if (!execution) return out;
    if (auto allowed = demand(request, execution->flow.namespace_name); !allowed)
        return tl::unexpected(allowed.error());
    auto flow = api.services.pool.with_connection([&](pg::Connection& connection) {
        return api.services.flows.get(connection, execution->flow, execution->flow_revision);
    });
    if (!flow) return tl::unexpected(flow.error());
    out.emplace().flow = std::move(*flow);
    const Value whole = execution_with_runs(api, *execution);
    // Of a task in a loop the newest one.
    for (const Value& run : whole["taskRunList"].as_list()) out->task_runs[run.text("taskId")] = run;
    return out;
}

Result<http::Response> of_execution(Api& api, const http::Request& request) {
    const ExecutionId id{std::string(request.parameter("id"))};
    auto root = drawable(api, request, id);
    if (!root) return tl::unexpected(root.error());
    if (!*root) return not_found("Not Found: execution {} does not exist", id);
    GraphRequest wanted = graph_request(api, request);
    wanted.task_runs = std::move((*root)->task_runs);
    wanted.child_of = [&](const Value& run) -> Result<std::optional<GraphRequest::Child>> {
        const std::string child = run["outputs"].text("executionId");
        if (child.empty()) return std::optional<GraphRequest::Child>();
        return drawable(api, request, ExecutionId{child});
    };
    return drawn(*(*root)->flow, wanted);
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
