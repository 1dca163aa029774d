#include "webserver/webserver.h"

#include <future>

#include "access/sign_on.h"
#include "http/http.h"
#include "oidc/provider.h"
#include "value/json.h"
#include "webserver/api.h"
#include "webserver/dependency_streams.h"
#include "webserver/error_body.h"
#include "webserver/execution_streams.h"
#include "webserver/followers.h"
#include "webserver/gatekeeper.h"
#include "webserver/log_streams.h"
#include "webserver/open_streams.h"
#include "webserver/openapi.h"
#include "webserver/operations.h"
#include "webserver/prometheus.h"

namespace sluice::webserver {
namespace {

const Logger kLog("webserver");

/// Answers of the API are data: a browser must not run them, guess at them, or keep them.
void decorate(const http::Request& request, http::Response& response) {
    response.set("X-Content-Type-Options", "nosniff");
    response.set("Referrer-Policy", "same-origin");
    response.set("X-Frame-Options", "SAMEORIGIN");
    response.set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    if (!request.path.starts_with("/api/")) return;
    if (!response.headers.has("Content-Security-Policy"))
        response.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (!response.headers.has("Cache-Control")) response.set("Cache-Control", "no-store");
}

}  // namespace

void for_both_roots(const std::string& pattern, const std::function<void(std::string full)>& add) {
    add("/api/v1/main" + pattern);
    add("/api/v1" + pattern);
}

std::string Api::public_url() const {
    if (!config.public_url.empty()) return config.public_url;
    return fmt::format("{}://localhost:{}", config.tls.is_on() ? "https" : "http", config.port);
}

class WebServer::Parts {
  public:
    Parts(Services services, WebConfig config_)
        : config(std::move(config_)),
          cluster_gauges(services.pool),
          authenticator(services.pool, services.signals, config.authenticate, config.takes_passwords),
          gatekeeper(services.pool, authenticator, config),
          open_streams(gatekeeper, services.signals),
          starter(services.pool, services.signals),
          followers(services.pool, services.signals),
          log_streams(services.pool, services.signals),
          dependency_streams(services.pool),
          provider(config.sign_on.provider),
          lists(services.pool, services.replica, services.membership, config.replica_lag),
          api{services, config, starter, followers, authenticator, log_streams, provider, dependency_streams, lists},
          execution_streams(api, services.signals),
          operations(api) {
        api.execution_streams = &execution_streams;
    }

    http::Router router() {
        http::Router router;
        router.set_guard([this](http::Request& request) { return gatekeeper.check(request); });
        router.set_prologue(Gatekeeper::say_actor);
        add_page_routes(router, config.page);
        add_cluster_routes(router, api);
        add_cluster_overview_routes(router, api);
        add_misc_routes(router, api);
        add_flow_routes(router, api);
        add_flow_part_routes(router, api);
        add_flow_search_routes(router, api);
        add_flow_graph_routes(router, api);
        add_flow_dependency_routes(router, api);
        add_concurrency_routes(router, api);
        add_blueprint_routes(router, api);
        add_flow_bulk_routes(router, api);
        add_saved_search_routes(router, api);
        add_personal_text_routes(router, api);
        add_namespace_routes(router, api);
        add_namespace_settings_routes(router, api);
        add_namespace_file_routes(router, api);
        add_execution_routes(router, api);
        add_execution_verb_routes(router, api);
        add_execution_bulk_routes(router, api);
        add_operation_routes(router, api);
        add_execution_search_routes(router, api);
        add_execution_eval_routes(router, api);
        add_export_routes(router, api);
        add_output_routes(router, api);
        add_expression_routes(router, api);
        add_legacy_routes(router, api);
        add_task_run_routes(router, api);
        add_log_routes(router, api);
        add_trigger_routes(router, api);
        add_trigger_explain_routes(router, api);
        add_kv_routes(router, api);
        add_file_routes(router, api);
        add_metric_routes(router, api);
        add_stats_routes(router, api);
        add_dashboard_routes(router, api);
        add_board_routes(router, api);
        add_plugin_routes(router, api);
        add_webhook_routes(router, api);
        add_session_routes(router, api);
        add_sign_on_routes(router, api);
        add_access_routes(router, api);
        add_token_routes(router, api);
        add_audit_routes(router, api);
        add_secret_routes(router, api);
        add_switch_routes(router, api);
        add_retention_routes(router, api);
        add_monitoring(router);
        return router;
    }

