#pragma once
#include <optional>

#include "expr/ast.h"
#include "value/decimal.h"
#include "value/value.h"

namespace sluice::expr {

class Session;

// ---- arithmetic.cpp ----

/// + - * / %, where neither side is missing
/// Throws  Failure: a type error, or division by zero
Value arithmetic(Operator op, const Value& left, const Value& right, Session& session);
Value negated(const Value& number, Session& session);

/// Also big integers and decimals
bool is_any_number(const Value& value);
/// Wants any number.
double as_number(const Value& value);
/// Wants any number; what is behind the point is cut, and what is beyond 64 bits wraps.
std::int64_t cut_to_integer(const Value& value);

// ---- comparisons.cpp ----

/// ==: numbers by value whatever their types, constants also by their names; the rest as boxed_equal
bool loosely_equal(const Value& a, const Value& b, Session& session);
/// As Java compares boxed values: the types must be the same. 1 and 1.0 differ, also inside of lists and maps.
bool boxed_equal(const Value& a, const Value& b, Session& session);
/// < > <= >=
bool compares(Operator op, const Value& left, const Value& right);
/// The order of sort: negative, zero or positive
/// Throws  Failure: a type error when the two are not of one type that has an order, null operand
int natural_order(const Value& a, const Value& b);

bool contains(const Value& whole, const Value& part, Session& session);
bool is_in(const Value& part, const Value& whole, Session& session);

/// Whether a condition holds; `what` names it in the message. Null is a null operand, lists and the like a type error.
bool truth(const Value& value, std::string_view what);

/// The Java texts of both, null as nothing
Value concatenated(const Value& left, const Value& right, Session& session);
/// start, start + increment … end, of integers or characters
Value range(const Value& start, const Value& end, const Value& increment, Session& session);

/// The text of a string, or of what counts as one: a macro's result
const std::string* if_text(const Value& value);

}  // namespace sluice::expr
