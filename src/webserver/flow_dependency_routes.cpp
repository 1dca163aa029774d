// Which flows start which.
#include <set>

#include "sql/webserver.h"
#include "webserver/api.h"
#include "webserver/parameters.h"

namespace sluice::webserver {
namespace flow_dependency_routes {

constexpr std::int64_t kMostEdges = 20'000;

struct Edge {
    flow::FlowId source{};
    flow::FlowId target{};
    std::string relation{};
    bool known = true;  // the flow that is named is there
};

std::vector<Edge> edges(Api& api) {
    return api.services.pool.with_connection([](pg::Connection& connection) {
        std::vector<Edge> out;
        for (pg::Row row : connection.run(sql::flow_dependencies, kMostEdges)) {
            Edge edge;
            edge.source = {row.text(), row.text()};
            edge.target = {row.text(), row.text()};
            edge.relation = row.text();
            edge.known = row.boolean();
            out.push_back(std::move(edge));
        }
        return out;
    });
}

/// Those that touch `flows`; with `all` also those that touch what was found so, and so on.
std::vector<Edge> around(const std::vector<Edge>& edges, std::set<flow::FlowId> flows, bool downstream_only, bool all) {
    std::vector<bool> taken(edges.size());
    for (bool grown = true; grown;) {
        grown = false;
        std::set<flow::FlowId> found;
        for (std::size_t i = 0; i < edges.size(); ++i) {
            const bool from = flows.contains(edges[i].source);
            const bool to = !downstream_only && flows.contains(edges[i].target);
            if (taken[i] || (!from && !to)) continue;
            taken[i] = true;
            found.insert(edges[i].source);
            found.insert(edges[i].target);
        }
        for (const flow::FlowId& id : found) grown = flows.insert(id).second || grown;
        if (!all) break;
    }
    std::vector<Edge> out;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        if (taken[i]) out.push_back(edges[i]);
    }
    return out;
}

std::string uid_of(const flow::FlowId& id) {
    return fmt::format("main_{}_{}", id.namespace_name, id.id);
}

http::Response graph(const std::set<flow::FlowId>& centre, const std::vector<Edge>& edges) {
    std::map<flow::FlowId, bool> flows;
    for (const flow::FlowId& id : centre) flows[id] = true;
    List joins;
    for (const Edge& edge : edges) {
        const bool by_task = edge.relation == "FLOW_TASK";
        flows.emplace(by_task ? edge.source : edge.target, true);
        const flow::FlowId& named = by_task ? edge.target : edge.source;
        flows[named] = flows[named] || edge.known;
        joins.push_back(
            Value{{"source", uid_of(edge.source)}, {"target", uid_of(edge.target)}, {"relation", edge.relation}});
    }
    List nodes;
    for (const auto& [id, known] : flows) {
        Map node;
        node.set("uid", uid_of(id));
        node.set("tenantId", "main");
        node.set("namespace", id.namespace_name);
        node.set("id", id.id);
        if (!known) node.set("missing", true);
        nodes.push_back(Value(std::move(node)));
    }
    return http::Response::json(Value{{"nodes", Value(std::move(nodes))}, {"edges", Value(std::move(joins))}});
}

Result<http::Response> of_flow(Api& api, const http::Request& request) {
    const flow::FlowId id{std::string(request.parameter("namespace")), std::string(request.parameter("id"))};
    const auto downstream_only = flag_parameter(request, "destinationOnly");
    if (!downstream_only) return tl::unexpected(downstream_only.error());
    const auto all = flag_parameter(request, "expandAll");
    if (!all) return tl::unexpected(all.error());
    const auto flow = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::latest_flow(connection, id); });
    if (!flow || flow->deleted) return not_found("Not Found: flow {} does not exist", id.text());
    return graph({id}, around(edges(api), {id}, *downstream_only, *all));
}

Result<http::Response> of_namespace(Api& api, const http::Request& request) {
    const std::string name(request.parameter("namespace"));
    const auto downstream_only = flag_parameter(request, "destinationOnly");
    if (!downstream_only) return tl::unexpected(downstream_only.error());
    const std::vector<Edge> all = edges(api);
    std::set<flow::FlowId> inside;
    const auto add = [&](const flow::FlowId& id) {
        if (id.namespace_name == name || id.namespace_name.starts_with(name + ".")) inside.insert(id);
    };
    for (const Edge& edge : all) {
        add(edge.source);
        add(edge.target);
    }
    return graph({}, around(all, inside, *downstream_only, false));
}

}  // namespace flow_dependency_routes

void add_flow_dependency_routes(http::Router& router, Api& api) {
    using namespace flow_dependency_routes;
    using http::Method;
    using http::Request;
    route(router, Method::Get, "/flows/{namespace}/{id}/dependencies",
          [&api](const Request& r) { return of_flow(api, r); },
          {"Flows that this one starts, and that start it", {"destinationOnly", "expandAll"}});
    route(router, Method::Get, "/dependencies", [&api](const Request&) { return graph({}, edges(api)); },
          {"Which flows start which"});
    route(router, Method::Get, "/namespaces/{namespace}/dependencies",
          [&api](const Request& r) { return of_namespace(api, r); },
          {"The same around the flows of a namespace", {"destinationOnly"}});
}

}  // namespace sluice::webserver
