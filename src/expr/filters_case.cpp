#include "expr/builtin_tables.h"
#include "expr/session.h"
#include "expr/text_forms.h"
#include "expr/unicode.h"

namespace sluice::expr {
namespace {

Value upper(Call& call) {
    return Value(upper_case(input_text(call)));
}
Value lower(Call& call) {
    return Value(lower_case(input_text(call)));
}

/// The first characters of words, which white space separates, become title case; `words` at most.
std::string with_titles(const std::string& text, std::size_t words) {
    std::string out;
    bool at_start = true;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = code_point_at(text, at);
        const bool is_blank = is_white_space(point.value);
        const bool changes = at_start && !is_blank && words > 0 && (point.length > 1 || point.value < 0x80);
        if (changes)
            append_utf8(out, to_title(point.value));
        else
            out.append(text, at, point.length);
        if (changes) --words;
        at_start = is_blank;
        at += point.length;
    }
    return out;
}

Value title(Call& call) {
    return Value(with_titles(call.text_input(), std::string::npos));
}
Value capitalize(Call& call) {
    return Value(with_titles(call.text_input(), 1));
}

/// Everything up to the blank goes, and nothing beyond: a no-break space stays.
Value trim(Call& call) {
    std::string_view text = call.text_input();
    const auto goes = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
    while (!text.empty() && goes(text.front())) text.remove_prefix(1);
    while (!text.empty() && goes(text.back())) text.remove_suffix(1);
    return Value(text);
}

constexpr BuiltinRow kFiltersCase[] = {
    {"upper", "", upper, "The text in upper case"},
    {"lower", "", lower, "The text in lower case"},
    {"title", "", title, "The first letter of each word in upper case"},
    {"capitalize", "", capitalize, "The first letter in upper case"},
    {"trim", "", trim, "Without white space at both ends"},
};

}  // namespace

const std::span<const BuiltinRow> kCaseFilters = kFiltersCase;

}  // namespace sluice::expr
