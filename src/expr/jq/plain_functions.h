#pragma once
#include <span>

#include "expr/jq/interpreter.h"

namespace sluice::expr::jq {

extern const std::span<const PlainFunction> kValueFunctions;
extern const std::span<const PlainFunction> kListFunctions;
extern const std::span<const PlainFunction> kTextFunctions;
extern const std::span<const PlainFunction> kNumberFunctions;

}  // namespace sluice::expr::jq
