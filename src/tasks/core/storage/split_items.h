#pragma once
#include "plugin/task_context.h"

namespace sluice::tasks {

/// How the items of a file are divided. Bytes go before partitions, partitions before rows.
struct SplitRules {
    std::string bytes{};  // "10MB": a new part begins after the item that reaches it
    std::int64_t partitions = 0;
    std::int64_t rows = 0;
    std::string separator = "\n";
};

/// Writes the items of a file to parts, each item with a separator behind it. Returns their addresses in order; parts
/// without items are left out.
/// Errors  Invalid: no rule, or a size that can't be read; NotFound: no such file
/// Source  flows.md §4.3, §4.5
Result<std::vector<std::string>> split_items(const std::string& address, const SplitRules& rules,
                                             plugin::TaskContext& context);

}  // namespace sluice::tasks
