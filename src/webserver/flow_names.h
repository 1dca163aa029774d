#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "flow/flow.h"

namespace sluice::webserver {

/// Names that an expression of a task may use, for completion: "inputs.name", "outputs.load.uri". Of outputs those of
/// tasks that stand before it; one that runs beside it is left out. `task_id` empty: at the flow's own outputs
/// Source  flows.md §5.4
std::vector<std::string> names_at(const flow::Flow& flow, std::string_view task_id);

}  // namespace sluice::webserver
