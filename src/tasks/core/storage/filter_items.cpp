#include "rows/item_reader.h"
#include "rows/row_codec.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/core/storage/row_names.h"
#include "value/truthiness.h"

namespace sluice::tasks {
namespace storage_filter_items {

struct Properties {
    std::string from;
    std::string condition;
    std::string type = "INCLUDE";
    std::string on_error = "FAIL";
};

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) return "";
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

Result<bool> keeps(const std::string& line, const Properties& want, rows::RowCodec& codec,
                   plugin::TaskContext& context) {
    const auto row = codec.read(line);
    if (!row) return tl::unexpected(row.error());
    const auto rendered = context.render(want.condition, names_of(*row));
    const std::string answer = rendered ? trimmed(*rendered) : "";
    if (!rendered || answer.empty() || answer == "null") {
        if (want.on_error == "INCLUDE") return true;
        if (want.on_error == "EXCLUDE") return false;
        if (!rendered) return tl::unexpected(rendered.error());
        return invalid("property 'filterCondition': it gave nothing for the item {}", line.substr(0, 200));
    }
    return is_truthy(answer) == (want.type == "INCLUDE");
}

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    auto items = rows::open_items(context.storage(), want.from);
    if (!items) return tl::unexpected(items.error());
    const auto address = context.file_address("filtered.ion");
    if (!address) return tl::unexpected(address.error());
    auto writer = context.storage().create(*address);
    if (!writer) return tl::unexpected(writer.error());
    rows::RowCodec codec;
    std::int64_t seen = 0;
    std::int64_t dropped = 0;
    while (const auto line = items->next()) {
        if (line->empty()) continue;
        ++seen;
        const auto kept = keeps(*line, want, codec, context);
        if (!kept) return tl::unexpected(kept.error());
        dropped += *kept ? 0 : 1;
        if (*kept) (*writer)->write(*line + "\n");
    }
    if (auto done = (*writer)->commit(); !done) return tl::unexpected(done.error());
    return Value{{"uri", address->text()}, {"processedItemsTotal", seen}, {"droppedItemsTotal", dropped}};
}

}  // namespace storage_filter_items

plugin::TaskType core_storage_filter_items() {
    using namespace storage_filter_items;
    return plugin::task_type<Properties>("core.storage.FilterItems", run)
        .title("Keeps the rows of a file for which a condition is true.")
        .alias("io.kestra.core.tasks.storages.FilterItems")
        .property("from", &Properties::from, "Address of a file of Ion or JSON lines", plugin::required)
        .property("filterCondition", &Properties::condition, "An expression; the row's fields are its names",
                  plugin::required)
        .unrendered()
        .property("filterType", &Properties::type, "What happens to rows for which it is true")
        .values({"INCLUDE", "EXCLUDE"})
        .property("errorOrNullBehavior", &Properties::on_error, "When it fails, or gives nothing")
        .values({"FAIL", "INCLUDE", "EXCLUDE"})
        .output("uri", "Address of the new file", flow::Shape::Text)
        .output("processedItemsTotal", "Rows that were read", flow::Shape::Integer)
        .output("droppedItemsTotal", "Rows that were left out", flow::Shape::Integer);
}

}  // namespace sluice::tasks
