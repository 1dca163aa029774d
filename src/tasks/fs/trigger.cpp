#include "base/utf8.h"
#include "tasks/catalog.h"
#include "tasks/files/arrivals.h"
#include "tasks/fs/file_family.h"

namespace sluice::tasks {
namespace fs_trigger {

std::vector<Arrivals::Thing> things_of(const std::vector<remote::Entry>& entries) {
    std::vector<Arrivals::Thing> out;
    for (const remote::Entry& entry : entries) out.push_back({repaired_utf8(entry.path), version_of(entry)});
    return out;
}

/// Moves or deletes when it is sure that the execution exists. What can't be, the next look tries again.
void act_later(plugin::TaskContext& context, std::shared_ptr<remote::Files> files, FileAction action,
               const FileFamily& family, const FileProperties& want, std::vector<remote::Entry> taken) {
    if (action == FileAction::None) return;
    context.when_stored([&family, files = std::move(files), action, want, taken = std::move(taken)]() -> Result<void> {
        for (const remote::Entry& entry : taken) {
            const auto done = act_on(*files, action, family, want, entry);
            if (!done) return tl::unexpected(done.error());
        }
        return {};
    });
}

Result<Value> poll(const FileFamily& family, const Settings& settings, const FileProperties& want,
                   plugin::TaskContext& context) {
    const auto action = file_action(want);
    if (!action) return tl::unexpected(action.error());
    const auto on = arrivals_on(want.on);
    if (!on) return tl::unexpected(on.error());
    auto files = open_files(family, want, settings, context);
    if (!files) return tl::unexpected(files.error());
    const auto there = matching_files(**files, family, want, context, false);
    if (!there) return tl::unexpected(there.error());
    const Value before = context.remembered();
    Arrivals arrivals(before, *on);
    const Arrivals::Look look = arrivals.look(things_of(*there), static_cast<std::size_t>(want.max_files));
    List out;
    std::vector<remote::Entry> taken;
    for (const std::size_t index : look.fresh) {
        const remote::Entry& entry = (*there)[index];
        auto stored = download_file(**files, entry.path, path_below_from(family, want, entry), context);
        if (!stored && stored.error().code == ErrorCode::NotFound) continue;  // gone since it was listed
        if (!stored) return tl::unexpected(stored.error());
        out.push_back(entry_output(family, want, entry, stored->address));
        taken.push_back(entry);
    }
    for (const std::size_t index : look.taken) taken.push_back((*there)[index]);
    if (Value now = arrivals.memory(); now != before) context.remember(std::move(now));
    act_later(context, std::move(*files), *action, family, want, std::move(taken));
    if (out.empty()) return Value();
    return Value{{"files", Value(std::move(out))}};
}

}  // namespace fs_trigger

plugin::TaskType fs_trigger_type(const FileFamily& family, const Settings& settings) {
    const auto run = [&family, settings](const FileProperties& want, plugin::TaskContext& context) {
        return fs_trigger::poll(family, settings, want, context);
    };
    FileType type = file_type(family, "Trigger", run);
    declare_listing(type);
    declare_action(type);
    return type.polling()
        .title(fmt::format("Starts the flow when files arrive in a folder of {}.", family.where))
        .description(
            "A worker looks every `interval`. All files that are new start one execution, which finds them in the "
            "internal "
            "storage. Each is taken once: what was taken is remembered with the execution, and only then moved or "
            "deleted, "
            "as `action` says. A file is another one when its size or time changed. Let writers rename a file into the "
            "folder "
            "when it is whole; one that is still growing is taken as it is, and again when it has grown.")
        .example("Load what arrives, and put it into an archive", R"(id: on_arrival
namespace: company.team
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: "{{ trigger.files }}"
    tasks:
      - id: show
        type: io.kestra.plugin.core.log.Log
        message: "{{ fromJson(taskrun.value).name }} is {{ fromJson(taskrun.value).path }}"
triggers:
  - id: arrival
)" + file_example(family, "Trigger",
                  "from: " + std::string(family.folder) +
                      "\nregExp: .*\\.csv\ninterval: PT30S\naction: MOVE\nmoveDirectory: " +
                      (family.is_local() ? "/data/archive/" : "/archive/") + "\n"))
        .property("interval", &FileProperties::interval, "From the end of one look to the next")
        .shape(flow::Shape::Duration)
        .literal()
        .property("maxFiles", &FileProperties::max_files,
                  "How many start one execution, at most; the others start the next")
        .property("on", &FileProperties::on, "Whether new files count, changed ones, or both")
        .values({"CREATE", "UPDATE", "CREATE_OR_UPDATE"})
        .output("files", "Each with path (its address in the internal storage), serverPath, name, size, updatedDate …",
                flow::Shape::List);
}

}  // namespace sluice::tasks
