#pragma once
#include <unordered_set>

#include "base/guarded.h"
#include "object_store/upload.h"
#include "storage/storage.h"

namespace sluice::object_store {

struct S3StorageConfig {
    ClientConfig client{};
    std::string bucket{};
    std::string prefix{};  // of all keys; "" or "some/folder/"
    std::size_t part_bytes = Upload::kPartBytes;
    std::size_t read_bytes = 4 * 1024 * 1024;  // fetched at once
};

/// The internal storage in a bucket.
///
/// A file is the object <prefix>main/<path>. A folder is there while something is in it, or while it has an object of
/// no bytes whose key ends with '/', which create_folder() makes. Files show and are replaced at once; moving a folder
/// moves its files one after the other. Uploads that a killed process left unfinished are the business of a
/// lifecycle rule of the bucket (AbortIncompleteMultipartUpload).
class S3Storage : public storage::Storage {
  public:
    S3Storage(net::Client& http, S3StorageConfig config);

    Result<std::unique_ptr<storage::Reader>> open(const storage::Uri& uri, storage::Range range = {}) const override;
    Result<std::unique_ptr<storage::Writer>> create(const storage::Uri& uri,
                                                    const storage::Metadata& metadata = {}) override;
    Result<storage::FileInfo> info(const storage::Uri& uri) const override;
    Result<storage::Metadata> metadata(const storage::Uri& uri) const override;
    Result<std::vector<storage::FileInfo>> list(const storage::Uri& folder) const override;
    Result<void> create_folder(const storage::Uri& uri) override;
    Result<void> move(const storage::Uri& from, const storage::Uri& to) override;
    Result<bool> remove(const storage::Uri& uri) override;
    std::uint64_t remove_all(const storage::Uri& uri,
                             const std::function<void(const storage::Uri&)>& removed = {}) override;
    std::uint64_t sweep_abandoned(Duration age) override;

  private:
    friend class S3Writer;

    Place place_of(const storage::Uri& uri) const;
    std::string folder_key(const storage::Uri& uri) const;
    storage::Uri uri_of(const std::string& key) const;
    Client client() const { return Client(http_, config_.client, {}); }
    Result<std::vector<ObjectInfo>> objects_below(const std::string& folder_key, std::size_t most) const;
    bool is_folder(const storage::Uri& uri) const;
    std::optional<ObjectInfo> find(const storage::Uri& uri) const;
    Result<void> check_folders_above(const storage::Uri& uri);
    void remove_keys(const std::vector<std::string>& keys) const;

    net::Client& http_;
    S3StorageConfig config_;
    Guarded<std::unordered_set<std::string>> known_folders_{};  // paths that were no files when we looked
};

}  // namespace sluice::object_store
