#include "tasks/catalog.h"
#include "tasks/fs/file_family.h"
#include "tasks/fs/local_files.h"

namespace sluice::tasks {
namespace fs_change {

/// A target that is a folder takes the file under its own name.
std::string target_of(const FileFamily& family, const FileProperties& want, const std::string& from) {
    const std::string path = server_path(family, want, want.to);
    return want.to.ends_with('/') ? remote::joined(path, remote::name_of(from)) : path;
}

Value moved(const FileFamily& family, const FileProperties& want, const std::string& from, const std::string& to) {
    return Value{{"from", shown_path(family, want, from)}, {"to", shown_path(family, want, to)}};
}

Result<Value> move(const FileFamily& family, const Settings& settings, const FileProperties& want,
                   plugin::TaskContext& context) {
    auto files = open_files(family, want, settings, context);
    if (!files) return tl::unexpected(files.error());
    const std::string from = server_path(family, want, plugin::text_of(want.from));
    const std::string to = target_of(family, want, from);
    if (from == to) {
        const auto there = (*files)->info(from);
        if (!there) return tl::unexpected(there.error());
    }
    if (auto done = remote::move(**files, from, to, want.overwrite); !done) return tl::unexpected(done.error());
    return moved(family, want, from, to);
}

Result<void> remove_below(remote::Files& files, const remote::Entry& entry) {
    if (entry.is_folder && !entry.is_link) {
        auto entries = files.list(entry.path);
        if (!entries) return tl::unexpected(entries.error());
        for (const remote::Entry& one : *entries) {
            if (auto removed = remove_below(files, one); !removed) return removed;
        }
    }
    return files.remove(entry);
}

/// A link to a folder is removed, not what is in that folder; info() looks behind it, a list does not.
bool is_link(remote::Files& files, const std::string& path) {
    const auto siblings = files.list(remote::parent_of(path));
    if (!siblings) return false;
    return std::any_of(siblings->begin(), siblings->end(),
                       [&](const remote::Entry& one) { return one.is_link && one.name() == remote::name_of(path); });
}

Result<Value> remove(const FileFamily& family, const Settings& settings, const FileProperties& want,
                     plugin::TaskContext& context) {
    auto files = open_files(family, want, settings, context);
    if (!files) return tl::unexpected(files.error());
    const std::string path = server_path(family, want, want.uri.empty() ? plugin::text_of(want.from) : want.uri);
    const std::string shown = shown_path(family, want, path);
    auto there = (*files)->info(path);
    if (!there) {
        if (there.error().code != ErrorCode::NotFound || want.error_on_missing) return tl::unexpected(there.error());
        return Value{{"uri", shown}, {"deleted", Value(false)}};
    }
    // Its contents must not be gone before that is found.
    for (const auto& root : settings.local_paths) {
        if (family.is_local() && std::filesystem::path(path).lexically_normal() == root.lexically_normal()) {
            return refuse(ErrorCode::Forbidden, "{} is itself one of tasks.local-files.allowed-paths", path);
        }
    }
    if (there->is_folder && is_link(**files, path)) {
        there->is_link = true;
        there->is_folder = false;
    }
    auto removed = want.recursive ? remove_below(**files, *there) : (*files)->remove(*there);
    if (!removed) return tl::unexpected(removed.error());
    return Value{{"uri", shown}, {"deleted", Value(true)}};
}

Result<Value> copy(const Settings& settings, const FileProperties& want, plugin::TaskContext&) {
    LocalFiles files(settings.local_paths);
    const FileFamily& family = file_families().front();
    const std::string from = server_path(family, want, plugin::text_of(want.from));
    const std::string to = target_of(family, want, from);
    if (auto made = remote::make_folders(files, remote::parent_of(to)); !made) return tl::unexpected(made.error());
    if (!want.overwrite && files.info(to))
        return conflict("there is a file {} already; overwrite: true replaces it", to);
    if (auto done = files.copy(from, to); !done) return tl::unexpected(done.error());
    return moved(family, want, from, to);
}

}  // namespace fs_change

plugin::TaskType fs_move_type(const FileFamily& family, const Settings& settings) {
    const auto run = [&family, settings](const FileProperties& want, plugin::TaskContext& context) {
        return fs_change::move(family, settings, want, context);
    };
    FileType type = file_type(family, "Move", run);
    return type.title(fmt::format("Moves or renames a file of {}.", family.where))
        .description("Folders are made as needed.")
        .example("Put a file into the archive", R"(id: move
namespace: company.team
tasks:
  - id: move
)" + file_example(family, "Move",
                  "from: " + std::string(family.folder) + "orders.csv\nto: " + std::string(family.folder) +
                      "archive/\n"))
        .property("from", &FileProperties::from, "Path of the file or folder", plugin::required)
        .shape(flow::Shape::Text)
        .property("to", &FileProperties::to,
                  "Its new path; with a '/' at its end, the folder that takes it under its own name", plugin::required)
        .property("overwrite", &FileProperties::overwrite, "Replace a file that is there already; else it is a failure")
        .output("from", "Where it was", flow::Shape::Text)
        .output("to", "Where it is now", flow::Shape::Text);
}

plugin::TaskType fs_delete_type(const FileFamily& family, const Settings& settings) {
    const auto run = [&family, settings](const FileProperties& want, plugin::TaskContext& context) {
        return fs_change::remove(family, settings, want, context);
    };
    FileType type = file_type(family, "Delete", run);
    return type.title(fmt::format("Deletes a file of {}.", family.where))
        .description("A file, or an empty folder; with `recursive`, a folder with all that is in it.")
        .example("Delete what was loaded", R"(id: delete
namespace: company.team
tasks:
  - id: delete
)" + file_example(family, "Delete",
                  (family.is_local() ? "from: " : "uri: ") + std::string(family.folder) +
                      "orders.csv\nerrorOnMissing: true\n"))
        .property("uri", &FileProperties::uri, "Path of the file")
        .property("from", &FileProperties::from, "The same")
        .shape(flow::Shape::Text)
        .property("errorOnMissing", &FileProperties::error_on_missing, "It is a failure when the file is not there")
        .property("recursive", &FileProperties::recursive, "A folder goes with all that is in it")
        .output("uri", "Path of the file", flow::Shape::Text)
        .output("deleted", "false: it was not there", flow::Shape::Boolean);
}

plugin::TaskType fs_local_copy(const Settings& settings) {
    const auto run = [settings](const FileProperties& want, plugin::TaskContext& context) {
        return fs_change::copy(settings, want, context);
    };
    FileType type = file_type(file_families().front(), "Copy", run);
    return type.title("Copies a file of this worker's machine.")
        .description("The copy shows when it is whole. Folders are made as needed.")
        .example("Keep a copy", R"(id: copy
namespace: company.team
tasks:
  - id: copy
    type: io.kestra.plugin.fs.local.Copy
    from: /data/in/orders.csv
    to: /data/archive/
)")
        .property("from", &FileProperties::from, "Path of the file", plugin::required)
        .shape(flow::Shape::Text)
        .property("to", &FileProperties::to,
                  "Path of the copy; with a '/' at its end, the folder that takes it under its own name",
                  plugin::required)
        .property("overwrite", &FileProperties::overwrite, "Replace a file that is there already; else it is a failure")
        .output("from", "Path of the file", flow::Shape::Text)
        .output("to", "Path of the copy", flow::Shape::Text);
}

}  // namespace sluice::tasks
