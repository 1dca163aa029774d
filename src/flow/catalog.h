#pragma once
#include <functional>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "flow/type_info.h"

namespace sluice::flow {

/// All types that a flow may use: the built-in ones from the start, those of plugins as they become known. A type that
/// was given out once stays in memory, because flows point at it.
/// Threads  any
class Catalog {
  public:
    /// With the types that belong to the language itself: flowable tasks, triggers and conditions.
    static Catalog with_language_types();

    /// Errors  BugError when a name or alias is taken
    void add(TypeInfo type);

    /// Changes a type that is there, by its short name. Before any thread reads.
    /// Errors  BugError: there is none
    void amend(std::string_view short_name, const std::function<void(TypeInfo&)>& change);

    /// Adds a type of a plugin, or puts it in the place of its older self.
    /// Errors  Conflict: a built-in type, or another plugin's, has one of its names
    Result<void> learn(TypeInfo type);

    /// By full name, alias, or name without the prefix io.kestra.plugin. Empty: unknown
    const TypeInfo* find(std::string_view name) const;

    /// All there are now.
    std::vector<const TypeInfo*> types() const;

    /// The nearest name for a misspelt one, for "did you mean"; "" when none is near.
    std::string suggestion(std::string_view name) const;

  private:
    const TypeInfo* find_here(std::string_view name) const;
    void put(std::unique_ptr<TypeInfo> type);

    std::vector<std::unique_ptr<TypeInfo>> types_{};
    std::vector<std::unique_ptr<TypeInfo>> replaced_{};
    std::unordered_map<std::string, const TypeInfo*> by_name_{};
    std::unique_ptr<std::shared_mutex> mutex_ = std::make_unique<std::shared_mutex>();  // so that it can be moved
};

/// The flowable tasks, triggers and conditions of the language.
void add_flowable_types(Catalog& catalog);
void add_trigger_types(Catalog& catalog);
void add_condition_types(Catalog& catalog);

}  // namespace sluice::flow
