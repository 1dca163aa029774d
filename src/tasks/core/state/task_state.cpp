#include "tasks/core/state/task_state.h"

#include "plugin/records.h"
#include "storage/layout.h"

namespace sluice::tasks {

std::string state_key(const StateName& name, const plugin::TaskContext& context) {
    std::string out = name.name_space ? "" : storage::slug(context.place().flow.id) + "_";
    out += "states_tasks-states_" + name.name;
    const auto value = context.variables().get("taskrun", "value");
    if (name.taskrun_value && value && value->is_string()) {
        out += "_" + derived_id(lowest_id(Timestamp{}), value->as_string());
    }
    return out;
}

Value state_data(const std::string& key, plugin::TaskContext& context, bool& found) {
    const auto row = context.key_values().find(context.place().flow.namespace_name, key);
    found = row && !row->expired && row->value.is_map();
    return found ? row->value : Value(Map());
}

}  // namespace sluice::tasks
