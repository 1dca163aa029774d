#include "http/uri.h"

#include "http/headers.h"

namespace sluice::http {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_unreserved(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           c == '_' || c == '~';
}

/// How many bytes the UTF-8 sequence at the start of `text` has; 0: it is none.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto continues = [&](std::size_t i) { return i < text.size() && (byte(i) & 0xC0) == 0x80; };
    const unsigned first = byte(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
    if ((first & 0xF0) == 0xE0) {
        if (!continues(1) || !continues(2)) return 0;
        const bool overlong = first == 0xE0 && byte(1) < 0xA0;
        const bool surrogate = first == 0xED && byte(1) > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (!continues(1) || !continues(2) || !continues(3)) return 0;
        const bool overlong = first == 0xF0 && byte(1) < 0x90;
        const bool too_far = first == 0xF4 && byte(1) > 0x8F;
        return overlong || too_far ? 0 : 4;
    }
    return 0;
}

}  // namespace

bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

Result<std::string> percent_decode(std::string_view text, Plus plus) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus == Plus::IsBlank) {
            out += ' ';
        } else if (text[i] != '%') {
            out += text[i];
        } else {
            const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
            const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return refuse(ErrorCode::BadRequest, "a % in the address is not followed by two hexadecimal digits");
            }
            out += static_cast<char>(high * 16 + low);
            i += 2;
        }
    }
    if (out.find('\0') != std::string::npos) return refuse(ErrorCode::BadRequest, "the address holds a NUL character");
    if (!is_utf8(out)) return refuse(ErrorCode::BadRequest, "the address is not UTF-8");
    return out;
}

std::string percent_encode(std::string_view text) {
    static constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (is_unreserved(c)) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += kDigits[byte >> 4];
            out += kDigits[byte & 15];
        }
    }
    return out;
}

Result<Query> Query::parse(std::string_view text) {
    Query query;
    while (!text.empty()) {
        const auto end = text.find('&');
        const std::string_view pair = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        auto name = percent_decode(pair.substr(0, equals), Plus::IsBlank);
        if (!name) return tl::unexpected(name.error());
        auto value = percent_decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1),
                                    Plus::IsBlank);
        if (!value) return tl::unexpected(value.error());
        query.add(std::move(*name), std::move(*value));
    }
    return query;
}

std::optional<std::string_view> Query::first(std::string_view name) const {
    for (const auto& [key, value] : entries_) {
        if (key == name) return value;
    }
    return {};
}

std::vector<std::string_view> Query::all(std::string_view name) const {
    std::vector<std::string_view> out;
    for (const auto& [key, value] : entries_) {
        if (key == name) out.push_back(value);
    }
    return out;
}

Result<Target> parse_target(std::string_view target) {
    Target out;
    if (target == "*") return Target{.path = "*"};
    target = target.substr(0, target.find('#'));
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equal_ignoring_case(target.substr(0, scheme.size()), scheme)) continue;
        target.remove_prefix(scheme.size());
        const auto end = target.find_first_of("/?");
        out.authority = target.substr(0, end);
        target = end == std::string_view::npos ? "/" : target.substr(end);
        if (out.authority.empty()) return refuse(ErrorCode::BadRequest, "the request target names no host");
        break;
    }
    const auto question = target.find('?');
    out.path = target.substr(0, question);
    if (question != std::string_view::npos) out.query = target.substr(question + 1);
    if (out.path.empty() && !out.authority.empty()) out.path = "/";
    if (!out.path.starts_with('/')) {
        return refuse(ErrorCode::BadRequest, "the request target must start with a slash or be an http address");
    }
    return out;
}

Result<std::vector<std::string>> split_path(std::string_view path) {
    std::vector<std::string> segments;
    if (path.starts_with('/')) path.remove_prefix(1);
    while (!path.empty()) {
        const auto end = path.find('/');
        auto segment = percent_decode(path.substr(0, end));
        if (!segment) return tl::unexpected(segment.error());
        if (*segment == "." || *segment == "..") {
            return refuse(ErrorCode::BadRequest, "the path must not hold '.' or '..' segments");
        }
        segments.push_back(std::move(*segment));
        path = end == std::string_view::npos ? std::string_view{} : path.substr(end + 1);
    }
    return segments;
}

}  // namespace sluice::http
