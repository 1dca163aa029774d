#include "storage/layout.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/git/namespace_files.h"

namespace sluice::tasks {
namespace git_sync_files {

struct Wanted {
    std::string folder{};  // of the repository
    std::string name_space{};
    bool remove = false, dry_run = false;
};

Value row(const char* state, const std::string& path) {
    return Value{{"syncState", state}, {"kestraPath", "/" + path}};
}

Result<List> rows_of(const Wanted& want, GitRepository& repository, plugin::TaskContext& context) {
    const auto paths = repository.files(want.folder);
    if (!paths) return tl::unexpected(paths.error());
    std::map<std::string, storage::Uri> left = namespace_files_of(want.name_space, context);
    List rows;
    for (const std::string& path : *paths) {
        const std::string name = want.folder.empty() ? path : path.substr(want.folder.size() + 1);
        const auto to = storage::namespace_files(want.name_space).below(name);
        if (!to) return tl::unexpected(to.error());
        const auto state = put_namespace_file(repository.folder() / path, *to, want.dry_run, context);
        if (!state) return tl::unexpected(state.error());
        left.erase(name);
        Value one = row(state->c_str(), name);
        one.mutable_map().set("gitPath", path);
        rows.push_back(std::move(one));
    }
    if (!want.remove) return rows;
    for (const auto& [name, uri] : left) {
        if (!want.dry_run) context.storage().remove_all(uri);
        rows.push_back(row("DELETED", name));
    }
    return rows;
}

Result<Value> run(const GitProperties& want, plugin::TaskContext& context) {
    auto folder = git_folder(want.git_directory.empty() ? "_files" : want.git_directory);
    if (!folder) return tl::unexpected(folder.error());
    auto repository = GitRepository::in(context.scratch_directory() / "repository", want, context);
    if (!repository) return tl::unexpected(repository.error());
    auto done =
        repository->check_out({want.branch.empty() ? "main" : want.branch, "", "", 1, want.clone_submodules, false});
    if (!done) return tl::unexpected(done.error());
    const std::string& own = context.place().flow.namespace_name;
    const auto rows = rows_of({*folder, want.name_space.empty() ? own : want.name_space, want.remove, want.dry_run},
                              *repository, context);
    if (!rows) return tl::unexpected(rows.error());
    context.log(LogLevel::Info, fmt::format("{}{} files", want.dry_run ? "dry run: " : "", rows->size()));
    auto address = store_git_rows(*rows, context);
    if (!address) return tl::unexpected(address.error());
    return Value{{"files", *address}};
}

}  // namespace git_sync_files

plugin::TaskType git_sync_namespace_files() {
    using namespace git_sync_files;
    plugin::TaskTypeMaker<GitProperties> type("git.SyncNamespaceFiles", run);
    declare_git(type);
    return type.title("Puts files of a git repository into a namespace.")
        .description(
            "The output `files` is a file with a row for each: `{gitPath, syncState, kestraPath}`; syncState is "
            "ADDED, OVERWRITTEN, UNCHANGED or DELETED. What `.kestraignore` names is left out.")
        .property("branch", &GitProperties::branch, "Branch; default main")
        .property("namespace", &GitProperties::name_space, "Whose files they become; default: this flow's")
        .property("gitDirectory", &GitProperties::git_directory, "Folder of the repository; default _files")
        .property("delete", &GitProperties::remove, "Delete files that are not in the repository")
        .property("dryRun", &GitProperties::dry_run, "Say what would happen, and change nothing")
        .output("files", "Address of the file of rows", flow::Shape::Text)
        .example("Scripts from git", R"(id: sync_files
namespace: system
tasks:
  - id: sync
    type: io.kestra.plugin.git.SyncNamespaceFiles
    url: https://github.com/company/scripts
    branch: main
    username: bot
    password: "{{ secret('GITHUB_TOKEN') }}"
    namespace: company.team
    gitDirectory: .
)");
}

}  // namespace sluice::tasks
