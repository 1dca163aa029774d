#include "plugin/task_files.h"
#include "storage/storage.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace storage_concat {

struct Properties {
    std::vector<std::string> files;
    std::optional<std::string> separator;
    std::string extension = ".tmp";
};

Result<void> append(const std::string& address, storage::Writer& to, storage::Storage& storage) {
    const auto uri = storage::Uri::parse(address);
    if (!uri) return tl::unexpected(uri.error());
    auto reader = storage.open(*uri);
    if (!reader) return tl::unexpected(reader.error());
    std::string piece(256 * 1024, '\0');
    for (std::size_t got = piece.size(); got == piece.size();) {
        got = (*reader)->read(piece);
        to.write({piece.data(), got});
    }
    return {};
}

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const auto address = context.file_address("concat" + want.extension);
    if (!address) return tl::unexpected(address.error());
    auto writer = context.storage().create(*address);
    if (!writer) return tl::unexpected(writer.error());
    for (const std::string& file : want.files) {
        if (auto done = append(file, **writer, context.storage()); !done) return tl::unexpected(done.error());
        if (want.separator) (*writer)->write(*want.separator);  // behind the last one, too: flows count on it
    }
    if (auto done = (*writer)->commit(); !done) return tl::unexpected(done.error());
    return Value{{"uri", address->text()}};
}

}  // namespace storage_concat

plugin::TaskType core_storage_concat() {
    using namespace storage_concat;
    return plugin::task_type<Properties>("core.storage.Concat", run)
        .title("Joins files to one.")
        .alias("io.kestra.core.tasks.storages.Concat")
        .property("files", &Properties::files, "Addresses: a list, or the JSON text of one", plugin::required)
        .property("separator", &Properties::separator, "Written after each file")
        .property("extension", &Properties::extension, "Of the new file")
        .output("uri", "Address of the new file", flow::Shape::Text);
}

}  // namespace sluice::tasks
