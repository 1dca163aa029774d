#include "tasks/catalog.h"
#include "tasks/core/storage/split_items.h"

namespace sluice::tasks {
namespace storage_split {

struct Properties {
    std::string from;
    std::string bytes;
    std::int64_t partitions = 0;
    std::int64_t rows = 0;
    std::string separator = "\n";
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    auto parts = split_items(want.from, {want.bytes, want.partitions, want.rows, want.separator}, context);
    if (!parts) return tl::unexpected(parts.error());
    List uris;
    for (std::string& part : *parts) uris.emplace_back(std::move(part));
    return Value{{"uris", Value(std::move(uris))}};
}

}  // namespace storage_split

plugin::TaskType core_storage_split() {
    using namespace storage_split;
    return plugin::task_type<Properties>("core.storage.Split", run)
        .title("Divides a file into several.")
        .alias("io.kestra.core.tasks.storages.Split")
        .property("from", &Properties::from, "Address of the file", plugin::required)
        .property("bytes", &Properties::bytes, "A new file begins when one has this size, for example 10MB")
        .property("partitions", &Properties::partitions, "This many files, filled in turn")
        .property("rows", &Properties::rows, "This many lines in each")
        .property("separator", &Properties::separator, "Between lines; default a line feed")
        .output("uris", "Addresses of the files", flow::Shape::List);
}

}  // namespace sluice::tasks
