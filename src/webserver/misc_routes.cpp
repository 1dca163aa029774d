// Ping, health, services, login.
#include "cluster/services.h"
#include "cluster/switches.h"
#include "value/json.h"
#include "webserver/api.h"

namespace sluice::webserver {
namespace misc_routes {

Result<http::Response> services(Api& api) {
    List out;
    const auto rows = api.services.pool.with_connection(
        [](pg::Connection& connection) { return cluster::list_services(connection); });
    for (const cluster::ServiceRow& row : rows) {
        List roles;
        for (const std::string& role : row.roles) roles.emplace_back(role);
        Map one;
        one.set("id", row.id.text());
        one.set("roles", Value(std::move(roles)));
        one.set("state", row.state);
        one.set("host", row.host);
        one.set("pid", row.pid);
        one.set("version", row.version);
        one.set("workerGroup", row.worker_group);
        one.set("slots", row.slots);
        one.set("running", row.running);
        one.set("startedAt", to_iso(row.started_at));
        one.set("heartbeatAt", to_iso(row.heartbeat_at));
        if (const auto details = parse_json(row.details)) one.set("details", *details);
        if (row.ended_at) one.set("endedAt", to_iso(*row.ended_at));
        out.push_back(Value(std::move(one)));
    }
    return http::Response::json(Value(std::move(out)));
}

/// Asks the database: a process that can't reach it is not healthy.
http::Response health(Api& api) {
    std::string problem;
    bool in_maintenance = false;
    try {
        in_maintenance =
            api.services.pool
                .with_connection([](pg::Connection& connection) { return cluster::maintenance(connection); })
                .has_value();
    } catch (const OutsideError& away) {
        problem = away.what();
    }
    const bool alive = api.services.membership.is_alive();
    const bool up = problem.empty() && alive;
    Map database;
    database.set("status", problem.empty() ? "UP" : "DOWN");
    if (!problem.empty()) database.set("reason", problem);
    const Value body{{"status", up ? "UP" : "DOWN"},
                     {"details", Value{{"database", Value(std::move(database))},
                                       {"service", Value{{"status", alive ? "UP" : "DOWN"}}},
                                       {"maintenance", in_maintenance}}}};
    return http::Response::json(body, up ? http::Status::Ok : http::Status::Unavailable);
}

/// Whoever restarts processes asks this. Nothing is wrong with one that waits for its database: to restart it would
/// only end what runs in it.
http::Response liveness() {
    return http::Response::json(Value{{"status", "UP"}});
}

/// What the page and clients want to know of this installation.
Value configuration(Api& api, const http::Request& request) {
    std::uint64_t hash = 0xcbf29ce484222325;
    const auto mix = [&hash](std::string_view text) {
        for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    };
    List capabilities;
    for (std::string& one : visitor_of(request).identity.grants->anywhere().texts())
        capabilities.emplace_back(std::move(one));
    mix(api.config.version);
    for (const auto& type : api.services.flows.catalog().types()) mix(type->name);
    return Value{{"version", api.config.version},
                 {"product", "sluice"},
                 {"apiProfile", "B"},
                 {"edition", "OSS"},
                 {"url", api.public_url()},
                 {"chartDefaultDuration", "P30D"},
                 {"isTaskRunEnabled", true},
                 {"isTemplateEnabled", false},
                 {"isCustomDashboardsEnabled", false},
                 {"isAnonymousUsageEnabled", false},
                 {"isUiAnonymousUsageEnabled", false},
                 {"isAiEnabled", false},
                 {"isConcurrencyViewEnabled", false},
                 {"isBasicAuthEnabled", api.config.authenticate},
                 {"isBasicAuthInitialized", true},
                 {"preview", Value{{"initial", 100}, {"max", 5000}}},
                 {"systemNamespace", "system"},
                 {"hiddenLabelsPrefixes", Value(List{Value("system.")})},
                 {"capabilities", Value(std::move(capabilities))},
                 {"pluginsHash", static_cast<std::int64_t>(hash >> 12)}};
}

}  // namespace misc_routes

void add_misc_routes(http::Router& router, Api& api) {
    using namespace misc_routes;
    using http::Method;
    router.get("/ping", [](const http::Request&) { return http::Response::text("pong"); }).run(http::Runs::Inline);
    for (const char* path : {"/health", "/health/readiness"}) {
        router.get(path, [&api](const http::Request&) { return health(api); });
    }
    router.get("/health/liveness", [](const http::Request&) { return liveness(); }).run(http::Runs::Inline);
    route(router, Method::Get, "/instance/services", [&api](const http::Request&) { return services(api); });
    route(router, Method::Get, "/configs",
          [&api](const http::Request& r) { return http::Response::json(configuration(api, r)); },
          {"What this installation is"});
}

}  // namespace sluice::webserver
