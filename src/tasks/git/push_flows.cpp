#include "flow/parse_flow.h"
#include "storage/glob.h"
#include "tasks/catalog.h"
#include "tasks/git/flow_sources.h"
#include "tasks/git/push.h"

namespace sluice::tasks {
namespace git_push_flows {

Result<bool> matches(const std::vector<std::string>& globs, const std::string& id) {
    if (globs.empty()) return true;
    for (const std::string& text : globs) {
        const auto glob = storage::Glob::parse(text);
        if (!glob) return tl::unexpected(glob.error());
        if (glob->matches(id)) return true;
    }
    return false;
}

/// "company.team.crm" below "company" → "team/crm/"
std::string folders_below(const std::string& name_space, const std::string& above) {
    if (name_space.size() <= above.size()) return "";
    std::string out = name_space.substr(above.size() + 1) + "/";
    std::replace(out.begin(), out.end(), '.', '/');
    return out;
}

std::string retargeted(const plugin::StoredFlow& flow, const std::string& source, const std::string& target) {
    const std::string text = flow::without_revision(flow.source);
    if (target.empty() || target == source) return text;
    return with_namespace(text, target + flow.id.namespace_name.substr(source.size()));
}

/// Flows of the repository that this server no longer has: those whose ids would be pushed, where they would be put.
Result<void> remove_others(const std::set<std::string>& written, const std::string& folder, const GitProperties& want,
                           GitRepository& repository) {
    const auto paths = repository.files(folder);
    if (!paths) return tl::unexpected(paths.error());
    for (const std::string& path : *paths) {
        const std::filesystem::path file(path);
        if (written.contains(path) || (file.extension() != ".yml" && file.extension() != ".yaml")) continue;
        const bool within_subfolder = file.parent_path().string() != folder;
        if (within_subfolder && !want.include_child_namespaces) continue;
        const auto ours = matches(want.globs, file.stem().string());
        if (!ours) return tl::unexpected(ours.error());
        if (*ours) std::filesystem::remove(repository.folder() / path);
    }
    return {};
}

Result<void> write_flows(const std::string& source, const std::string& folder, const GitProperties& want,
                         GitRepository& repository, plugin::TaskContext& context) {
    std::set<std::string> written;
    for (const plugin::StoredFlow& flow : context.flow_records().flows(source, want.include_child_namespaces)) {
        const auto wanted = matches(want.globs, flow.id.id);
        if (!wanted) return tl::unexpected(wanted.error());
        if (!*wanted) continue;
        const std::string path =
            (folder.empty() ? "" : folder + "/") + folders_below(flow.id.namespace_name, source) + flow.id.id + ".yml";
        write_git_file(repository.folder() / path, retargeted(flow, source, want.target_namespace));
        written.insert(path);
    }
    return want.remove_there ? remove_others(written, folder, want, repository) : Result<void>();
}

Result<Value> run(const GitProperties& want, plugin::TaskContext& context) {
    const auto folder = git_folder(want.git_directory.empty() ? "_flows" : want.git_directory);
    if (!folder) return tl::unexpected(folder.error());
    const std::string source = want.name_space.empty() ? context.place().flow.namespace_name : want.name_space;
    return push_to_git(
        {want.branch.empty() ? "main" : want.branch, *folder, fmt::format("Add flows from {} namespace", source),
         "flows", [&](GitRepository& repository) { return write_flows(source, *folder, want, repository, context); }},
        want, context);
}

}  // namespace git_push_flows

plugin::TaskType git_push_flows_task() {
    using namespace git_push_flows;
    plugin::TaskTypeMaker<GitProperties> type("git.PushFlows", run);
    declare_git(type);
    declare_commit(type);
    return type.title("Puts flows into a git repository.")
        .description(
            "One commit, none without changes. Flows that are gone here are removed there, unless `delete` is "
            "false. The output `flows` is a file with a row for each change: "
            "`{file, additions, deletions, changes}`.")
        .property("branch", &GitProperties::branch, "Branch, made when it is missing; default main")
        .property("sourceNamespace", &GitProperties::name_space, "Whose flows; default: this flow's")
        .property("targetNamespace", &GitProperties::target_namespace, "The namespace that their texts shall say")
        .property("flows", &GitProperties::globs, "Globs on flow ids; default: all")
        .property("includeChildNamespaces", &GitProperties::include_child_namespaces,
                  "Namespaces below, too, as subfolders")
        .property("gitDirectory", &GitProperties::git_directory, "Folder of the repository; default _flows")
        .property("delete", &GitProperties::remove_there, "Remove flows from the repository that are gone here")
        .property("dryRun", &GitProperties::dry_run, "Say what would change, and push nothing")
        .output("flows", "Address of the file of rows", flow::Shape::Text)
        .example("Push every evening", R"(id: push_flows
namespace: system
tasks:
  - id: push
    type: io.kestra.plugin.git.PushFlows
    url: https://github.com/company/flows
    branch: develop
    username: bot
    password: "{{ secret('GITHUB_TOKEN') }}"
    sourceNamespace: company
    includeChildNamespaces: true
    gitDirectory: flows
    commitMessage: "Flows of {{ now() | date('yyyy-MM-dd') }}"
triggers:
  - id: evening
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "0 18 * * *"
)");
}

}  // namespace sluice::tasks
