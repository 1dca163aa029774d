#pragma once
#include "plugin/task_context.h"

namespace sluice::tasks {

/// What names a state of tasks.
struct StateName {
    std::string name = "default";
    bool name_space = false;  // shared by the flows of the namespace
    bool taskrun_value = true;
};

/// The key that holds it.
/// Source  flows.md §4.5
std::string state_key(const StateName& name, const plugin::TaskContext& context);

/// Its data; an empty map when there is none, or it has expired. `found` tells which.
Value state_data(const std::string& key, plugin::TaskContext& context, bool& found);

}  // namespace sluice::tasks
