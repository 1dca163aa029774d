// Executions: start one, check its inputs, read it.
#include "store/executions.h"
#include "value/json.h"
#include "webserver/dependency_streams.h"
#include "webserver/execution_streams.h"
#include "webserver/execution_view.h"
#include "webserver/followers.h"
#include "webserver/parameters.h"
#include "webserver/starting.h"
#include "webserver/uploads.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace execution_routes {

constexpr access::Capability kStart{access::Resource::Execution, access::Action::Create};

flow::FlowId flow_id_of(const http::Request& request) {
    return {std::string(request.parameter("namespace")), std::string(request.parameter("id"))};
}

Result<std::string> kind_of(const http::Request& request) {
    std::string kind = text_parameter(request, "kind");
    for (const char* known : {"", "NORMAL", "TEST", "PLAYGROUND"}) {
        if (kind == known) return kind;
    }
    return invalid("Illegal argument: kind must be NORMAL, TEST or PLAYGROUND, found '{}'", kind);
}

Result<StartRequest> start_request_of(const http::Request& request, flow::FlowId flow) {
    StartRequest start;
    start.flow = std::move(flow);
    start.id = visitor_of(request).execution_id;
    start.user = user_of(request);
    start.actor = actor_of(request);
    const auto revision = integer_parameter(request, "revision");
    if (!revision) return tl::unexpected(revision.error());
    start.revision = *revision;
    const auto date = date_parameter(request, "scheduleDate");
    if (!date) return tl::unexpected(date.error());
    start.schedule_date = *date;
    auto labels = label_parameters(request);
    if (!labels) return tl::unexpected(labels.error());
    start.labels = std::move(*labels);
    auto kind = kind_of(request);
    if (!kind) return tl::unexpected(kind.error());
    start.kind = std::move(*kind);
    start.breakpoints = list_parameter(request, "breakpoints");
    auto inputs = inputs_of(request);
    if (!inputs) return tl::unexpected(inputs.error());
    start.inputs = std::move(*inputs);
    return start;
}

/// The files of an execution that was not started are of no use to anybody.
void forget_files(Api& api, const storage::ExecutionPlace& place) {
    api.services.storage.remove_all(storage::execution_folder(place));
}

Result<http::Response> get(Api& api, const http::Request& request) {
    const ExecutionId id{std::string(request.parameter("id"))};
    auto found = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::load_execution(connection, id); });
    if (!found) return not_found("Not Found: execution {} does not exist", id);
    return http::Response::json(execution_with_runs(api, request, *found));
}

ExecutionId id_of(const http::Request& request) {
    return ExecutionId{std::string(request.parameter("id"))};
}

void follow_dependencies(Api& api, const http::Request& request, http::Responder responder) {
    DependencyStreams::Wish wish{.id = id_of(request)};
    const auto downstream_only = flag_parameter(request, "destinationOnly");
    if (!downstream_only) return responder.fail(downstream_only.error());
    wish.upwards = !*downstream_only;
    const auto all = flag_parameter(request, "expandAll");
    if (!all) return responder.fail(all.error());
    wish.all = *all;
    const bool is_there = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::load_execution(connection, wish.id).has_value(); });
    if (!is_there) return responder.send(not_found("Not Found: execution {} does not exist", wish.id));
    wish.asker = visitor_of(request).identity;
    wish.what = visitor_of(request).what;
    const http::EventStream stream = responder.events();
    stream.send({.id = "start", .data = to_json(Value{{"executionId", wish.id.text()}})});
    api.dependency_streams.follow(std::move(wish), stream);
}

