#pragma once
#include "plugin/records.h"
#include "tasks/git/git_repository.h"

namespace sluice::tasks {

/// A flow of a repository, as it is to be stored.
struct FlowSource {
    std::string path{};  // in the repository
    flow::FlowId id{};
    std::string text{};
};

/// What becomes of a text whose flow has mistakes: true: it is left out; an error: everything stops.
using OnInvalidFlow = std::function<Result<bool>(const std::string& path, const Error& mistake)>;

/// The YAML files among these paths, read and checked; `name_space` says which namespace a file's flow gets.
///
/// Errors  Invalid: two files of one flow, and what on_invalid makes of mistakes
Result<std::vector<FlowSource>> flow_sources(const GitRepository& repository, const std::vector<std::string>& paths,
                                             const std::function<std::string(const std::string& path)>& name_space,
                                             const OnInvalidFlow& on_invalid, plugin::TaskContext& context);

/// The text with its first top-level `namespace:` line saying this.
std::string with_namespace(const std::string& source, const std::string& name_space);

/// A whole file. Errors  OutsideError: the disk
std::string git_file_text(const std::filesystem::path& file);
void write_git_file(const std::filesystem::path& file, std::string_view text);

}  // namespace sluice::tasks
