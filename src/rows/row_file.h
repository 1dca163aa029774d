#pragma once
#include <optional>

#include "rows/item_reader.h"
#include "rows/row_codec.h"

namespace sluice::rows {

/// Reads a stored file of rows, one after the other.
class RowReader {
  public:
    explicit RowReader(ItemReader lines) : lines_(std::move(lines)) {}

    /// Errors  Invalid: no address of the internal storage; NotFound
    static Result<RowReader> open(const storage::Storage& storage, const std::string& address);

    /// Empty: the end. Lines without anything are passed over.
    /// Errors  Invalid, with the number of the line
    Result<std::optional<Value>> next();

  private:
    ItemReader lines_;
    RowCodec codec_{};
    std::int64_t line_ = 0;
};

/// Writes a stored file of rows. Destroyed without commit(), it leaves nothing.
class RowWriter {
  public:
    explicit RowWriter(std::unique_ptr<storage::Writer> writer) : writer_(std::move(writer)) {}

    /// A row that is null is left out.
    /// Errors  storage::StorageError
    void write(const Value& row);
    Result<void> commit();
    std::int64_t count() const { return count_; }

  private:
    std::unique_ptr<storage::Writer> writer_;
    RowCodec codec_{};
    std::string pending_{};
    std::int64_t count_ = 0;
};

}  // namespace sluice::rows
