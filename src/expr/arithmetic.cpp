#include <charconv>
#include <cmath>

#include "expr/failure.h"
#include "expr/operators.h"
#include "expr/own_values.h"
#include "expr/session.h"
#include "expr/text_forms.h"
#include "value/extension.h"

namespace sluice::expr {
namespace {

/// The type that both sides are converted to: that of the first of these that either side has.
enum class NumberType { Decimal, Double, Float, Long, Int };

NumberType type_of(const Value& value) {
    switch (value.kind()) {
        case Kind::Double:
            return NumberType::Double;
        case Kind::Float:
            return NumberType::Float;
        case Kind::Long:
            return NumberType::Long;
        default:
            return if_a<BigDecimal>(value) != nullptr ? NumberType::Decimal : NumberType::Int;
    }
}

std::string_view symbol_of(Operator op) {
    switch (op) {
        case Operator::Plus:
            return "+";
        case Operator::Minus:
            return "-";
        case Operator::Multiply:
            return "*";
        case Operator::Divide:
            return "/";
        default:
            return "%";
    }
}

[[noreturn]] void refuse_operands(Operator op, const Value& left, const Value& right) {
    throw type_error("'{}' expects numbers, not {} and {}", symbol_of(op), type_name(left), type_name(right));
}

[[noreturn]] void refuse_zero(Operator op) {
    throw failure(FailureKind::DivisionByZero, "'{}' by zero", symbol_of(op));
}

/// The low 64 bits of a big integer.
std::uint64_t low_bits(const std::string& digits) {
    const bool negative = digits.front() == '-';
    std::uint64_t bits = 0;
    for (const char c : digits) {
        if (c != '-') bits = bits * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return negative ? 0 - bits : bits;
}

std::uint64_t bits_of(const Value& value) {
    if (const auto* big = if_a<BigInteger>(value)) return low_bits(big->digits());
    return static_cast<std::uint64_t>(value.as_integer());
}

/// Of signed integers that wrap around, in the width of `Signed`.
template <class Signed>
std::int64_t wrapping(Operator op, std::uint64_t left_bits, std::uint64_t right_bits) {
    using Unsigned = std::make_unsigned_t<Signed>;
    const auto a = static_cast<Unsigned>(left_bits);
    const auto b = static_cast<Unsigned>(right_bits);
    switch (op) {
        case Operator::Plus:
            return static_cast<Signed>(static_cast<Unsigned>(a + b));
        case Operator::Minus:
            return static_cast<Signed>(static_cast<Unsigned>(a - b));
        case Operator::Multiply:
            return static_cast<Signed>(static_cast<Unsigned>(a * b));
        default:
            break;
    }
    const auto signed_a = static_cast<Signed>(a);
    const auto signed_b = static_cast<Signed>(b);
    if (signed_b == 0) refuse_zero(op);
    const bool is_division = op == Operator::Divide;
    if (signed_b == -1) return is_division ? static_cast<Signed>(static_cast<Unsigned>(0 - a)) : 0;
    return is_division ? signed_a / signed_b : signed_a % signed_b;
}

template <class Number>
Number floating(Operator op, Number a, Number b) {
    switch (op) {
        case Operator::Plus:
            return a + b;
        case Operator::Minus:
            return a - b;
        case Operator::Multiply:
            return a * b;
        case Operator::Divide:
            return a / b;
        default:
            return std::fmod(a, b);
    }
}

Value decimal(Operator op, const Value& left, const Value& right) {
    const double a = as_number(left);
    const double b = as_number(right);
    if (!std::isfinite(a) || !std::isfinite(b)) refuse_operands(op, left, right);
    const Decimal x = Decimal::shortest(a);
    const Decimal y = Decimal::shortest(b);
    const bool divides = op == Operator::Divide || op == Operator::Modulo;
    if (divides && y.is_zero()) refuse_zero(op);
    switch (op) {
        case Operator::Plus:
            return make_value<BigDecimal>(x.plus(y));
        case Operator::Minus:
            return make_value<BigDecimal>(x.minus(y));
        case Operator::Multiply:
            return make_value<BigDecimal>(x.times(y));
        case Operator::Divide:
            return make_value<BigDecimal>(x.divided_by(y));
        default:
            return make_value<BigDecimal>(x.remainder(y));
    }
}

Value of_numbers(Operator op, const Value& left, const Value& right) {
    switch (std::min(type_of(left), type_of(right))) {
        case NumberType::Decimal:
            return decimal(op, left, right);
        case NumberType::Double:
            return Value(floating(op, as_number(left), as_number(right)));
        case NumberType::Float:
            return Value(floating(op, static_cast<float>(as_number(left)), static_cast<float>(as_number(right))));
        case NumberType::Long:
            return Value(wrapping<std::int64_t>(op, bits_of(left), bits_of(right)));
        case NumberType::Int:
            return Value(wrapping<std::int32_t>(op, bits_of(left), bits_of(right)));
    }
    return {};
}

/// A text that - * / % read as a number; anything else as it is.
Value read_as_number(const Value& value) {
    const std::string* text = if_text(value);
    if (text == nullptr) return value;
    const char* end = text->data() + text->size();
    const char* begin = text->data() + (text->starts_with('+') ? 1 : 0);
    if (text->find_first_of(".eE") == std::string::npos) {
        std::int64_t number = 0;
        const auto [stop, failed] = std::from_chars(begin, end, number);
        return failed == std::errc{} && stop == end ? Value(number) : value;
    }
    double number = 0;
    const auto [stop, failed] = std::from_chars(begin, end, number);
    return failed == std::errc{} && stop == end ? Value(number) : value;
}

Value appended(const Value& list, const Value& more, Session& session) {
    List items = list.as_list();
    if (const List* others = more.if_list())
        items.insert(items.end(), others->begin(), others->end());
    else
        items.push_back(more);
    session.budget().made_list(items.size());
    return Value(std::move(items));
}

/// Without the first item that equals `less`; without all that it contains when it is a collection.
Value removed(const Value& list, const Value& less, Session& session) {
    List items = list.as_list();
    const List* others = less.if_list();
    const auto is_one = [&](const Value& item) {
        if (others == nullptr) return boxed_equal(item, less, session);
        return std::any_of(others->begin(), others->end(),
                           [&](const Value& other) { return boxed_equal(item, other, session); });
    };
    if (others == nullptr) {
        const auto found = std::find_if(items.begin(), items.end(), is_one);
        if (found != items.end()) items.erase(found);
    } else {
        items.erase(std::remove_if(items.begin(), items.end(), is_one), items.end());
    }
    return Value(std::move(items));
}

}  // namespace

bool is_any_number(const Value& value) {
    return value.is_number() || if_a<BigDecimal>(value) != nullptr || if_a<BigInteger>(value) != nullptr;
}

double as_number(const Value& value) {
    if (const auto* decimal = if_a<BigDecimal>(value)) return decimal->number().to_double();
    if (const auto* big = if_a<BigInteger>(value)) return std::strtod(big->digits().c_str(), nullptr);
    return value.as_double();
}

std::int64_t cut_to_integer(const Value& value) {
    if (value.is_integer()) return value.as_integer();
    if (const auto* big = if_a<BigInteger>(value)) return static_cast<std::int64_t>(low_bits(big->digits()));
    const double number = as_number(value);
    if (std::isnan(number)) return 0;
    if (number >= 9.2e18) return INT64_MAX;
    if (number <= -9.2e18) return INT64_MIN;
    return static_cast<std::int64_t>(number);
}

Value arithmetic(Operator op, const Value& left, const Value& right, Session& session) {
    if (left.is_list() && op == Operator::Plus) return appended(left, right, session);
    if (left.is_list() && op == Operator::Minus) return removed(left, right, session);
    if (op == Operator::Plus) {
        if (if_text(left) != nullptr || if_text(right) != nullptr) {
            std::string out;
            append_java_text(out, left, session);
            append_java_text(out, right, session);
            session.budget().made_text(out.size());
            return Value(std::move(out));
        }
        if (!is_any_number(left) || !is_any_number(right)) refuse_operands(op, left, right);
        return of_numbers(op, left, right);
    }
    const Value a = read_as_number(left);
    const Value b = read_as_number(right);
    if (!is_any_number(a) || !is_any_number(b)) refuse_operands(op, left, right);
    return of_numbers(op, a, b);
}

Value negated(const Value& number, Session& session) {
    if (!is_any_number(number)) throw type_error("'-' expects a number, not {}", type_name(number));
    return arithmetic(Operator::Multiply, Value(std::int64_t{-1}), number, session);
}

}  // namespace sluice::expr
