#include "storage/storage.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace storage_size {

struct Properties {
    std::string uri;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const auto uri = storage::Uri::parse(want.uri);
    if (!uri) return tl::unexpected(uri.error());
    const auto info = context.storage().info(*uri);
    if (!info) return tl::unexpected(info.error());
    return Value{{"size", Value(static_cast<std::int64_t>(info->size_bytes))}};
}

}  // namespace storage_size

plugin::TaskType core_storage_size() {
    using namespace storage_size;
    return plugin::task_type<Properties>("core.storage.Size", run)
        .title("Tells the size of a file.")
        .alias("io.kestra.core.tasks.storages.Size")
        .property("uri", &Properties::uri, "Address of the file", plugin::required)
        .output("size", "Bytes", flow::Shape::Integer);
}

}  // namespace sluice::tasks
