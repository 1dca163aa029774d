#define PCRE2_CODE_UNIT_WIDTH 8
#include "expr/java_regex.h"

#include <cstring>
#include <pcre2.h>

#include "expr/failure.h"
#include "expr/session.h"
#include "expr/unicode.h"

namespace sluice::expr {
namespace {

// Attempts of one match; a pattern that backtracks without end reaches this in about a second.
constexpr std::uint32_t kMatchLimit = 4'000'000;
constexpr std::uint32_t kHeapLimitKib = 64 * 1024;

struct FreeCode {
    void operator()(pcre2_code* code) const { pcre2_code_free(code); }
};
struct FreeMatchData {
    void operator()(pcre2_match_data* data) const { pcre2_match_data_free(data); }
};
struct FreeContext {
    void operator()(pcre2_match_context* context) const { pcre2_match_context_free(context); }
};
struct FreeCompileContext {
    void operator()(pcre2_compile_context* context) const { pcre2_compile_context_free(context); }
};

std::string message_of(int error) {
    std::array<PCRE2_UCHAR, 256> text{};
    pcre2_get_error_message(error, text.data(), text.size());
    return reinterpret_cast<const char*>(text.data());
}

PCRE2_SPTR units(std::string_view text) {
    return reinterpret_cast<PCRE2_SPTR>(text.data());
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

struct JavaRegex::Compiled {
    std::unique_ptr<pcre2_code, FreeCode> code{};
    std::unique_ptr<pcre2_match_context, FreeContext> context{};
    std::uint32_t groups = 0;
};

const JavaRegex& JavaRegex::of(const std::string& pattern, Session& session) {
    return session.regex(pattern);
}

JavaRegex::JavaRegex(const std::string& pattern, Session& session) : pattern_(pattern), session_(session) {
    constexpr std::uint32_t kOptions = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
    const std::string translated = translated_regex(pattern);
    auto compiled = std::make_shared<Compiled>();
    const std::unique_ptr<pcre2_compile_context, FreeCompileContext> settings(pcre2_compile_context_create(nullptr));
    pcre2_set_newline(settings.get(), PCRE2_NEWLINE_ANY);
    pcre2_set_parens_nest_limit(settings.get(), 100);
    int error = 0;
    PCRE2_SIZE at = 0;
    compiled->code.reset(pcre2_compile(units(translated), translated.size(), kOptions, &error, &at, settings.get()));
    if (!compiled->code) {
        throw failure(FailureKind::RegexError, "the regular expression '{}' is wrong: {}", pattern, message_of(error));
    }
    compiled->context.reset(pcre2_match_context_create(nullptr));
    pcre2_set_match_limit(compiled->context.get(), kMatchLimit);
    pcre2_set_heap_limit(compiled->context.get(), kHeapLimitKib);
    pcre2_pattern_info(compiled->code.get(), PCRE2_INFO_CAPTURECOUNT, &compiled->groups);
    compiled_ = std::move(compiled);
}

std::size_t JavaRegex::group_count() const {
    return compiled_->groups;
}

std::vector<std::string> JavaRegex::group_names() const {
    std::vector<std::string> names(group_count() + 1);
    std::uint32_t count = 0;
    std::uint32_t entry_size = 0;
    PCRE2_SPTR table = nullptr;
    pcre2_pattern_info(compiled_->code.get(), PCRE2_INFO_NAMECOUNT, &count);
    pcre2_pattern_info(compiled_->code.get(), PCRE2_INFO_NAMEENTRYSIZE, &entry_size);
    pcre2_pattern_info(compiled_->code.get(), PCRE2_INFO_NAMETABLE, &table);
    for (std::uint32_t i = 0; i < count; ++i, table += entry_size) {
        // Two bytes of the number, and the name with a zero behind it
        const std::size_t number = static_cast<std::size_t>(table[0]) << 8U | table[1];
        if (number < names.size()) names[number] = reinterpret_cast<const char*>(table + 2);
    }
    return names;
}

std::optional<JavaRegex::Match> JavaRegex::run(std::string_view text, std::size_t from, Anchors anchors) const {
    session_.budget().spend(1);
    const std::unique_ptr<pcre2_match_data, FreeMatchData> data(
        pcre2_match_data_create_from_pattern(compiled_->code.get(), nullptr));
    const std::uint32_t options = anchors == Anchors::BothEnds ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0;
    const int result = pcre2_match(compiled_->code.get(), units(text), text.size(), from, options, data.get(),
                                   compiled_->context.get());
    if (result == PCRE2_ERROR_NOMATCH) return {};
    if (result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_HEAPLIMIT) {
        throw limit_reached("the regular expression '{}' takes too long on this text", pattern_);
    }
    if (result < 0) {
        throw failure(FailureKind::RegexError, "the regular expression '{}': {}", pattern_, message_of(result));
    }
    const PCRE2_SIZE* ends = pcre2_get_ovector_pointer(data.get());
    Match match(compiled_->groups + 1);
    for (std::size_t i = 0; i < static_cast<std::size_t>(result); ++i) {
        if (ends[2 * i] != PCRE2_UNSET) match[i] = Group{ends[2 * i], ends[2 * i + 1]};
    }
    return match;
}

std::optional<JavaRegex::Match> JavaRegex::find(std::string_view text, std::size_t from) const {
    return run(text, from, Anchors::None);
}

bool JavaRegex::matches_all(const std::string& text) const {
    return run(text, 0, Anchors::BothEnds).has_value();
}

void JavaRegex::each(std::string_view text, const std::function<bool(const Match&)>& visit) const {
    for (std::size_t from = 0; from <= text.size();) {
        const auto match = find(text, from);
        if (!match || !visit(*match)) return;
        const auto [begin, end] = *match->front();
        // After an empty match Java goes on one character later.
        from = end > begin ? end : end + std::max<std::size_t>(code_point_at(text, end).length, 1);
    }
}

std::string JavaRegex::replaced(const std::string& text, const std::string& replacement, bool only_first) const {
    std::string out;
    std::size_t from = 0;
    each(text, [&](const Match& match) {
        out.append(text, from, match.front()->begin - from);
        expand(out, replacement, text, match);
        from = match.front()->end;
        if (out.size() > session_.budget().limits().text_bytes) session_.budget().made_text(out.size());
        return !only_first;
    });
    return out.append(text, from, text.size() - from);
}

std::string JavaRegex::replace_all(const std::string& text, const std::string& replacement) const {
    return replaced(text, replacement, false);
}

std::string JavaRegex::replace_first(const std::string& text, const std::string& replacement) const {
    return replaced(text, replacement, true);
}

void JavaRegex::expand(std::string& out, const std::string& replacement, std::string_view text,
                       const Match& match) const {
    for (std::size_t at = 0; at < replacement.size();) {
        const char c = replacement[at];
        if (c == '\\') {
            if (++at == replacement.size()) {
                throw failure(FailureKind::RegexError, "the replacement '{}' ends with a backslash", replacement);
            }
            out += replacement[at++];
        } else if (c == '$') {
            const auto& group = match[group_number(replacement, ++at)];
            if (group) out += text.substr(group->begin, group->end - group->begin);
        } else {
            out += replacement[at++];
        }
    }
}

/// `at` is behind the dollar sign, and moves behind the reference.
std::size_t JavaRegex::group_number(const std::string& replacement, std::size_t& at) const {
    if (at < replacement.size() && replacement[at] == '{') {
        const std::size_t end = replacement.find('}', at);
        if (end == std::string::npos) {
            throw failure(FailureKind::RegexError, "the replacement '{}' has '${{' without '}}'", replacement);
        }
        const std::string name = replacement.substr(at + 1, end - at - 1);
        at = end + 1;
        return group_named(name);
    }
    if (at >= replacement.size() || !is_digit(replacement[at])) {
        throw failure(FailureKind::RegexError, "the replacement '{}' has a '$' without a group; write \\$ for the sign",
                      replacement);
    }
    auto number = static_cast<std::size_t>(replacement[at++] - '0');
    while (at < replacement.size() && is_digit(replacement[at])) {
        const std::size_t longer = number * 10 + static_cast<std::size_t>(replacement[at] - '0');
        if (longer > group_count()) break;
        number = longer;
        ++at;
    }
    if (number > group_count()) {
        throw failure(FailureKind::RegexError, "the regular expression '{}' has no group {}", pattern_, number);
    }
    return number;
}

std::size_t JavaRegex::group_named(const std::string& name) const {
    const int number = pcre2_substring_number_from_name(compiled_->code.get(), units(name.c_str()));
    if (number < 0)
        throw failure(FailureKind::RegexError, "the regular expression '{}' has no group '{}'", pattern_, name);
    return static_cast<std::size_t>(number);
}

Value split_by_regex(const std::string& text, const std::string& pattern, std::int64_t limit, Session& session) {
    List parts;
    std::size_t from = 0;
    const bool is_limited = limit > 0;
    JavaRegex::of(pattern, session).each(text, [&](const JavaRegex::Match& match) {
        if (is_limited && static_cast<std::int64_t>(parts.size()) >= limit - 1) return false;
        const auto [begin, end] = *match.front();
        const bool is_empty_at_start = from == 0 && begin == 0 && end == 0;
        if (is_empty_at_start) return true;
        parts.emplace_back(text.substr(from, begin - from));
        from = end;
        return true;
    });
    if (parts.empty()) return Value(List{Value(text)}, ListFlavour::Array);
    parts.emplace_back(text.substr(from));
    if (limit == 0) {
        while (!parts.empty() && parts.back().as_string().empty()) parts.pop_back();
    }
    session.budget().made_list(parts.size());
    return Value(std::move(parts), ListFlavour::Array);
}

std::string replaced_literally(const std::string& text, const std::string& from, const std::string& to,
                               Session& session) {
    std::string out;
    const auto check = [&] {
        if (out.size() > session.budget().limits().text_bytes) session.budget().made_text(out.size());
    };
    std::size_t at = 0;
    if (from.empty()) {  // between all characters, as in Java
        while (at < text.size()) {
            const std::size_t length = code_point_at(text, at).length;
            out.append(to).append(text, at, length);
            at += length;
            check();
        }
        return out + to;
    }
    for (std::size_t found = 0; (found = text.find(from, at)) != std::string::npos; at = found + from.size()) {
        out.append(text, at, found - at).append(to);
        check();
    }
    return out.append(text, at, text.size() - at);
}

}  // namespace sluice::expr
