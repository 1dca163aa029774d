#include "tasks/serdes/convert.h"

#include "storage/storage.h"

namespace sluice::tasks {
namespace {

constexpr std::int64_t kRowsBetweenLooks = 1000;

Result<void> go_on(std::int64_t count, plugin::TaskContext& context) {
    if (count % kRowsBetweenLooks == 0 && context.stop_token().stop_requested()) {
        return refuse(ErrorCode::Cancelled, "asked to stop after {} rows", count);
    }
    return {};
}

}  // namespace

Value converted(const storage::Uri& address, std::int64_t size, plugin::TaskContext& context) {
    context.metric("records", "counter", static_cast<double>(size));
    return Value{{"uri", address.text()}, {"size", size}};
}

Result<Value> to_rows(const std::function<Result<std::optional<Value>>()>& next, plugin::TaskContext& context) {
    const auto address = context.file_address("rows.ion");
    if (!address) return tl::unexpected(address.error());
    auto created = context.storage().create(*address);
    if (!created) return tl::unexpected(created.error());
    rows::RowWriter writer(std::move(*created));
    while (true) {
        if (auto may = go_on(writer.count(), context); !may) return tl::unexpected(may.error());
        const auto row = next();
        if (!row) return tl::unexpected(row.error());
        if (!*row) break;
        writer.write(**row);
    }
    if (auto done = writer.commit(); !done) return tl::unexpected(done.error());
    return converted(*address, writer.count(), context);
}

Result<std::int64_t> for_each_row(const std::string& from, plugin::TaskContext& context,
                                  const std::function<Result<void>(const Value& row)>& take) {
    auto reader = rows::RowReader::open(context.storage(), from);
    if (!reader) return tl::unexpected(reader.error());
    for (std::int64_t count = 0;; ++count) {
        if (auto may = go_on(count, context); !may) return tl::unexpected(may.error());
        const auto row = reader->next();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return count;
        if (auto taken = take(**row); !taken) return invalid("row {}: {}", count + 1, taken.error().message);
    }
}

}  // namespace sluice::tasks
