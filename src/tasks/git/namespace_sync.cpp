// NamespaceSync and TenantSync: one side is made like the other. Folders: <namespace>/flows/*.yaml,
// <namespace>/files/**.
#include "plugin/task_files.h"
#include "storage/layout.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/git/flow_sources.h"
#include "tasks/git/namespace_files.h"
#include "tasks/git/push.h"

namespace sluice::tasks {
namespace git_namespace_sync {

/// What is to be done here to be like the repository.
struct Plan {
    std::vector<std::string> sources{};
    std::vector<flow::FlowId> removed{};
    std::vector<std::pair<std::filesystem::path, storage::Uri>> files{};
    std::vector<storage::Uri> removed_files{};
    List rows{};
};

class Sync {
  public:
    Sync(const GitProperties& want, plugin::TaskContext& context) : want_(want), context_(context) {}

    /// `only`: one namespace; empty: all of both sides
    Result<Value> run(const std::string& only);

  private:
    Result<Value> from_git(const std::string& only);
    Result<void> to_git(const std::string& only, GitRepository& repository);
    Result<std::set<std::string>> namespaces(const std::string& only, GitRepository& repository) const;
    Result<void> plan_flows(const std::string& name_space, GitRepository& repository, Plan& plan);
    Result<void> plan_files(const std::string& name_space, GitRepository& repository, Plan& plan);
    Result<void> write_namespace(const std::string& name_space, GitRepository& repository);
    Result<bool> removes_missing(const std::string& name_space, const std::string& what) const;
    Result<Value> carry_out(const Plan& plan);
    std::string below(const std::string& path) const { return folder_.empty() ? path : folder_ + "/" + path; }

