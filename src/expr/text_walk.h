#pragma once
#include <functional>
#include <string>

#include "value/value.h"

namespace sluice::expr {

class Session;

/// The value with `change` applied to the text of every leaf; lists stay lists, maps come out in hash order.
/// Throws  Failure: null operand, for a null leaf
Value with_changed_texts(const Value& value, const std::function<std::string(const std::string&)>& change,
                         Session& session);

}  // namespace sluice::expr
