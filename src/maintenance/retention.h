#pragma once
#include "base/service.h"
#include "pg/pg.h"
#include "storage/storage.h"
#include "store/retention.h"

namespace sluice::maintenance {

struct RetentionConfig {
    std::optional<Duration> keep{};  // executions that no rule is about; empty: for ever
    Duration every = 1h;             // between the beginnings of two sweeps
    Duration pause = 200ms;          // between two pieces of one
    Duration fires = 400 * 24h;      // what became of dates
    std::size_t batch = 500;         // executions in one transaction
    std::size_t piece = 20'000;      // executions that are looked at in one go
};

/// Takes away what is kept no longer (store/retention.h): whole weeks first, by dropping their partitions, then the
/// rest in small batches with pauses. One process of the cluster at a time does it, and another goes on where it died.
class Retention : public Service {
  public:
    Retention(pg::Pool& pool, storage::Storage& storage, RetentionConfig config);

  protected:
    Turn turn(std::stop_token stop) override;
    Duration idle_pause() override { return pause_; }
    void recover() override { pool_.drop_idle(); }

  private:
    void purge_piece();

    pg::Pool& pool_;
    storage::Storage& storage_;
    const RetentionConfig config_;
    Duration pause_ = Duration::max();  // until the next piece of a sweep
    std::chrono::steady_clock::time_point next_piece_{};
    std::string files_after_{};  // where the removal of files is
};

struct Purged {
    std::int64_t weeks = 0;       // that were dropped as a whole
    std::int64_t executions = 0;  // with theirs
    std::int64_t files = 0;
    std::int64_t stay = 0;  // executions whose files could not be removed: later they are tried again
    std::string why{};      // one of them could not
};

/// The next of the old weeks goes, if whoever works makes way.
bool drop_week(pg::Pool& pool, std::optional<Duration> base, Purged& purged);

/// Removes files of purged executions, a batch of them behind `after`, which moves on. false: there were no more
bool remove_files(pg::Pool& pool, storage::Storage& storage, Purged& purged, std::string& after);

/// All at once, for a person who waits. `told` hears of the progress, and returns false to end it.
Purged purge(pg::Pool& pool, storage::Storage& storage, const store::PurgeScope& scope,
             const std::function<bool(const Purged&)>& told);

}  // namespace sluice::maintenance
