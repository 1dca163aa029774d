#include "tasks/catalog.h"
#include "tasks/git/flow_sources.h"

namespace sluice::tasks {
namespace git_sync_flows {

/// Where a sync reads and writes.
struct Place {
    std::string folder{};  // of the repository
    std::string name_space{};
    bool below = false;
};

/// What stands between the folder and the file's name: "marketing/crm".
std::string folders_of(const std::string& path, const std::string& folder) {
    const std::string rest = folder.empty() ? path : path.substr(folder.size() + 1);
    const auto slash = rest.rfind('/');
    return slash == std::string::npos ? "" : rest.substr(0, slash);
}

std::string namespace_of(const std::string& path, const Place& place) {
    std::string out = folders_of(path, place.folder);
    std::replace(out.begin(), out.end(), '/', '.');
    return out.empty() ? place.name_space : place.name_space + "." + out;
}

/// The id that a text with mistakes would have: so that its flow is not taken for one that is gone.
flow::FlowId presumed_id(const std::string& path, const Place& place) {
    return {namespace_of(path, place), std::filesystem::path(path).stem().string()};
}

struct Plan {
    std::vector<FlowSource> sources{};
    std::vector<flow::FlowId> removed{};
};

std::vector<flow::FlowId> missing_in_git(const Place& place, std::set<flow::FlowId> kept,
                                         plugin::TaskContext& context) {
    kept.insert(context.place().flow);  // the flow that does this stays
    std::vector<flow::FlowId> out;
    for (const plugin::StoredFlow& flow : context.flow_records().flows(place.name_space, place.below)) {
        if (!kept.contains(flow.id)) out.push_back(flow.id);
    }
    return out;
}

Result<Plan> plan(const GitProperties& want, const Place& place, GitRepository& repository,
                  plugin::TaskContext& context) {
    auto paths = repository.files(place.folder);
    if (!paths) return tl::unexpected(paths.error());
    if (!place.below)
        std::erase_if(*paths, [&](const std::string& path) { return !folders_of(path, place.folder).empty(); });
    std::set<flow::FlowId> kept;
    const OnInvalidFlow on_invalid = [&](const std::string& path, const Error& mistake) -> Result<bool> {
        if (!want.ignore_invalid_flows) return invalid("{}: {}", path, mistake.message);
        context.log(LogLevel::Warn, fmt::format("{} is left out: {}", path, mistake.message));
        kept.insert(presumed_id(path, place));
        return true;
    };
    auto sources = flow_sources(
        repository, *paths, [&](const std::string& path) { return namespace_of(path, place); }, on_invalid, context);
    if (!sources) return tl::unexpected(sources.error());
    for (const FlowSource& one : *sources) kept.insert(one.id);
    Plan out{std::move(*sources), {}};
    if (want.remove) out.removed = missing_in_git(place, std::move(kept), context);
    return out;
}

Result<Value> apply(const Plan& plan, const GitProperties& want, plugin::TaskContext& context) {
    plugin::FlowChanges changes{{}, plan.removed, want.dry_run};
    for (const FlowSource& one : plan.sources) changes.sources.push_back(one.text);
    const auto saved = context.flow_records().apply(changes);
    if (!saved) return tl::unexpected(saved.error());
    List rows;
    std::size_t changed = 0;
    for (const flow::FlowId& id : plan.removed) {
        rows.push_back(Value{{"syncState", "DELETED"}, {"flowId", id.id}, {"namespace", id.namespace_name}});
    }
    for (std::size_t i = 0; i < saved->size(); ++i) {
        const plugin::SavedFlow& flow = (*saved)[i];
        changed += flow.changed ? 1 : 0;
        rows.push_back(Value{{"gitPath", plan.sources[i].path},
                             {"syncState", flow.is_new    ? "ADDED"
                                           : flow.changed ? "UPDATED"
                                                          : "UNCHANGED"},
                             {"flowId", flow.id.id},
                             {"namespace", flow.id.namespace_name},
                             {"revision", flow.revision}});
    }
    context.log(LogLevel::Info, fmt::format("{}{} flows read, {} stored, {} deleted", want.dry_run ? "dry run: " : "",
                                            saved->size(), changed, plan.removed.size()));
    auto address = store_git_rows(rows, context);
    if (!address) return tl::unexpected(address.error());
    return Value{{"flows", *address}};
}

Result<Value> run(const GitProperties& want, plugin::TaskContext& context) {
    auto folder = git_folder(want.git_directory.empty() ? "_flows" : want.git_directory);
    if (!folder) return tl::unexpected(folder.error());
    auto repository = GitRepository::in(context.scratch_directory() / "repository", want, context);
    if (!repository) return tl::unexpected(repository.error());
    auto done =
        repository->check_out({want.branch.empty() ? "main" : want.branch, "", "", 1, want.clone_submodules, false});
    if (!done) return tl::unexpected(done.error());
    const auto planned =
        plan(want, {*folder, want.target_namespace, want.include_child_namespaces}, *repository, context);
    if (!planned) return tl::unexpected(planned.error());
    return apply(*planned, want, context);
}

}  // namespace git_sync_flows

plugin::TaskType git_sync_flows_task() {
    using namespace git_sync_flows;
    plugin::TaskTypeMaker<GitProperties> type("git.SyncFlows", run);
    declare_git(type);
    return type.title("Stores the flows of a git repository.")
        .description(
            "All of them or none: one with mistakes stops everything, unless `ignoreInvalidFlows` leaves it "
            "out. The flow that does this is never deleted. The output `flows` is a file with a row for each "
            "flow: `{gitPath, syncState, flowId, namespace, revision}`; syncState is ADDED, UPDATED, UNCHANGED "
            "or DELETED.")
        .property("branch", &GitProperties::branch, "Branch; default main")
        .property("targetNamespace", &GitProperties::target_namespace,
                  "Their namespace, whatever their texts say; subfolders become namespaces below it", plugin::required)
        .property("gitDirectory", &GitProperties::git_directory, "Folder of the repository; default _flows")
        .property("includeChildNamespaces", &GitProperties::include_child_namespaces, "Subfolders, too")
        .property("delete", &GitProperties::remove, "Delete flows that are not in the repository")
        .property("ignoreInvalidFlows", &GitProperties::ignore_invalid_flows, "Leave out flows with mistakes")
        .property("dryRun", &GitProperties::dry_run, "Say what would happen, and change nothing")
        .output("flows", "Address of the file of rows", flow::Shape::Text)
        .example("Follow the main branch", R"(id: sync_flows
namespace: system
tasks:
  - id: sync
    type: io.kestra.plugin.git.SyncFlows
    url: https://github.com/company/flows
    branch: main
    username: bot
    password: "{{ secret('GITHUB_TOKEN') }}"
    gitDirectory: flows
    targetNamespace: company
    includeChildNamespaces: true
    delete: true
triggers:
  - id: hourly
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "0 * * * *"
)");
}

}  // namespace sluice::tasks
