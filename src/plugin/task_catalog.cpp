#include "plugin/task_catalog.h"

#include "plugin/masking.h"

namespace sluice::plugin {

void TaskCatalog::add(TaskType type) {
    types_.add(type.info);
    const std::string name = type.info.name;
    by_name_.emplace(name, std::move(type));
}

void TaskCatalog::add_code(TaskType type) {
    const flow::TypeInfo* declared = types_.find(type.info.name);
    ensure(declared != nullptr, "nobody declares the type {}", type.info.name);
    const std::string name = declared->name;
    by_name_.emplace(name, std::move(type));
}

Result<void> TaskCatalog::add_external(TaskType type) {
    if (auto learnt = types_.learn(type.info); !learnt) return learnt;
    const std::string name = type.info.name;
    by_name_.insert_or_assign(name, std::move(type));
    return {};
}

const TaskType* TaskCatalog::find(std::string_view full_name) const {
    const auto found = by_name_.find(std::string(full_name));
    return found != by_name_.end() ? &found->second : nullptr;
}

namespace {

Result<Value> rendered(const TaskType& type, const Value& properties, TaskContext& context) {
    if (type.raw.empty()) return context.render_tree(properties);
    Map to_render;
    Map kept;
    for (const auto& [name, value] : properties.as_map()) {
        const bool raw = std::find(type.raw.begin(), type.raw.end(), name) != type.raw.end();
        (raw ? kept : to_render).set(name, value);
    }
    auto rendered = context.render_tree(Value(std::move(to_render)));
    if (!rendered) return rendered;
    for (const auto& [name, value] : kept) rendered->mutable_map().set(name, value);
    return rendered;
}

}  // namespace

Result<Value> rendered_properties(const TaskType& type, const Value& properties, TaskContext& context) {
    auto out = rendered(type, properties, context);
    if (out) hide_credentials(type.info.properties, *out, context);
    return out;
}

}  // namespace sluice::plugin
