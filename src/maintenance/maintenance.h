#pragma once
/// What every process does for the whole cluster: row locks and advisory locks decide which one does it.
///
/// Promises
/// - A service whose lease is over is declared dead once, and its claims become events of their executions. Only a
/// process
///   that has itself been in touch with the database for a while declares others dead: when the database was away, they
///   get the time to say that they are there.
/// - There are always partitions for the time to come; making them is tried long before they are needed.
/// - One step that fails does not keep the others from running.
#include "base/service.h"
#include "cluster/membership.h"
#include "pg/pg.h"
#include "pg/signals.h"

namespace sluice::maintenance {

struct ReaperConfig {
    Duration every = 10s;
    Duration grace = 4s;  // how long this process must have been in touch with the database
};

/// Finds services that fell silent, and gives their work away.
class Reaper : public Service {
  public:
    Reaper(pg::Pool& pool, pg::Signals& signals, const cluster::Membership& membership, ReaperConfig config);

  protected:
    Turn turn(std::stop_token stop) override;
    Duration idle_pause() override;
    void recover() override { pool_.drop_idle(); }

  private:
    void enforce_kill_switches();

    pg::Pool& pool_;
    pg::Signals& signals_;
    const cluster::Membership& membership_;
    const ReaperConfig config_;
};

struct HousekeeperConfig {
    Duration refused_results{};  // are kept so long
    bool makes_indexes = false;  // that a migration left to be made: see pg::index_history
};

/// Partitions ahead, old rows of services and keys.
class Housekeeper : public Service {
  public:
    Housekeeper(pg::Pool& pool, HousekeeperConfig config);

  protected:
    Turn turn(std::stop_token stop) override;

  private:
    void step(std::string_view name, const std::function<void(pg::Connection&)>& run);

    pg::Pool& pool_;
    const HousekeeperConfig config_;
};

/// Makes the partitions that are missing. Returns how many.
std::int64_t ensure_partitions(pg::Connection& connection);

}  // namespace sluice::maintenance
