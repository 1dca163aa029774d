#pragma once
#include <vector>

#include "engine/facts.h"
#include "schedule/conditions.h"

namespace sluice::executor {

/// What conditions may ask of an execution in a state. The attempts of its task runs are read when one asks for them.
schedule::ExecutionFacts facts_for(const std::vector<flow::Condition>& conditions, const engine::Execution& execution,
                                   State state, engine::Facts& runs);

}  // namespace sluice::executor
