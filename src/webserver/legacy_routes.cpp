// What scripts of other versions ask for, and what there is here instead.
#include <set>

#include "access/accounts.h"
#include "access/act.h"
#include "base/log_level.h"
#include "sql/webserver.h"
#include "store/find_flows.h"
#include "value/json.h"
#include "webserver/api.h"
#include "webserver/api_profile.h"

namespace sluice::webserver {
namespace legacy_routes {

using http::Request;

// --------------------------------------------------------------------------------------------------- credentials

/// As other versions want it: the name is an e-mail address, the password is not simple.
Result<void> check_credentials(const std::string& name, const std::string& password) {
    const auto at = name.find('@');
    if (at == 0 || at == std::string::npos || name.find('.', at) == std::string::npos)
        return invalid("Illegal argument: username: expected an e-mail address, found '{}'", name);
    const auto has = [&](auto is) { return std::any_of(password.begin(), password.end(), is); };
    const bool upper = has([](char c) { return c >= 'A' && c <= 'Z'; });
    const bool digit = has([](char c) { return c >= '0' && c <= '9'; });
    if (password.size() >= 8 && upper && digit) return {};
    return invalid("Illegal argument: password: expected 8 characters or more, with an upper-case letter and a digit");
}

/// Sets the password of a user; one who is not there is made, and may everything.
Result<http::Response> set_credentials(Api& api, const Request& request) {
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const std::string name = body->text("username");
    const std::string password = body->text("password");
    if (auto fits = check_credentials(name, password); !fits) return tl::unexpected(fits.error());
    const auto done = access::in_act(api.services.pool, [&](pg::Transaction& tx) -> Result<void> {
        const auto changed = access::change_user(tx, name, {.password = password});
        if (changed || changed.error().code != ErrorCode::NotFound) return changed;
        if (auto added = access::add_user(tx, {.name = name, .password = password}); !added) return added;
        if (auto bound = access::put_binding(tx, {.user = name, .role = "admin"}); !bound)
            return tl::unexpected(bound.error());
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    api.authenticator.forget();
    return http::Response::empty(is_second_profile(request) ? http::Status::Ok : http::Status::NoContent);
}

// ------------------------------------------------------------------------------------------------------- usage

struct Usage {
    std::int64_t flows = 0;
    std::set<std::string> namespaces{};
    std::map<std::string, std::int64_t> tasks{}, triggers{}, runners{};
};

void count_types(const flow::Catalog& catalog, const Value& tree, Usage& usage) {
    if (tree.is_list()) {
        for (const Value& one : tree.as_list()) count_types(catalog, one, usage);
    }
    if (!tree.is_map()) return;
    const std::string name = tree.text("type");
    if (const flow::TypeInfo* type = name.empty() ? nullptr : catalog.find(name)) {
        if (type->category == flow::Category::Task) ++usage.tasks[type->name];
        if (type->category == flow::Category::Trigger) ++usage.triggers[type->name];
        if (type->category == flow::Category::TaskRunner) ++usage.runners[type->name];
    }
    for (const auto& [key, value] : tree.as_map()) count_types(catalog, value, usage);
}

Usage usage_of_flows(Api& api) {
    constexpr std::size_t kPage = 500;
    Usage out;
    for (flow::FlowId last;;) {
        const auto rows = api.services.pool.with_connection(
            [&](pg::Connection& connection) { return store::next_flows(connection, {}, last, kPage); });
        ensure(rows.has_value(), "flows can't be listed: {}", rows ? "" : rows.error().text());
        for (const store::FlowRow& row : *rows) {
            ++out.flows;
            out.namespaces.insert(row.id.namespace_name);
            count_types(api.services.flows.catalog(), row.definition, out);
        }
        if (rows->size() < kPage) return out;
        last = rows->back().id;
    }
}

Value counts_on_wire(const std::map<std::string, std::int64_t>& counts) {
    Map out;
    for (const auto& [name, count] : counts) out.set(name, count);
    return Value(std::move(out));
}

/// [{"date", "count"}] of the last thirty days, from what is counted anyway.
Value daily_counts(Api& api, const pg::Statement& daily, bool by_flow_too) {
    const Timestamp now = api.services.pool.clock().now();
    const std::optional<std::string> all{};
    const std::optional<std::vector<std::string>> every{};
    const Timestamp from = now - 30 * 24h;
    const auto rows = by_flow_too ? api.services.pool.run(daily, from, now, all, all, every, false)
                                  : api.services.pool.run(daily, from, now, all, all, every);
    std::map<Timestamp, std::int64_t> days;
    for (pg::Row row : rows) {
        const Timestamp at = row.timestamp();
        days[at] += row.skip().skip().skip().integer();
    }
    List out;
    for (const auto& [at, count] : days) out.push_back(Value{{"date", to_iso(at)}, {"count", count}});
    return Value(std::move(out));
}

http::Response usages(Api& api) {
    const Usage flows = usage_of_flows(api);
    return http::Response::json(
        Value{{"flows", Value{{"count", flows.flows},
                              {"namespacesCount", flows.namespaces.size()},
                              {"taskTypeCount", counts_on_wire(flows.tasks)},
                              {"triggerTypeCount", counts_on_wire(flows.triggers)},
                              {"taskRunnerTypeCount", counts_on_wire(flows.runners)}}},
              {"executions", Value{{"dailyExecutionsCount", daily_counts(api, sql::daily_executions, true)},
                                   {"dailyTaskRunsCount", daily_counts(api, sql::daily_task_runs, false)}}}});
}

// --------------------------------------------------------------------------------------------- what is not here

Result<http::Response> no_templates(const Request&) {
    return not_found(
        "Not Found: there are no templates; put the tasks into a flow of their own, and call it by a task of the type "
        "io.kestra.plugin.core.flow.Subflow");
}

Result<http::Response> no_assistant(const Request&) {
    return not_found("Not Found: no AI provider is configured, and this server has none; GET /ai/providers lists them");
}

void add_templates(http::Router& router) {
    using http::Method;
    for (const Method method : {Method::Get, Method::Post, Method::Put, Method::Delete}) {
        for (const char* pattern : {"/templates", "/templates/**"}) {
            for_both_roots(pattern, [&](std::string full) {
                router.add(method, std::move(full), [](const Request& r) { return no_templates(r); })
                    .describe("There are no templates: 404 says what to use");
            });
        }
    }
}

/// There is one for all that a process does.
http::Response loggers() {
    List levels;
    for (const LogLevel one : {LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug, LogLevel::Trace})
        levels.emplace_back(to_text(one));
    const std::string_view level = to_text(log_level());
    const Value root{{"configuredLevel", level}, {"effectiveLevel", level}};
    return http::Response::json(Value{{"levels", Value(std::move(levels))}, {"loggers", Value{{"ROOT", root}}}});
}

Result<http::Response> set_logger(const Request& request) {
    if (request.parameter("name") != "ROOT")
        return not_found("Not Found: there is no logger {}; ROOT is all that this process logs",
                         request.parameter("name"));
    const auto body = parse_json(request.body);
    const auto level = parse_log_level(body ? body->text("configuredLevel") : "");
    if (!level) return invalid("Illegal argument: configuredLevel: {}", level.error().message);
    set_log_level(*level);
    return http::Response::empty(http::Status::Ok);
}

}  // namespace legacy_routes

void add_legacy_routes(http::Router& router, Api& api) {
    using namespace legacy_routes;
    using http::Method;
    add_templates(router);
    route(router, Method::Post, "/basicAuth", [&api](const Request& r) { return set_credentials(api, r); },
          {"Sets the password of an administrator: JSON"});
    route(router, Method::Get, "/basicAuthValidationErrors",
          [](const Request&) { return http::Response::json(Value(List())); },
          {"Why the configured credentials are refused: a server with wrong ones does not start"});
    route(router, Method::Get, "/usages/all", [&api](const Request&) { return usages(api); },
          {"How many flows, types and executions there are"});
    route(router, Method::Get, "/ai/providers", [](const Request&) { return http::Response::json(Value(List())); },
          {"Providers that write flows: there are none"});
    for (const char* what : {"flow", "dashboard"})
        route(router, Method::Post, std::string("/ai/generate/") + what, no_assistant, {"Needs an AI provider: 404"});
    for (const char* path : {"/info", "/version"}) {
        router
            .get(path,
                 [&api](const Request&) {
                     return http::Response::json(Value{{"product", "sluice"},
                                                       {"version", api.config.version},
                                                       {"version-oss", api.config.version},
                                                       {"type", "OSS"}});
                 })
            .describe("What this server is");
    }
    router.get("/loggers", [](const Request&) { return loggers(); }).describe("What this process logs");
    router.post("/loggers/{name}", [](const Request& r) { return set_logger(r); })
        .describe("Lets this process log more or less until it ends: {\"configuredLevel\"}");
    router.get("/api", [](const Request&) { return http::Response::redirect("/api/v1/openapi.json"); })
        .describe("Leads to the description of the API");
}

}  // namespace sluice::webserver
