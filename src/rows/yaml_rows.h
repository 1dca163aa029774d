#pragma once
#include <memory>
#include <string>

#include "base/error.h"
#include "value/value.h"

namespace sluice::rows {

/// The rows of a YAML text: its documents, or the items of those that are lists. The text is in memory as a whole.
/// Errors  Invalid, with line and column
Result<List> rows_of_yaml(const std::string& text);

/// The row as an item of a YAML list, with a line break behind it.
std::string yaml_item(const Value& row);

}  // namespace sluice::rows
