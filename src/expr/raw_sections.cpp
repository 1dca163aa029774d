#include "expr/raw_sections.h"

#include <algorithm>
#include <optional>

#include "expr/unicode.h"

namespace sluice::expr {
namespace {

// Two noncharacters of Unicode, which no real text contains, around the body in hexadecimal digits.
constexpr std::string_view kOpen = "\xef\xb7\x90";
constexpr std::string_view kClose = "\xef\xb7\x91";

/// A marker `{%- raw -%}` of this word that begins at `at`: the byte after it, or nothing.
std::optional<std::size_t> marker_end(std::string_view text, std::size_t at, std::string_view word) {
    const auto skip = [&](auto is_wanted) {
        while (at < text.size() && is_wanted(text[at])) ++at;
    };
    const auto is_blank = [](char c) { return is_white_space(static_cast<unsigned char>(c)); };
    const auto is_dash = [](char c) { return c == '-'; };
    if (!text.substr(at).starts_with("{%")) return {};
    at += 2;
    skip(is_dash);
    skip(is_blank);
    if (!text.substr(at).starts_with(word)) return {};
    at += word.size();
    skip(is_blank);
    skip(is_dash);
    if (!text.substr(at).starts_with("%}")) return {};
    return at + 2;
}

bool is_line_break(char c) {
    return c == '\n' || c == '\r';
}

bool breaks_line(std::string_view text) {
    return text.find_first_of("\n\r") != std::string_view::npos;
}

struct Section {
    std::string_view body{};
    std::size_t end = 0;
};

/// The section whose opener begins at `at`; it must end on the same line.
std::optional<Section> section_at(std::string_view text, std::size_t at) {
    const auto body = marker_end(text, at, "raw");
    if (!body || breaks_line(text.substr(at, *body - at))) return {};
    for (std::size_t i = *body; i < text.size() && !is_line_break(text[i]); ++i) {
        if (text[i] != '{') continue;
        const auto end = marker_end(text, i, "endraw");
        if (end && !breaks_line(text.substr(i, *end - i))) return Section{text.substr(*body, i - *body), *end};
    }
    return {};
}

void append_placeholder(std::string& out, std::string_view body) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    out += kOpen;
    for (const char c : body) {
        const auto byte = static_cast<unsigned char>(c);
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 15U];
    }
    out += kClose;
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> body_of(std::string_view digits) {
    if (digits.size() % 2 != 0) return {};
    std::string body;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        const int high = hex_digit(digits[i]);
        const int low = hex_digit(digits[i + 1]);
        if (high < 0 || low < 0) return {};
        body += static_cast<char>(high * 16 + low);
    }
    return body;
}

std::string put_back(std::string_view text) {
    std::string out;
    std::size_t from = 0;
    for (std::size_t open = 0; (open = text.find(kOpen, from)) != std::string_view::npos;) {
        const std::size_t digits = open + kOpen.size();
        const std::size_t close = text.find(kClose, digits);
        const auto body = close == std::string_view::npos ? std::nullopt : body_of(text.substr(digits, close - digits));
        const std::size_t next = body ? close + kClose.size() : digits;
        out += text.substr(from, open - from);
        out += body ? *body : kOpen;
        from = next;
    }
    return out.append(text.substr(from));
}

std::string without_markers(std::string_view text) {
    std::string out;
    std::size_t from = 0;
    for (std::size_t at = 0; (at = text.find("{%", at)) != std::string_view::npos;) {
        auto end = marker_end(text, at, "raw");
        if (!end) end = marker_end(text, at, "endraw");
        if (!end) {
            at += 2;
            continue;
        }
        out += text.substr(from, at - from);
        from = at = *end;
    }
    return out.append(text.substr(from));
}

}  // namespace

bool may_have_raw(std::string_view text) {
    return text.find("{%") != std::string_view::npos && text.find("endraw") != std::string_view::npos;
}

Lifted lift_raw(std::string_view text) {
    Lifted lifted;
    std::string& out = lifted.text;
    std::size_t from = 0;
    std::size_t hopeless_until = 0;  // no section of this line ends any more: look no more, however often one opens
    for (std::size_t at = 0; (at = text.find("{%", at)) != std::string_view::npos;) {
        const auto section = at < hopeless_until ? std::nullopt : section_at(text, at);
        if (!section) {
            const bool is_open = at >= hopeless_until && marker_end(text, at, "raw").has_value();
            if (is_open) hopeless_until = std::min(text.find_first_of("\n\r", at), text.size());
            at += 2;
            continue;
        }
        out += text.substr(from, at - from);
        append_placeholder(out, section->body);
        from = at = section->end;
        lifted.ends.push_back({static_cast<std::uint32_t>(out.size()), static_cast<std::uint32_t>(at)});
    }
    out.append(text.substr(from));
    return lifted;
}

std::uint32_t Lifted::position_in_source(std::uint32_t position) const {
    const auto after = std::upper_bound(ends.begin(), ends.end(), position,
                                        [](std::uint32_t at, const End& end) { return at < end.placeholder; });
    if (after == ends.begin()) return position;
    const End& last = *std::prev(after);
    return last.section + (position - last.placeholder);
}

std::string lower_raw(std::string text) {
    if (text.find(kOpen) != std::string::npos) text = put_back(text);
    if (text.find("{%") != std::string::npos) text = without_markers(text);
    return text;
}

}  // namespace sluice::expr
