#pragma once
/// What every process does for the whole cluster: row locks and advisory locks decide which one does it.
///
/// Promises
/// - A service whose lease is over is declared dead once, and its claims become events of their executions.
/// - There are always partitions for the time to come; making them is tried long before they are needed.
/// - One step that fails does not keep the others from running.
#include "base/service.h"
#include "pg/pg.h"
#include "pg/signals.h"

namespace sluice::maintenance {

/// Finds services that fell silent, and gives their work away.
class Reaper : public Service {
  public:
    Reaper(pg::Pool& pool, pg::Signals& signals, Duration every);

  protected:
    Turn turn(std::stop_token stop) override;
    void recover() override { pool_.drop_idle(); }

  private:
    pg::Pool& pool_;
    pg::Signals& signals_;
};

/// Partitions ahead, old rows of services and keys.
class Housekeeper : public Service {
  public:
    explicit Housekeeper(pg::Pool& pool);

  protected:
    Turn turn(std::stop_token stop) override;

  private:
    void step(std::string_view name, const std::function<void(pg::Connection&)>& run);
    pg::Pool& pool_;
};

/// Makes the partitions that are missing. Returns how many.
std::int64_t ensure_partitions(pg::Connection& connection);

}  // namespace sluice::maintenance
