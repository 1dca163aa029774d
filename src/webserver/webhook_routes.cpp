// Webhooks: a request to a secret address starts an execution. Nobody is asked for credentials: the key is the secret.
#include "base/log.h"
#include "expr/render.h"
#include "expr/template.h"
#include "schedule/conditions.h"
#include "store/executions.h"
#include "value/json.h"
#include "webserver/execution_view.h"
#include "webserver/followers.h"
#include "webserver/starting.h"

namespace sluice::webserver {
namespace webhook_routes {

const Logger kLog("webhooks");

/// The same time for every key of that length.
bool same_key(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    unsigned char difference = 0;
    for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned char>(a[i] ^ b[i]);
    return difference == 0;
}

std::string trimmed(std::string text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return "";
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Value lists_by_name(const auto& pairs) {
    Value out{Map()};
    for (const auto& [name, value] : pairs) {
        Value& list = out.mutable_map()[name];
        if (list.is_null()) list = Value(List());
        list.mutable_list().push_back(Value(value));
    }
    return out;
}

/// What lets somebody in here is not for those who write and read flows: browsers send it with every link that they
/// follow, and some programs with every request.
http::Headers without_our_credentials(const http::Request& request) {
    http::Headers out;
    for (const auto& [name, value] : request.headers) {
        std::string kept = value;
        if (http::equal_ignoring_case(name, "Cookie")) {
            std::vector<std::string_view> foreign;
            for (const std::string_view one : http::split_list(value, ';')) {
                if (!one.starts_with("SLUICE_")) foreign.push_back(one);
            }
            kept = fmt::format("{}", fmt::join(foreign, "; "));
            if (kept.empty()) continue;
        }
        if (http::equal_ignoring_case(name, "Authorization")) {
            const bool by_browser = request.headers.has("Sec-Fetch-Site");
            if (by_browser || value.find(access::kTokenPrefix) != std::string::npos) continue;
        }
        out.add(name, std::move(kept));
    }
    return out;
}

/// An object or a list is parsed; anything else is text; nothing is null.
Value body_value(const std::string& body) {
    if (body.empty()) return {};
    auto parsed = parse_json(body);
    if (parsed && (parsed->is_map() || parsed->is_list())) return std::move(*parsed);
    return Value(body);
}

/// What a call asks for, and how it is answered.
struct Call {
    StartRequest start{};
    bool wanted = true;  // false: a condition does not hold
    bool wait = false;
    bool outputs_only = false;
    bool plain_text = false;
    http::Status status = http::Status::Ok;
};

/// Renders keys and inputs in the context of the flow and what the request brought.
class Webhook {
  public:
    Webhook(Api& api, pg::Connection& connection, const flow::Flow& flow, const http::Request& request)
        : flow_(flow),
          environment_([&connection](const auto& use) { use(connection); }, api.services.instance,
                       flow.id.namespace_name, "", api.services.pool.clock().now()) {
        names_ = environment_.names();
        names_.set("flow",
                   Value{{"id", flow.id.id}, {"namespace", flow.id.namespace_name}, {"revision", flow.revision}});
        names_.set("vars", flow.variables);
        variables_ = Value{{"body", body_value(request.body)},
                           {"headers", lists_by_name(without_our_credentials(request))},
                           {"parameters", lists_by_name(request.query)}};
        if (const auto path = request.find_parameter("**"); path && !path->empty())
            variables_.mutable_map().set("path", Value(std::string(*path)));
        names_.set("trigger", variables_);
    }

    const flow::Trigger* find(std::string_view key) {
        for (const flow::Trigger& trigger : flow_.triggers) {
            if (!trigger.is("core.trigger.Webhook") || trigger.disabled) continue;
            const auto rendered = render(trigger.properties.text("key"));
            if (rendered && same_key(trimmed(*rendered), key)) return &trigger;
        }
        return nullptr;
    }

    Result<std::string> render(const std::string& text) {
        if (!expr::has_expression(text)) return text;
        return expr::render(text, Value(names_), environment_, environment_.limits());
    }

    Result<Value> render_tree(const Value& tree) {
        return expr::render_tree(tree, Value(names_), environment_, environment_.limits());
    }

    /// A condition that can't be tested does not hold.
    bool holds(const flow::Trigger& trigger, const std::string& time_zone) {
        if (trigger.conditions.empty()) return true;
        const auto zone = schedule::find_zone(time_zone);
        if (!zone) return false;
        const schedule::ConditionContext seen{
            .date = schedule::ZonedTime::in(*zone, environment_.now()),
            .zone = *zone,
            .flow = flow_.id,
            .render = [this](std::string_view text) { return render(std::string(text)); }};
        const auto verdict = schedule::evaluate_all(trigger.conditions, seen);
        if (!verdict) {
            kLog.warn("webhook.condition_failed",
                      {{"flow", flow_.id.text()}, {"trigger_id", trigger.id}, {"reason", verdict.error().text()}});
        }
        return verdict && verdict->holds;
    }

    /// Errors  Expression, Invalid
    Result<http::Status> status(const flow::Trigger& trigger) {
        const Value& code = trigger.properties["responseCode"];
        if (code.is_null()) return http::Status::Ok;
        const auto text = code.is_string() ? render(code.as_string()) : Result<std::string>(to_json(code));
        if (!text) return tl::unexpected(text.error());
        const std::string wanted = trimmed(*text);
        if (wanted.size() != 3 || wanted < "200" || wanted > "599" ||
            wanted.find_first_not_of("0123456789") != std::string::npos)
            return invalid("Illegal argument: responseCode is a number from 200 to 599, found '{}'", wanted);
        return static_cast<http::Status>(std::stoi(wanted));
    }

    Value without_secrets(Value value) { return environment_.without_secrets(std::move(value)); }
    std::string masked(std::string text) { return environment_.masked(std::move(text)); }
    const Value& variables() const { return variables_; }

  private:
    const flow::Flow& flow_;
    store::Environment environment_;
    Map names_{};
    Value variables_{};
};

/// Errors  NotFound, Conflict; Expression, Invalid: inputs or responseCode
Result<Call> call_of(Api& api, const http::Request& request) {
    Call call;
    StartRequest& start = call.start;
    start.flow = {std::string(request.parameter("namespace")), std::string(request.parameter("id"))};
    return api.services.pool.with_connection([&](pg::Connection& connection) -> Result<Call> {
        const auto flow = api.services.flows.latest(connection, start.flow);
        if (!flow) return not_found("Flow not found");
        Webhook webhook(api, connection, **flow, request);
        const flow::Trigger* matched = webhook.find(request.parameter("key"));
        if (matched == nullptr) return not_found("Webhook not found");
        if ((*flow)->disabled) return conflict("Cannot execute a disabled flow");
        call.wanted = webhook.holds(*matched, api.services.instance.time_zone);
        if (!call.wanted) return call;
        const auto status = webhook.status(*matched);
        if (!status) return tl::unexpected(status.error());
        call.status = *status;
        call.wait = matched->properties["wait"].if_bool().value_or(false);
        call.outputs_only = matched->properties["returnOutputs"].if_bool().value_or(false);
        call.plain_text = matched->properties.text("responseContentType").starts_with("text/plain");
        start.trigger = Value{{"id", matched->id}, {"type", matched->type}, {"variables", webhook.variables()}};
        start.check_inputs = matched->inputs.is_map();
        if (start.check_inputs) {
            auto inputs = webhook.render_tree(matched->inputs);
            if (!inputs) return tl::unexpected(inputs.error());
            start.inputs = webhook.without_secrets(std::move(*inputs));
        }
        for (const flow::Label& label : matched->labels) {
            // A label that can't be rendered is left out; the execution matters more.
            if (auto value = webhook.render(label.value))
                start.labels.push_back({label.key, webhook.masked(std::move(*value))});
        }
        return call;
    });
}

/// One output as its text: whoever shakes hands wants his challenge back, and nothing around it.
http::Response outputs_answer(const Call& call, const Value& outputs) {
    if (!call.plain_text) return http::Response::json(outputs, call.status);
    const bool single = outputs.is_map() && outputs.as_map().size() == 1;
    const Value& shown = single ? outputs.as_map().begin()->second : outputs;
    return http::Response::text(shown.is_string() ? shown.as_string() : to_json(shown), call.status);
}

void receive(Api& api, const http::Request& request, http::Responder responder) {
    auto read = call_of(api, request);
    if (!read) return responder.send(tl::unexpected(read.error()));
    if (!read->wanted) return responder.send(http::Response::empty());
    const auto call = std::make_shared<const Call>(std::move(*read));
    const auto answer = std::make_shared<http::Responder>(std::move(responder));
    start_execution(api, call->start, [&api, answer, call](Result<engine::Execution> stored) {
        if (!stored) return answer->send(tl::unexpected(stored.error()));
        if (!call->wait) return answer->send(http::Response::json(started_on_wire(api, *stored), call->status));
        api.followers.follow(stored->id, [&api, answer, call](const engine::Execution& now, bool ended) {
            if (!ended) return true;
            answer->send(call->outputs_only ? outputs_answer(*call, now.outputs)
                                            : http::Response::json(started_on_wire(api, now), call->status));
            return false;
        });
    });
}

}  // namespace webhook_routes

void add_webhook_routes(http::Router& router, Api& api) {
    using namespace webhook_routes;
    const auto handler = [&api](const http::Request& r, http::Responder responder) {
        receive(api, r, std::move(responder));
    };
    for (const http::Method method : {http::Method::Get, http::Method::Post, http::Method::Put}) {
        for (const char* pattern :
             {"/executions/webhook/{namespace}/{id}/{key}", "/executions/webhook/{namespace}/{id}/{key}/**"}) {
            for_both_roots(pattern,
                           [&](std::string full) { router.add(method, std::move(full), http::Handler(handler)); });
        }
    }
}

}  // namespace sluice::webserver
