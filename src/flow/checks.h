#pragma once
#include <string>
#include <vector>

#include "flow/inputs.h"

namespace sluice::flow {

/// A check of a flow that does not hold for the inputs that an execution would have.
struct FailedCheck {
    const Check* check = nullptr;
    std::string message{};  // rendered; with the reason when the condition could not be
};

/// In the order of the flow. A condition that can't be rendered does not hold.
/// Source  flows.md §1.11
std::vector<FailedCheck> failed_checks(const Flow& flow, const Value& inputs, const InputContext& context);

/// Errors  Invalid: the messages of those that forbid an execution; those that let it fail count too when asked for
Result<void> hold_checks(const Flow& flow, const Value& inputs, const InputContext& context, bool failing_too);

}  // namespace sluice::flow
