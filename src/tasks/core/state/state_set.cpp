#include "plugin/records.h"
#include "tasks/catalog.h"
#include "tasks/core/state/task_state.h"

namespace sluice::tasks {
namespace state_set {

struct Properties {
    std::string name = "default";
    bool name_space = false;
    bool taskrun_value = true;
    Value data;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    if (!want.data.is_null() && !want.data.is_map()) return invalid("property 'data': expected a map");
    const std::string key = state_key({want.name, want.name_space, want.taskrun_value}, context);
    bool found = false;
    Value data = state_data(key, context, found);
    if (want.data.is_map()) data = deep_merge(data, want.data);
    const auto count = static_cast<std::int64_t>(data.as_map().size());
    context.key_values().set(context.place().flow.namespace_name, {key, "JSON", std::move(data), "", false}, {}, true);
    return Value{{"count", count}, {"key", key}};
}

}  // namespace state_set

plugin::TaskType core_state_set() {
    using namespace state_set;
    return plugin::task_type<Properties>("core.state.Set", run)
        .title("Keeps data for the next executions of this flow.")
        .description("`core.kv.Set` does the same under a name that one chooses.")
        .deprecated()
        .alias("io.kestra.core.tasks.states.Set")
        .property("name", &Properties::name, "Name of the state")
        .property("namespace", &Properties::name_space, "Shared by the flows of the namespace")
        .property("taskrunValue", &Properties::taskrun_value, "One for each value of a loop")
        .property("data", &Properties::data, "Merged into what is there")
        .shape(flow::Shape::Map)
        .output("count", "Entries", flow::Shape::Integer)
        .output("key", "The key that holds it", flow::Shape::Text);
}

}  // namespace sluice::tasks
