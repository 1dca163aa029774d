#pragma once
#include "webserver/api.h"

namespace sluice::webserver {

/// Behind TLS the browser must not send cookies in the clear.
bool wants_secure_cookies(const Api& api, const http::Request& request);
http::Cookie session_cookie(const Api& api, const http::Request& request, std::string value);
/// Takes it from the browser.
http::Cookie no_session_cookie(const Api& api, const http::Request& request);

/// A new session of `user`, and the row of the audit that says so. Returns its cookie's value.
std::string log_in(const Api& api, const http::Request& request, const std::string& user, bool by_provider);

}  // namespace sluice::webserver
