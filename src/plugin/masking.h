#pragma once
#include "expr/masking.h"

namespace sluice::plugin {

/// What tasks write is masked as what people see of expressions is.
using expr::masked;

}  // namespace sluice::plugin
