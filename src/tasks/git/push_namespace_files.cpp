#include "plugin/task_files.h"
#include "storage/glob.h"
#include "storage/layout.h"
#include "tasks/catalog.h"
#include "tasks/git/namespace_files.h"
#include "tasks/git/push.h"

namespace sluice::tasks {
namespace git_push_files {

Result<void> write_files(const std::string& name_space, const std::string& folder, const GitProperties& want,
                         GitRepository& repository, plugin::TaskContext& context) {
    const auto globs = storage::NamespaceFileGlobs::parse(want.globs);
    if (!globs) return tl::unexpected(globs.error());
    const std::filesystem::path root = repository.folder() / folder;
    std::set<std::string> written;
    for (const auto& [path, uri] : namespace_files_of(name_space, context)) {
        if (!globs->keeps("/" + path)) continue;
        if (auto fetched = plugin::fetch_file(context, uri.text(), root / path); !fetched) return fetched;
        written.insert(path);
    }
    if (!want.remove_there) return {};
    const auto paths = repository.files(folder);
    if (!paths) return tl::unexpected(paths.error());
    for (const std::string& path : *paths) {
        const std::string name = folder.empty() ? path : path.substr(folder.size() + 1);
        if (!written.contains(name) && globs->keeps("/" + name)) std::filesystem::remove(repository.folder() / path);
    }
    return {};
}

Result<Value> run(const GitProperties& want, plugin::TaskContext& context) {
    const auto folder = git_folder(want.git_directory.empty() ? "_files" : want.git_directory);
    if (!folder) return tl::unexpected(folder.error());
    const std::string name_space = want.name_space.empty() ? context.place().flow.namespace_name : want.name_space;
    return push_to_git(
        {want.branch.empty() ? "main" : want.branch, *folder, fmt::format("Add files from {} namespace", name_space),
         "files",
         [&](GitRepository& repository) { return write_files(name_space, *folder, want, repository, context); }},
        want, context);
}

}  // namespace git_push_files

plugin::TaskType git_push_namespace_files() {
    using namespace git_push_files;
    plugin::TaskTypeMaker<GitProperties> type("git.PushNamespaceFiles", run);
    declare_git(type);
    declare_commit(type);
    return type.title("Puts files of a namespace into a git repository.")
        .description(
            "One commit, none without changes. Files that are gone here are removed there, unless `delete` is "
            "false. The output `files` is a file with a row for each change: "
            "`{file, additions, deletions, changes}`.")
        .property("branch", &GitProperties::branch, "Branch, made when it is missing; default main")
        .property("namespace", &GitProperties::name_space, "Whose files; default: this flow's")
        .property("files", &GitProperties::globs, "Globs on paths; default: all")
        .property("gitDirectory", &GitProperties::git_directory, "Folder of the repository; default _files")
        .property("delete", &GitProperties::remove_there, "Remove files from the repository that are gone here")
        .property("dryRun", &GitProperties::dry_run, "Say what would change, and push nothing")
        .output("files", "Address of the file of rows", flow::Shape::Text)
        .example("Push scripts", R"(id: push_files
namespace: system
tasks:
  - id: push
    type: io.kestra.plugin.git.PushNamespaceFiles
    url: https://github.com/company/scripts
    branch: main
    username: bot
    password: "{{ secret('GITHUB_TOKEN') }}"
    namespace: company.team
    files: ["scripts/**"]
    gitDirectory: _files
)");
}

}  // namespace sluice::tasks
