#pragma once
#include "access/authenticator.h"
#include "http/http.h"
#include "pg/actor.h"
#include "store/filter.h"
#include "webserver/list_reader.h"
#include "webserver/starter.h"
#include "webserver/webserver.h"

namespace sluice::oidc {
class Provider;
}

namespace sluice::webserver {

class DependencyStreams;
class ExecutionStreams;
class Followers;
class LogStreams;

/// What the files of this folder share. Each adds its routes to the router.
struct Api {
    Services services;
    const WebConfig& config;
    Starter& starter;
    Followers& followers;
    access::Authenticator& authenticator;
    LogStreams& log_streams;
    oidc::Provider& provider;
    DependencyStreams& dependency_streams;
    ListReader& lists;
    ExecutionStreams* execution_streams = nullptr;  // it reads by this very struct

    /// "http://host:8080" or what was configured
    std::string public_url() const;
};

/// A pattern below /api/v1: with a tenant, and without one (R1 of the API: the tenant is main).
/// `add` gets each of the two full patterns.
void for_both_roots(const std::string& pattern, const std::function<void(std::string full)>& add);

/// What the description of the API says of a route.
struct RouteDoc {
    const char* summary = "";
    std::vector<std::string> query{};  // names of parameters
};

/// Adds a pooled handler under both roots: one that answers by its value, or one that answers a Responder later.
template <class F>
void route(http::Router& router, http::Method method, const std::string& pattern, F handler, const RouteDoc& doc = {}) {
    for_both_roots(pattern, [&](std::string full) {
        if constexpr (std::is_invocable_v<F&, const http::Request&, http::Responder>)
            router.add(method, std::move(full), http::Handler(handler)).describe(doc.summary, doc.query);
        else
            router.add(method, std::move(full), handler).describe(doc.summary, doc.query);
    });
}

void add_flow_routes(http::Router& router, Api& api);
void add_flow_bulk_routes(http::Router& router, Api& api);
void add_saved_search_routes(http::Router& router, Api& api);
void add_personal_text_routes(http::Router& router, Api& api);
void add_namespace_file_routes(http::Router& router, Api& api);
void add_namespace_settings_routes(http::Router& router, Api& api);
void add_namespace_routes(http::Router& router, Api& api);
void add_flow_part_routes(http::Router& router, Api& api);
void add_flow_search_routes(http::Router& router, Api& api);
void add_flow_graph_routes(http::Router& router, Api& api);
void add_flow_dependency_routes(http::Router& router, Api& api);
void add_concurrency_routes(http::Router& router, Api& api);
void add_blueprint_routes(http::Router& router, Api& api);
void add_execution_routes(http::Router& router, Api& api);
void add_execution_verb_routes(http::Router& router, Api& api);
void add_execution_bulk_routes(http::Router& router, Api& api);
void add_execution_search_routes(http::Router& router, Api& api);
void add_execution_eval_routes(http::Router& router, Api& api);
void add_export_routes(http::Router& router, Api& api);
void add_output_routes(http::Router& router, Api& api);
void add_expression_routes(http::Router& router, Api& api);
void add_legacy_routes(http::Router& router, Api& api);
void add_task_run_routes(http::Router& router, Api& api);
void add_log_routes(http::Router& router, Api& api);
void add_trigger_routes(http::Router& router, Api& api);
void add_trigger_explain_routes(http::Router& router, Api& api);
void add_kv_routes(http::Router& router, Api& api);
void add_file_routes(http::Router& router, Api& api);
void add_metric_routes(http::Router& router, Api& api);
void add_stats_routes(http::Router& router, Api& api);
void add_dashboard_routes(http::Router& router, Api& api);
void add_board_routes(http::Router& router, Api& api);
void add_plugin_routes(http::Router& router, Api& api);
void add_webhook_routes(http::Router& router, Api& api);
void add_cluster_routes(http::Router& router, Api& api);
void add_cluster_overview_routes(http::Router& router, Api& api);
void add_misc_routes(http::Router& router, Api& api);
void add_page_routes(http::Router& router, const std::vector<http::StaticFile>& page);

void add_access_routes(http::Router& router, Api& api);
void add_token_routes(http::Router& router, Api& api);
void add_session_routes(http::Router& router, Api& api);
void add_sign_on_routes(http::Router& router, Api& api);
void add_audit_routes(http::Router& router, Api& api);
void add_secret_routes(http::Router& router, Api& api);
void add_switch_routes(http::Router& router, Api& api);
void add_retention_routes(http::Router& router, Api& api);

/// What the guard found out and drew for a request.
struct Visitor {
    std::string user{};          // empty: nobody was asked
    ExecutionId execution_id{};  // for the execution that the request may start: its files are stored before it
    access::Identity identity{};
    std::string remote{};                        // his address, as far as trusted proxies tell it
    bool over_tls = false;                       // to us, or to a trusted proxy
    access::Capability what{};                   // that the route asks for
    bool only_asks = false;                      // whatever the method: the route changes nothing
    std::optional<access::Scope> narrowed_to{};  // a list's namespaces, where he has it in some only
};
const Visitor& visitor_of(const http::Request& request);

/// Who sent the request, for audit and labels; empty: nobody was asked
const std::string& user_of(const http::Request& request);
pg::Actor actor_of(const http::Request& request);

// For routes whose rule is Inside: may the visitor do there what the route asks for, or something else?
bool may(const http::Request& request, std::string_view name_space);
bool may(const http::Request& request, access::Capability what, std::string_view name_space);
/// Errors  Forbidden; "" stands for all namespaces
Result<void> demand(const http::Request& request, std::string_view name_space);
Result<void> demand(const http::Request& request, access::Capability what, std::string_view name_space);
/// The namespace that a statistic is about: the one that is asked for, or the only one in which the visitor may.
/// Errors  Forbidden: none was asked for, and he may not see all
Result<std::optional<std::string>> narrowed(const http::Request& request, std::optional<std::string> name_space);
/// For routes whose rule is Listed; filters_of() has called it.
void narrow(const http::Request& request, std::vector<store::Filter>& filters);

}  // namespace sluice::webserver
