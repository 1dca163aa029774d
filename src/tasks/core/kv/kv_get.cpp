#include "plugin/records.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace kv_get {

struct Properties {
    std::string key;
    std::optional<std::string> name_space;
    bool error_on_missing = false;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const std::string name_space = want.name_space.value_or(context.place().flow.namespace_name);
    const auto found = context.key_values().find(name_space, want.key);
    if (found && !found->expired) return Value{{"value", found->value}};
    if (!want.error_on_missing) return Value{{"value", Value()}};
    if (found) return refuse(ErrorCode::Gone, "the key '{}' in namespace '{}' has expired", want.key, name_space);
    return not_found("No value found for key '{}' in namespace '{}' and `errorOnMissing` is set to true", want.key,
                     name_space);
}

}  // namespace kv_get

plugin::TaskType core_kv_get() {
    using namespace kv_get;
    return plugin::task_type<Properties>("core.kv.Get", run)
        .title("Reads a key of a namespace.")
        .property("key", &Properties::key, "Name", plugin::required)
        .property("namespace", &Properties::name_space, "Default: the flow's")
        .property("errorOnMissing", &Properties::error_on_missing, "A key that is not there is a failure")
        .output("value", "The value with its type; null when there is none");
}

}  // namespace sluice::tasks
