#pragma once
#include <span>
#include <string_view>

namespace sluice::flow {

/// A type of the language that this version does not run.
struct MissingType {
    std::string_view name;  // short: "core.flow.Template"
    std::string_view use_instead;
};

/// All of them, for messages and the table of support.
std::span<const MissingType> missing_types();
/// By name, in full, short, or as it was called once. Null: it is no such type
const MissingType* missing_type(std::string_view name);

}  // namespace sluice::flow
