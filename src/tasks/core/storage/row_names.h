#pragma once
#include "value/value.h"

namespace sluice::tasks {

/// The fields of a row as the names that an expression sees; a row that is no map is `value`.
Map names_of(const Value& row);

}  // namespace sluice::tasks
