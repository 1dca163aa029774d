#include "plugin/records.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace kv_delete {

struct Properties {
    std::string key;
    std::optional<std::string> name_space;
    bool error_on_missing = false;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const std::string name_space = want.name_space.value_or(context.place().flow.namespace_name);
    const bool deleted = context.key_values().remove(name_space, want.key);
    if (!deleted && want.error_on_missing) {
        return not_found("No value found for key '{}' in namespace '{}' and `errorOnMissing` is set to true", want.key,
                         name_space);
    }
    return Value{{"deleted", deleted}};
}

}  // namespace kv_delete

plugin::TaskType core_kv_delete() {
    using namespace kv_delete;
    return plugin::task_type<Properties>("core.kv.Delete", run)
        .title("Deletes a key of a namespace.")
        .property("key", &Properties::key, "Name", plugin::required)
        .property("namespace", &Properties::name_space, "Default: the flow's")
        .property("errorOnMissing", &Properties::error_on_missing, "A key that is not there is a failure")
        .output("deleted", "Whether it was there", flow::Shape::Boolean);
}

}  // namespace sluice::tasks
