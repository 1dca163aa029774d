#include "worker/reporter.h"

#include "queue/queue.h"

namespace sluice::worker {
namespace {

constexpr std::size_t kMostLogs = 2000;  // in one transaction
constexpr std::size_t kMostResults = 500;
constexpr std::size_t kMostUntold = 20000;  // lines; then tasks wait with more

template <class T>
void take(std::deque<T>& from, std::deque<T>& to, std::size_t most, std::int64_t before = INT64_MAX) {
    while (!from.empty() && to.size() < most && from.front().seq < before) {
        to.push_back(std::move(from.front()));
        from.pop_front();
    }
}

}  // namespace

Reporter::Reporter(pg::Pool& pool, pg::Signals& signals, cluster::Membership& membership)
    : Service("reporter", {.poll = 1s}), pool_(pool), signals_(signals), membership_(membership) {}

bool Reporter::is_crowded() const {
    return pending_.with([](const Pending& pending) { return pending.logs.size() >= kMostUntold; });
}

void Reporter::wait_for_room(std::stop_token stop) {
    std::unique_lock lock(room_mutex_);
    room_.wait_for(lock, stop, 1h, [this] { return !is_crowded(); });
}

void Reporter::log(const Told& by, store::LogWrite line, std::stop_token stop) {
    if (is_crowded()) wait_for_room(std::move(stop));
    pending_.with([&](Pending& pending) { pending.logs.push_back({pending.next_seq++, by, std::move(line)}); });
    waker().wake();
}

void Reporter::metric(const Told& by, store::MetricWrite metric) {
    pending_.with([&](Pending& pending) { pending.metrics.push_back({pending.next_seq++, by, std::move(metric)}); });
    waker().wake();
}

void Reporter::finished(const ServiceId& worker, queue::Finished result) {
    untold_.with([&](auto& untold) { untold.insert({result.task_run_id, result.result.epoch}); });
    pending_.with([&](Pending& pending) {
        pending.results.push_back({pending.next_seq++, worker, std::move(result)});
    });
    waker().wake();
}

std::set<queue::ClaimId> Reporter::untold() const {
    return untold_.with([](const auto& untold) { return untold; });
}

void Reporter::take_batch(Pending& pending) {
    take(pending.logs, in_hand_.logs, kMostLogs);
    take(pending.metrics, in_hand_.metrics, kMostLogs);
    const std::int64_t line = pending.logs.empty() ? INT64_MAX : pending.logs.front().seq;
    const std::int64_t measure = pending.metrics.empty() ? INT64_MAX : pending.metrics.front().seq;
    take(pending.results, in_hand_.results, kMostResults, std::min(line, measure));
}

Turn Reporter::turn(std::stop_token) {
    idle_ = false;
    pending_.with([this](Pending& pending) { take_batch(pending); });
    if (in_hand_.empty()) {
        idle_ = true;
        return Turn::Idle;
    }
    {
        const std::lock_guard lock(room_mutex_);  // whoever is about to wait for room has seen the old size, or waits
    }
    room_.notify_all();
    tell(in_hand_);
    untold_.with([this](auto& untold) {
        for (const Outcome& told : in_hand_.results)
            untold.erase({told.finished.task_run_id, told.finished.result.epoch});
    });
    in_hand_ = {};
    return Turn::Worked;
}

void Reporter::tell(const Pending& batch) {
    std::size_t accepted = 0;
    std::size_t results = 0;
    std::vector<ExecutionId> changed;
    pool_.in_transaction([&](pg::Transaction& tx) {
        accepted = results = 0;
        changed.clear();
        std::vector<store::FencedLog> logs;
        for (const Line& line : batch.logs) {
            logs.push_back({line.by.claim.task_run_id, line.by.claim.epoch, line.by.worker, line.write});
        }
        store::insert_task_logs(tx, logs);
        std::vector<store::FencedMetric> metrics;
        for (const Measure& measure : batch.metrics) {
            metrics.push_back({measure.by.claim.task_run_id, measure.by.claim.epoch, measure.by.worker, measure.write});
        }
        store::insert_task_metrics(tx, metrics);
        std::map<ServiceId, std::vector<queue::Finished>> by_worker;
        for (const Outcome& one : batch.results) by_worker[one.worker].push_back(one.finished);
        for (const auto& [worker, finished] : by_worker) {
            results += finished.size();
            accepted += queue::finish_claims(tx, finished, worker).size();
        }
        for (const Line& line : batch.logs) changed.emplace_back(line.write.execution_id);
    });
    if (accepted > 0) signals_.notify(pg::kEventsChannel);
    for (const ExecutionId& id : changed) signals_.notify(pg::kChangesChannel, id.text());
    if (accepted < results) {
        refused_ += results - accepted;
        log_.warn("results.refused", {{"count", results - accepted}, {"service_id", membership_.id()}});
    }
}

bool Reporter::drain(Duration limit) {
    const auto until = std::chrono::steady_clock::now() + limit;
    Waker pause;
    while (std::chrono::steady_clock::now() < until) {
        const bool none = pending_.with([](const Pending& pending) { return pending.empty(); });
        if (none && idle_) return true;
        waker().wake();
        pause.wait({}, 5ms);
    }
    return false;
}

}  // namespace sluice::worker
