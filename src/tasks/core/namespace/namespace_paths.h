#pragma once
#include <string>
#include <vector>

#include "plugin/task_context.h"

namespace sluice::tasks {

/// The files of a namespace that match one of the globs, in the order of their names.
/// Errors  Invalid: a glob that can't be read
Result<std::vector<storage::Uri>> matching_namespace_files(const std::string& name_space,
                                                           const std::vector<std::string>& globs,
                                                           plugin::TaskContext& context);

/// A file below a folder of a namespace; slashes at the ends don't matter.
/// Errors  Invalid: it would lie outside
Result<storage::Uri> namespace_file_at(const std::string& name_space, const std::string& folder,
                                       const std::string& path);

}  // namespace sluice::tasks
