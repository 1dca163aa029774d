// Log-in by an OpenID provider: there, and back again.
#include "access/act.h"
#include "access/passwords.h"
#include "access/sign_on.h"
#include "oidc/provider.h"
#include "webserver/api.h"
#include "webserver/parameters.h"
#include "webserver/seats.h"
#include "webserver/session_cookie.h"

namespace sluice::webserver {
namespace sign_on_routes {

using http::Request;

const Logger kLog("sign_on");
constexpr const char* kPath = "/api/v1/login/oidc";
constexpr const char* kCookie = "SLUICE_SIGN_ON";
constexpr std::size_t kSecretBytes = 32;

/// The provider may be slow.
constexpr std::size_t kMostAtOnce = 4;
constexpr std::size_t kMostOfOneAddress = 2;

http::Cookie secret_cookie(const Api& api, const Request& request, std::string secret, std::chrono::seconds age) {
    return {.name = kCookie,
            .value = std::move(secret),
            .path = kPath,
            .max_age = age,
            .secure = wants_secure_cookies(api, request),
            .same_site = http::SameSite::Lax};  // the way back begins at the provider's site
}

/// What the browser keeps: the one it has, so that two tabs can log in, or a new one.
std::string secret_of(const Request& request) {
    const std::string kept(request.cookie(kCookie).value_or(""));
    return kept.size() == 2 * kSecretBytes ? kept : access::random_hex(kSecretBytes);
}

std::string redirect_uri(const Api& api) {
    return api.public_url() + kPath + "/callback";
}

/// The word by which the page explains a refusal; the whole of it is in the log.
std::string word_for(const Error& error) {
    if (error.code == ErrorCode::Unavailable) return "away";
    if (error.code == ErrorCode::Invalid) return "again";
    if (error.kind == "disabled" || error.kind == "denied") return error.kind;
    return error.code == ErrorCode::Forbidden ? "unknown" : "refused";
}

http::Response back_to_log_in(const Request& request, const Error& error) {
    kLog.warn("sign_on.refused",
              {{"reason", error.message}, {"remote", visitor_of(request).remote}, {"request_id", request.id}});
    return http::Response::redirect("/ui/login?refused=" + word_for(error));
}

Error busy() {
    return {ErrorCode::Unavailable, "too many people log in at this moment", {}, {}, ""};
}

Result<http::Response> begin(Api& api, Seats& seats, const Request& request) {
    if (!api.config.sign_on.is_offered())
        return not_found("Not Found: no log-in by a provider is set up (oidc.issuer)");
    const Seat seat(seats, visitor_of(request).remote);
    if (!seat.taken()) return back_to_log_in(request, busy());
    const std::string secret = secret_of(request);
    const auto attempt = oidc::Attempt::begin(secret, text_parameter(request, "from"), api.services.pool.clock().now());
    const auto address = api.provider.address_for(attempt, redirect_uri(api));
    if (!address) return back_to_log_in(request, address.error());
    auto response = http::Response::redirect(*address);
    response.add_cookie(secret_cookie(api, request, secret, oidc::Attempt::kLongest));
    return response;
}

access::SignOn sign_on_of(const SignOnConfig& config, const oidc::Person& person) {
    access::SignOn out{.issuer = config.provider.issuer,
                       .subject = person.subject,
                       .name = person.name,
                       .owns_name = person.owns_name,
                       .full_name = person.full_name,
                       .may_create = config.creates_users,
                       .may_link = config.links_users,
                       .default_role = config.default_role};
    for (const auto& [theirs, ours] : config.groups) {
        out.followed_groups.push_back(ours);
        if (std::find(person.groups.begin(), person.groups.end(), theirs) != person.groups.end())
            out.groups.push_back(ours);
    }
    return out;
}

/// The name of the user who is in now.
Result<std::string> sign_on(Api& api, const Request& request, const oidc::Person& person) {
    pg::set_actor(pg::Actor{person.name, "PAGE", visitor_of(request).remote, "LOGIN"});
    const auto done = access::in_act(api.services.pool, [&](pg::Transaction& tx) {
        return access::sign_on(tx, sign_on_of(api.config.sign_on, person));
    });
    if (!done) return tl::unexpected(done.error());
    if (!done->missing_groups.empty())
        kLog.warn("sign_on.no_such_groups",
                  {{"groups", fmt::format("{}", fmt::join(done->missing_groups, " "))}, {"user", done->username}});
    api.authenticator.forget();  // groups may have changed
    return done->username;
}

/// Who is refused may try again as often as with wrong passwords.
Result<std::string> user_of(Api& api, Seats& seats, const Request& request, const oidc::Attempt& attempt,
                            Timestamp now) {
    if (const std::string said = text_parameter(request, "error"); !said.empty())
        return tl::unexpected(
            Error{ErrorCode::Unauthorized,
                  fmt::format("the provider said {} {}", said, text_parameter(request, "error_description")),
                  {},
                  {},
                  "denied"});
    const std::string code = text_parameter(request, "code");
    if (code.empty()) return refuse(ErrorCode::Unauthorized, "the provider sent no code");
    const std::string& remote = visitor_of(request).remote;
    const Seat seat(seats, remote);
    if (!seat.taken() || !api.authenticator.is_patient_with(remote)) return tl::unexpected(busy());
    const auto person = api.provider.redeem(code, attempt, redirect_uri(api), now);
    if (!person && person.error().code == ErrorCode::Unauthorized) api.authenticator.note_failure(remote);
    if (!person) return tl::unexpected(person.error());
    return sign_on(api, request, *person);
}

Result<http::Response> finish(Api& api, Seats& seats, const Request& request) {
    if (!api.config.sign_on.is_offered())
        return not_found("Not Found: no log-in by a provider is set up (oidc.issuer)");
    const std::string secret(request.cookie(kCookie).value_or(""));
    const Timestamp now = api.services.pool.clock().now();
    const auto attempt = oidc::Attempt::resume(secret, text_parameter(request, "state"), now);
    if (!attempt) return back_to_log_in(request, attempt.error());
    const auto user = user_of(api, seats, request, *attempt, now);
    if (!user) return back_to_log_in(request, user.error());
    auto response = http::Response::redirect(attempt->return_to());
    response.add_cookie(session_cookie(api, request, log_in(api, request, *user, true)));
    response.add_cookie(secret_cookie(api, request, "", std::chrono::seconds(0)));
    return response;
}

/// What the page's form for logging in must know.
http::Response ways_in(const Api& api) {
    Map out;
    out.set("isBasicAuthInitialized", true);
    out.set("passwords", api.config.takes_passwords);
    if (api.config.sign_on.is_offered()) out.set("signOn", Value{{"url", kPath}, {"label", api.config.sign_on.label}});
    return http::Response::json(Value(std::move(out)));
}

}  // namespace sign_on_routes

void add_sign_on_routes(http::Router& router, Api& api) {
    using namespace sign_on_routes;
    const auto seats = std::make_shared<Seats>(kMostAtOnce, kMostOfOneAddress);
    router.get("/api/v1/configs/login", [&api](const Request&) { return ways_in(api); }).run(http::Runs::Inline);
    router.get(kPath, [&api, seats](const Request& r) { return begin(api, *seats, r); })
        .describe("Sends the browser to the OpenID provider", {"from"});
    router.get(std::string(kPath) + "/callback", [&api, seats](const Request& r) { return finish(api, *seats, r); })
        .describe("The way back from there", {"code", "state", "error"});
}

}  // namespace sluice::webserver
