#pragma once
/// Turns dates that are due into executions. Every scheduler process has one; one of them leads.
///
/// Promises
/// - A date fires once: its row in `fires` is unique, and is written in the transaction that stores the execution.
/// - A leader that lost the lead writes nothing more: each transaction asks for its epoch.
/// - The next date follows from the date before, never from now: a restart moves nothing.
/// - A trigger that can't be planned stops no other; its row tells why.
#include "base/service.h"
#include "cluster/leadership.h"
#include "cluster/membership.h"
#include "pg/pg.h"
#include "pg/signals.h"
#include "scheduler/trigger_book.h"

namespace sluice::scheduler {

struct SchedulerConfig {
    std::size_t batch = 500;  // triggers in one transaction
    Duration poll = 1s;       // also how soon a new leader is found
    Duration longest_poll = 2s;  // of a leader to whom nothing comes; also how often it asks for its lock's session
    /// Dates from so long before a takeover count as those of a change of leaders, not as missed.
    Duration handover = 30s;
};

class Scheduler : public Service {
  public:
    /// `direct`: how to reach the database without a proxy in between, for the lock's session
    Scheduler(pg::Pool& pool, pg::Signals& signals, const cluster::Membership& membership, pg::ConnectionConfig direct,
              const Tools& tools, SchedulerConfig config = {});

    bool leads() const { return leads_; }

  protected:
    sluice::Turn turn(std::stop_token stop) override;
    Duration idle_pause() override { return pause_; }
    bool is_woken() override { return leads_ && signals_.connected(); }
    void recover() override { pool_.drop_idle(); }
    void finish() override { leadership_.resign(); }

  private:
    std::size_t plan(const ServiceId& me);
    std::size_t fire(const ServiceId& me);

    pg::Pool& pool_;
    pg::Signals& signals_;
    const cluster::Membership& membership_;
    const SchedulerConfig config_;
    cluster::Leadership leadership_;
    TriggerBook book_;
    std::optional<std::int64_t> epoch_{};
    Timestamp watching_since_{};
    Duration pause_{};
    std::atomic<bool> leads_{false};
};

}  // namespace sluice::scheduler
