#pragma once
#include "net/message.h"
#include "storage/storage.h"

namespace sluice::tasks {

/// A file of the internal storage, as what is sent reads it.
class StorageSource : public net::Source {
  public:
    /// Errors  Invalid: no address of the internal storage; NotFound
    static Result<std::shared_ptr<StorageSource>> open(storage::Storage& storage, const std::string& address);

    std::size_t read(std::span<char> buffer) override { return reader_->read(buffer); }
    std::optional<std::uint64_t> size_bytes() const override { return reader_->size_bytes(); }
    bool rewind() override;
    /// The last segment of the address.
    std::string name() const { return uri_.name(); }

  private:
    StorageSource(storage::Storage& storage, storage::Uri uri, std::unique_ptr<storage::Reader> reader)
        : storage_(storage), uri_(std::move(uri)), reader_(std::move(reader)) {}

    storage::Storage& storage_;
    storage::Uri uri_;
    std::unique_ptr<storage::Reader> reader_;
};

}  // namespace sluice::tasks
