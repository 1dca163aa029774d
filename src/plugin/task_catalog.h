#pragma once
#include <string_view>
#include <unordered_map>

#include "flow/catalog.h"
#include "plugin/task_type.h"

namespace sluice::plugin {

/// All task types that this program can run, with the types of the language beside them.
/// Threads  any, once it is filled
class TaskCatalog {
  public:
    TaskCatalog() : types_(flow::Catalog::with_language_types()) {}

    void add(TaskType type);
    /// The code of a type that the language declares.
    void add_code(TaskType type);
    /// A trigger, condition or task runner of a plugin: known to validation, run by others.
    void add_type(flow::TypeInfo type) { types_.add(std::move(type)); }

    /// For what is known of many types in one place. Before anybody reads.
    void amend_types(const std::function<void(flow::Catalog&)>& amend) { amend(types_); }
    /// A type of a plugin that stands in this program's folders.
    /// Errors  Conflict: it has the name of another type
    Result<void> add_external(TaskType type);
    /// A type of a plugin that other programs run.
    /// Errors  Conflict, as above
    Result<void> learn(flow::TypeInfo type) { return types_.learn(std::move(type)); }

    /// By the full name that TypeInfo has. Empty: it is run by the engine, or unknown
    const TaskType* find(std::string_view full_name) const;
    const flow::Catalog& types() const { return types_; }

  private:
    flow::Catalog types_;
    std::unordered_map<std::string, TaskType> by_name_{};
};

/// The properties of a task as its code gets them: rendered, but for those that it renders itself.
Result<Value> rendered_properties(const TaskType& type, const Value& properties, TaskContext& context);

}  // namespace sluice::plugin
