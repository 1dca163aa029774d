#pragma once
#include "tasks/git/git_repository.h"

namespace sluice::tasks {

/// What is done in a folder of a repository before it is pushed.
struct GitPush {
    std::string branch{};
    std::string folder{};   // of the repository
    std::string message{};  // where commitMessage says none
    std::string output{};   // the name of the output that has the rows
    std::function<Result<void>(GitRepository& repository)> write{};
};

/// Checks out, writes, commits and pushes; a dry run only says what would change. Without changes there is no commit.
Result<Value> push_to_git(const GitPush& what, const GitProperties& want, plugin::TaskContext& context);

}  // namespace sluice::tasks
