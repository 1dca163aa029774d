#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"

namespace sluice::http {

enum class SameSite { Lax, Strict, None };

/// A cookie to set. Name and value are sent as they are: no blanks, quotes, commas, semicolons or controls.
struct Cookie {
    std::string name;
    std::string value;
    std::string path = "/";
    std::optional<std::chrono::seconds> max_age{};  // empty: until the browser is closed; 0 deletes it
    bool http_only = true;
    bool secure = false;
    SameSite same_site = SameSite::Lax;
};

/// The value of a Set-Cookie header.
/// Errors  BugError: a name or value with characters that would change its meaning
std::string to_header(const Cookie& cookie);

/// The pairs of a Cookie header; malformed ones are left out.
std::vector<std::pair<std::string_view, std::string_view>> parse_cookies(std::string_view header);

}  // namespace sluice::http
