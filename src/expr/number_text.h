#pragma once
#include <string_view>

#include "value/value.h"

namespace sluice::expr {

/// The number that a text stands for. `type` is one of INT, LONG, FLOAT, DOUBLE, BIGDECIMAL and BIGINTEGER; with any
/// other the text decides: a suffix, 0x for hexadecimal digits, the size, and for decimals the shortest exact type.
/// Throws  Failure: a number parse error
Value number_from_text(std::string_view text, std::string_view type);

}  // namespace sluice::expr
