#pragma once
/// The REST API, server-sent events, webhooks and the page: a file per resource that parses, calls one thing and
/// renders.
///
/// Promises
/// - An answer that says something was done is sent after the commit.
/// - No stack traces, no 5xx for a user's mistake; every error body has a message and a request id.
/// - Nothing waits for the database on a reactor thread.
#include <memory>

#include "cluster/membership.h"
#include "http/config.h"
#include "http/static_files.h"
#include "http/tls.h"
#include "oidc/settings.h"
#include "pg/signals.h"
#include "storage/storage.h"
#include "store/environment.h"
#include "store/flows.h"
#include "webserver/client_address.h"
#include "webserver/rate_limiter.h"

namespace sluice::webserver {

/// Log-in by an OpenID provider.
struct SignOnConfig {
    oidc::Settings provider{};                    // without an issuer: not offered
    std::string label{};                          // of the button; empty: the page's own words
    std::map<std::string, std::string> groups{};  // the provider's → ours
    bool creates_users = true;
    bool links_users = false;
    std::string default_role{};
    bool ends_session = false;  // at the provider, too

    bool is_offered() const { return !provider.issuer.empty(); }
};

struct WebConfig {
    std::string address = "0.0.0.0";
    int port = 8080;
    http::TlsConfig tls{};
    http::Limits limits{};
    http::Timeouts timeouts{};
    std::chrono::seconds hsts{0};            // of answers by TLS; 0: not said
    std::string public_url{};                // without a trailing slash; empty: made of address and port
    std::vector<Network> trusted_proxies{};  // whose X-Forwarded-For and -Proto are believed
    RateLimit rate{};
    Duration replica_lag = 15s;  // a standby that is further behind is left alone
    Duration keep{0};            // of executions that no rule is about; 0: for ever
    bool authenticate = true;
    bool takes_passwords = true;  // false: by the provider or a token only
    std::string admin_user{};
    std::string admin_password{};
    SignOnConfig sign_on{};
    std::string version{};
    std::vector<http::StaticFile> page{};  // served below /ui/
};

/// What handlers use.
struct Services {
    pg::Pool& pool;
    pg::Signals& signals;
    store::Flows& flows;
    const store::Instance& instance;
    storage::Storage& storage;
    cluster::Membership& membership;
    pg::Pool* replica = nullptr;  // a standby of the database, for lists; null: there is none
};

class WebServer {
  public:
    WebServer(Services services, WebConfig config);
    ~WebServer();

    /// Errors  Unavailable: the address is in use
    Result<void> start();
    void stop(Duration grace);
    int port() const;
    /// See http::Server::reload_tls
    Result<void> reload_tls(const http::TlsConfig& tls);

    /// The password that this start made for the first user; empty: there was one already, or it was configured.
    const std::string& made_password() const;
    const std::string& admin_user() const;

  private:
    class Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace sluice::webserver
