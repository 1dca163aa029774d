#include "expr/builtin_tables.h"
#include "expr/operators.h"
#include "expr/session.h"

namespace sluice::expr {
namespace {

/// The greatest or least of all arguments that are not null; of equal ones the first.
Value extreme(Call& call, Operator better) {
    Value best;
    for (std::size_t i = 0; i < call.count(); ++i) {
        const Value& value = call[i];
        if (value.is_null()) continue;
        if (call.count() > 1 && !is_any_number(value)) {
            throw type_error("function '{}' expects numbers only", call.name());
        }
        if (best.is_null() || compares(better, value, best)) best = value;
    }
    return best;
}

Value max(Call& call) {
    return extreme(call, Operator::Greater);
}
Value min(Call& call) {
    return extreme(call, Operator::Less);
}

Value range(Call& call) {
    const Value increment = call[2].is_null() ? Value(std::int64_t{1}) : call[2];
    return range(call.required(0), call.required(1), increment, call.session());
}

constexpr BuiltinRow kFunctionsValues[] = {
    {"max", kAnyArguments, max, "The greatest of the numbers"},
    {"min", kAnyArguments, min, "The least of the numbers"},
    {"range", "start, end, increment=1", range, "The integers, or characters, from start to end"},
};

}  // namespace

const std::span<const BuiltinRow> kValueFunctions = kFunctionsValues;

}  // namespace sluice::expr
