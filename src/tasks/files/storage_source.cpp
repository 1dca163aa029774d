#include "tasks/files/storage_source.h"

namespace sluice::tasks {

Result<std::shared_ptr<StorageSource>> StorageSource::open(storage::Storage& storage, const std::string& address) {
    const auto uri = storage::Uri::parse(address);
    if (!uri) return tl::unexpected(uri.error());
    auto reader = storage.open(*uri);
    if (!reader) return tl::unexpected(reader.error());
    return std::shared_ptr<StorageSource>(new StorageSource(storage, *uri, std::move(*reader)));
}

bool StorageSource::rewind() {
    auto again = storage_.open(uri_);
    if (again) reader_ = std::move(*again);
    return again.has_value();
}

}  // namespace sluice::tasks