    /// Metrics, and the description of the routes, which must be the last to be added.
    void add_monitoring(http::Router& router) {
        for (const char* path : {"/prometheus", "/metrics"}) {
            router
                .get(path,
                     [this](const http::Request&) {
                         return http::Response::bytes(metrics() + cluster_gauges.text(),
                                                      "text/plain; version=0.0.4; charset=utf-8");
                     })
                .describe("Metrics for Prometheus");
        }
        const auto description = std::make_shared<std::string>();
        router
            .get(
                "/api/v1/openapi.json",
                [description](const http::Request&) { return http::Response::bytes(*description, "application/json"); })
            .describe("This description");
        router
            .get(
                "/swagger/kestra.yml",
                [description](const http::Request&) { return http::Response::bytes(*description, "application/yaml"); })
            .describe("This description: JSON is YAML, too");
        gatekeeper.set_rules(AccessRules(router.routes()));
        *description = to_json(openapi_of(router.routes(), gatekeeper.rules(), config.version, api.public_url()));
    }

    /// Who switches passwords off must not lock everybody out.
    Result<void> hold_way_in() {
        if (config.takes_passwords || !config.authenticate) return {};
        const SignOnConfig& by = config.sign_on;
        access::SignOnRules rules{.issuer = by.provider.issuer,
                                  .followed_groups = {},
                                  .default_role = by.default_role,
                                  .may_create = by.creates_users,
                                  .may_link = by.links_users};
        for (const auto& [theirs, ours] : by.groups) rules.followed_groups.push_back(ours);
        return access::hold_way_in(api.services.pool, rules);
    }

    std::string metrics() const {
        ProcessGauges gauges;
        if (server) gauges.http = server->counters();
        gauges.database_in_use = api.services.pool.in_use();
        gauges.database_size = api.services.pool.size();
        gauges.lists = lists.gauges();
        gauges.followed_executions = execution_streams.size();
        gauges.followed_logs = log_streams.size();
        gauges.version = config.version;
        return text_of(gauges, access_times);
    }

    WebConfig config;
    AccessTimes access_times{};
    ClusterGauges cluster_gauges;
    access::Authenticator authenticator;
    Gatekeeper gatekeeper;
    OpenStreams open_streams;
    Starter starter;
    Followers followers;
    LogStreams log_streams;
    DependencyStreams dependency_streams;
    oidc::Provider provider;
    ListReader lists;
    Api api;
    ExecutionStreams execution_streams;
    OperationRunner operations;
    std::unique_ptr<http::Server> server{};
    std::string made_password{};
    // A password's hash takes its time by intent; everything else starts meanwhile.
    std::future<std::string> credentials = std::async(std::launch::async, [this] {
        return authenticator.ensure_first_user(config.admin_user, config.admin_password);
    });
};

WebServer::WebServer(Services services, WebConfig config)
    : parts_(std::make_unique<Parts>(services, std::move(config))) {}

WebServer::~WebServer() = default;

Result<void> WebServer::start() {
    parts_->starter.start();
    parts_->open_streams.start();
    parts_->followers.start();
    parts_->log_streams.start();
    parts_->dependency_streams.start();
    parts_->execution_streams.start();
    parts_->operations.start();
    http::ServerConfig config;
    config.address = parts_->config.address;
    config.port = static_cast<std::uint16_t>(parts_->config.port);
    config.error_renderer = error_body;
    config.on_access = [this](const http::Access& access) { parts_->access_times.add(access); };
    config.on_events = [this](const http::Request& request, const http::EventStream& stream) {
        parts_->open_streams.watch(request, stream);
    };
    config.tls = parts_->config.tls;
    config.limits = parts_->config.limits;
    config.timeouts = parts_->config.timeouts;
    config.decorate = [this, hsts = parts_->config.hsts](const http::Request& request, http::Response& response) {
        decorate(request, response);
        parts_->lists.wrote(request, response, request.over_tls || parts_->config.public_url.starts_with("https://"));
        if (request.over_tls && hsts.count() > 0)
            response.set("Strict-Transport-Security", fmt::format("max-age={}", hsts.count()));
    };
    http::Router router = parts_->router();
    parts_->made_password = parts_->credentials.get();
    if (auto someone = parts_->hold_way_in(); !someone) return someone;
    parts_->server = std::make_unique<http::Server>(config, std::move(router));
    if (auto started = parts_->server->start(); !started) return started;
    parts_->config.port = parts_->server->port();
    kLog.info("webserver.listening", {{"address", parts_->config.address}, {"port", parts_->config.port}});
    return {};
}

void WebServer::stop(Duration grace) {
    if (parts_->server) parts_->server->stop(grace);
    parts_->operations.stop();
    parts_->execution_streams.stop();
    parts_->dependency_streams.stop();
    parts_->log_streams.stop();
    parts_->followers.stop();
    parts_->starter.stop();
    parts_->open_streams.stop();
}

Result<void> WebServer::reload_tls(const http::TlsConfig& tls) {
    return parts_->server->reload_tls(tls);
}

int WebServer::port() const {
    return parts_->config.port;
}
const std::string& WebServer::made_password() const {
    return parts_->made_password;
}
const std::string& WebServer::admin_user() const {
    return parts_->authenticator.first_user();
}

}  // namespace sluice::webserver
