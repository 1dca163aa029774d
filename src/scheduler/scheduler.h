#pragma once
/// Turns dates that are due into executions. Every scheduler process has one; one of them leads.
///
/// Promises
/// - A date fires once: its row in `fires` is unique, and is written in the transaction that stores the execution.
/// - A leader that lost the lead writes nothing more: each transaction asks for its epoch.
/// - The next date follows from the date before, never from now: a restart moves nothing.
/// - A trigger that can't be planned or decided stops no other: a batch that fails is repeated one by one, and the
///   guilty one's date gets its row, FAILED. It is then left alone for a while, each time longer.
#include "base/service.h"
#include "cluster/leadership.h"
#include "cluster/membership.h"
#include "pg/pg.h"
#include "pg/signals.h"
#include "scheduler/trigger_book.h"

namespace sluice::scheduler {

struct SchedulerConfig {
    std::size_t batch = 500;     // triggers in one transaction
    Duration poll = 1s;          // also how soon a new leader is found
    Duration longest_poll = 2s;  // of a leader to whom nothing comes; also how often it asks for its lock's session
    /// Dates from so long before a takeover count as those of a change of leaders, not as missed.
    Duration handover = 30s;
    Duration quiet = 2s;  // after a trigger's first failure; doubles with each one that follows
    Duration longest_quiet = 10min;
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
    void finish() override { stop_leading(); }

  private:
    /// One of the two things that are to be done for triggers: their first date, or the date that is due.
    struct Work;
    Work planning();
    Work firing();
    std::size_t do_batch(const ServiceId& me, const Work& work);
    std::size_t do_together(const ServiceId& me, const Work& work, std::vector<store::TriggerRow>& rows);
    void do_alone(const ServiceId& me, const Work& work, const store::TriggerRow& row);
    void set_back(const ServiceId& me, const Work& work, const store::TriggerRow& row, const std::string& reason);
    bool in_lead(const ServiceId& me, const std::function<void(pg::Transaction&)>& use);
    void stop_leading();

    pg::Pool& pool_;
    pg::Signals& signals_;
    const cluster::Membership& membership_;
    const SchedulerConfig config_;
    cluster::Leadership leadership_;
    TriggerBook book_;
    std::map<store::TriggerId, int> failures_{};  // in a row; these are decided alone
    std::optional<std::int64_t> epoch_{};
    Timestamp watching_since_{};
    Duration pause_{};
    bool paused_ = false;  // maintenance mode
    std::atomic<bool> leads_{false};
};

}  // namespace sluice::scheduler
