#include "storage/layout.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/core/namespace/namespace_paths.h"

namespace sluice::tasks {
namespace namespace_delete_files {

struct Properties {
    std::string name_space;
    std::vector<std::string> files;
    bool delete_parent_folder = false;
};

/// Folders above that hold nothing any more.
void remove_empty_parents(const storage::Uri& file, const storage::Uri& root, storage::Storage& storage) {
    for (storage::Uri folder = file.parent(); folder != root && folder.is_within(root); folder = folder.parent()) {
        const auto list = storage.list(folder);
        if (!list || !list->empty() || !storage.remove(folder)) return;
    }
}

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const auto found = matching_namespace_files(want.name_space, want.files, context);
    if (!found) return tl::unexpected(found.error());
    const storage::Uri root = storage::namespace_files(want.name_space);
    double deleted = 0;
    for (const storage::Uri& uri : *found) {
        const auto removed = context.storage().remove(uri);
        if (!removed) return tl::unexpected(removed.error());
        deleted += *removed ? 1 : 0;
        if (want.delete_parent_folder) remove_empty_parents(uri, root, context.storage());
    }
    context.metric("deleted", "counter", deleted);
    context.log(LogLevel::Info, fmt::format("{} files deleted", deleted));
    return Value();
}

}  // namespace namespace_delete_files

plugin::TaskType core_namespace_delete_files() {
    using namespace namespace_delete_files;
    return plugin::task_type<Properties>("core.namespace.DeleteFiles", run)
        .title("Deletes files of a namespace.")
        .property("namespace", &Properties::name_space, "Whose files", plugin::required)
        .property("files", &Properties::files, "Globs", plugin::required)
        .property("deleteParentFolder", &Properties::delete_parent_folder, "Folders that become empty, too");
}

}  // namespace sluice::tasks
