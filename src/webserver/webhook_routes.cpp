// Webhooks: a request to a secret address starts an execution. Nobody is asked for credentials: the key is the secret.
#include "expr/render.h"
#include "expr/template.h"
#include "store/executions.h"
#include "value/json.h"
#include "webserver/execution_view.h"
#include "webserver/followers.h"
#include "webserver/starting.h"

namespace sluice::webserver {
namespace webhook_routes {

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

/// An object or a list is parsed; anything else is text; nothing is null.
Value body_value(const std::string& body) {
    if (body.empty()) return {};
    auto parsed = parse_json(body);
    if (parsed && (parsed->is_map() || parsed->is_list())) return std::move(*parsed);
    return Value(body);
}

struct Match {
    const flow::Trigger* trigger = nullptr;
    Value variables{};
};

/// Renders keys and inputs in the context of the flow and what the request brought.
class Webhook {
  public:
    Webhook(Api& api, pg::Connection& connection, const flow::Flow& flow, const http::Request& request)
        : flow_(flow),
          environment_([&connection](const auto& use) { use(connection); }, api.services.instance,
                       flow.id.namespace_name, "", api.services.pool.clock().now()) {
        names_ = api.services.instance.context;
        names_.set("flow",
                   Value{{"id", flow.id.id}, {"namespace", flow.id.namespace_name}, {"revision", flow.revision}});
        names_.set("vars", flow.variables);
        variables_ = Value{{"body", body_value(request.body)},
                           {"headers", lists_by_name(request.headers)},
                           {"parameters", lists_by_name(request.query)}};
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

    Value without_secrets(Value value) { return environment_.without_secrets(std::move(value)); }
    const Value& variables() const { return variables_; }

  private:
    const flow::Flow& flow_;
    store::Environment environment_;
    Map names_{};
    Value variables_{};
};

Result<StartRequest> start_request_of(Api& api, const http::Request& request, const flow::Trigger*& matched,
                                      flow::FlowPtr& kept) {
    StartRequest start;
    start.flow = {std::string(request.parameter("namespace")), std::string(request.parameter("id"))};
    return api.services.pool.with_connection([&](pg::Connection& connection) -> Result<StartRequest> {
        auto flow = api.services.flows.latest(connection, start.flow);
        if (!flow) return not_found("Flow not found");
        kept = *flow;
        Webhook webhook(api, connection, **flow, request);
        matched = webhook.find(request.parameter("key"));
        if (matched == nullptr) return not_found("Webhook not found");
        if ((*flow)->disabled) return conflict("Cannot execute a disabled flow");
        start.trigger = Value{{"id", matched->id}, {"type", matched->type}, {"variables", webhook.variables()}};
        start.check_inputs = matched->inputs.is_map();
        if (start.check_inputs) {
            auto inputs = webhook.render_tree(matched->inputs);
            if (!inputs) return tl::unexpected(inputs.error());
            start.inputs = webhook.without_secrets(std::move(*inputs));
        }
        for (const flow::Label& label : matched->labels) {
            // A label that can't be rendered is left out; the execution matters more.
            if (auto value = webhook.render(label.value)) start.labels.push_back({label.key, *value});
        }
        return start;
    });
}

void receive(Api& api, const http::Request& request, http::Responder responder) {
    const flow::Trigger* trigger = nullptr;
    flow::FlowPtr flow;
    auto wanted = start_request_of(api, request, trigger, flow);
    if (!wanted) return responder.send(tl::unexpected(wanted.error()));
    const bool wait = trigger->properties["wait"].if_bool().value_or(false);
    const bool outputs_only = trigger->properties["returnOutputs"].if_bool().value_or(false);
    auto answer = std::make_shared<http::Responder>(std::move(responder));
    start_execution(api, *wanted, [&api, answer, wait, outputs_only](Result<engine::Execution> stored) {
        if (!stored) return answer->send(tl::unexpected(stored.error()));
        if (!wait) return answer->send(http::Response::json(started_on_wire(api, *stored)));
        api.followers.follow(stored->id, [&api, answer, outputs_only](const engine::Execution& now, bool ended) {
            if (!ended) return true;
            answer->send(http::Response::json(outputs_only ? now.outputs : started_on_wire(api, now)));
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
        for_both_roots("/executions/webhook/{namespace}/{id}/{key}",
                       [&](std::string full) { router.add(method, std::move(full), http::Handler(handler)); });
    }
}

}  // namespace sluice::webserver
