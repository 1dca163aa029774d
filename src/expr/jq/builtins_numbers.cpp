#include <cmath>
#include <limits>

#include "expr/jq/interpreter.h"
#include "expr/jq/operators.h"
#include "expr/jq/plain_functions.h"

namespace sluice::expr::jq {
namespace {

using Values = std::span<const Value>;

double operand(const Value& value) {
    if (!is_number(value)) throw raised("{} number required", described(value));
    return number_of(value);
}

/// Functions of one number give a double, whatever they get.
template <double (*function)(double)>
Value of_one(Interpreter&, const Value& input, Values) {
    return Value(function(operand(input)));
}

template <double (*function)(double, double)>
Value of_two(Interpreter&, const Value&, Values arguments) {
    return Value(function(operand(arguments[0]), operand(arguments[1])));
}

Value pow(Interpreter&, const Value&, Values arguments) {
    return number(std::pow(operand(arguments[0]), operand(arguments[1])));
}

double exp10_of(double x) {
    return std::pow(10.0, x);
}
double round_half_up(double x) {
    return std::round(x);
}

Value infinite(Interpreter&, const Value&, Values) {
    return Value(std::numeric_limits<double>::infinity());
}
Value nan(Interpreter&, const Value&, Values) {
    return Value(std::numeric_limits<double>::quiet_NaN());
}
Value is_infinite(Interpreter&, const Value& input, Values) {
    return Value(static_cast<bool>(std::isinf(operand(input))));
}
Value is_nan(Interpreter&, const Value& input, Values) {
    return Value(static_cast<bool>(std::isnan(operand(input))));
}
Value is_normal(Interpreter&, const Value& input, Values) {
    return Value(static_cast<bool>(std::isnormal(operand(input))));
}

constexpr PlainFunction kBuiltinsNumbers[] = {
    {"floor", 0, of_one<std::floor>},
    {"ceil", 0, of_one<std::ceil>},
    {"round", 0, of_one<round_half_up>},
    {"trunc", 0, of_one<std::trunc>},
    {"fabs", 0, of_one<std::fabs>},
    {"sqrt", 0, of_one<std::sqrt>},
    {"cbrt", 0, of_one<std::cbrt>},
    {"exp", 0, of_one<std::exp>},
    {"exp2", 0, of_one<std::exp2>},
    {"exp10", 0, of_one<exp10_of>},
    {"expm1", 0, of_one<std::expm1>},
    {"log", 0, of_one<std::log>},
    {"log2", 0, of_one<std::log2>},
    {"log10", 0, of_one<std::log10>},
    {"log1p", 0, of_one<std::log1p>},
    {"sin", 0, of_one<std::sin>},
    {"cos", 0, of_one<std::cos>},
    {"tan", 0, of_one<std::tan>},
    {"asin", 0, of_one<std::asin>},
    {"acos", 0, of_one<std::acos>},
    {"atan", 0, of_one<std::atan>},
    {"sinh", 0, of_one<std::sinh>},
    {"cosh", 0, of_one<std::cosh>},
    {"tanh", 0, of_one<std::tanh>},
    {"asinh", 0, of_one<std::asinh>},
    {"acosh", 0, of_one<std::acosh>},
    {"atanh", 0, of_one<std::atanh>},
    {"pow", 2, pow},
    {"atan2", 2, of_two<std::atan2>},
    {"fmin", 2, of_two<std::fmin>},
    {"fmax", 2, of_two<std::fmax>},
    {"fmod", 2, of_two<std::fmod>},
    {"hypot", 2, of_two<std::hypot>},
    {"infinite", 0, infinite},
    {"nan", 0, nan},
    {"isinfinite", 0, is_infinite},
    {"isnan", 0, is_nan},
    {"isnormal", 0, is_normal},
};

}  // namespace

const std::span<const PlainFunction> kNumberFunctions = kBuiltinsNumbers;

}  // namespace sluice::expr::jq
