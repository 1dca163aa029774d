#include <unordered_map>

#include "rows/item_reader.h"
#include "rows/row_codec.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/core/storage/row_names.h"

namespace sluice::tasks {
namespace storage_deduplicate_items {

struct Properties {
    std::string from;
    std::string key;
};

/// Which row is the last one of each key, by number.
Result<std::unordered_map<std::string, std::int64_t>> last_rows(const Properties& want, plugin::TaskContext& context) {
    auto items = rows::open_items(context.storage(), want.from);
    if (!items) return tl::unexpected(items.error());
    rows::RowCodec codec;
    std::unordered_map<std::string, std::int64_t> out;
    for (std::int64_t number = 0; const auto line = items->next(); ++number) {
        if (line->empty()) continue;
        const auto row = codec.read(*line);
        if (!row) return tl::unexpected(row.error());
        auto key = context.render(want.key, names_of(*row));
        if (!key) return tl::unexpected(key.error());
        out[std::move(*key)] = number;
    }
    return out;
}

Result<Value> run(const Properties& want, plugin::TaskContext& context) {
    const auto last = last_rows(want, context);
    if (!last) return tl::unexpected(last.error());
    std::vector<std::int64_t> kept;
    for (const auto& [key, number] : *last) kept.push_back(number);
    std::sort(kept.begin(), kept.end());
    auto items = rows::open_items(context.storage(), want.from);
    if (!items) return tl::unexpected(items.error());
    const auto address = context.file_address("deduplicated.ion");
    if (!address) return tl::unexpected(address.error());
    auto writer = context.storage().create(*address);
    if (!writer) return tl::unexpected(writer.error());
    std::int64_t seen = 0;
    auto next = kept.begin();
    for (std::int64_t number = 0; const auto line = items->next(); ++number) {
        seen += line->empty() ? 0 : 1;
        if (next == kept.end() || *next != number) continue;
        (*writer)->write(*line + "\n");
        ++next;
    }
    if (auto done = (*writer)->commit(); !done) return tl::unexpected(done.error());
    const auto keys = static_cast<std::int64_t>(kept.size());
    return Value{
        {"uri", address->text()}, {"numKeys", keys}, {"processedItemsTotal", seen}, {"droppedItemsTotal", seen - keys}};
}

}  // namespace storage_deduplicate_items

plugin::TaskType core_storage_deduplicate_items() {
    using namespace storage_deduplicate_items;
    return plugin::task_type<Properties>("core.storage.DeduplicateItems", run)
        .title("Keeps the last row of each key of a file.")
        .alias("io.kestra.core.tasks.storages.DeduplicateItems")
        .property("from", &Properties::from, "Address of a file of Ion or JSON lines", plugin::required)
        .property("expr", &Properties::key, "An expression that gives the key; the row's fields are its names",
                  plugin::required)
        .unrendered()
        .output("uri", "Address of the new file", flow::Shape::Text)
        .output("numKeys", "Different keys", flow::Shape::Integer)
        .output("processedItemsTotal", "Rows that were read", flow::Shape::Integer)
        .output("droppedItemsTotal", "Rows that were left out", flow::Shape::Integer);
}

}  // namespace sluice::tasks
