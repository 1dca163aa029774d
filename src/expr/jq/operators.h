#pragma once
#include <string>

#include "expr/jq/ast.h"
#include "value/value.h"

namespace sluice::expr {
class Session;
}

namespace sluice::expr::jq {

/// Arithmetic and comparisons; integers stay integers where the result is one.
/// Throws  Raised
Value calculated(Op op, const Value& left, const Value& right, Session& session);

/// The order of all values: null, false, true, numbers, texts, lists, maps. Negative, zero or positive
int compared(const Value& left, const Value& right, Session& session);

/// An integer when the number is one and fits 64 bits, else a double
Value number(double value);
Value number(std::int64_t value);
bool is_number(const Value& value);
double number_of(const Value& value);

/// "object ({"a":1})", as messages show a value
std::string described(const Value& value);
std::string type_of(const Value& value);

}  // namespace sluice::expr::jq
