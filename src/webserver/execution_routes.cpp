// Executions: start, read, and what people ask of one.
#include "engine/step.h"
#include "http/form.h"
#include "queue/queue.h"
#include "store/executions.h"
#include "store/task_runs.h"
#include "value/json.h"
#include "webserver/execution_streams.h"
#include "webserver/execution_view.h"
#include "webserver/followers.h"
#include "webserver/parameters.h"
#include "webserver/starting.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace {

/// Inputs come as a form, one part each, or as JSON: {"inputs": {…}} or the inputs themselves.
Result<Value> inputs_of(const http::Request& request) {
    if (request.content_type() == "application/json" && !request.body.empty()) {
        auto body = parse_json(request.body);
        if (!body || !body->is_map()) return invalid("Invalid json: expected an object with inputs");
        const auto nested = body->get("inputs");
        return nested && nested->is_map() ? *nested : *body;
    }
    auto form = http::form_of(request);
    if (!form) return tl::unexpected(form.error());
    Map inputs;
    for (const http::Part& part : form->parts) inputs.set(part.head.name, part.text);
    return Value(std::move(inputs));
}

Result<StartRequest> start_request_of(const http::Request& request) {
    StartRequest start;
    start.flow = {std::string(request.parameter("namespace")), std::string(request.parameter("id"))};
    start.user = user_of(request);
    const auto revision = integer_parameter(request, "revision");
    if (!revision) return tl::unexpected(revision.error());
    start.revision = *revision;
    const auto date = date_parameter(request, "scheduleDate");
    if (!date) return tl::unexpected(date.error());
    start.schedule_date = *date;
    auto labels = label_parameters(request);
    if (!labels) return tl::unexpected(labels.error());
    start.labels = std::move(*labels);
    start.kind = text_parameter(request, "kind");
    start.breakpoints = list_parameter(request, "breakpoints");
    auto inputs = inputs_of(request);
    if (!inputs) return tl::unexpected(inputs.error());
    start.inputs = std::move(*inputs);
    return start;
}

void start(Api& api, const http::Request& request, http::Responder responder) {
    auto wanted = start_request_of(request);
    if (!wanted) return responder.send(tl::unexpected(wanted.error()));
    const auto wait = flag_parameter(request, "wait");
    if (!wait) return responder.send(tl::unexpected(wait.error()));
    auto answer = std::make_shared<http::Responder>(std::move(responder));
    start_execution(api, *wanted, [&api, answer, wait = *wait](Result<engine::Execution> stored) {
        if (!stored) return answer->send(tl::unexpected(stored.error()));
        if (!wait) return answer->send(http::Response::json(started_on_wire(api, *stored)));
        api.followers.follow(stored->id, [&api, answer](const engine::Execution& now, bool ended) {
            if (!ended) return true;
            answer->send(http::Response::json(execution_with_runs(api, now)));
            return false;
        });
    });
}

Result<http::Response> get(Api& api, const http::Request& request) {
    const ExecutionId id{std::string(request.parameter("id"))};
    auto found = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::load_execution(connection, id); });
    if (!found) return not_found("Not Found: execution {} does not exist", id);
    return http::Response::json(execution_with_runs(api, *found));
}

/// Asks something of an execution: refused at once where its state forbids it, else put as an event.
Result<engine::Execution> ask(Api& api, const ExecutionId& id, const engine::Event& event) {
    auto asked = api.services.pool.in_transaction([&](pg::Transaction& tx) -> Result<engine::Execution> {
        auto execution = store::lock_execution(tx, id);
        if (!execution) return not_found("Not Found: execution {} does not exist", id);
        if (const auto allowed = engine::accepts(*execution, event); !allowed) return tl::unexpected(allowed.error());
        queue::put_events(tx, {{id, event}});
        return std::move(*execution);
    });
    if (asked) api.services.signals.notify(pg::kEventsChannel);
    return asked;
}

ExecutionId id_of(const http::Request& request) {
    return ExecutionId{std::string(request.parameter("id"))};
}

Result<http::Response> kill(Api& api, const http::Request& request) {
    const auto cascade = flag_parameter(request, "isOnKillCascade", true);
    if (!cascade) return tl::unexpected(cascade.error());
    const auto asked = ask(api, id_of(request), engine::KillRequested{*cascade, user_of(request)});
    if (!asked) return tl::unexpected(asked.error());
    return http::Response::empty(http::Status::Accepted);
}

}  // namespace

void add_execution_routes(http::Router& router, Api& api) {
    using http::Method;
    const auto starter = [&api](const http::Request& r, http::Responder responder) {
        start(api, r, std::move(responder));
    };
    for (const char* pattern : {"/executions/{namespace}/{id}", "/executions/trigger/{namespace}/{id}"}) {
        for_both_roots(pattern,
                       [&](std::string full) { router.add(Method::Post, std::move(full), http::Handler(starter)); });
    }
    route(router, Method::Get, "/executions/{id}/follow", [&api](const http::Request& r, http::Responder responder) {
        api.execution_streams->follow(id_of(r), std::move(responder));
    });
    route(router, Method::Get, "/executions/{id}", [&api](const http::Request& r) { return get(api, r); });
    route(router, Method::Delete, "/executions/{id}/kill", [&api](const http::Request& r) { return kill(api, r); });
}

}  // namespace sluice::webserver
