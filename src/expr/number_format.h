#pragma once
#include <string>
#include <string_view>

#include "value/value.h"

namespace sluice::expr {

/// A number written by a pattern of java.text.DecimalFormat ("#,##0.00", "0%", "0.###E0"), with the signs of en_US.
/// Throws  Failure: a bad argument, for a pattern that Java refuses
std::string formatted_number(const Value& number, std::string_view pattern);

}  // namespace sluice::expr
