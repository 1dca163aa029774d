#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace sluice::expr {

/// One filter, function or test, for documentation and completion.
struct Described {
    std::string_view kind;  // "filter", "function", "test"
    std::string_view name;
    std::string_view parameters;  // "format='iso', timeZone", "..." for any number, "" for none
    std::vector<std::string_view> parameter_names;
    std::string_view summary;  // one line
};

/// All of them, sorted by kind and name.
const std::vector<Described>& catalogue();

}  // namespace sluice::expr
