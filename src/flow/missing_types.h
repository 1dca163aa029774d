#pragma once
#include <span>
#include <string_view>

#include "flow/type_info.h"

namespace sluice::flow {

/// A type of the language that this version does not run.
struct MissingType {
    Category category = Category::Task;
    std::string_view name;      // short: "core.flow.Template"
    std::string_view old_name;  // in full; empty: it had no other
    std::string_view use_instead;
};

/// All of them, for messages and the table of support.
std::span<const MissingType> missing_types();
/// Families ("kafka.*") of which not all types are run.
std::span<const MissingType> missing_families();
/// The family that a type which is not run belongs to. Null: to none that is known
const MissingType* missing_family(std::string_view name);
/// By its name, in full or short, or its old name. Null: it is no such type
const MissingType* missing_type(std::string_view name);

}  // namespace sluice::flow
