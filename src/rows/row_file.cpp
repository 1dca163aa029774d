#include "rows/row_file.h"

#include "rows/piece.h"

namespace sluice::rows {
Result<RowReader> RowReader::open(const storage::Storage& storage, const std::string& address) {
    auto lines = open_items(storage, address);
    if (!lines) return tl::unexpected(lines.error());
    return RowReader(std::move(*lines));
}

Result<std::optional<Value>> RowReader::next() {
    while (auto line = lines_.next()) {
        ++line_;
        if (line->find_first_not_of(" \t\r") == std::string::npos) continue;
        auto row = codec_.read(*line);
        if (!row) return invalid("line {} of the file: {}", line_, row.error().message);
        return std::optional(std::move(*row));
    }
    return std::optional<Value>();
}

void RowWriter::write(const Value& row) {
    if (row.is_null()) return;
    pending_ += codec_.text_of(row);
    pending_ += '\n';
    ++count_;
    if (pending_.size() < kPieceBytes) return;
    writer_->write(pending_);
    pending_.clear();
}

Result<void> RowWriter::commit() {
    writer_->write(pending_);
    pending_.clear();
    return writer_->commit();
}

}  // namespace sluice::rows
