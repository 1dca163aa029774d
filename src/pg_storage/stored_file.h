#pragma once
#include <optional>

#include "pg/pool.h"
#include "storage/storage.h"

/// Reading and writing the contents of files in the database.
namespace sluice::pg_storage {

inline constexpr std::size_t kChunkBytes = 256 * 1024;  // released: what is stored depends on it

struct StoredFile {
    storage::FileInfo info{};
    std::optional<std::int64_t> content_id{};  // empty: a folder
    std::string metadata{};
};
StoredFile stored_file_of(pg::Row& row);
std::optional<StoredFile> find_stored(pg::Pool& pool, const storage::Uri& uri);

/// The folder and all above it. Errors  Conflict: a file is in the way
Result<void> make_folders(pg::Transaction& tx, const storage::Uri& folder);

class StoredReader : public storage::Reader {
  public:
    StoredReader(pg::Pool& pool, storage::Uri uri, std::int64_t content_id, std::uint64_t first, std::uint64_t size);
    std::size_t read(std::span<char> buffer) override;
    std::uint64_t size_bytes() const override { return size_; }

  private:
    void fetch();

    pg::Pool& pool_;
    storage::Uri uri_;
    std::int64_t content_id_;
    std::uint64_t at_;
    std::uint64_t left_;
    std::uint64_t size_;
    std::string chunk_{};
    std::size_t used_ = 0;
};

/// A file that fits into a chunk is stored by commit() alone, in one transaction.
class StoredWriter : public storage::Writer {
  public:
    StoredWriter(pg::Pool& pool, storage::Uri uri, std::string metadata);
    void write(std::string_view bytes) override;
    Result<void> commit() override;

  private:
    using Clock = std::chrono::steady_clock;

    pg::Pool& pool_;
    storage::Uri uri_;
    std::string metadata_;
    std::string chunk_{};
    std::optional<std::int64_t> content_id_{};
    std::int64_t chunks_ = 0;
    std::uint64_t size_ = 0;
    Clock::time_point touched_ = Clock::now();
};

}  // namespace sluice::pg_storage
