#pragma once
#include "pg/pool.h"
#include "storage/storage.h"

namespace sluice::pg_storage {

/// The internal storage in the database: nothing but PostgreSQL is needed for servers on several machines.
///
/// Bytes are chunks of a content; a file is a name of a content, and gets it in one transaction with what it replaces.
/// A content that lost its name stays for an hour, so that who reads it can finish. Every call is a short transaction
/// of its own: no snapshot is held while a file is read or written. Errors  beside those of Storage: pg::DatabaseError
class PgStorage : public storage::Storage {
  public:
    /// `pool`: of connections that nobody uses who calls this storage in the middle of a transaction
    explicit PgStorage(pg::Pool& pool) : pool_(pool) {}

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
    pg::Pool& pool_;
};

}  // namespace sluice::pg_storage
