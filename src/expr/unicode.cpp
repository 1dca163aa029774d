#include "expr/unicode.h"

#include <algorithm>

#include "expr/unicode_tables.h"

namespace sluice::expr {
namespace {

bool is_in(std::span<const unicode::Range> ranges, char32_t c) {
    const auto after =
        std::upper_bound(ranges.begin(), ranges.end(), c,
                         [](char32_t value, const unicode::Range& range) { return value < range.first; });
    return after != ranges.begin() && c <= std::prev(after)->last;
}

char32_t mapped(std::span<const unicode::CaseRange> ranges, char32_t c) {
    const auto after = std::upper_bound(ranges.begin(), ranges.end(), c,
                                        [](char32_t value, const auto& range) { return value < range.first; });
    if (after == ranges.begin()) return c;
    const unicode::CaseRange& range = *std::prev(after);
    if (c > range.last || (c - range.first) % range.step != 0) return c;
    return static_cast<char32_t>(static_cast<std::int32_t>(c) + range.delta);
}

bool is_ascii_letter(char32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Where the first and last of a word's letters count: a sigma is final after a letter and before none.
bool is_final_sigma(std::string_view text, std::size_t at, char32_t before) {
    return is_letter(before) && !is_letter(code_point_at(text, at).value);
}

int utf16_weight(char32_t c) {
    // Surrogate pairs begin with units below U+E000, so they sort before U+E000 to U+FFFF.
    if (c >= 0x10000) return 1;
    return c >= 0xe000 ? 2 : 0;
}

}  // namespace

CodePoint code_point_at(std::string_view text, std::size_t at) {
    if (at >= text.size()) return {};
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned char first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
    if (length == 0 || first > 0xf4 || at + length > text.size()) return {first, 1};
    char32_t value = first & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0U) != 0x80) return {first, 1};
        value = (value << 6) | (byte(i) & 0x3fU);
    }
    return {value, length};
}

void append_utf8(std::string& out, char32_t c) {
    const auto put = [&](char32_t bits) { out += static_cast<char>(bits); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xc0 | (c >> 6));
        put(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        put(0xe0 | (c >> 12));
        put(0x80 | ((c >> 6) & 0x3f));
        put(0x80 | (c & 0x3f));
    } else {
        put(0xf0 | (c >> 18));
        put(0x80 | ((c >> 12) & 0x3f));
        put(0x80 | ((c >> 6) & 0x3f));
        put(0x80 | (c & 0x3f));
    }
}

bool is_white_space(char32_t c) {
    if (c <= 0x20) return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x1c && c <= 0x1f);
    return c == 0x1680 || (c >= 0x2000 && c <= 0x200a && c != 0x2007) || c == 0x2028 || c == 0x2029 || c == 0x205f ||
           c == 0x3000;
}

bool is_letter(char32_t c) {
    return c < 0x80 ? is_ascii_letter(c) : is_in(unicode::kLetters, c);
}

bool is_letter_or_digit(char32_t c) {
    if (c < 0x80) return is_ascii_letter(c) || (c >= '0' && c <= '9');
    return is_in(unicode::kLetters, c) || is_in(unicode::kDigits, c);
}

char32_t to_upper(char32_t c) {
    if (c < 0x80) return c >= 'a' && c <= 'z' ? c - 32 : c;
    return mapped(unicode::kUpper, c);
}

char32_t to_lower(char32_t c) {
    if (c < 0x80) return c >= 'A' && c <= 'Z' ? c + 32 : c;
    return mapped(unicode::kLower, c);
}

char32_t to_title(char32_t c) {
    if (c < 0x80) return to_upper(c);
    const auto found = std::lower_bound(unicode::kTitle.begin(), unicode::kTitle.end(), c,
                                        [](const unicode::Range& pair, char32_t value) { return pair.first < value; });
    if (found != unicode::kTitle.end() && found->first == c) return found->last;
    return to_upper(c);
}

std::string upper_case(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = code_point_at(text, at);
        const auto special =
            std::lower_bound(unicode::kUpperExpansions.begin(), unicode::kUpperExpansions.end(), point.value,
                             [](const unicode::Expansion& entry, char32_t value) { return entry.character < value; });
        const bool is_special =
            point.value >= 0x80 && special != unicode::kUpperExpansions.end() && special->character == point.value;
        if (is_special)
            out += special->text;
        else if (point.length == 1 && point.value >= 0x80)
            out += text[at];
        else
            append_utf8(out, to_upper(point.value));
        at += point.length;
    }
    return out;
}

std::string lower_case(std::string_view text) {
    constexpr char32_t kSigma = 0x3a3;
    constexpr char32_t kFinalSigma = 0x3c2;
    constexpr char32_t kDottedI = 0x130;
    std::string out;
    out.reserve(text.size());
    char32_t before = 0;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = code_point_at(text, at);
        if (point.length == 1 && point.value >= 0x80)
            out += text[at];
        else if (point.value == kSigma && is_final_sigma(text, at + point.length, before))
            append_utf8(out, kFinalSigma);
        else if (point.value == kDottedI)
            out += "i\xcc\x87";
        else
            append_utf8(out, to_lower(point.value));
        before = point.value;
        at += point.length;
    }
    return out;
}

char base_character(char32_t c) {
    const auto found =
        std::lower_bound(unicode::kBases.begin(), unicode::kBases.end(), c,
                         [](const unicode::BaseCharacter& entry, char32_t value) { return entry.character < value; });
    return found != unicode::kBases.end() && found->character == c ? found->base : '\0';
}

std::size_t utf16_length(std::string_view text) {
    std::size_t units = 0;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xc0U) != 0x80) units += byte >= 0xf0 ? 2 : 1;
    }
    return units;
}

std::size_t byte_of_utf16(std::string_view text, std::size_t unit) {
    std::size_t at = 0;
    for (std::size_t seen = 0; seen < unit && at < text.size();) {
        const CodePoint point = code_point_at(text, at);
        seen += point.value >= 0x10000 ? 2 : 1;
        at += point.length;
    }
    return at;
}

int compare_utf16(std::string_view a, std::string_view b) {
    std::size_t at = 0;
    while (at < a.size() && at < b.size() && a[at] == b[at]) ++at;
    if (at == a.size() || at == b.size()) return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
    while (at > 0 && (static_cast<unsigned char>(a[at]) & 0xc0U) == 0x80) --at;
    const char32_t left = code_point_at(a, at).value;
    const char32_t right = code_point_at(b, at).value;
    if (utf16_weight(left) != utf16_weight(right)) return utf16_weight(left) < utf16_weight(right) ? -1 : 1;
    return left < right ? -1 : left > right ? 1 : 0;
}

std::string_view trim_left(std::string_view text) {
    while (!text.empty()) {
        const CodePoint point = code_point_at(text, 0);
        if (!is_white_space(point.value)) break;
        text.remove_prefix(point.length);
    }
    return text;
}

std::string_view trim_right(std::string_view text) {
    while (!text.empty()) {
        std::size_t last = text.size() - 1;
        while (last > 0 && (static_cast<unsigned char>(text[last]) & 0xc0U) == 0x80) --last;
        if (!is_white_space(code_point_at(text, last).value)) break;
        text = text.substr(0, last);
    }
    return text;
}

}  // namespace sluice::expr
