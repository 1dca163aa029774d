#pragma once
#include <filesystem>

#include "base/file_descriptor.h"
#include "storage/storage.h"

namespace sluice::storage {

struct LocalConfig {
    std::filesystem::path folder{};
    std::string tenant = "main";  // the folder below `folder` that kestra:/// means
    bool durable = true;          // fsync before a file counts as written
};

/// Files in a folder of this machine, or of a network file system that all servers share.
///
/// Names are walked folder by folder from an open descriptor of the root and no symbolic link is followed, so no name
/// leads out, not even while somebody swaps folders for links. Metadata stands beside its file in
/// ".sluice-metadata.<name>"; files being written stand in "<folder>/.incoming".
class LocalStorage : public Storage {
  public:
    /// Makes the folders as needed.
    /// Errors  StorageError
    explicit LocalStorage(LocalConfig config);

    Result<std::unique_ptr<Reader>> open(const Uri& uri, Range range = {}) const override;
    Result<std::unique_ptr<Writer>> create(const Uri& uri, const Metadata& metadata = {}) override;
    Result<FileInfo> info(const Uri& uri) const override;
    Result<Metadata> metadata(const Uri& uri) const override;
    Result<std::vector<FileInfo>> list(const Uri& folder) const override;
    Result<void> create_folder(const Uri& uri) override;
    Result<void> move(const Uri& from, const Uri& to) override;
    Result<bool> remove(const Uri& uri) override;
    std::uint64_t remove_all(const Uri& uri, const std::function<void(const Uri&)>& removed = {}) override;
    std::uint64_t sweep_abandoned(Duration age) override;

  private:
    bool durable_;
    FileDescriptor root_;  // of the tenant
    FileDescriptor incoming_;
};

}  // namespace sluice::storage
