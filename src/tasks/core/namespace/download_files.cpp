#include "storage/layout.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/core/namespace/namespace_paths.h"

namespace sluice::tasks {
namespace namespace_download_files {

struct Properties {
    std::string name_space;
    std::vector<std::string> files;
    std::string destination;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const auto found = matching_namespace_files(want.name_space, want.files, context);
    if (!found) return tl::unexpected(found.error());
    const storage::Uri root = storage::namespace_files(want.name_space);
    Map files;
    for (const storage::Uri& uri : *found) {
        const std::string path = "/" + uri.relative_to(root);
        const auto first = want.destination.find_first_not_of('/');
        const std::string folder = first == std::string::npos ? "" : want.destination.substr(first);
        const auto address = context.file_address(folder + path.substr(folder.empty() || folder.back() == '/' ? 1 : 0));
        if (!address) return tl::unexpected(address.error());
        if (auto copied = context.storage().copy(uri, *address); !copied) return tl::unexpected(copied.error());
        files.set(path, address->text());
    }
    if (files.empty()) {
        context.log(LogLevel::Warn, fmt::format("no file of namespace '{}' matches", want.name_space));
    }
    return Value{{"files", Value(std::move(files))}};
}

}  // namespace namespace_download_files

plugin::TaskType core_namespace_download_files() {
    using namespace namespace_download_files;
    return plugin::task_type<Properties>("core.namespace.DownloadFiles", run)
        .title("Copies files of a namespace into this execution.")
        .property("namespace", &Properties::name_space, "Whose files", plugin::required)
        .property("files", &Properties::files, "Globs", plugin::required)
        .property("destination", &Properties::destination, "Folder to put them into")
        .output("files", "Addresses by path in the namespace, such as /lib/a.py", flow::Shape::Map);
}

}  // namespace sluice::tasks
