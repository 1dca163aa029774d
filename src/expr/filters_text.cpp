#include <algorithm>

#include "expr/builtin_tables.h"
#include "expr/operators.h"
#include "expr/session.h"
#include "expr/text_forms.h"
#include "expr/text_walk.h"
#include "expr/unicode.h"

namespace sluice::expr {
namespace {

Value string(Call& call) {
    return Value(input_text(call));
}

/// A text that is exactly as long as wanted is cut too, as flows know it.
Value abbreviate(Call& call) {
    constexpr std::size_t kDots = 3;
    const std::string& text = call.text_input();
    const std::int64_t length = call.long_integer(0);
    if (length < 0) throw bad_argument("filter 'abbreviate': the length {} is negative", length);
    const auto wanted = static_cast<std::size_t>(length);
    const std::size_t present = utf16_length(text);
    if (present < wanted || present <= kDots) return call.input();
    if (wanted <= kDots) return Value(text.substr(0, byte_of_utf16(text, wanted)));
    return Value(text.substr(0, byte_of_utf16(text, wanted - kDots)) + "...");
}

std::string compared_with(Call& call) {
    return java_text_of(call.required(0), call.session());
}

void refuse_null_input(Call& call) {
    if (call.input().is_null()) throw null_operand("filter '{}' got null", call.name());
}

Value starts_with(Call& call) {
    const std::string wanted = compared_with(call);
    refuse_null_input(call);
    return Value(input_text(call).starts_with(wanted));
}

Value ends_with(Call& call) {
    const std::string wanted = compared_with(call);
    refuse_null_input(call);
    return Value(input_text(call).ends_with(wanted));
}

enum class Side { Before, After };
enum class Which { First, Last };

Value substring(Call& call, Side side, Which which) {
    const std::string text = input_text(call);
    if (!call.has(0)) throw bad_argument("filter '{}': the argument 'separator' is missing", call.name());
    if (call[0].is_null()) return side == Side::Before ? Value(text) : Value("");
    const std::string& separator = call.text(0);
    const std::size_t at = which == Which::First ? text.find(separator) : text.rfind(separator);
    if (separator.empty()) {
        const bool all = (side == Side::Before) == (which == Which::Last);
        return all ? Value(text) : Value("");
    }
    if (at == std::string::npos) return side == Side::Before ? Value(text) : Value("");
    return Value(side == Side::Before ? text.substr(0, at) : text.substr(at + separator.size()));
}

Value substring_before(Call& call) {
    return substring(call, Side::Before, Which::First);
}
Value substring_before_last(Call& call) {
    return substring(call, Side::Before, Which::Last);
}
Value substring_after(Call& call) {
    return substring(call, Side::After, Which::First);
}
Value substring_after_last(Call& call) {
    return substring(call, Side::After, Which::Last);
}

/// White space and underscores are dashes, letters lose their marks, and of the rest only ASCII letters and digits
/// stay.
Value slugify(Call& call) {
    const std::string text = input_text(call);
    std::string slug;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = code_point_at(text, at);
        const bool is_dash = is_white_space(point.value) || point.value == '_' || point.value == '-';
        const char base = point.value < 0x80 ? static_cast<char>(point.value) : base_character(point.value);
        const bool stays = base != '\0' && is_letter_or_digit(static_cast<unsigned char>(base));
        if (is_dash && !slug.ends_with('-'))
            slug += '-';
        else if (!is_dash && stays)
            slug += base;
        at += point.length;
    }
    if (slug.starts_with('-')) slug.erase(0, 1);
    if (slug.ends_with('-')) slug.pop_back();
    return Value(lower_case(slug));
}

struct Escape {
    std::string_view type;
    char character;
    std::string_view escaped;
};
constexpr Escape kEscapes[] = {{"single", '\'', "\\'"}, {"double", '"', "\\\""}, {"shell", '\'', "'\\''"}};

Value escape_char(Call& call) {
    const std::string type = lower_case(call.text(0));
    const auto found = std::find_if(std::begin(kEscapes), std::end(kEscapes),
                                    [&](const Escape& escape) { return escape.type == type; });
    if (found == std::end(kEscapes)) call.refuse(0, "'single', 'double' or 'shell'");
    const auto escaped = [&](const std::string& text) {
        std::string out;
        for (const char c : text) {
            if (c == found->character)
                out += found->escaped;
            else
                out += c;
        }
        return out;
    };
    return with_changed_texts(call.input(), escaped, call.session());
}

/// Of the line breaks that there are, the one that comes first in this list.
std::string line_break_of(const std::string& text) {
    for (const char* candidate : {"\r\n", "\n\r", "\n", "\r"}) {
        if (text.find(candidate) != std::string::npos) return candidate;
    }
    return "\n";
}

std::string indentation(Call& call) {
    const std::int64_t amount = call.long_integer(0);
    if (amount < 0) throw bad_argument("filter '{}': the amount {} is negative", call.name(), amount);
    const std::string prefix = call.text_or(1, " ");
    const auto count = static_cast<std::size_t>(amount);
    if (!prefix.empty()) {
        const std::size_t most = call.session().budget().limits().text_bytes / prefix.size();
        if (count > most) throw bad_argument("filter '{}': the amount {} is too large", call.name(), amount);
    }
    std::string out;
    for (std::size_t i = 0; i < count && !prefix.empty(); ++i) out += prefix;
    return out;
}

Value indent(Call& call) {
    const std::string text = input_text(call);
    const std::string line_break = line_break_of(text);
    return Value(replaced_literally(text, line_break, line_break + indentation(call), call.session()));
}

Value nindent(Call& call) {
    const std::string text = input_text(call);
    const std::string line_break = line_break_of(text);
    const std::string inner = line_break + indentation(call);
    if (text.empty()) return Value("");
    return Value(inner + replaced_literally(text, line_break, inner, call.session()));
}

constexpr BuiltinRow kFiltersText[] = {
    {"string", "", string, "The value as text"},
    {"abbreviate", "length", abbreviate, "Cut to this length, with three dots at the end"},
    {"startsWith", "value", starts_with, "Whether the text begins with the value", Accepts::Null},
    {"endsWith", "value", ends_with, "Whether the text ends with the value", Accepts::Null},
    {"substringBefore", "separator", substring_before, "What stands before the first separator"},
    {"substringBeforeLast", "separator", substring_before_last, "What stands before the last separator"},
    {"substringAfter", "separator", substring_after, "What stands behind the first separator"},
    {"substringAfterLast", "separator", substring_after_last, "What stands behind the last separator"},
    {"slugify", "", slugify, "In lower case, with dashes, fit for a URL"},
    {"escapeChar", "type", escape_char, "Quotes escaped: 'single', 'double' or 'shell'"},
    {"indent", "amount, prefix=' '", indent, "Every line but the first begins with so many prefixes"},
    {"nindent", "amount, prefix=' '", nindent, "A line break, and every line begins with so many prefixes"},
};

}  // namespace

const std::span<const BuiltinRow> kTextFilters = kFiltersText;

}  // namespace sluice::expr
