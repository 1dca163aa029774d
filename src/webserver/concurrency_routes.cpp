// Limits of executions at the same time: who holds the slots, and who waits.
#include "sql/webserver.h"
#include "value/json.h"
#include "webserver/api.h"
#include "webserver/search_request.h"

namespace sluice::webserver {
namespace concurrency_routes {

constexpr std::int64_t kMostRows = 200;

const char* to_text(flow::Concurrency::Behavior behavior) {
    switch (behavior) {
        case flow::Concurrency::Behavior::Queue:
            return "QUEUE";
        case flow::Concurrency::Behavior::Cancel:
            return "CANCEL";
        case flow::Concurrency::Behavior::Fail:
            return "FAIL";
    }
    return "QUEUE";
}

http::Response search(Api& api, const http::Request& request) {
    List results;
    api.services.pool.with_connection([&](pg::Connection& connection) {
        for (pg::Row row : connection.run(sql::concurrency_limits)) {
            Map one;
            one.set("tenantId", "main");
            std::string name_space = row.text();
            if (!may(request, name_space)) continue;
            one.set("namespace", std::move(name_space));
            one.set("flowId", row.text());
            one.set("limit", row.integer());
            one.set("behavior", row.text());
            one.set("running", row.integer());
            one.set("queued", row.integer());
            results.push_back(Value(std::move(one)));
        }
    });
    const auto total = static_cast<std::int64_t>(results.size());
    return paged(std::move(results), {total, false});
}

Value slots(pg::Connection& connection, const flow::FlowId& id) {
    List out;
    for (pg::Row row : connection.run(sql::slots_of_flow, id.namespace_name, id.id, kMostRows)) {
        Map one;
        one.set("executionId", row.text());
        one.set("since", to_iso(row.timestamp()));
        if (const auto state = row.maybe_text()) one.set("state", *state);
        out.push_back(Value(std::move(one)));
    }
    return Value(std::move(out));
}

/// The first of those that wait, and how many there are.
Map queue(pg::Connection& connection, const flow::FlowId& id) {
    List waiting;
    std::int64_t total = 0;
    for (pg::Row row : connection.run(sql::queued_of_flow, id.namespace_name, id.id, kMostRows)) {
        Map one;
        one.set("executionId", row.text());
        one.set("since", to_iso(row.timestamp()));
        total = row.integer();
        waiting.push_back(Value(std::move(one)));
    }
    Map out;
    out.set("queued", total);
    out.set("waiting", Value(std::move(waiting)));
    return out;
}

Result<http::Response> of_flow(Api& api, const http::Request& request) {
    const flow::FlowId id{std::string(request.parameter("namespace")), std::string(request.parameter("id"))};
    return api.services.pool.with_connection([&](pg::Connection& connection) -> Result<http::Response> {
        const auto flow = api.services.flows.latest(connection, id);
        if (!flow) return tl::unexpected(flow.error());
        Map out = queue(connection, id);
        out.set("holders", slots(connection, id));
        if ((*flow)->concurrency) {
            out.set("limit", Value(static_cast<std::int32_t>((*flow)->concurrency->limit)));
            out.set("behavior", to_text((*flow)->concurrency->behavior));
        }
        return http::Response::json(Value(std::move(out)));
    });
}

/// Elsewhere this mends a counter that went wrong. Slots are rows here: they are what they are.
Result<http::Response> correct(Api& api, const http::Request& request) {
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const auto wanted = (*body)["running"].if_integer();
    if (!wanted) return invalid("Invalid json mapping: 'running' must be a number");
    const flow::FlowId id{std::string(request.parameter("namespace")), std::string(request.parameter("flowId"))};
    return api.services.pool.with_connection([&](pg::Connection& connection) -> Result<http::Response> {
        const auto flow = api.services.flows.latest(connection, id);
        if (!flow) return tl::unexpected(flow.error());
        const auto running =
            static_cast<std::int64_t>(connection.run(sql::slots_of_flow, id.namespace_name, id.id, kMostRows).size());
        if (running == *wanted || (running == kMostRows && *wanted > kMostRows)) {
            return http::Response::json(
                Value{{"tenantId", "main"}, {"namespace", id.namespace_name}, {"flowId", id.id}, {"running", *wanted}});
        }
        return conflict(
            "Illegal state: {} executions of {} hold a slot, and not {}. Slots are counted, so the number can't be "
            "set; "
            "kill an execution that should not run, or let one go on by POST /executions/{{id}}/unqueue",
            running, id.text(), *wanted);
    });
}

}  // namespace concurrency_routes

void add_concurrency_routes(http::Router& router, Api& api) {
    using namespace concurrency_routes;
    using http::Method;
    using http::Request;
    route(router, Method::Get, "/concurrency-limit/search", [&api](const Request& r) { return search(api, r); },
          {"Flows with a limit of executions at the same time"});
    route(router, Method::Put, "/concurrency-limit/{namespace}/{flowId}",
          [&api](const Request& r) { return correct(api, r); },
          {"Answers whether so many executions of a flow hold a slot: the number can't be set"});
    route(router, Method::Get, "/flows/{namespace}/{id}/concurrency",
          [&api](const Request& r) { return of_flow(api, r); }, {"Who holds the slots of a flow, and who waits"});
}

}  // namespace sluice::webserver
