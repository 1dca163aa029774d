#include "storage/storage.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace storage_delete {

struct Properties {
    std::string uri;
    bool error_on_missing = false;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const auto uri = storage::Uri::parse(want.uri);
    if (!uri) return tl::unexpected(uri.error());
    const auto removed = context.storage().remove(*uri);
    if (!removed) return tl::unexpected(removed.error());
    if (!*removed && want.error_on_missing) return not_found("there is no file {}", want.uri);
    return Value{{"uri", uri->text()}, {"deleted", *removed}};
}

}  // namespace storage_delete

plugin::TaskType core_storage_delete() {
    using namespace storage_delete;
    return plugin::task_type<Properties>("core.storage.Delete", run)
        .title("Deletes a file of the internal storage.")
        .alias("io.kestra.core.tasks.storages.Delete")
        .property("uri", &Properties::uri, "Address of the file", plugin::required)
        .property("errorOnMissing", &Properties::error_on_missing, "A file that is not there is a failure")
        .output("uri", "Address of the file", flow::Shape::Text)
        .output("deleted", "Whether it was there", flow::Shape::Boolean);
}

}  // namespace sluice::tasks
