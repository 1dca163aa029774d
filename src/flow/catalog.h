#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "flow/type_info.h"

namespace sluice::flow {

/// All types that a flow may use. Filled once at start, then only read.
/// Threads  reading: any, once it is filled
class Catalog {
  public:
    /// With the types that belong to the language itself: flowable tasks, triggers and conditions.
    static Catalog with_language_types();

    /// Errors  BugError when a name or alias is taken
    void add(TypeInfo type);

    /// By full name, alias, or name without the prefix io.kestra.plugin. Empty: unknown
    const TypeInfo* find(std::string_view name) const;

    const std::vector<std::unique_ptr<TypeInfo>>& types() const { return types_; }

    /// The nearest name for a misspelt one, for "did you mean"; "" when none is near.
    std::string suggestion(std::string_view name) const;

  private:
    std::vector<std::unique_ptr<TypeInfo>> types_{};
    std::unordered_map<std::string, const TypeInfo*> by_name_{};
};

/// The flowable tasks, triggers and conditions of the language.
void add_flowable_types(Catalog& catalog);
void add_trigger_types(Catalog& catalog);
void add_condition_types(Catalog& catalog);

}  // namespace sluice::flow
