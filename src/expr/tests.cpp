#include "expr/builtin_tables.h"
#include "expr/operators.h"
#include "expr/session.h"
#include "expr/unicode.h"
#include "value/json.h"

namespace sluice::expr {

bool is_empty(const Value& value, Session& session) {
    if (value.is_null()) return true;
    if (const std::string* text = if_text(value)) return trim_left(*text).empty();
    if (value.is_list()) return value.flavour() != ListFlavour::Array && value.as_list().empty();
    const Value& all = session.forced(value);
    return all.is_map() && all.as_map().empty();
}

namespace {

Value is_defined(Call& call) {
    return Value(!call.input().is_null());
}
Value is_null(Call& call) {
    return Value(call.input().is_null());
}
Value is_empty_value(Call& call) {
    return Value(is_empty(call.input(), call.session()));
}

std::int64_t parity(Call& call) {
    if (call.input().is_null()) throw null_operand("test '{}' got null", call.name());
    if (!call.input().is_integer()) call.refuse_input("an integer");
    return call.input().as_integer() % 2;
}
Value is_even(Call& call) {
    return Value(parity(call) == 0);
}
Value is_odd(Call& call) {
    return Value(parity(call) != 0);
}

Value is_iterable(Call& call) {
    return Value(call.input().is_list());
}
Value is_map(Call& call) {
    return Value(call.input().is_map() || call.input().is_lazy());
}

/// Text after the first value is not looked at, and nothing at all is fine.
Value is_json(Call& call) {
    const std::string& text = call.text_input();
    if (trim_left(text).empty()) return Value(true);
    return Value(parse_first_json(text).has_value());
}

constexpr BuiltinRow kRows[] = {
    {"defined", "", is_defined, "Whether the name leads to a value that is not null", Accepts::Missing},
    {"null", "", is_null, "Whether the value is null", Accepts::Null},
    {"empty", "", is_empty_value, "Whether it is null, a blank text, or a list or map without entries", Accepts::Null},
    {"even", "", is_even, "Whether the integer is even", Accepts::Null},
    {"odd", "", is_odd, "Whether the integer is odd", Accepts::Null},
    {"iterable", "", is_iterable, "Whether it is a list", Accepts::Null},
    {"map", "", is_map, "Whether it is a map", Accepts::Null},
    {"json", "", is_json, "Whether the text begins with a JSON value", Accepts::Null},
};

}  // namespace

const std::span<const BuiltinRow> kTests = kRows;

}  // namespace sluice::expr
