#pragma once
#include "flow/inputs.h"
#include "store/environment.h"

namespace sluice::store {

/// How inputs and outputs of a flow are rendered and encrypted. All arguments must live as long.
///
/// execution_id  of the execution to be
flow::InputContext input_context(Environment& environment, const Instance& instance, const flow::Flow& flow,
                                 const std::string& execution_id);

}  // namespace sluice::store
