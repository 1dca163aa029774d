#pragma once
#include "plugin/task_context.h"
#include "rows/row_file.h"
#include "rows/text_source.h"

namespace sluice::tasks {

/// Rows of another format into a file of rows. `next` gives one after the other; empty: the end.
/// Returns the outputs `uri` and `size`.
Result<Value> to_rows(const std::function<Result<std::optional<Value>>()>& next, plugin::TaskContext& context);

/// The rows of a file, one after the other.
/// Errors  those of `take`, and of the file
Result<std::int64_t> for_each_row(const std::string& from, plugin::TaskContext& context,
                                  const std::function<Result<void>(const Value& row)>& take);

/// What a conversion of so many rows puts out.
Value converted(const storage::Uri& address, std::int64_t size, plugin::TaskContext& context);

}  // namespace sluice::tasks
