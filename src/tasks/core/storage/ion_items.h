#pragma once
#include "plugin/task_context.h"

namespace sluice::tasks {

/// A row of a data file: one JSON or Ion value.
/// Errors  Invalid: it is neither
Result<Value> row_of(const std::string& line, plugin::TaskContext& context);

/// The fields of a row as the names that an expression sees; a row that is no map is `value`.
Map names_of(const Value& row);

}  // namespace sluice::tasks
