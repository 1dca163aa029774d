#pragma once
#include "base/service.h"
#include "pg/pg.h"

namespace sluice::maintenance {

/// Counts executions and log lines by time, flow and state or level, for boards (sql/README.md, "Counts"). An advisory
/// lock decides which process does it. Nothing depends on it but speed: what is not counted, or was changed since, is
/// read from the executions themselves. A process that dies leaves what it had committed, and the next one goes on from
/// there.
class Counter : public Service {
  public:
    Counter(pg::Pool& pool, std::string version);

  protected:
    Turn turn(std::stop_token stop) override;
    void recover() override { pool_.drop_idle(); }

  private:
    pg::Pool& pool_;
    const std::string version_;
};

}  // namespace sluice::maintenance
