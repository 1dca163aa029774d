#pragma once
#include "value/value.h"

namespace sluice::expr {

class Session;

/// A set of a map's keys, with their types.
Value keys_of(const Value& map);
/// A collection of a map's values.
Value values_of(const Value& map);

// tests.cpp
bool is_empty(const Value& value, Session& session);

}  // namespace sluice::expr
