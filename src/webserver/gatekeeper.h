#pragma once
#include "access/authenticator.h"
#include "store/find_executions.h"
#include "webserver/access_table.h"
#include "webserver/api.h"

namespace sluice::webserver {

/// Who is let in: asks who it is, and whether he may use the route where he wants to.
///
/// Threads  any that may wait for the database
class Gatekeeper {
  public:
    Gatekeeper(pg::Pool& pool, access::Authenticator& authenticator, const WebConfig& config)
        : pool_(pool),
          authenticator_(authenticator),
          public_url_(config.public_url),
          proxies_(config.trusted_proxies),
          limiter_(config.rate) {}

    void set_rules(AccessRules rules) { rules_ = std::make_unique<const AccessRules>(std::move(rules)); }
    const AccessRules& rules() const { return *rules_; }

    /// A guard of the router. A response: nobody comes in.
    std::optional<http::Response> check(http::Request& request);
    /// What whoever sent a request that was let in may do now. Empty: he would not be let in again
    std::optional<std::string> rights_now(http::Request request);
    /// A prologue of the router: the handler's transactions say on whose behalf they act.
    static void say_actor(const http::Request& request);

  private:
    Result<access::Identity> identity_of(const http::Request& request, const AccessRule& rule);
    Result<void> hold_rule(http::Request& request, const AccessRule& rule, Visitor& visitor);
    Result<void> hold_origin(const http::Request& request, const access::Identity& identity) const;
    std::optional<http::Response> hold_rate(const http::Request& request, const Visitor& visitor);
    std::optional<std::string> namespace_of(const std::string& execution_id);

    pg::Pool& pool_;
    access::Authenticator& authenticator_;
    const std::string public_url_;
    const TrustedProxies proxies_;
    RateLimiter limiter_;
    std::unique_ptr<const AccessRules> rules_{};
    Guarded<std::unordered_map<std::string, std::string>> namespaces_{};  // of executions, which never change theirs
};

/// A text that differs when what somebody may do differs.
std::string rights_of(const access::Identity& identity);

}  // namespace sluice::webserver
