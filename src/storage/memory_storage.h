#pragma once
#include "base/guarded.h"
#include "storage/storage.h"

namespace sluice::storage {

/// Files in memory, for tests. It behaves as LocalStorage does; the same tests run on both.
class MemoryStorage : public Storage {
  public:
    /// `clock` gives the times of files; empty: all are 1970.
    explicit MemoryStorage(std::function<Timestamp()> clock = {});

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
    friend class MemoryWriter;

    struct Node {
        std::shared_ptr<const std::string> bytes{};  // null: a folder
        Metadata metadata{};
        Timestamp created{};
        Timestamp modified{};
    };
    using Nodes = std::map<Uri, Node>;

    static FileInfo info_of(const Uri& uri, const Node& node);
    Result<void> make_folder(Nodes& nodes, const Uri& uri) const;
    Result<void> store(const Uri& uri, Node node);

    std::function<Timestamp()> clock_;
    Guarded<Nodes> nodes_;
};

}  // namespace sluice::storage