    const GitProperties& want_;
    plugin::TaskContext& context_;
    std::string folder_{};
};

/// What becomes of something that only the side to be changed has.
Result<bool> Sync::removes_missing(const std::string& name_space, const std::string& what) const {
    if (want_.when_missing == "KEEP") return false;
    if (want_.when_missing == "FAIL") {
        return conflict("{} is missing in {}, and whenMissingInSource is FAIL", what,
                        want_.source_of_truth == "GIT" ? "the repository" : "this server");
    }
    const auto& guarded = want_.protected_namespaces;
    const bool is_protected = std::any_of(guarded.begin(), guarded.end(), [&](const std::string& one) {
        return name_space == one || name_space.starts_with(one + ".");
    });
    if (is_protected) context_.log(LogLevel::Warn, what + " stays: its namespace is protected");
    return !is_protected;
}

Result<std::set<std::string>> Sync::namespaces(const std::string& only, GitRepository& repository) const {
    if (!only.empty()) return std::set<std::string>{only};
    const auto paths = repository.files(folder_);
    if (!paths) return tl::unexpected(paths.error());
    std::set<std::string> out;
    for (const std::string& path : *paths) {
        const std::string rest = folder_.empty() ? path : path.substr(folder_.size() + 1);
        const auto slash = rest.find('/');
        if (slash == std::string::npos) continue;
        const std::string kind = rest.substr(slash + 1, rest.find('/', slash + 1) - slash - 1);
        if (kind == "flows" || kind == "files") out.insert(rest.substr(0, slash));
    }
    for (const std::string& name : context_.flow_records().namespaces()) out.insert(name);
    return out;
}

Result<void> Sync::plan_flows(const std::string& name_space, GitRepository& repository, Plan& plan) {
    const auto paths = repository.files(below(name_space + "/flows"));
    if (!paths) return tl::unexpected(paths.error());
    std::set<flow::FlowId> kept{context_.place().flow};
    const OnInvalidFlow on_invalid = [&](const std::string& path, const Error& mistake) -> Result<bool> {
        if (want_.on_invalid == "FAIL") return invalid("{}: {}", path, mistake.message);
        if (want_.on_invalid == "WARN") {
            context_.log(LogLevel::Warn, fmt::format("{} is left out: {}", path, mistake.message));
        }
        kept.insert({name_space, std::filesystem::path(path).stem().string()});
        return true;
    };
    const auto sources = flow_sources(
        repository, *paths, [&](const std::string&) { return name_space; }, on_invalid, context_);
    if (!sources) return tl::unexpected(sources.error());
    for (const FlowSource& one : *sources) {
        kept.insert(one.id);
        plan.sources.push_back(one.text);
        plan.rows.push_back(
            Value{{"kind", "FLOW"}, {"namespace", name_space}, {"id", one.id.id}, {"gitPath", one.path}});
    }
    for (const plugin::StoredFlow& flow : context_.flow_records().flows(name_space, false)) {
        if (kept.contains(flow.id)) continue;
        const auto goes = removes_missing(name_space, "the flow " + flow.id.text());
        if (!goes) return tl::unexpected(goes.error());
        if (*goes) plan.removed.push_back(flow.id);
    }
    return {};
}

Result<void> Sync::plan_files(const std::string& name_space, GitRepository& repository, Plan& plan) {
    const std::string folder = below(name_space + "/files");
    const auto paths = repository.files(folder);
    if (!paths) return tl::unexpected(paths.error());
    std::map<std::string, storage::Uri> left = namespace_files_of(name_space, context_);
    for (const std::string& path : *paths) {
        const std::string name = path.substr(folder.size() + 1);
        auto to = storage::namespace_files(name_space).below(name);
        if (!to) return tl::unexpected(to.error());
        plan.files.emplace_back(repository.folder() / path, std::move(*to));
        left.erase(name);
    }
    for (const auto& [name, uri] : left) {
        const auto goes = removes_missing(name_space, fmt::format("the file {} of {}", name, name_space));
        if (!goes) return tl::unexpected(goes.error());
        if (*goes) plan.removed_files.push_back(uri);
    }
    return {};
}

Result<Value> Sync::carry_out(const Plan& plan) {
    const auto saved = context_.flow_records().apply({plan.sources, plan.removed, want_.dry_run});
    if (!saved) return tl::unexpected(saved.error());
    List rows = plan.rows;
    for (std::size_t i = 0; i < saved->size(); ++i) {
        const plugin::SavedFlow& one = (*saved)[i];
        rows[i].mutable_map().set("syncState", one.is_new ? "ADDED" : one.changed ? "UPDATED" : "UNCHANGED");
    }
    for (const flow::FlowId& id : plan.removed) {
        rows.push_back(
            Value{{"kind", "FLOW"}, {"namespace", id.namespace_name}, {"id", id.id}, {"syncState", "DELETED"}});
    }
    for (const auto& [file, uri] : plan.files) {
        const auto state = put_namespace_file(file, uri, want_.dry_run, context_);
        if (!state) return tl::unexpected(state.error());
        rows.push_back(Value{{"kind", "FILE"}, {"path", uri.text()}, {"syncState", *state}});
    }
    for (const storage::Uri& uri : plan.removed_files) {
        if (!want_.dry_run) context_.storage().remove_all(uri);
        rows.push_back(Value{{"kind", "FILE"}, {"path", uri.text()}, {"syncState", "DELETED"}});
    }
    auto address = store_git_rows(rows, context_);
    if (!address) return tl::unexpected(address.error());
    return Value{{"diff", *address}};
}

Result<Value> Sync::from_git(const std::string& only) {
    auto repository = GitRepository::in(context_.scratch_directory() / "repository", want_, context_);
    if (!repository) return tl::unexpected(repository.error());
    auto done = repository->check_out({want_.branch, "", "", 1, want_.clone_submodules, false});
    if (!done) return tl::unexpected(done.error());
    const auto names = namespaces(only, *repository);
    if (!names) return tl::unexpected(names.error());
    Plan plan;
    for (const std::string& name : *names) {
        if (auto planned = plan_flows(name, *repository, plan); !planned) return tl::unexpected(planned.error());
    }
    for (const std::string& name : *names) {
        if (auto planned = plan_files(name, *repository, plan); !planned) return tl::unexpected(planned.error());
    }
    return carry_out(plan);
}

Result<void> Sync::write_namespace(const std::string& name_space, GitRepository& repository) {
    std::set<std::string> written;
    for (const plugin::StoredFlow& flow : context_.flow_records().flows(name_space, false)) {
        const std::string path = below(fmt::format("{}/flows/{}.yaml", name_space, flow.id.id));
        write_git_file(repository.folder() / path, flow.source);
        written.insert(path);
    }
    for (const auto& [name, uri] : namespace_files_of(name_space, context_)) {
        const std::string path = below(fmt::format("{}/files/{}", name_space, name));
        auto fetched = plugin::fetch_file(context_, uri.text(), repository.folder() / path);
        if (!fetched) return fetched;
        written.insert(path);
    }
    for (const char* kind : {"flows", "files"}) {
        const auto paths = repository.files(below(fmt::format("{}/{}", name_space, kind)));
        if (!paths) return tl::unexpected(paths.error());
        for (const std::string& path : *paths) {
            if (written.contains(path)) continue;
            const auto goes = removes_missing(name_space, path);
            if (!goes) return tl::unexpected(goes.error());
            if (*goes) std::filesystem::remove(repository.folder() / path);
        }
    }
    return {};
}

Result<void> Sync::to_git(const std::string& only, GitRepository& repository) {
    const auto names = namespaces(only, repository);
    if (!names) return tl::unexpected(names.error());
    for (const std::string& name : *names) {
        if (auto written = write_namespace(name, repository); !written) return written;
    }
    return {};
}

Result<Value> Sync::run(const std::string& only) {
    auto folder = git_folder(want_.git_directory);
    if (!folder) return tl::unexpected(folder.error());
    folder_ = *folder;
    if (want_.source_of_truth == "GIT") return from_git(only);
    return push_to_git({want_.branch, folder_, only.empty() ? "Tenant sync" : "Namespace sync", "diff",
                        [&](GitRepository& repository) { return to_git(only, repository); }},
                       want_, context_);
}

plugin::TaskTypeMaker<GitProperties> declared(std::string_view name, plugin::TaskTypeMaker<GitProperties>::Run run) {
    plugin::TaskTypeMaker<GitProperties> type(name, std::move(run));
    declare_git(type);
    declare_commit(type);
    type.description(
            "The repository has a folder for each namespace, with its flows in `flows` and its files in `files`. The "
            "output `diff` is a file with a row for each flow and file that was looked at.")
        .property("branch", &GitProperties::branch, "Branch", plugin::required)
        .property("gitDirectory", &GitProperties::git_directory, "Folder of the repository; default: all of it")
        .property("sourceOfTruth", &GitProperties::source_of_truth, "Which side the other is made like")
        .values({"GIT", "KESTRA"})
        .property("whenMissingInSource", &GitProperties::when_missing, "What becomes of what only the other side has")
        .values({"DELETE", "KEEP", "FAIL"})
        .property("protectedNamespaces", &GitProperties::protected_namespaces,
                  "Namespaces in which, and below which, nothing is deleted")
        .property("onInvalidSyntax", &GitProperties::on_invalid, "What becomes of flows with mistakes")
        .values({"SKIP", "WARN", "FAIL"})
        .property("dryRun", &GitProperties::dry_run, "Say what would happen, and change nothing")
        .output("diff", "Address of the file of rows", flow::Shape::Text);
    return type;
}

}  // namespace git_namespace_sync

plugin::TaskType git_namespace_sync_task() {
    using namespace git_namespace_sync;
    return declared("git.NamespaceSync",
                    [](const GitProperties& want, plugin::TaskContext& context) {
                        return Sync(want, context).run(want.name_space);
                    })
        .title("Makes a namespace and a folder of a git repository alike.")
        .property("namespace", &GitProperties::name_space, "Which namespace", plugin::required)
        .example("Git is right", R"(id: namespace_sync
namespace: system
tasks:
  - id: sync
    type: io.kestra.plugin.git.NamespaceSync
    url: https://github.com/company/platform
    branch: main
    username: bot
    password: "{{ secret('GITHUB_TOKEN') }}"
    namespace: company.team
    sourceOfTruth: GIT
    whenMissingInSource: DELETE
)");
}

plugin::TaskType git_tenant_sync_task() {
    using namespace git_namespace_sync;
    return declared("git.TenantSync",
                    [](const GitProperties& want, plugin::TaskContext& context) { return Sync(want, context).run(""); })
        .title("Makes all namespaces and a git repository alike.")
        .example("Keep everything in git", R"(id: tenant_sync
namespace: system
tasks:
  - id: sync
    type: io.kestra.plugin.git.TenantSync
    url: https://github.com/company/platform
    branch: main
    username: bot
    password: "{{ secret('GITHUB_TOKEN') }}"
    sourceOfTruth: KESTRA
    whenMissingInSource: KEEP
)");
}

}  // namespace sluice::tasks
