#include "executor/executor.h"

#include "base/probe.h"
#include "base/utf8.h"
#include "executor/batch.h"

namespace sluice::executor {

using std::chrono::steady_clock;

Executor::Executor(pg::Pool& pool, pg::Signals& signals, const Runtime& runtime, ExecutorConfig config)
    : Service("executor", {.poll = config.poll, .longest_poll = config.longest_poll}),
      pool_(pool),
      signals_(signals),
      runtime_(runtime),
      flow_triggers_(runtime),
      config_(config) {}

Turn Executor::turn(std::stop_token stop) {
    try {
        return take_batch(config_.batch, {});
    } catch (const OutsideError&) {
        throw;
    } catch (const std::exception& failed) {
        log_.error(
            "batch.failed",
            {{"seq", current_seq_}, {"execution_id", current_execution_}, {"reason", std::string_view(failed.what())}});
        return isolate(stop);
    }
}

Duration Executor::idle_pause() {
    return mark_.idle_pause(steady_clock::now());
}

/// Used-up events, state and all that follows become true in one transaction.
Turn Executor::take_batch(std::size_t most, const std::vector<ExecutionId>& leave_out) {
    std::vector<ExecutionId> busy = std::exchange(busy_, {});
    busy.insert(busy.end(), leave_out.begin(), leave_out.end());
    std::size_t applied = 0;
    std::size_t taken = 0;
    pool_.in_transaction([&](pg::Transaction& tx) {
        current_seq_ = 0;
        applied = 0;
        const std::int64_t from = mark_.begin(steady_clock::now());
        const auto events = queue::take_events(tx, most, from, busy);
        mark_.end(events.empty() ? 0 : events.front().seq, steady_clock::now());
        taken = events.size();
        crowded_ = taken > 1;
        if (events.empty()) return;
        current_seq_ = events.front().seq;  // of one alone it is the guilty one also when its rows can't be read
        current_execution_ = events.front().execution_id;
        Batch batch(tx, runtime_, flow_triggers_, config_.step);
        batch.load(events);
        for (const queue::EventRow& event : events) {
            current_seq_ = event.seq;
            current_execution_ = event.execution_id;
            applied += batch.apply(event) ? 1 : 0;
        }
        batch.write(signals_);
        busy_ = batch.busy();
        probe(Probe::ExecutorBeforeCommit);
    });
    if (applied > 0) probe(Probe::ExecutorAfterCommit);
    if (!busy.empty() || !busy_.empty()) mark_.doubt();
    // What is put from now on wakes us: to look at once for what can't be there would cost a transaction for each
    // batch.
    if (applied > 0 && taken < most && busy.empty() && busy_.empty() && is_woken()) return Turn::Later;
    // Events that somebody else holds the execution of are looked at again after a pause, others at once.
    if (applied > 0 || (taken > 0 && !busy_.empty() && busy.empty())) return Turn::Worked;
    busy_.clear();
    return taken > 0 ? Turn::Later : Turn::Idle;
}

/// Some event makes its transaction fail. One event at a time finds it; it is parked when that happened often enough,
/// and the others go on.
Turn Executor::isolate(std::stop_token stop) {
    std::vector<ExecutionId> guilty;
    for (std::size_t i = 0; i < config_.batch && !stop.stop_requested(); ++i) {
        try {
            if (take_batch(1, guilty) != Turn::Worked) break;
        } catch (const OutsideError&) {
            throw;
        } catch (const std::exception& failed) {
            guilty.push_back(current_execution_);
            blame(failed.what());
        }
    }
    return Turn::Later;  // a pause before the guilty ones are tried again
}

void Executor::blame(const std::string& reason) {
    if (current_seq_ == 0) return;
    pool_.in_transaction([&](pg::Transaction& tx) {
        const std::int64_t failures = queue::blame_event(tx, current_seq_);
        if (failures < config_.failures_until_parked) return;
        queue::park_event(tx, current_seq_, repaired_utf8(reason));
        log_.error(
            "event.parked",
            {{"seq", current_seq_}, {"execution_id", current_execution_}, {"failures", failures}, {"reason", reason}});
    });
}

TimerService::TimerService(pg::Pool& pool, pg::Signals& signals)
    : Service("timers", {.poll = 1s, .longest_poll = kLongestTimerPoll}), pool_(pool), signals_(signals) {}

Turn TimerService::turn(std::stop_token) {
    constexpr std::size_t kMost = 500;
    const auto next = pool_.with_connection([](pg::Connection& c) { return queue::next_timer(c); });
    if (!next || *next > Duration{0}) {
        pause_ = next ? *next + 1ms : Duration::max();
        return Turn::Idle;
    }
    const std::size_t fired = pool_.with_connection([&](pg::Connection& c) { return queue::fire_timers(c, kMost); });
    if (fired > 0) {
        probe(Probe::ExecutorTimersFired);
        signals_.notify(pg::kEventsChannel);
    }
    pause_ = 10ms;  // all that are due may be in the hands of another process
    return fired > 0 ? Turn::Worked : Turn::Later;
}

}  // namespace sluice::executor
