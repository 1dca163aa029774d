#include "tasks/catalog.h"
#include "tasks/core/kv/kv_value.h"

namespace sluice::tasks {
namespace kv_set {

struct Properties {
    std::string key;
    Value value;
    std::optional<std::string> name_space;
    bool overwrite = true;
    std::optional<Duration> ttl;
    std::string kind;
    std::string description;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    if (auto good = check_key(want.key); !good) return tl::unexpected(good.error());
    const std::string* text = want.value.if_string();
    const auto value = text != nullptr ? context.render_typed(*text) : context.render_tree(want.value);
    if (!value) return tl::unexpected(value.error());
    auto row = key_value(want.key, *value, want.kind);
    if (!row) return tl::unexpected(row.error());
    row->description = want.description;
    const std::string name_space = want.name_space.value_or(context.place().flow.namespace_name);
    if (context.key_values().set(name_space, *row, want.ttl, want.overwrite)) return Value();
    return conflict("Cannot set value for key '{}'. Key already exists and `overwrite` is set to `false`.", want.key);
}

}  // namespace kv_set

plugin::TaskType core_kv_set() {
    using namespace kv_set;
    return plugin::task_type<Properties>("core.kv.Set", run)
        .title("Sets a key of a namespace.")
        .description("Read it by `{{ kv('key') }}`, or with the task `core.kv.Get`.")
        .property("key", &Properties::key, "Name", plugin::required)
        .property("value", &Properties::value, "An expression that gives a map or a number keeps it as such",
                  plugin::required)
        .unrendered()
        .property("namespace", &Properties::name_space, "Default: the flow's")
        .property("overwrite", &Properties::overwrite, "When false, a key that is there already is a failure")
        .property("ttl", &Properties::ttl, "Expires after this")
        .property("kvType", &Properties::kind, "Kind of the value, when it is a text")
        .values({"STRING", "NUMBER", "BOOLEAN", "DATETIME", "DATE", "DURATION", "JSON"})
        .property("kvDescription", &Properties::description, "For people");
}

}  // namespace sluice::tasks
