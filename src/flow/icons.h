#pragma once
#include <string>
#include <string_view>

#include "base/error.h"
#include "flow/type_info.h"

namespace sluice::flow {

/// SVG text: the type's own icon, that of its group, or a general one.
std::string icon_of(const TypeInfo& type);
/// Whether it, or its group, has one.
bool has_icon(const TypeInfo& type);
/// Of a group: "core.http"
std::string group_icon(std::string_view group);

}  // namespace sluice::flow
