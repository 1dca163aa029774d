#pragma once
#include <optional>
#include <string>

#include "storage/storage.h"

namespace sluice::rows {

/// Reads a stored file item by item; items end with a separator, the last one may lack it.
class ItemReader {
  public:
    ItemReader(std::unique_ptr<storage::Reader> reader, std::string separator)
        : reader_(std::move(reader)), separator_(std::move(separator)) {}

    /// The next one without its separator. Empty: the end
    std::optional<std::string> next();

  private:
    bool fill();

    std::unique_ptr<storage::Reader> reader_;
    std::string separator_;
    std::string pending_{};
    std::size_t at_ = 0;
    bool over_ = false;
};

/// Errors  Invalid: no address of the internal storage, or an empty separator; NotFound
Result<ItemReader> open_items(const storage::Storage& storage, const std::string& address,
                              const std::string& separator = "\n");

/// ".csv" of "kestra:///a/b.csv"; "" when there is none
std::string extension_of(const std::string& address);

}  // namespace sluice::rows
