#pragma once
#include <filesystem>
#include <set>

#include "plugin/task_type.h"

namespace sluice::tasks {

/// What goes into a working directory before its tasks, and out of it after them.
struct WorkingFiles {
    Value input_files;      // paths and contents
    Value namespace_files;  // null: none; true, or an object
    Value output_files;     // globs
};

/// The fields of `namespaceFiles`.
std::vector<flow::Property> namespace_file_fields();

/// Namespace files first, input files over them.
/// Errors  Invalid: a path that leaves the folder; NotFound: a file that is to be copied
/// Source  flows.md §4.6
Result<void> put_files(const WorkingFiles& files, const std::filesystem::path& folder, plugin::TaskContext& context);

/// Stores the files that match, except those of `not_these` (relative paths). Returns addresses by path.
Result<Value> collect_files(const std::vector<std::string>& globs, const std::filesystem::path& folder,
                            const std::set<std::string>& not_these, plugin::TaskContext& context);

/// Relative paths of the regular files below a folder, in order. Links to folders are not followed.
std::vector<std::string> files_below(const std::filesystem::path& folder);

/// Makes sure that a file which is written within a folder is written there: a link in its place gives way to it, and
/// one among the folders above, that leads elsewhere, is refused. Scripts could have put them there, also those that
/// see nothing of this machine themselves.
/// Errors  Invalid: the way leads out of the folder
Result<void> clear_way(const std::filesystem::path& file, const std::filesystem::path& folder);

/// Where a path of a flow lies within a folder.
/// Errors  Invalid: it is absolute, or leaves the folder
Result<std::filesystem::path> path_within(const std::filesystem::path& folder, const std::string& path);

}  // namespace sluice::tasks
