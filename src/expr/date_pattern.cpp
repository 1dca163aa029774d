#include "expr/date_pattern.h"

#include <algorithm>

#include "expr/failure.h"

namespace sluice::expr {
namespace {

struct Preset {
    std::string_view name;
    std::string_view pattern;
};

constexpr Preset kPresets[] = {
    {"iso", "yyyy-MM-dd'T'HH:mm:ss.SSSSSSXXX"},
    {"iso_sec", "yyyy-MM-dd'T'HH:mm:ssXXX"},
    {"sql", "yyyy-MM-dd HH:mm:ss.SSSSSS"},
    {"sql_seq", "yyyy-MM-dd HH:mm:ss"},
    {"iso_date_time", "uuuu-MM-dd'T'HH:mm[:ss\1][XXXXX]\2"},
    {"iso_zoned_date_time", "uuuu-MM-dd'T'HH:mm[:ss\1]XXXXX\2"},
    {"iso_local_date_time", "uuuu-MM-dd'T'HH:mm[:ss\1]"},
    {"iso_local_date", "uuuu-MM-dd"},
    {"iso_local_time", "HH:mm[:ss\1]"},
    {"iso_date", "uuuu-MM-dd[XXXXX]"},
    {"iso_time", "HH:mm[:ss\1][XXXXX]"},
    {"iso_offset_time", "HH:mm[:ss\1]XXXXX"},
    {"iso_instant", "uuuu-MM-dd'T'HH:mm:ss\1XXXXX"},
    {"iso_ordinal_date", "uuuu-DDD[XXXXX]"},
    {"iso_week_date", "\3-'W'\4-\5[XXXXX]"},
    {"rfc_1123_date_time", "[EEE, ]d MMM uuuu HH:mm[:ss] \6"},
};

// Reading calls itself for each '[', and tries dozens of names for each zone.
constexpr std::size_t kLongestPattern = 1000;

constexpr std::string_view kStyles[] = {"full", "long", "medium", "short"};

// How many times a letter may stand in a row; "1 4 5" for those that have forms of their own.
struct Letters {
    std::string_view letters;
    int most;
};
constexpr Letters kMostLetters[] = {
    {"uyY", 19},  {"G", 5}, {"MLQq", 5}, {"Eec", 5}, {"dhHkKmsw", 2}, {"D", 3},   {"FWa", 1}, {"S", 9},
    {"AnNg", 19}, {"V", 2}, {"v", 4},    {"z", 4},   {"Z", 5},        {"XxB", 5}, {"O", 4},
};

bool is_letter_of_alphabet(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_own_letter(char c) {
    return c >= kFractionAsNeeded && c <= kOffsetOrGmt;
}

bool allows(char letter, int count) {
    if (is_own_letter(letter)) return count == 1;
    if (letter == 'V') return count == 2;
    if (letter == 'v' || letter == 'O') return count == 1 || count == 4;
    if (letter == 'B') return count == 1 || count == 4 || count == 5;
    if (letter == 'c' && count == 2) return false;
    for (const Letters& entry : kMostLetters) {
        if (entry.letters.find(letter) != std::string_view::npos) return count <= entry.most;
    }
    return false;
}

[[noreturn]] void refuse(std::string_view pattern, std::string_view what) {
    throw failure(FailureKind::DateError, "the date format '{}' {}", pattern, what);
}

}  // namespace

DatePattern DatePattern::of(std::string_view name_or_pattern, const DateLocale& locale) {
    DatePattern out;
    out.source_ = std::string(name_or_pattern);
    for (const Preset& preset : kPresets) {
        if (preset.name != name_or_pattern) continue;
        out.parse(preset.pattern);
        out.is_instant_ = name_or_pattern == "iso_instant";
        out.is_english_ = name_or_pattern == "rfc_1123_date_time";
        out.is_lenient_ = out.is_english_ || (name_or_pattern.starts_with("iso_") && name_or_pattern != "iso_sec");
        return out;
    }
    for (std::size_t i = 0; i < std::size(kStyles); ++i) {
        if (kStyles[i] != name_or_pattern) continue;
        out.parse(DateLocale::part(locale.names.formats, i));
        return out;
    }
    if (std::any_of(name_or_pattern.begin(), name_or_pattern.end(), is_own_letter)) {
        refuse(name_or_pattern, "has a control character in it");
    }
    out.parse(name_or_pattern);
    return out;
}

void DatePattern::add_literal(std::string_view text) {
    if (!items_.empty() && items_.back().type == PatternItem::Type::Literal)
        items_.back().literal += text;
    else
        items_.push_back({.literal = std::string(text)});
}

void DatePattern::parse(std::string_view pattern) {
    if (pattern.size() > kLongestPattern) {
        throw failure(FailureKind::DateError, "a date format of {} bytes is longer than {}", pattern.size(), kLongestPattern);
    }
    int open = 0;
    for (std::size_t at = 0; at < pattern.size();) {
        const char c = pattern[at];
        if (is_letter_of_alphabet(c) || is_own_letter(c)) {
            add_field(pattern, at);
            continue;
        }
        if (c == '\'') {
            add_quoted(pattern, at);
            continue;
        }
        if (c == '[') {
            ++open;
            items_.push_back({.type = PatternItem::Type::OptionalBegin});
        } else if (c == ']') {
            if (--open < 0) refuse(pattern, "has a ']' without '['");
            items_.push_back({.type = PatternItem::Type::OptionalEnd});
        } else if (c == '{' || c == '}' || c == '#') {
            refuse(pattern, fmt::format("has the reserved character '{}'; quote it: ''{}''", c, c));
        } else {
            add_literal(pattern.substr(at, 1));
        }
        ++at;
    }
    for (; open > 0; --open) items_.push_back({.type = PatternItem::Type::OptionalEnd});
}

void DatePattern::add_field(std::string_view pattern, std::size_t& at) {
    const auto run_length = [&] {
        const std::size_t from = at;
        const char letter = pattern[at];
        while (at < pattern.size() && pattern[at] == letter) ++at;
        return static_cast<int>(at - from);
    };
    PatternItem item{.type = PatternItem::Type::Field};
    if (pattern[at] == 'p') {
        item.padded_to = run_length();
        if (at >= pattern.size() || !is_letter_of_alphabet(pattern[at]))
            refuse(pattern, "has a 'p' without a letter behind it");
    }
    item.letter = pattern[at];
    item.count = run_length();
    if (!allows(item.letter, item.count)) {
        refuse(pattern, fmt::format("has '{}', which means nothing; quote text as in yyyy-MM-dd'T'HH:mm",
                                    std::string(static_cast<std::size_t>(item.count), item.letter)));
    }
    items_.push_back(std::move(item));
}

void DatePattern::add_quoted(std::string_view pattern, std::size_t& at) {
    if (pattern.substr(at).starts_with("''")) {
        add_literal("'");
        at += 2;
        return;
    }
    std::string text;
    for (++at;; ++at) {
        if (at >= pattern.size()) refuse(pattern, "has a quote that is not closed");
        if (pattern[at] == '\'') {
            if (!pattern.substr(at).starts_with("''")) break;
            ++at;
        }
        text += pattern[at];
    }
    ++at;
    add_literal(text);
}

}  // namespace sluice::expr
