// Who may use which route: the whole policy on two pages. A route that has no line here stops the server at its start,
// and so does a line that has no route.
#include "webserver/access_table.h"

namespace sluice::webserver {
namespace access_table {

using access::Action;
using access::Resource;
using enum Where;
using enum http::Method;

struct Line {
    http::Method method;
    const char* pattern;  // below /api/v1 and /api/v1/main, or from the root
    Where where;
    Resource resource = Resource::Flow;
    Action action = Action::Read;
};

constexpr auto R = Action::Read;
constexpr auto C = Action::Create;
constexpr auto U = Action::Update;
constexpr auto D = Action::Delete;

// clang-format off
constexpr Line kLines[] = {
    // ---- what is no secret, what has secrets of its own, and what everybody needs
    {Get,  "/", Open}, {Get, "/ping", Open}, {Get, "/ui/**", Open},
    {Get,  "/health", Open}, {Get, "/health/readiness", Open}, {Get, "/health/liveness", Open},
    {Get,  "/prometheus", Open}, {Get, "/metrics", Open},  // numbers only; who scrapes has no credentials
    {Get,  "/configs/login", Open}, {Post, "/login", Open}, {Post, "/logout", Open},
    {Get,  "/login/oidc", Open}, {Get, "/login/oidc/callback", Open},
    {Get,  "/executions/webhook/{namespace}/{id}/{key}", Open},
    {Post, "/executions/webhook/{namespace}/{id}/{key}", Open},
    {Put,  "/executions/webhook/{namespace}/{id}/{key}", Open},
    {Get,  "/executions/webhook/{namespace}/{id}/{key}/**", Open},
    {Post, "/executions/webhook/{namespace}/{id}/{key}/**", Open},
    {Put,  "/executions/webhook/{namespace}/{id}/{key}/**", Open},
    {Get,  "/basicAuthValidationErrors", Open},
    {Get,  "/info", LoggedIn}, {Get, "/version", LoggedIn}, {Get, "/api", LoggedIn},
    {Get,  "/configs", LoggedIn}, {Get, "/openapi.json", LoggedIn}, {Get, "/swagger/kestra.yml", LoggedIn},
    {Get,  "/me", LoggedIn}, {Put, "/me/password", LoggedIn}, {Get, "/me/api-tokens", LoggedIn},
    {Post, "/me/api-tokens", LoggedIn}, {Delete, "/me/api-tokens/{tokenId}", LoggedIn},
    {Get,  "/blueprints/community/flow", LoggedIn}, {Get, "/blueprints/community/flow/tags", LoggedIn},
    {Get,  "/blueprints/community/flow/{id}", LoggedIn}, {Get, "/blueprints/community/flow/{id}/source", LoggedIn},
    {Get,  "/blueprints/community/flow/{id}/graph", LoggedIn}, {Get, "/blueprints/community", LoggedIn},
    {Get,  "/blueprints/community/tags", LoggedIn}, {Get, "/blueprints/community/{id}", LoggedIn},
    {Get,  "/blueprints/community/{id}/graph", LoggedIn}, {Get, "/blueprints/community/{id}/flow", LoggedIn},
    {Get,  "/blueprints/community/dashboard", LoggedIn}, {Get, "/blueprints/community/dashboard/tags", LoggedIn},
    {Get,  "/blueprints/community/app", LoggedIn}, {Get, "/blueprints/community/app/tags", LoggedIn},
    {Get,  "/templates", LoggedIn}, {Post, "/templates", LoggedIn}, {Put, "/templates", LoggedIn},
    {Delete, "/templates", LoggedIn}, {Get, "/templates/**", LoggedIn}, {Post, "/templates/**", LoggedIn},
    {Put,  "/templates/**", LoggedIn}, {Delete, "/templates/**", LoggedIn},
    {Get,  "/ai/providers", LoggedIn}, {Post, "/ai/generate/flow", LoggedIn},
    {Post, "/ai/generate/dashboard", LoggedIn},
    {Get,  "/pebble/filters", LoggedIn}, {Get, "/pebble/functions", LoggedIn},
    {Get,  "/plugins/inputs/{type}", LoggedIn}, {Get, "/plugins/{cls}/versions/{version}", LoggedIn},
    {Get,  "/plugins", LoggedIn}, {Get, "/plugins/groups/subgroups", LoggedIn}, {Get, "/plugins/triggers", LoggedIn},
    {Get,  "/plugins/icons", LoggedIn}, {Get, "/plugins/icons/groups", LoggedIn}, {Get, "/plugins/icons/{cls}", LoggedIn},
    {Get,  "/plugins/{cls}/icon.svg", LoggedIn}, {Get, "/plugins/inputs", LoggedIn},
    {Get,  "/plugins/expressions", LoggedIn},
    {Get,  "/plugins/schemas/{type}", LoggedIn}, {Get, "/schemas/{type}", LoggedIn},
    {Get,  "/plugins/properties/{type}", LoggedIn}, {Get, "/plugins/{cls}", LoggedIn},
    {Get,  "/plugins/{cls}/versions", LoggedIn},

    // ---- flows
    {Get,    "/flows/search", Listed, Resource::Flow, R},
    {Get,    "/flows/source", Listed, Resource::Flow, R},
    {Get,    "/flows/distinct-namespaces", Inside, Resource::Flow, R},
    {Get,    "/flows/deprecated", Listed, Resource::Flow, R},
    {Get,    "/flows/export/by-query/csv", Listed, Resource::Flow, R},
    {Get,    "/flows/{namespace}", InPath, Resource::Flow, R},
    {Post,   "/flows", Inside, Resource::Flow, C},
    {Post,   "/flows/validate", Somewhere, Resource::Flow, R},
    {Post,   "/flows/validate/task", Somewhere, Resource::Flow, R},
    {Post,   "/flows/validate/trigger", Somewhere, Resource::Flow, R},
    {Post,   "/flows/expressions", Somewhere, Resource::Flow, R},
    // As an execution's eval: it may read keys, secrets and files.
    {Post,   "/expressions/render", Inside, Resource::Flow, U},
    {Patch,  "/flows/{namespace}/{id}/{taskId}", InPath, Resource::Flow, U},
    {Delete, "/flows/{namespace}/{id}/revisions", InPath, Resource::Flow, D},
    {Post,   "/flows/graph", Somewhere, Resource::Flow, R},
    {Put,    "/flows/{namespace}/{id}", InPath, Resource::Flow, U},
    {Get,    "/flows/{namespace}/{id}", InPath, Resource::Flow, R},
    {Get,    "/flows/{namespace}/{id}/revisions", InPath, Resource::Flow, R},
    {Get,    "/flows/{namespace}/{id}/tasks/{taskId}", InPath, Resource::Flow, R},
    {Get,    "/flows/{namespace}/{id}/graph", InPath, Resource::Flow, R},
    {Get,    "/flows/{namespace}/{id}/dependencies", InPath, Resource::Flow, R},
    {Get,    "/flows/{namespace}/{id}/concurrency", InPath, Resource::Flow, R},
    {Delete, "/flows/{namespace}/{id}", InPath, Resource::Flow, D},
    {Post,   "/flows/{namespace}", InPath, Resource::Flow, U},
    {Post,   "/flows/bulk", Inside, Resource::Flow, U},
    {Post,   "/flows/import", Inside, Resource::Flow, U},
    {Get,    "/flows/export/by-query", Listed, Resource::Flow, R},
    {Post,   "/flows/export/by-ids", Inside, Resource::Flow, R},
    {Delete, "/flows/delete/by-ids", Inside, Resource::Flow, D},
    {Delete, "/flows/delete/by-query", Listed, Resource::Flow, D},
    {Post,   "/flows/disable/by-ids", Inside, Resource::Flow, U},
    {Post,   "/flows/disable/by-query", Listed, Resource::Flow, U},
    {Post,   "/flows/enable/by-ids", Inside, Resource::Flow, U},
    {Post,   "/flows/enable/by-query", Listed, Resource::Flow, U},
    {Get,    "/dependencies", Everywhere, Resource::Flow, R},
    {Get,    "/namespaces/{namespace}/dependencies", InPath, Resource::Flow, R},
    {Get,    "/concurrency-limit/search", Inside, Resource::Flow, R},
    {Put,    "/concurrency-limit/{namespace}/{flowId}", InPath, Resource::Execution, U},

    // ---- executions
    {Get,    "/executions/search", Listed, Resource::Execution, R},
    {Get,    "/executions/distinct-field-values", Listed, Resource::Execution, R},
    {Get,    "/executions/export/by-query/csv", Listed, Resource::Execution, R},
    {Get,    "/executions", InQuery, Resource::Execution, R},
    {Post,   "/executions/latest", Inside, Resource::Execution, R},
    {Get,    "/executions/namespaces", Inside, Resource::Flow, R},
    {Get,    "/executions/namespaces/{namespace}/flows", InPath, Resource::Flow, R},
    {Get,    "/executions/flows/{namespace}/{flowId}", InPath, Resource::Flow, R},
    {Get,    "/executions/{id}", OfExecution, Resource::Execution, R},
    {Get,    "/executions/{id}/follow", OfExecution, Resource::Execution, R},
    {Get,    "/executions/{id}/follow-dependencies", OfExecution, Resource::Execution, R},
    {Get,    "/outputs/{executionId}", OfExecution, Resource::Execution, R},
    {Get,    "/outputs/{executionId}/{taskRunId}", OfExecution, Resource::Execution, R},
    {Get,    "/executions/{id}/flow", OfExecution, Resource::Execution, R},
    {Get,    "/executions/{id}/graph", OfExecution, Resource::Execution, R},
    {Get,    "/executions/{id}/why", OfExecution, Resource::Execution, R},
    {Get,    "/executions/{id}/file", OfExecution, Resource::Execution, R},
    {Get,    "/executions/{id}/file/metas", OfExecution, Resource::Execution, R},
    {Get,    "/executions/{id}/file/preview", OfExecution, Resource::Execution, R},
    {Post,   "/executions/{namespace}/{id}", InPath, Resource::Execution, C},
    {Post,   "/executions/trigger/{namespace}/{id}", InPath, Resource::Execution, C},
    {Post,   "/executions/{namespace}/{id}/validate", InPath, Resource::Execution, C},
    // An expression may call out and read secrets, as a flow may: it asks for what a flow's author has.
    {Post,   "/executions/{id}/eval", OfExecution, Resource::Flow, U},
    {Post,   "/executions/{id}/eval/{taskRunId}", OfExecution, Resource::Flow, U},
    {Post,   "/executions/{id}/actions/eval", OfExecution, Resource::Flow, U},
    {Post,   "/executions/{id}/actions/eval/{taskRunId}", OfExecution, Resource::Flow, U},
    {Delete, "/executions/{id}/kill", OfExecution, Resource::Execution, U},
    {Delete, "/executions/{id}/actions/kill", OfExecution, Resource::Execution, U},
    {Post,   "/executions/{id}/resume/validate", OfExecution, Resource::Execution, U},
    {Post,   "/executions/{id}/actions/resume/validate", OfExecution, Resource::Execution, U},
    {Delete, "/executions/{id}", OfExecution, Resource::Execution, D},
    {Delete, "/executions/by-ids", Inside, Resource::Execution, D},
    {Delete, "/executions/by-query", Listed, Resource::Execution, D},
    {Delete, "/executions/kill/by-ids", Inside, Resource::Execution, U},
    {Delete, "/executions/kill/by-query", Listed, Resource::Execution, U},
    {Post,   "/executions/labels/by-ids", Inside, Resource::Execution, U},
    {Post,   "/executions/labels/by-query", Listed, Resource::Execution, U},
    {Get,    "/taskruns/search", Listed, Resource::TaskRun, R},
    {Get,    "/taskruns/maxTaskRunSetting", LoggedIn},

    // ---- logs, metrics, statistics
    {Get,    "/logs/search", Listed, Resource::Log, R},
    {Get,    "/logs/export/by-query/csv", Listed, Resource::Log, R},
    {Get,    "/logs/{executionId}", OfExecution, Resource::Log, R},
    {Get,    "/logs/{executionId}/download", OfExecution, Resource::Log, R},
    {Get,    "/logs/{executionId}/follow", OfExecution, Resource::Log, R},
    {Get,    "/logs/{executionId}/summary", OfExecution, Resource::Log, R},
    {Get,    "/logs/{executionId}/map", OfExecution, Resource::Log, R},
    {Delete, "/logs/{executionId}", OfExecution, Resource::Log, D},
    {Delete, "/logs/{namespace}/{flowId}", InPath, Resource::Log, D},
    {Get,    "/metrics/{executionId}", OfExecution, Resource::Execution, R},
    {Get,    "/metrics/names/{namespace}/{flowId}", InPath, Resource::Execution, R},
    {Get,    "/metrics/names/{namespace}/{flowId}/{taskId}", InPath, Resource::Execution, R},
    {Get,    "/metrics/tasks/{namespace}/{flowId}", InPath, Resource::Execution, R},
    {Get,    "/metrics/aggregates/{namespace}/{flowId}/{metric}", InPath, Resource::Execution, R},
    {Get,    "/metrics/aggregates/{namespace}/{flowId}/{taskId}/{metric}", InPath, Resource::Execution, R},
    {Get,    "/board", InQuery, Resource::Dashboard, R},
    {Get,    "/dashboards", Somewhere, Resource::Dashboard, R},
    {Post,   "/dashboards", Everywhere, Resource::Dashboard, C},
    {Get,    "/dashboards/{id}", Somewhere, Resource::Dashboard, R},
    {Put,    "/dashboards/{id}", Everywhere, Resource::Dashboard, U},
    {Delete, "/dashboards/{id}", Everywhere, Resource::Dashboard, D},
    {Post,   "/dashboards/validate", Somewhere, Resource::Dashboard, R},
    {Post,   "/dashboards/validate/chart", Somewhere, Resource::Dashboard, R},
    {Get,    "/dashboards/settings/default-dashboards", Somewhere, Resource::Dashboard, R},
    // Rows of a chart are those that the visitor may read: it asks for EXECUTION:READ and its like besides.
    {Post,   "/dashboards/charts/preview", Inside, Resource::Dashboard, R},
    {Post,   "/dashboards/charts/export/to-csv", Inside, Resource::Dashboard, R},
    {Post,   "/dashboards/{id}/charts/{chartId}", Inside, Resource::Dashboard, R},
    {Post,   "/dashboards/{id}/charts/{chartId}/export/to-csv", Inside, Resource::Dashboard, R},
    {Get,    "/usages/all", Everywhere, Resource::Dashboard, R},
    {Post,   "/stats/summary", Inside, Resource::Dashboard, R},
    {Post,   "/stats/executions/daily", Inside, Resource::Dashboard, R},
    {Post,   "/stats/taskruns/daily", Inside, Resource::Dashboard, R},
    {Post,   "/stats/executions/daily/group-by-flow", Inside, Resource::Dashboard, R},
    {Post,   "/stats/executions/daily/group-by-namespace", Inside, Resource::Dashboard, R},
    {Post,   "/stats/executions/latest/group-by-flow", Inside, Resource::Execution, R},
    {Post,   "/stats/logs/daily", Inside, Resource::Dashboard, R},

    // ---- triggers
    {Get,    "/triggers/search", Listed, Resource::Trigger, R},
    {Get,    "/triggers/export/by-query/csv", Listed, Resource::Trigger, R},
    {Get,    "/triggers/{namespace}/{flowId}", InPath, Resource::Trigger, R},
    {Get,    "/triggers/{namespace}/{flowId}/{triggerId}/preview", InPath, Resource::Trigger, R},
    {Get,    "/triggers/{namespace}/{flowId}/{triggerId}/explain", InPath, Resource::Trigger, R},
    {Put,    "/triggers", Inside, Resource::Trigger, U},
    {Put,    "/triggers/set-disabled", Inside, Resource::Trigger, U},
    {Post,   "/triggers/{namespace}/{flowId}/{triggerId}/unlock", InPath, Resource::Trigger, U},
    {Post,   "/triggers/{namespace}/{flowId}/{triggerId}/restart", InPath, Resource::Trigger, U},
    {Delete, "/triggers/{namespace}/{flowId}/{triggerId}", InPath, Resource::Trigger, D},
    {Delete, "/triggers/delete/by-triggers", Inside, Resource::Trigger, D},
    {Delete, "/triggers/delete/by-query", Listed, Resource::Trigger, D},
    {Put,    "/triggers/backfill/create", Inside, Resource::Trigger, U},
    {Put,    "/triggers/backfill/pause", Inside, Resource::Trigger, U},
    {Put,    "/triggers/backfill/unpause", Inside, Resource::Trigger, U},
    {Post,   "/triggers/backfill/delete", Inside, Resource::Trigger, U},
    {Post,   "/triggers/backfill/pause/by-triggers", Inside, Resource::Trigger, U},
    {Post,   "/triggers/backfill/pause/by-query", Listed, Resource::Trigger, U},
    {Post,   "/triggers/backfill/unpause/by-triggers", Inside, Resource::Trigger, U},
    {Post,   "/triggers/backfill/unpause/by-query", Listed, Resource::Trigger, U},
    {Post,   "/triggers/backfill/delete/by-triggers", Inside, Resource::Trigger, U},
    {Post,   "/triggers/backfill/delete/by-query", Listed, Resource::Trigger, U},
    {Post,   "/triggers/unlock/by-triggers", Inside, Resource::Trigger, U},
    {Post,   "/triggers/unlock/by-query", Listed, Resource::Trigger, U},
    {Post,   "/triggers/set-disabled/by-triggers", Inside, Resource::Trigger, U},
    {Post,   "/triggers/set-disabled/by-query", Listed, Resource::Trigger, U},

    // ---- namespaces and what they hold
    {Get,    "/namespaces/search", Inside, Resource::Namespace, R},
    {Post,   "/namespaces/autocomplete", Inside, Resource::Namespace, R},
    {Get,    "/namespaces/{namespace}", InPath, Resource::Namespace, R},
    {Get,    "/namespaces/{namespace}/inherited-variables", InPath, Resource::Namespace, R},
    {Get,    "/namespaces/{namespace}/inherited-plugindefaults", InPath, Resource::Namespace, R},
    {Post,   "/namespaces", Inside, Resource::Namespace, C},
    {Put,    "/namespaces/{namespace}", InPath, Resource::Namespace, U},
    {Delete, "/namespaces/{namespace}", InPath, Resource::Namespace, D},
    {Get,    "/namespaces/{namespace}/secrets", InPath, Resource::Secret, R},
    {Put,    "/namespaces/{namespace}/secrets", InPath, Resource::Secret, U},
    {Delete, "/namespaces/{namespace}/secrets/{key}", InPath, Resource::Secret, D},
    {Get,    "/namespaces/{namespace}/inherited-secrets", InPath, Resource::Secret, R},
    {Get,    "/secrets", Inside, Resource::Secret, R},
    {Get,    "/kv", Listed, Resource::Kv, R},
    {Get,    "/namespaces/{namespace}/kv", InPath, Resource::Kv, R},
    {Get,    "/namespaces/{namespace}/kv/inheritance", InPath, Resource::Kv, R},
    {Get,    "/namespaces/{namespace}/kv/{key}", InPath, Resource::Kv, R},
    {Put,    "/namespaces/{namespace}/kv/{key}", InPath, Resource::Kv, U},
    {Delete, "/namespaces/{namespace}/kv/{key}", InPath, Resource::Kv, D},
    {Delete, "/namespaces/{namespace}/kv", InPath, Resource::Kv, D},
    // An archive holds flows as well: those ask for FLOW:READ or FLOW:UPDATE besides.
    {Get,    "/namespaces/{namespace}/files", InPath, Resource::File, R},
    {Get,    "/namespaces/{namespace}/files/revisions", InPath, Resource::File, R},
    {Get,    "/namespaces/{namespace}/files/search", InPath, Resource::File, R},
    {Get,    "/namespaces/{namespace}/files/stats", InPath, Resource::File, R},
    {Get,    "/namespaces/{namespace}/files/directory", InPath, Resource::File, R},
    {Get,    "/namespaces/{namespace}/files/export", InPath, Resource::File, R},
    {Post,   "/namespaces/{namespace}/files/directory", InPath, Resource::File, U},
    {Post,   "/namespaces/{namespace}/files", InPath, Resource::File, U},
    {Put,    "/namespaces/{namespace}/files", InPath, Resource::File, U},
    {Delete, "/namespaces/{namespace}/files", InPath, Resource::File, D},

    // ---- many at once, as a job: it asks for what its act does (operation_acts.h), and reaches as far as that is granted.
    // Everybody sees his own, and those about what he may read everywhere.
    {Post,   "/operations", LoggedIn}, {Get, "/operations", LoggedIn}, {Get, "/operations/{id}", LoggedIn},
    {Get,    "/operations/{id}/failures", LoggedIn}, {Delete, "/operations/{id}", LoggedIn},
    {Get,    "/searches/{page}", LoggedIn}, {Put, "/searches/{page}/{name}", LoggedIn},
    {Delete, "/searches/{page}/{name}", LoggedIn},
    {Get,    "/me/texts/{kind}", LoggedIn}, {Get, "/me/texts/{kind}/{name}", LoggedIn},
    {Put,    "/me/texts/{kind}/{name}", LoggedIn}, {Delete, "/me/texts/{kind}/{name}", LoggedIn},

    // ---- the cluster
    {Get,    "/instance/services", Somewhere, Resource::Cluster, R},
    {Get,    "/worker", Everywhere, Resource::Cluster, R}, {Get, "/scheduler", Everywhere, Resource::Cluster, R},
    {Get,    "/loggers", Everywhere, Resource::Cluster, R}, {Post, "/loggers/{name}", Everywhere, Resource::Cluster, U},
    {Get,    "/cluster/overview", Everywhere, Resource::Cluster, R},
    {Get,    "/cluster/doctor", Everywhere, Resource::Cluster, R},
    {Get,    "/cluster/worker-groups", Everywhere, Resource::Cluster, R},
    {Get,    "/cluster/claims", Everywhere, Resource::Cluster, R},
    {Get,    "/cluster/refused", Everywhere, Resource::Cluster, R},
    {Get,    "/cluster/parked", Everywhere, Resource::Cluster, R},
    {Post,   "/cluster/parked/{id}/retry", Everywhere, Resource::Cluster, U},
    {Delete, "/cluster/parked/{id}", Everywhere, Resource::Cluster, U},
    {Get,    "/instance/maintenance", LoggedIn},
    {Post,   "/instance/maintenance/enter", Everywhere, Resource::Cluster, U},
    {Post,   "/instance/maintenance/exit", Everywhere, Resource::Cluster, U},
    {Get,    "/notices", LoggedIn},
    {Get,    "/announcements", Everywhere, Resource::Cluster, R},
    {Post,   "/announcements", Everywhere, Resource::Cluster, U},
    {Delete, "/announcements/{announcementId}", Everywhere, Resource::Cluster, U},
    // Whoever may kill an execution may do it for good.
    {Get,    "/killswitches", Inside, Resource::Execution, R},
    {Post,   "/killswitches", Inside, Resource::Execution, U},
    {Delete, "/killswitches/{killSwitchId}", Inside, Resource::Execution, U},
    {Get,    "/retention", Everywhere, Resource::Cluster, R},
    {Put,    "/retention", Everywhere, Resource::Cluster, U},
    {Delete, "/retention", Everywhere, Resource::Cluster, U},
    {Get,    "/retention/plan", Everywhere, Resource::Cluster, R},

    // ---- users and what they did
    {Get,    "/users", Everywhere, Resource::User, R},
    {Post,   "/basicAuth", Everywhere, Resource::User, U},
    {Post,   "/users", Everywhere, Resource::User, C},
    {Put,    "/users/{username}", Everywhere, Resource::User, U},
    {Delete, "/users/{username}", Everywhere, Resource::User, D},
    {Delete, "/users/{username}/sessions", Everywhere, Resource::User, U},
    {Get,    "/users/{username}/api-tokens", Everywhere, Resource::User, R},
    {Post,   "/users/{username}/api-tokens", Everywhere, Resource::User, U},
    {Delete, "/users/{username}/api-tokens/{tokenId}", Everywhere, Resource::User, U},
    {Get,    "/roles", Everywhere, Resource::User, R},
    {Put,    "/roles/{role}", Everywhere, Resource::User, U},
    {Delete, "/roles/{role}", Everywhere, Resource::User, D},
    {Get,    "/groups", Everywhere, Resource::User, R},
    {Put,    "/groups/{group}", Everywhere, Resource::User, U},
    {Delete, "/groups/{group}", Everywhere, Resource::User, D},
    {Get,    "/bindings", Everywhere, Resource::User, R},
    {Post,   "/bindings", Everywhere, Resource::User, C},
    {Delete, "/bindings/{bindingId}", Everywhere, Resource::User, D},
    {Get,    "/auditlogs/search", Listed, Resource::Audit, R},
};

/// The same verbs stand below three kinds of addresses.
struct VerbLine {
    const char* verb;
    Action action;
};
constexpr VerbLine kExecutionVerbs[] = {
    {"kill", U}, {"restart", U}, {"replay", C}, {"replay-with-inputs", C}, {"state", U}, {"change-status", U}, {"pause", U},
    {"resume", U}, {"resume-from-breakpoint", U}, {"unqueue", U}, {"force-run", U}, {"labels", U},
};
// clang-format on

std::string_view without_root(std::string_view pattern) {
    for (const std::string_view root : {"/api/v1/main", "/api/v1"}) {
        if (pattern.starts_with(root)) return pattern.substr(root.size());
    }
    return pattern;
}

std::string key_of(http::Method method, std::string_view pattern) {
    return fmt::format("{} {}", to_text(method), pattern);
}

std::unordered_map<std::string, AccessRule> declared() {
    std::unordered_map<std::string, AccessRule> out;
    for (const Line& line : kLines) {
        const bool is_new =
            out.emplace(key_of(line.method, line.pattern), AccessRule{line.where, {line.resource, line.action}}).second;
        ensure(is_new, "access_table.cpp: {} {} stands there twice", to_text(line.method), line.pattern);
    }
    for (const VerbLine& line : kExecutionVerbs) {
        const std::string verb(line.verb);
        const access::Capability what{Resource::Execution, line.action};
        out.emplace(key_of(Post, "/executions/{id}/" + verb), AccessRule{OfExecution, what});
        out.emplace(key_of(Post, "/executions/{id}/actions/" + verb), AccessRule{OfExecution, what});
        out.emplace(key_of(Post, "/executions/" + verb + "/by-ids"), AccessRule{Inside, what});
        out.emplace(key_of(Post, "/executions/" + verb + "/by-query"), AccessRule{Listed, what});
    }
    return out;
}

/// Why the rule can't be held on this route; empty: it can
std::string unfit(const http::Route& route, const AccessRule& rule) {
    const auto has = [&](const char* name) {
        const auto& all = route.variables();
        return std::find(all.begin(), all.end(), name) != all.end();
    };
    if (rule.where == InPath && !has("namespace")) return "InPath needs {namespace} in the pattern";
    if (rule.where == OfExecution && !has("id") && !has("executionId"))
        return "OfExecution needs {id} or {executionId} in the pattern";
    return "";
}

}  // namespace access_table

std::string_view to_text(Where where) {
    constexpr std::string_view kNames[] = {"OPEN",     "LOGGED_IN",    "SOMEWHERE", "EVERYWHERE", "IN_PATH",
                                           "IN_QUERY", "OF_EXECUTION", "LISTED",    "INSIDE"};
    return kNames[static_cast<std::size_t>(where)];
}

AccessRules::AccessRules(const std::vector<const http::Route*>& routes) {
    using namespace access_table;
    const auto rules = declared();
    std::string wrong;
    for (const http::Route* route : routes) {
        const auto found = rules.find(key_of(route->method(), without_root(route->pattern())));
        const std::string why = found == rules.end() ? "has no rule" : unfit(*route, found->second);
        if (why.empty())
            by_route_.emplace(key_of(route->method(), route->pattern()), found->second);
        else
            wrong += fmt::format("\n  {} {}: {}", to_text(route->method()), route->pattern(), why);
    }
    for (const Line& line : kLines) {
        const bool is_there = std::any_of(routes.begin(), routes.end(), [&](const http::Route* route) {
            return route->method() == line.method && without_root(route->pattern()) == line.pattern;
        });
        ensure(is_there, "access_table.cpp: there is no route {} {}", to_text(line.method), line.pattern);
    }
    ensure(wrong.empty(),
           "routes that nobody is guarded from; add a line for each to src/webserver/access_table.cpp, such as "
           "{{Get, \"/things/{{namespace}}\", InPath, Resource::Flow, R}}:{}",
           wrong);
}

const AccessRule* AccessRules::find(http::Method method, std::string_view pattern) const {
    auto found = by_route_.find(access_table::key_of(method, pattern));
    if (found == by_route_.end() && method == http::Method::Head)
        found = by_route_.find(access_table::key_of(http::Method::Get, pattern));
    return found == by_route_.end() ? nullptr : &found->second;
}

}  // namespace sluice::webserver
