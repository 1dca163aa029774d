#pragma once
#include <string_view>

namespace sluice {

/// Of a rendered condition: "", "false", "0" and "-0" are false.
/// Source  flows.md §3.1
inline bool is_truthy(std::string_view rendered) {
    return !rendered.empty() && rendered != "false" && rendered != "0" && rendered != "-0";
}

}  // namespace sluice
