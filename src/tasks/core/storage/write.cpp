#include "plugin/task_files.h"
#include "tasks/catalog.h"

namespace sluice::tasks {
namespace storage_write {

struct Properties {
    std::string content;
    std::string extension;
};

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    auto address = plugin::store_text(context, want.content, "content" + want.extension);
    if (!address) return tl::unexpected(address.error());
    return Value{{"uri", std::move(*address)}};
}

}  // namespace storage_write

plugin::TaskType core_storage_write() {
    using namespace storage_write;
    return plugin::task_type<Properties>("core.storage.Write", run)
        .title("Writes a text to a file of the internal storage.")
        .property("content", &Properties::content, "The text", plugin::required)
        .shape(flow::Shape::Any)
        .property("extension", &Properties::extension, "Of the file, for example .csv")
        .output("uri", "Address of the file", flow::Shape::Text);
}

}  // namespace sluice::tasks
