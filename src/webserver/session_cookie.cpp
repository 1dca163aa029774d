#include "webserver/session_cookie.h"

#include "access/audit.h"

namespace sluice::webserver {
namespace {

http::Cookie cookie_of(const Api& api, const http::Request& request, std::string value, std::chrono::seconds age) {
    return {.name = std::string(access::Authenticator::kCookie),
            .value = std::move(value),
            .path = "/",
            .max_age = age,
            .secure = wants_secure_cookies(api, request),
            .same_site = http::SameSite::Lax};  // a link from a chat leads to a page that is logged in
}

}  // namespace

bool wants_secure_cookies(const Api& api, const http::Request& request) {
    return visitor_of(request).over_tls || api.config.public_url.starts_with("https://");
}

http::Cookie session_cookie(const Api& api, const http::Request& request, std::string value) {
    return cookie_of(api, request, std::move(value),
                     std::chrono::duration_cast<std::chrono::seconds>(access::Authenticator::kSessionLength));
}

http::Cookie no_session_cookie(const Api& api, const http::Request& request) {
    return cookie_of(api, request, "", std::chrono::seconds(0));
}

std::string log_in(const Api& api, const http::Request& request, const std::string& user, bool by_provider) {
    pg::set_actor(pg::Actor{user, "PAGE", visitor_of(request).remote, "LOGIN"});
    return api.services.pool.in_transaction([&](pg::Transaction& tx) {
        access::note(tx, "USER", "", user);
        return access::Authenticator::open_session(tx, user, by_provider);
    });
}

}  // namespace sluice::webserver
