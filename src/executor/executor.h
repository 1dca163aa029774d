#pragma once
/// Takes events, asks the engine what follows, and writes it: one transaction for a batch of executions.
///
/// Promises
/// - Events, state and all that follows become true together, or not at all.
/// - One bad event stops nothing: it is found, counted, and parked at its fifth failure.
/// - A process that dies in the middle leaves nothing behind: its transaction is rolled back, its events are free
/// again.
#include "base/service.h"
#include "engine/step.h"
#include "executor/flow_triggers.h"
#include "executor/runtime.h"
#include "pg/signals.h"
#include "queue/scan_mark.h"

namespace sluice::executor {

/// A timer that is due later than this is found by looking; one that is due sooner is told of.
constexpr Duration kLongestTimerPoll = 5s;

struct ExecutorConfig {
    std::size_t batch = 200;  // events in one transaction
    int failures_until_parked = 5;
    Duration poll = 1s;
    Duration longest_poll = 5s;  // when nothing comes
    engine::StepLimits step{};
};

class Executor : public Service {
  public:
    Executor(pg::Pool& pool, pg::Signals& signals, const Runtime& runtime, ExecutorConfig config);

  protected:
    Turn turn(std::stop_token stop) override;
    void recover() override { pool_.drop_idle(); }
    bool is_woken() override { return signals_.connected(); }
    Duration idle_pause() override;
    Duration spacing() override { return std::max<Duration>(crowded_ ? kBatchSpacing : 0ms, mark_.spacing()); }

  private:
    Turn take_batch(std::size_t most, const std::vector<ExecutionId>& leave_out);
    Turn isolate(std::stop_token stop);
    void blame(const std::string& reason);

    pg::Pool& pool_;
    pg::Signals& signals_;
    const Runtime& runtime_;
    FlowTriggers flow_triggers_;
    const ExecutorConfig config_;
    std::vector<ExecutionId> busy_{};  // held by another executor a moment ago
    queue::ScanMark mark_{};
    bool crowded_ = false;          // the last batch had more than one event
    std::int64_t current_seq_ = 0;  // the event that is being applied: whom to blame
    ExecutionId current_execution_{};
};

/// Turns timers that are due into events.
class TimerService : public Service {
  public:
    TimerService(pg::Pool& pool, pg::Signals& signals);

  protected:
    Turn turn(std::stop_token stop) override;
    Duration idle_pause() override { return pause_; }
    bool is_woken() override { return signals_.connected(); }

  private:
    pg::Pool& pool_;
    pg::Signals& signals_;
    Duration pause_{};
};

}  // namespace sluice::executor
