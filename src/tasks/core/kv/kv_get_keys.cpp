#include "plugin/records.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace kv_get_keys {

struct Properties {
    std::string prefix;
    std::optional<std::string> name_space;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const std::string name_space = want.name_space.value_or(context.place().flow.namespace_name);
    List keys;
    for (std::string& key : context.key_values().keys(name_space, want.prefix)) keys.emplace_back(std::move(key));
    return Value{{"keys", Value(std::move(keys))}};
}

}  // namespace kv_get_keys

plugin::TaskType core_kv_get_keys() {
    using namespace kv_get_keys;
    return plugin::task_type<Properties>("core.kv.GetKeys", run)
        .title("Lists the keys of a namespace.")
        .property("prefix", &Properties::prefix, "Only keys that begin with it")
        .property("namespace", &Properties::name_space, "Default: the flow's")
        .output("keys", "Names", flow::Shape::List);
}

}  // namespace sluice::tasks
