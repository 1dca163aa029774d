#include "http/cookies.h"

#include "base/error.h"
#include "http/headers.h"

namespace sluice::http {
namespace {

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return c > 0x20 && c < 0x7F && std::string_view("\",;\\").find(c) == std::string_view::npos;
    });
}

std::string_view to_text(SameSite same_site) {
    switch (same_site) {
        case SameSite::Lax:
            return "Lax";
        case SameSite::Strict:
            return "Strict";
        case SameSite::None:
            return "None";
    }
    return "Lax";
}

}  // namespace

std::string to_header(const Cookie& cookie) {
    const bool name_is_plain =
        !cookie.name.empty() && is_plain(cookie.name) && cookie.name.find('=') == std::string::npos;
    ensure(name_is_plain, "'{}' cannot be the name of a cookie", cookie.name);
    ensure(is_plain(cookie.value), "the value of cookie {} has characters that must be encoded", cookie.name);
    ensure(is_plain(cookie.path), "the path of cookie {} has characters that must be encoded", cookie.name);
    std::string out = cookie.name + "=" + cookie.value;
    if (!cookie.path.empty()) out += "; Path=" + cookie.path;
    if (cookie.max_age) out += fmt::format("; Max-Age={}", cookie.max_age->count());
    if (cookie.http_only) out += "; HttpOnly";
    if (cookie.secure) out += "; Secure";
    out += "; SameSite=";
    out += to_text(cookie.same_site);
    return out;
}

std::vector<std::pair<std::string_view, std::string_view>> parse_cookies(std::string_view header) {
    std::vector<std::pair<std::string_view, std::string_view>> out;
    while (!header.empty()) {
        const auto end = header.find(';');
        const std::string_view pair = trimmed(header.substr(0, end));
        header = end == std::string_view::npos ? std::string_view{} : header.substr(end + 1);
        const auto equals = pair.find('=');
        if (equals == std::string_view::npos || equals == 0) continue;
        std::string_view value = pair.substr(equals + 1);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        out.emplace_back(pair.substr(0, equals), value);
    }
    return out;
}

}  // namespace sluice::http
