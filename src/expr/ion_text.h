#pragma once
#include <string>
#include <string_view>

#include "value/value.h"

namespace sluice::expr {

class Session;

/// The values of an Ion text, all of them or the first only. Symbols become texts; timestamps become instants, or local
/// dates at midnight UTC.
/// Throws  Failure: an ion parse error
List values_from_ion(std::string_view text, bool only_first, Session& session);

/// The value as compact Ion text.
std::string ion_of(const Value& value, Session& session);

}  // namespace sluice::expr
