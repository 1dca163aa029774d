#include "storage/layout.h"
#include "storage/storage.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace storage_purge_current_execution_files {

struct Properties {};

Result<Value> run(const Properties&, plugin::TaskContext& context) {
    const plugin::TaskPlace& place = context.place();
    List uris;
    context.storage().remove_all(
        storage::execution_folder({place.flow.namespace_name, place.flow.id, place.execution_id.text()}),
        [&](const storage::Uri& uri) { uris.emplace_back(uri.text()); });
    return Value{{"uris", Value(std::move(uris))}};
}

}  // namespace storage_purge_current_execution_files

plugin::TaskType core_storage_purge_current_execution_files() {
    using namespace storage_purge_current_execution_files;
    return plugin::task_type<Properties>("core.storage.PurgeCurrentExecutionFiles", run)
        .title("Deletes all files of this execution.")
        .alias("io.kestra.core.tasks.storages.PurgeExecution")
        .alias("io.kestra.plugin.core.storage.PurgeExecution")
        .output("uris", "Addresses of what was deleted", flow::Shape::List);
}

}  // namespace sluice::tasks
