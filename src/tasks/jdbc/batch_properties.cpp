#include "tasks/jdbc/batch_properties.h"

#include "rows/row_file.h"
#include "storage/storage.h"
#include "tasks/jdbc/query_properties.h"

namespace sluice::tasks {
namespace {

constexpr std::int64_t kLargestChunk = 100'000;

std::string quoted_name(const std::string& name) {
    std::string out = "\"";
    for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string insert_of(const BatchProperties& want, std::size_t count) {
    std::string names;
    std::string marks;
    for (std::size_t i = 0; i < count; ++i) {
        marks += i == 0 ? "?" : ", ?";
        if (i < want.columns.size()) names += (i == 0 ? "" : ", ") + quoted_name(want.columns[i]);
    }
    return fmt::format("insert into {}{} values ({})", want.table, names.empty() ? "" : " (" + names + ")", marks);
}

/// The rows of the file, as lists of the values that are wanted.
class RowValues {
  public:
    RowValues(rows::RowReader reader, std::vector<std::string>& columns)
        : reader_(std::move(reader)), columns_(columns) {}

    /// Reads the first row, whose fields are the columns if none are named. Empty: the file has no rows
    Result<std::optional<std::size_t>> begin() {
        auto row = reader_.next();
        if (!row) return tl::unexpected(row.error());
        first_ = std::move(*row);
        if (!first_) return std::optional<std::size_t>();
        if (columns_.empty() && first_->is_map()) {
            for (const auto& [name, value] : first_->as_map()) columns_.push_back(name);
        }
        return std::optional(first_->is_list() ? first_->as_list().size() : std::max<std::size_t>(columns_.size(), 1));
    }

    Result<std::optional<std::vector<Value>>> next() {
        std::optional<Value> row = std::exchange(first_, {});
        if (!row) {
            auto read = reader_.next();
            if (!read) return tl::unexpected(read.error());
            row = std::move(*read);
        }
        if (!row) return std::optional<std::vector<Value>>();
        ++count_;
        return values_of(*row);
    }
    std::int64_t count() const { return count_; }

  private:
    Result<std::optional<std::vector<Value>>> values_of(const Value& row) const {
        if (row.is_list()) return std::optional(std::vector<Value>(row.as_list()));
        if (!row.is_map()) return std::optional(std::vector<Value>{row});
        std::vector<Value> out;
        for (const std::string& name : columns_) {
            const Value* value = row.as_map().find(name);
            if (value == nullptr) return invalid("row {} has no field '{}'", count_, name);
            out.push_back(*value);
        }
        return std::optional(std::move(out));
    }

    rows::RowReader reader_;
    std::vector<std::string>& columns_;
    std::optional<Value> first_{};
    std::int64_t count_ = 0;
};

Value outcome(std::int64_t rows, std::int64_t changed, plugin::TaskContext& context) {
    context.metric("records", "counter", static_cast<double>(rows));
    context.metric("updated", "counter", static_cast<double>(changed));
    return Value{{"rowCount", rows}, {"updatedCount", changed}};
}

}  // namespace

Result<Value> run_batch(const BatchProperties& asked, databases::Session& session, plugin::TaskContext& context) {
    BatchProperties want = asked;
    if (want.sql.empty() && want.table.empty()) return invalid("one of the properties 'sql' and 'table' is wanted");
    if (want.chunk < 1 || want.chunk > kLargestChunk) {
        return invalid("property 'chunk': expected 1 to {}, found {}", kLargestChunk, want.chunk);
    }
    auto reader = rows::RowReader::open(context.storage(), want.from);
    if (!reader) return tl::unexpected(reader.error());
    RowValues values(std::move(*reader), want.columns);
    const auto count = values.begin();
    if (!count) return tl::unexpected(count.error());
    if (!*count) return outcome(0, 0, context);
    const std::string sql = want.sql.empty() ? insert_of(want, **count) : want.sql;
    if (auto begun = session.run("begin"); !begun) return tl::unexpected(begun.error().error);
    const auto changed = session.run_for_all(
        databases::bind_question_marks(sql, session.mark()), [&] { return values.next(); }, want.chunk);
    if (!changed) return tl::unexpected(placed(changed.error(), sql, 0));
    if (auto done = session.run("commit"); !done) return tl::unexpected(done.error().error);
    return outcome(values.count(), *changed, context);
}

}  // namespace sluice::tasks
