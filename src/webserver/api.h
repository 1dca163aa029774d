#pragma once
#include "http/http.h"
#include "webserver/starter.h"
#include "webserver/webserver.h"

namespace sluice::webserver {

class Authenticator;
class Followers;

/// What the files of this folder share. Each adds its routes to the router.
struct Api {
    Services services;
    const WebConfig& config;
    Starter& starter;
    Followers& followers;
    Authenticator& authenticator;

    /// "http://host:8080" or what was configured
    std::string public_url() const;
};

/// A pattern below /api/v1: with a tenant, and without one (R1 of the API: the tenant is main).
/// `add` gets each of the two full patterns.
void for_both_roots(const std::string& pattern, const std::function<void(std::string full)>& add);

/// Adds a pooled handler under both roots.
template <class F>
void route(http::Router& router, http::Method method, const std::string& pattern, F handler) {
    for_both_roots(pattern, [&](std::string full) { router.add(method, std::move(full), handler); });
}

void add_flow_routes(http::Router& router, Api& api);
void add_execution_routes(http::Router& router, Api& api);
void add_webhook_routes(http::Router& router, Api& api);
void add_misc_routes(http::Router& router, Api& api);

/// Who sent the request, for audit and labels; empty: nobody was asked
std::string user_of(const http::Request& request);

}  // namespace sluice::webserver
