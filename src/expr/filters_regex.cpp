#include "expr/builtin_tables.h"
#include "expr/java_regex.h"
#include "expr/session.h"
#include "expr/text_forms.h"
#include "expr/text_walk.h"

namespace sluice::expr {
namespace {

/// The pairs are applied one after the other, in the order of the map, each to what the one before has left.
Value replace(Call& call) {
    Session& session = call.session();
    const Value& pairs = session.forced(call.required(0));
    if (!pairs.is_map()) call.refuse(0, "a map of what to replace by what");
    const bool is_regex = call.flag_or(1, false);
    const auto replaced = [&](const std::string& text) {
        std::string out = text;
        for (const auto& [from, to] : pairs.as_map()) {
            if (to.is_null()) throw null_operand("filter 'replace': '{}' is to be replaced by null", from);
            const std::string by = java_text_of(to, session);
            out = is_regex ? JavaRegex::of(from, session).replace_all(out, by)
                           : replaced_literally(out, from, by, session);
        }
        return out;
    };
    return with_changed_texts(call.input(), replaced, session);
}

Value regex_match(Call& call) {
    const std::string& pattern = call.text(0);
    if (call.input().is_null()) return Value(false);
    return Value(JavaRegex::of(pattern, call.session()).find(input_text(call)).has_value());
}

Value regex_replace(Call& call) {
    const std::string& pattern = call.text(0);
    const std::string& replacement = call.text(1);
    return Value(JavaRegex::of(pattern, call.session()).replace_all(input_text(call), replacement));
}

Value regex_extract(Call& call) {
    const JavaRegex& regex = JavaRegex::of(call.text(0), call.session());
    const std::int64_t group = call.integer_or(1, 0);
    if (group < 0 || static_cast<std::size_t>(group) > regex.group_count()) {
        throw bad_argument("filter 'regexExtract': the regular expression has no group {}", group);
    }
    const std::string text = input_text(call);
    const auto match = regex.find(text);
    if (!match || !(*match)[static_cast<std::size_t>(group)]) return {};
    const auto [begin, end] = *(*match)[static_cast<std::size_t>(group)];
    return Value(text.substr(begin, end - begin));
}

Value split(Call& call) {
    const std::string& text = call.text_input();
    return split_by_regex(text, call.text(0), call.integer_or(1, 0), call.session());
}

constexpr BuiltinRow kFiltersRegex[] = {
    {"replace", "replace_pairs, regexp=false", replace,
     "Replaces texts, or regular expressions, by others: {'a': 'b'}"},
    {"regexMatch", "regex", regex_match, "Whether the regular expression is found in the text", Accepts::Null},
    {"regexReplace", "regex, replacement", regex_replace,
     "Replaces all that the regular expression finds; $1 is a group"},
    {"regexExtract", "regex, group=0", regex_extract, "The first match of the regular expression, or a group of it"},
    {"split", "delimiter, limit", split, "Splits the text at a regular expression"},
};

}  // namespace

const std::span<const BuiltinRow> kRegexFilters = kFiltersRegex;

}  // namespace sluice::expr
