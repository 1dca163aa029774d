#pragma once
// The filters of `where`, for preconditions.cpp.
#include "schedule/conditions.h"

namespace sluice::schedule::filters {

/// Errors  Invalid: field or type unknown, `value` or `values` missing or not wanted
Result<void> check(const Value& filter);

/// Errors  Expression, from rendering; Invalid: as check
Result<bool> holds(const Value& filter, const ConditionContext& context, const MatchesWhole& matches);

}  // namespace sluice::schedule::filters
