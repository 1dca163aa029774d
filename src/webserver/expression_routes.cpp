// The expression language by itself: what there is, and what an expression gives.
#include "expr/catalogue.h"
#include "expr/render.h"
#include "store/environment.h"
#include "value/json.h"
#include "webserver/api.h"

namespace sluice::webserver {
namespace expression_routes {

/// An expression that somebody tries out must not keep a thread of the server for long.
constexpr Duration kLongestRender = 5s;

Value filters() {
    List out;
    for (const expr::Described& one : expr::catalogue()) {
        if (one.kind == "filter") out.emplace_back(one.name);
    }
    return Value(std::move(out));
}

Value functions() {
    List out;
    for (const expr::Described& one : expr::catalogue()) {
        if (one.kind != "function") continue;
        List arguments;
        for (const std::string_view name : one.parameter_names) arguments.emplace_back(name);
        out.push_back(
            Value{{"name", one.name}, {"arguments", Value(std::move(arguments))}, {"description", one.summary}});
    }
    return Value(std::move(out));
}

Value rendered(const std::string& text, const Map& names, store::Environment& environment, const expr::Limits& limits) {
    const auto result = expr::render(text, Value(names), environment, limits);
    if (result) return Value{{"result", environment.masked(*result)}};
    return Value{{"error", environment.masked(result.error().message)}, {"kind", result.error().kind}};
}

/// {"expressions": [text, …] or {name: text, …}, "context": {name: value, …}, "namespace": whose keys, secrets and
/// files they may read}. A wrong expression is an answer, not a wrong request.
Result<http::Response> render(Api& api, const http::Request& request) {
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const auto context = body->get("context");
    if (context && !context->is_map()) return invalid("Invalid json mapping: 'context' must be an object");
    std::string name_space = body->text("namespace");
    if (name_space.empty() && context) name_space = (*context)["flow"].text("namespace");
    if (name_space.empty())
        return invalid("Illegal argument: expected 'namespace', or 'context.flow.namespace': whose keys may be read?");
    if (auto allowed = demand(request, name_space); !allowed) return tl::unexpected(allowed.error());
    store::Environment environment(store::connection_of(api.services.pool), api.services.instance, name_space, "",
                                   api.services.pool.clock().now());
    Map names = environment.names();
    if (context) {
        for (const auto& [name, value] : context->as_map()) names.set(name, value);
    }
    expr::Limits limits = api.services.instance.limits;
    limits.time = std::min(limits.time, kLongestRender);
    const auto one = [&](const Value& text) -> Value {
        if (!text.is_string()) return Value{{"error", "expected a text"}};
        return rendered(text.as_string(), names, environment, limits);
    };
    const Value expressions = (*body)["expressions"];
    if (expressions.is_list()) {
        List out;
        for (const Value& text : expressions.as_list()) out.push_back(one(text));
        return http::Response::json(Value(std::move(out)));
    }
    if (!expressions.is_map())
        return invalid("Invalid json mapping: 'expressions' must be a list of texts, or an object of them");
    Map out;
    for (const auto& [name, text] : expressions.as_map()) out.set(name, one(text));
    return http::Response::json(Value(std::move(out)));
}

}  // namespace expression_routes

void add_expression_routes(http::Router& router, Api& api) {
    using namespace expression_routes;
    using http::Method;
    using http::Request;
    route(router, Method::Get, "/pebble/filters", [](const Request&) { return http::Response::json(filters()); },
          {"Names of filters"});
    route(router, Method::Get, "/pebble/functions", [](const Request&) { return http::Response::json(functions()); },
          {"Functions and their arguments"});
    route(router, Method::Post, "/expressions/render", [&api](const Request& r) { return render(api, r); },
          {"What expressions give in a context: JSON"});
}

}  // namespace sluice::webserver
