#include <cmath>

#include "expr/builtin_tables.h"
#include "expr/number_format.h"
#include "expr/number_text.h"
#include "expr/operators.h"
#include "expr/session.h"
#include "value/extension.h"

namespace sluice::expr {
namespace {

Value absolute(Call& call) {
    const Value& number = call.input();
    if (number.is_null()) throw null_operand("filter 'abs' got null");
    if (const auto* decimal = if_a<BigDecimal>(number)) return make_value<BigDecimal>(decimal->number().absolute());
    if (const auto* big = if_a<BigInteger>(number)) {
        return big->digits().front() == '-' ? big_integer(big->digits().substr(1)) : number;
    }
    switch (number.kind()) {
        case Kind::Int:
            return Value(number.as_integer() < 0 ? static_cast<std::int32_t>(-number.as_integer())
                                                 : static_cast<std::int32_t>(number.as_integer()));
        case Kind::Long: {  // the least one has no counterpart, and stays
            const bool turns = number.as_integer() < 0 && number.as_integer() != INT64_MIN;
            return turns ? Value(-number.as_integer()) : number;
        }
        case Kind::Float:
            return Value(std::fabs(static_cast<float>(number.as_double())));
        case Kind::Double:
            return Value(std::fabs(number.as_double()));
        default:
            call.refuse_input("a number");
    }
}

Value number(Call& call) {
    return number_from_text(call.text_input(), call.text_or(0, ""));
}

Value number_format(Call& call) {
    const std::string pattern = call.text_or(0, "#,##0.###");
    if (!is_any_number(call.input())) call.refuse_input("a number");
    return Value(formatted_number(call.input(), pattern));
}

constexpr BuiltinRow kFiltersNumbers[] = {
    {"abs", "", absolute, "The number without its sign", Accepts::Null},
    {"number", "type", number, "The number in a text; type is INT, LONG, FLOAT, DOUBLE, BIGDECIMAL or BIGINTEGER"},
    {"numberFormat", "format", number_format, "The number written by a pattern such as #,##0.00"},
};

}  // namespace

const std::span<const BuiltinRow> kNumberFilters = kFiltersNumbers;

}  // namespace sluice::expr
