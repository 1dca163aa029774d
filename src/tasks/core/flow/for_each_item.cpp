// What ForEachItem does on a worker: it divides the file before, and collects the outputs after the executions, which the
// engine starts.
#include "plugin/records.h"
#include "plugin/task_files.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/core/storage/split_items.h"
#include "value/json.h"

namespace sluice::tasks {
namespace flow_for_each_item {

struct SplitProperties {
    std::string items;
    Value batch;
};

Result<SplitRules> rules_of(const Value& batch) {
    SplitRules out{.rows = 1};
    if (!batch.is_map()) return out;
    const auto number = [&](const char* name, std::int64_t otherwise) -> Result<std::int64_t> {
        const auto value = batch.get(name);
        if (!value) return otherwise;
        if (value->is_null()) return std::int64_t{0};
        std::int64_t read = 0;
        if (auto done = plugin::convert(*value, read); !done) {
            return invalid("property 'batch.{}': {}", name, done.error().message);
        }
        return read;
    };
    const auto rows = number("rows", 1);
    if (!rows) return tl::unexpected(rows.error());
    const auto partitions = number("partitions", 0);
    if (!partitions) return tl::unexpected(partitions.error());
    out.rows = *rows;
    out.partitions = *partitions;
    out.bytes = batch.text("bytes");
    if (const auto separator = batch.get("separator"); separator && separator->is_string()) {
        out.separator = separator->as_string();
    }
    return out;
}

/// Answers the address of a file with the address of one batch in each line.
Result<Value> split(const SplitProperties& want, plugin::TaskContext& context) {
    if (!want.items.starts_with("kestra://")) {
        return invalid("Unable to split the items from {}, this is not an internal storage URI!", want.items);
    }
    const auto rules = rules_of(want.batch);
    if (!rules) return tl::unexpected(rules.error());
    const auto parts = split_items(want.items, *rules, context);
    if (!parts) return tl::unexpected(parts.error());
    const auto address = context.file_address("splits.txt");
    if (!address) return tl::unexpected(address.error());
    auto writer = context.storage().create(*address);
    if (!writer) return tl::unexpected(writer.error());
    for (const std::string& part : *parts) (*writer)->write(part + "\n");
    if (auto done = (*writer)->commit(); !done) return tl::unexpected(done.error());
    return Value{{"splits", address->text()}};
}

struct NoProperties {};

/// The outputs of the executions, one in each line, in the order of their batches. JSON is Ion, too.
Result<Value> merge(const NoProperties&, plugin::TaskContext& context) {
    constexpr std::string_view kSuffix = "_merge";
    const std::string& own = context.place().task_id;
    const std::string items = own.substr(0, own.size() - kSuffix.size()) + "_items";
    const auto address = context.file_address("outputs.ion");
    if (!address) return tl::unexpected(address.error());
    std::unique_ptr<storage::Writer> writer;
    for (std::int64_t piece = 0;; ++piece) {
        const auto outputs = context.execution_records().outputs_of_children(context.place(), items, piece);
        if (!outputs) break;
        for (const Value& one : *outputs) {
            if (!one.is_map() || one.as_map().empty()) continue;
            if (!writer) {
                auto created = context.storage().create(*address);
                if (!created) return tl::unexpected(created.error());
                writer = std::move(*created);
            }
            writer->write(to_json(one) + "\n");
        }
    }
    if (!writer) return Value();
    if (auto done = writer->commit(); !done) return tl::unexpected(done.error());
    return Value{{"subflowOutputs", address->text()}};
}

}  // namespace flow_for_each_item

plugin::TaskType core_flow_for_each_item_split() {
    using namespace flow_for_each_item;
    return plugin::task_type<SplitProperties>("core.flow.ForEachItem$ForEachItemSplit", split)
        .internal()
        .property("items", &SplitProperties::items, "Address of a file", plugin::required)
        .property("batch", &SplitProperties::batch, "How it is divided")
        .output("splits", "Address of a list of the batches", flow::Shape::Text);
}

plugin::TaskType core_flow_for_each_item_merge() {
    using namespace flow_for_each_item;
    return plugin::task_type<NoProperties>("core.flow.ForEachItem$ForEachItemMergeOutputs", merge)
        .internal()
        .output("subflowOutputs", "Address of the outputs of all executions", flow::Shape::Text);
}

}  // namespace sluice::tasks
