#include <algorithm>

#include "expr/java_regex.h"
#include "expr/jq/interpreter.h"
#include "expr/jq/operators.h"
#include "expr/jq/plain_functions.h"
#include "expr/jq/texts.h"
#include "expr/unicode.h"

namespace sluice::expr::jq {
namespace {

using Values = std::span<const Value>;

const std::string& text_of(const Value& value, std::string_view what) {
    if (!value.is_string()) throw raised("{} {}", described(value), what);
    return value.as_string();
}

Value utf8_length(Interpreter&, const Value& input, Values) {
    return number(static_cast<std::int64_t>(text_of(input, "only strings have UTF-8 byte length").size()));
}

template <class Change>
Value changed_ascii(const Value& input, std::string_view name, Change change) {
    if (!input.is_string()) throw raised("{} input must be a string", name);
    std::string out = input.as_string();
    std::transform(out.begin(), out.end(), out.begin(), change);
    return Value(std::move(out));
}

Value downcase(Interpreter&, const Value& input, Values) {
    return changed_ascii(input, "ascii_downcase",
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
}
Value upcase(Interpreter&, const Value& input, Values) {
    return changed_ascii(input, "ascii_upcase",
                         [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
}

Value explode(Interpreter& jq, const Value& input, Values) {
    const std::string& text = text_of(input, "cannot be exploded");
    List points;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = code_point_at(text, at);
        points.push_back(number(static_cast<std::int64_t>(point.value)));
        at += point.length;
    }
    jq.session().budget().made_list(points.size());
    return Value(std::move(points));
}

Value implode(Interpreter&, const Value& input, Values) {
    if (!input.is_list()) throw raised("{} cannot be imploded, must be an array of codepoints", described(input));
    std::string out;
    for (const Value& point : input.as_list()) {
        const double number = is_number(point) ? number_of(point) : -1;
        const bool is_character = number >= 0 && number <= 0x10ffff && !(number >= 0xd800 && number <= 0xdfff);
        if (!is_character) throw raised("{} is no Unicode codepoint", described(point));
        append_utf8(out, static_cast<char32_t>(number));
    }
    return Value(std::move(out));
}

Value split(Interpreter& jq, const Value& input, Values arguments) {
    if (!input.is_string() || !arguments[0].is_string()) throw raised("split input and separator must be strings");
    return split_by(input.as_string(), arguments[0].as_string(), jq.session());
}

Value starts_with(Interpreter&, const Value& input, Values arguments) {
    if (!input.is_string() || !arguments[0].is_string()) throw raised("startswith() requires string inputs");
    return Value(input.as_string().starts_with(arguments[0].as_string()));
}

Value ends_with(Interpreter&, const Value& input, Values arguments) {
    if (!input.is_string() || !arguments[0].is_string()) throw raised("endswith() requires string inputs");
    return Value(input.as_string().ends_with(arguments[0].as_string()));
}

Value without_prefix(Interpreter&, const Value& input, Values arguments) {
    const bool fits =
        input.is_string() && arguments[0].is_string() && input.as_string().starts_with(arguments[0].as_string());
    return fits ? Value(input.as_string().substr(arguments[0].as_string().size())) : input;
}

Value without_suffix(Interpreter&, const Value& input, Values arguments) {
    const bool fits =
        input.is_string() && arguments[0].is_string() && input.as_string().ends_with(arguments[0].as_string());
    return fits ? Value(input.as_string().substr(0, input.as_string().size() - arguments[0].as_string().size()))
                : input;
}

// ---- regular expressions ----

struct Flags {
    bool global = false;
    bool skips_empty = false;
    std::string inline_flags{};
};

Flags flags_of(const Value& given) {
    Flags flags;
    if (given.is_null()) return flags;
    for (const char c : text_of(given, "is not a string: flags must be one")) {
        switch (c) {
            case 'g':
                flags.global = true;
                break;
            case 'n':
                flags.skips_empty = true;
                break;
            case 'i':
            case 'x':
            case 's':
                flags.inline_flags += c;
                break;
            case 'p':
                flags.inline_flags += "s";
                break;
            case 'l':
                break;
            default:
                throw raised("{} is not a valid modifier string", given.as_string());
        }
    }
    return flags;
}

const JavaRegex& regex_of(Interpreter& jq, const Value& pattern, const Flags& flags) {
    const std::string& text = text_of(pattern, "cannot be matched, as it is not a string");
    try {
        return JavaRegex::of(flags.inline_flags.empty() ? text : "(?" + flags.inline_flags + ")" + text, jq.session());
    } catch (const Failure& problem) {
        if (problem.kind() != FailureKind::RegexError) throw;
        throw raised("{}", problem.text());
    }
}

Value position_of(std::string_view text, std::size_t byte) {
    const auto count = std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(byte),
                                     [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; });
    return number(static_cast<std::int64_t>(count));
}

/// offset, length and string of a group; null and -1 for one that took no part
Map group_of(const std::string& text, const std::optional<JavaRegex::Group>& group) {
    if (!group) return Map{{"offset", Value(-1)}, {"length", Value(0)}, {"string", Value()}};
    const std::string part = text.substr(group->begin, group->end - group->begin);
    return Map{{"offset", position_of(text, group->begin)},
               {"length", position_of(part, part.size())},
               {"string", Value(part)}};
}

Value match_value(const std::string& text, const JavaRegex::Match& match, const std::vector<std::string>& names) {
    Map out = group_of(text, match[0]);
    List captures;
    for (std::size_t i = 1; i < match.size(); ++i) {
        Map capture = group_of(text, match[i]);
        capture.set("name", names[i].empty() ? Value() : Value(names[i]));
        captures.emplace_back(std::move(capture));
    }
    out.set("captures", Value(std::move(captures)));
    return Value(std::move(out));
}

Value matches(Interpreter& jq, const Value& input, Values arguments) {
    const std::string& text = text_of(input, "cannot be matched, as it is not a string");
    const Flags flags = flags_of(arguments[1]);
    const JavaRegex& regex = regex_of(jq, arguments[0], flags);
    const std::vector<std::string> names = regex.group_names();
    List found;
    regex.each(text, [&](const JavaRegex::Match& match) {
        const bool is_empty = match[0]->begin == match[0]->end;
        if (!(is_empty && flags.skips_empty)) found.push_back(match_value(text, match, names));
        jq.session().budget().made_list(8);
        return flags.global;
    });
    return Value(std::move(found));
}

Value test(Interpreter& jq, const Value& input, Values arguments) {
    const std::string& text = text_of(input, "cannot be matched, as it is not a string");
    return Value(regex_of(jq, arguments[0], flags_of(arguments[1])).find(text).has_value());
}

/// The named groups of a match, by their names
Value captures(Interpreter&, const Value& input, Values) {
    Map out;
    const Value all = input["captures"];
    if (!all.is_list()) return Value(std::move(out));
    for (const Value& capture : all.as_list()) {
        if (capture["name"].is_string()) out.set(capture.text("name"), capture["string"]);
    }
    return Value(std::move(out));
}

constexpr PlainFunction kBuiltinsTexts[] = {
    {"utf8bytelength", 0, utf8_length},
    {"ascii_downcase", 0, downcase},
    {"ascii_upcase", 0, upcase},
    {"explode", 0, explode},
    {"implode", 0, implode},
    {"split", 1, split},
    {"startswith", 1, starts_with},
    {"endswith", 1, ends_with},
    {"ltrimstr", 1, without_prefix},
    {"rtrimstr", 1, without_suffix},
    {"_match", 2, matches},
    {"_test", 2, test},
    {"_captures", 0, captures},
};

}  // namespace

const std::span<const PlainFunction> kTextFunctions = kBuiltinsTexts;

}  // namespace sluice::expr::jq
