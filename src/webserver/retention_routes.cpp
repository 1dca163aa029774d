// How long executions are kept, and what a purge would take.
#include "access/act.h"
#include "store/retention.h"
#include "value/json.h"
#include "webserver/api.h"
#include "webserver/parameters.h"

namespace sluice::webserver {
namespace retention_routes {

using http::Request;

std::optional<Duration> base_of(const Api& api) {
    return api.config.keep > 0s ? std::optional(api.config.keep) : std::nullopt;
}

Value rule_on_wire(const store::RetentionRule& rule) {
    Map out;
    out.set("namespace", rule.name_space);
    out.set("state", rule.state);
    out.set("keep", rule.keep ? Value(to_iso(*rule.keep)) : Value());
    return Value(std::move(out));
}

http::Response rules(Api& api) {
    List results;
    for (const store::RetentionRule& rule :
         api.services.pool.with_connection([](pg::Connection& c) { return store::retention_rules(c); }))
        results.push_back(rule_on_wire(rule));
    const auto total = static_cast<std::int64_t>(results.size());
    const auto base = base_of(api);
    return http::Response::json(Value{{"results", Value(std::move(results))},
                                      {"total", total},
                                      {"otherwise", base ? Value(to_iso(*base)) : Value()}});
}

/// {"namespace", "state", "keep"}: a duration, or null for ever
Result<http::Response> put(Api& api, const Request& request) {
    const auto body = parse_json(request.body);
    if (!body || !body->is_map()) return invalid("Invalid json: expected {{\"namespace\", \"state\", \"keep\"}}");
    store::RetentionRule rule;
    rule.name_space = body->text("namespace");
    rule.state = body->text("state");
    const auto given = body->get("keep");
    if (!given) return invalid("keep: expected a duration such as P30D, or null: for ever");
    if (!given->is_null()) {
        const std::string text = body->text("keep");
        const auto keep = parse_duration(text);
        if (!keep) return invalid("keep: {}", keep.error().message);
        if (*keep <= 0s) return invalid("keep: expected a time that is longer than nothing, found {}", text);
        rule.keep = *keep;
    }
    if (const auto state = state_of(rule.state); !rule.state.empty() && (!state || !is_over(*state)))
        return invalid("state: expected one in which executions end, or none, found '{}'", rule.state);
    const auto done = access::in_act(api.services.pool, [&](pg::Transaction& tx) -> Result<void> {
        store::set_retention(tx, rule);
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    return http::Response::json(rule_on_wire(rule));
}

Result<http::Response> remove(Api& api, const Request& request) {
    const std::string name_space = text_parameter(request, "namespace");
    const std::string state = text_parameter(request, "state");
    const bool found = api.services.pool.in_transaction(
        [&](pg::Transaction& tx) { return store::drop_retention(tx, name_space, state); });
    if (!found) {
        return not_found("Not Found: there is no rule of retention for the namespace \"{}\" and the state \"{}\"",
                         name_space, state);
    }
    return http::Response::empty();
}

http::Response plan(Api& api) {
    store::PurgeScope scope;
    scope.base = base_of(api);
    List lines;
    std::int64_t executions = 0;
    for (const store::PurgeLine& line :
         api.services.pool.with_connection([&](pg::Connection& c) { return store::purge_plan(c, scope); })) {
        executions += line.executions;
        lines.push_back(Value{{"namespace", line.name_space},
                              {"state", line.state},
                              {"month", line.month},
                              {"executions", line.executions},
                              {"oldest", to_iso(line.oldest)},
                              {"newest", to_iso(line.newest)},
                              {"bytes", line.bytes}});
    }
    return http::Response::json(Value{{"results", Value(std::move(lines))}, {"executions", executions}});
}

}  // namespace retention_routes

void add_retention_routes(http::Router& router, Api& api) {
    using namespace retention_routes;
    using http::Method;
    route(router, Method::Get, "/retention", [&api](const Request&) { return rules(api); },
          {"How long executions are kept"});
    route(router, Method::Put, "/retention", [&api](const Request& r) { return put(api, r); },
          {"Keeps executions of a namespace that ended in a state for so long"});
    route(router, Method::Delete, "/retention", [&api](const Request& r) { return remove(api, r); },
          {"Removes such a rule", {"namespace", "state"}});
    route(router, Method::Get, "/retention/plan", [&api](const Request&) { return plan(api); },
          {"What a purge would take now"});
}

}  // namespace sluice::webserver
