#pragma once
#include "base/service.h"
#include "pg/pg.h"
#include "pg/signals.h"

namespace sluice::maintenance {

struct ReconcilerConfig {
    Duration every = 60s;  // each invariant, by one process of the cluster
    /// What is broken for less is left alone. One snapshot never shows a hand-over half done; this is for what we
    /// don't know.
    Duration older = 60s;
    std::size_t piece = 50'000;  // executions that are looked at in one go
};

/// Looks whether the named invariants hold (sql/functions/invariants.sql), and repairs what does not hold. Each is swept
/// by itself: one that fails keeps no other from being swept. The count of repairs, sluice_repairs_total, stays 0 as long
/// as our own code is right.
class Reconciler : public Service {
  public:
    Reconciler(pg::Pool& pool, pg::Signals& signals, ReconcilerConfig config = {});

  protected:
    Turn turn(std::stop_token stop) override;
    void recover() override { pool_.drop_idle(); }

  private:
    struct Swept {
        std::vector<std::string> ids{};  // that were repaired
        std::string cursor{};            // where the next sweep goes on
    };
    using Sweep = std::function<Swept(pg::Transaction& tx, const std::string& cursor)>;
    void sweep(std::string_view invariant, const Sweep& run);
    Swept wake_executions(pg::Transaction& tx, const std::string& cursor) const;

    pg::Pool& pool_;
    pg::Signals& signals_;
    const ReconcilerConfig config_;
};

}  // namespace sluice::maintenance
