#pragma once
#include <map>

#include "tasks/git/git_repository.h"

namespace sluice::tasks {

/// The files of a namespace by their paths ("dir/a.sql"), in order.
std::map<std::string, storage::Uri> namespace_files_of(const std::string& name_space, plugin::TaskContext& context);

/// Whether a stored file and one of this machine hold the same bytes.
Result<bool> holds_the_same(plugin::TaskContext& context, const storage::Uri& stored,
                            const std::filesystem::path& file);

/// What a file of the repository is for its namespace: ADDED, OVERWRITTEN or UNCHANGED; unless it is a dry run it is so
/// afterwards.
Result<std::string> put_namespace_file(const std::filesystem::path& file, const storage::Uri& to, bool dry_run,
                                       plugin::TaskContext& context);

}  // namespace sluice::tasks
