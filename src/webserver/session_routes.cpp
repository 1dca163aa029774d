// Log in and out; who am I, and my password.
#include "access/act.h"
#include "access/passwords.h"
#include "oidc/provider.h"
#include "value/json.h"
#include "webserver/api.h"
#include "webserver/parameters.h"
#include "webserver/session_cookie.h"

namespace sluice::webserver {
namespace session_routes {

using access::Authenticator;
using http::Request;

Result<http::Response> login(Api& api, const Request& request) {
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const std::string user = body->text("username");
    if (const auto identity = api.authenticator.of_password(user, body->text("password"), visitor_of(request).remote);
        !identity) {
        if (identity.error().kind != "too many") return tl::unexpected(identity.error());
        auto response =
            http::Response::json(Value{{"message", identity.error().message}}, http::Status::TooManyRequests);
        response.set("Retry-After", "5");
        return response;
    }
    auto response = http::Response::json(Value{{"username", user}});
    response.add_cookie(session_cookie(api, request, log_in(api, request, user, false)));
    return response;
}

/// `everywhere`: all sessions of the user end, wherever they were opened. Answers the address, if there is one, at
/// which a session at the provider ends.
Result<http::Response> logout(Api& api, const Request& request) {
    const auto everywhere = flag_parameter(request, "everywhere");
    if (!everywhere) return tl::unexpected(everywhere.error());
    const std::string cookie(request.cookie(Authenticator::kCookie).value_or(""));
    if (const auto identity = api.authenticator.of_session(cookie); identity && *everywhere) {
        api.services.pool.in_transaction([&](pg::Transaction& tx) { access::end_sessions(tx, identity->user); });
        api.authenticator.forget();
    }
    Map body;
    const bool by_provider = !cookie.empty() && api.authenticator.close_session(cookie);
    if (by_provider && api.config.sign_on.ends_session) {
        const std::string there = api.provider.address_of_end(api.public_url() + "/ui/login");
        if (!there.empty()) body.set("endSessionUrl", there);
    }
    auto response = http::Response::json(Value(std::move(body)));
    response.add_cookie(no_session_cookie(api, request));
    return response;
}

std::string_view how(access::Identity::By by) {
    switch (by) {
        case access::Identity::By::Password:
            return "PASSWORD";
        case access::Identity::By::Session:
            return "SESSION";
        case access::Identity::By::Token:
            return "TOKEN";
        case access::Identity::By::Nobody:
            break;
    }
    return "NOBODY";
}

/// Who asks, and what he may: the page shows and hides by it. What is refused, the server decides.
http::Response me(const Request& request) {
    const access::Identity& identity = visitor_of(request).identity;
    List grants;
    for (const access::Grants::Grant& grant : identity.grants->all()) {
        List capabilities;
        for (std::string& one : grant.what.texts()) capabilities.emplace_back(std::move(one));
        grants.push_back(Value{{"namespace", grant.name_space}, {"capabilities", Value(std::move(capabilities))}});
    }
    return http::Response::json(Value{
        {"username", identity.user}, {"authenticatedBy", how(identity.by)}, {"grants", Value(std::move(grants))}});
}

/// {"current", "new"}. All other sessions of the user end.
Result<http::Response> change_password(Api& api, const Request& request) {
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const access::Identity& identity = visitor_of(request).identity;
    if (!api.config.takes_passwords) return conflict("passwords are not taken here (admin.password-login)");
    if (identity.user.empty() || identity.by == access::Identity::By::Token)
        return refuse(ErrorCode::Forbidden, "a password is changed by whoever logged in with it");
    if (const auto right =
            api.authenticator.of_password(identity.user, body->text("current"), visitor_of(request).remote);
        !right)
        return refuse(ErrorCode::Forbidden, "the current password is wrong");
    const auto cookie = access::in_act(api.services.pool, [&](pg::Transaction& tx) -> Result<std::string> {
        const auto changed = access::change_user(tx, identity.user, {.password = body->text("new")});
        if (!changed) return tl::unexpected(changed.error());
        return identity.by == access::Identity::By::Session ? Authenticator::open_session(tx, identity.user) : "";
    });
    if (!cookie) return tl::unexpected(cookie.error());
    api.authenticator.forget();
    auto response = http::Response::empty();
    if (identity.by == access::Identity::By::Session) response.add_cookie(session_cookie(api, request, *cookie));
    return response;
}

}  // namespace session_routes

void add_session_routes(http::Router& router, Api& api) {
    using namespace session_routes;
    using http::Method;
    router.post("/api/v1/login", [&api](const Request& r) { return login(api, r); }).describe("Opens a session");
    router.post("/api/v1/logout", [&api](const Request& r) { return logout(api, r); })
        .describe("Ends a session", {"everywhere"});
    route(router, Method::Get, "/me", [](const Request& r) { return me(r); }, {"Who asks, and what he may"});
    route(router, Method::Put, "/me/password", [&api](const Request& r) { return change_password(api, r); },
          {"Changes one's password; other sessions end"});
}

}  // namespace sluice::webserver