/// Looks at the inputs only: what the page asks while somebody types.
Result<http::Response> validate(Api& api, const http::Request& request) {
    const auto wanted = start_request_of(request, flow_id_of(request));
    if (!wanted) return tl::unexpected(wanted.error());
    return api.services.pool.with_connection([&](pg::Connection& connection) -> Result<http::Response> {
        auto flow = wanted->revision ? api.services.flows.get(connection, wanted->flow, *wanted->revision)
                                     : api.services.flows.latest(connection, wanted->flow);
        if (!flow) return tl::unexpected(flow.error());
        store::Environment environment([&connection](const auto& use) { use(connection); }, api.services.instance,
                                       (*flow)->id.namespace_name, wanted->id.text(), api.services.pool.clock().now());
        const auto context = store::input_context(environment, api.services.instance, **flow, wanted->id.text());
        const auto checked = flow::check_inputs((*flow)->inputs, wanted->inputs, context);
        std::vector<flow::FailedCheck> failed;
        if (const auto inputs = flow::resolve_inputs((*flow)->inputs, wanted->inputs, context)) {
            failed = flow::failed_checks(**flow, *inputs, context);
        }
        return http::Response::json(inputs_on_wire((*flow)->id, checked, failed));
    });
}

}  // namespace execution_routes

void start(Api& api, const http::Request& request, const flow::FlowId& flow, http::Responder responder) {
    using namespace execution_routes;
    const bool files = has_stored_files(request);
    const storage::ExecutionPlace place{flow.namespace_name, flow.id, visitor_of(request).execution_id.text()};
    const auto allowed = demand(request, kStart, flow.namespace_name);
    const auto wanted = start_request_of(request, flow);
    const auto wait = flag_parameter(request, "wait");
    if (!allowed || !wanted || !wait) {
        if (files) forget_files(api, place);
        return responder.fail(!allowed ? allowed.error() : !wanted ? wanted.error() : wait.error());
    }
    auto answer = std::make_shared<http::Responder>(std::move(responder));
    start_execution(api, *wanted, [&api, answer, wait = *wait, files, place](Result<engine::Execution> stored) {
        if (!stored && files) forget_files(api, place);
        if (!stored) return answer->send(tl::unexpected(stored.error()));
        if (!wait) return answer->send(http::Response::json(started_on_wire(api, *stored)));
        api.followers.follow(stored->id, [&api, answer](const engine::Execution& now, bool ended) {
            if (!ended) return true;
            answer->send(http::Response::json(execution_with_runs(api, now)));
            return false;
        });
    });
}

void add_execution_routes(http::Router& router, Api& api) {
    using namespace execution_routes;
    using http::Method;
    const auto place = [](const http::Request& r) {
        return storage::ExecutionPlace{std::string(r.parameter("namespace")), std::string(r.parameter("id")),
                                       visitor_of(r).execution_id.text()};
    };
    for (const char* pattern : {"/executions/{namespace}/{id}", "/executions/trigger/{namespace}/{id}"}) {
        for_both_roots(pattern, [&](std::string full) {
            router
                .add(Method::Post, std::move(full), http::Handler([&api](const http::Request& r, http::Responder to) {
                         start(api, r, flow_id_of(r), std::move(to));
                     }))
                .stream_parts(store_files(api, place))
                .describe("Starts an execution of a flow",
                          {"labels", "wait", "revision", "scheduleDate", "breakpoints", "kind"});
        });
    }
    for_both_roots("/executions/{namespace}/{id}/validate", [&](std::string full) {
        router.add(Method::Post, std::move(full), [&api](const http::Request& r) { return validate(api, r); })
            .stream_parts(pass_over_files())
            .describe("Checks inputs without starting anything", {"revision"});
    });
    route(router, Method::Get, "/executions/{id}/follow", [&api](const http::Request& r, http::Responder responder) {
        api.execution_streams->follow(id_of(r), std::move(responder));
    });
    route(router, Method::Get, "/executions/{id}/follow-dependencies",
          [&api](const http::Request& r, http::Responder to) { follow_dependencies(api, r, std::move(to)); },
          {"The states of an execution and of those related to it, as they change", {"destinationOnly", "expandAll"}});
    route(router, Method::Get, "/executions/{id}", [&api](const http::Request& r) { return get(api, r); });
}

}  // namespace sluice::webserver
