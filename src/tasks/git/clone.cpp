#include "tasks/catalog.h"
#include "tasks/files/working_files.h"
#include "tasks/git/git_repository.h"

namespace sluice::tasks {
namespace git_clone_task {

Result<Value> run(const GitProperties& want, plugin::TaskContext& context) {
    std::filesystem::path folder = context.working_directory();
    if (!want.directory.empty()) {
        auto within = path_within(folder, want.directory);
        if (!within) return tl::unexpected(within.error());
        folder = std::move(*within);
    }
    auto repository = GitRepository::in(folder, want, context);
    if (!repository) return tl::unexpected(repository.error());
    auto done = repository->check_out({want.branch, want.tag, want.commit, want.depth, want.clone_submodules});
    if (!done) return tl::unexpected(done.error());
    return Value{{"directory", folder.string()}};
}

}  // namespace git_clone_task

plugin::TaskType git_clone() {
    using namespace git_clone_task;
    plugin::TaskTypeMaker<GitProperties> type("git.Clone", run);
    declare_git(type);
    return type.title("Fetches a git repository.")
        .description(
            "Into the working directory, so nearly always within a `WorkingDirectory`, whose other tasks then "
            "find the files. Files that are there already stay.")
        .property("branch", &GitProperties::branch, "Branch; default: the repository's own")
        .property("tag", &GitProperties::tag, "Tag, instead of a branch")
        .property("commit", &GitProperties::commit, "Commit, instead of a branch or tag")
        .property("depth", &GitProperties::depth, "Commits of history, for a branch; 0: all")
        .property("directory", &GitProperties::directory, "Folder within the working directory")
        .output("directory", "Path of the folder", flow::Shape::Text)
        .example("Run a script of a repository", R"(id: run_from_git
namespace: company.team
tasks:
  - id: folder
    type: io.kestra.plugin.core.flow.WorkingDirectory
    tasks:
      - id: clone
        type: io.kestra.plugin.git.Clone
        url: https://github.com/company/scripts
        branch: main
        username: bot
        password: "{{ secret('GITHUB_TOKEN') }}"
      - id: run
        type: io.kestra.plugin.scripts.shell.Commands
        commands:
          - sh ./report.sh
)");
}

}  // namespace sluice::tasks
