#pragma once
#include <filesystem>
#include <set>

#include "process/process.h"
#include "tasks/git/git_properties.h"
#include "tasks/git/git_text.h"

namespace sluice::tasks {

/// What is to be had of a repository. Of commit, tag and branch the first that is given counts; none: the branch that
/// the repository names as its own.
struct GitCheckout {
    std::string branch{};
    std::string tag{};
    std::string commit{};
    std::int64_t depth = 1;  // of the history; 0: all of it. A commit or tag has all
    bool submodules = false;
    bool links = true;  // false: symbolic links become files with their target, so that none leads out of the folder
};

struct GitIdentity {
    std::string name{};
    std::string email{};
};

/// A repository in a folder, by the git program.
///
/// Credentials go to git by its environment and by files that only this user can read; they are in no argument, no URL,
/// nothing that stays in the folder, and no error.
class GitRepository {
  public:
    /// Errors  Invalid: the URL can't be used, or holds a password
    static Result<GitRepository> in(std::filesystem::path folder, const GitProperties& want,
                                    plugin::TaskContext& context);

    /// Fetches and checks out; what lies in the folder stays, but for files of the same names, which are an error.
    /// Errors  Unavailable: what git said; NotFound: git is not installed; Cancelled
    Result<void> check_out(const GitCheckout& what);
    /// The same, without links, for a branch that is to be pushed: a new one begins at the repository's own branch, or
    /// with nothing.
    Result<void> check_out_to_push(const std::string& branch);

    /// Regular files that are tracked below a folder of the repository, but for what .kestraignore names; paths from
    /// the root of the repository.
    Result<std::vector<std::string>> files(const std::string& below);

    /// Puts everything below a folder into the index. Returns a row for each file that differs:
    /// {file, additions, deletions, changes}
    Result<List> stage(const std::string& below);
    /// Commits what is staged. Returns its id
    Result<std::string> commit(const std::string& message, const GitIdentity& author);
    Result<void> push(const std::string& branch);

    /// Where people see a commit; empty: the URL is no page's
    std::string page_of(const std::string& commit_id) const;
    const std::filesystem::path& folder() const { return folder_; }

  private:
    GitRepository(std::filesystem::path folder, const GitProperties& want, plugin::TaskContext& context);
    Result<void> prepare();
    Result<void> prepare_credentials();
    Result<std::string> git(std::vector<std::string> arguments, std::string input = "");
    Result<void> initialize(bool links);
    Result<std::string> own_branch();
    Result<void> fetch(const std::string& refspec, std::int64_t depth);
    std::string without_secrets(std::string text) const;

    std::filesystem::path folder_;
    std::filesystem::path private_folder_;
    const GitProperties* want_;
    plugin::TaskContext* context_;
    process::Environment environment_{};
};

/// The rows as a file of the internal storage. Returns its address.
Result<std::string> store_git_rows(const List& rows, plugin::TaskContext& context);

}  // namespace sluice::tasks
