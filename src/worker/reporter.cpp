#include "worker/reporter.h"

#include "queue/queue.h"

namespace sluice::worker {
namespace {

constexpr std::size_t kMostLogs = 2000;     // in one transaction
constexpr std::size_t kMostResults = 500;

template <class T>
void take(std::deque<T>& from, std::deque<T>& to, std::size_t most) {
    while (!from.empty() && to.size() < most) {
        to.push_back(std::move(from.front()));
        from.pop_front();
    }
}

}  // namespace

Reporter::Reporter(pg::Pool& pool, pg::Signals& signals, cluster::Membership& membership)
    : Service("reporter", {.poll = 1s}), pool_(pool), signals_(signals), membership_(membership) {}

void Reporter::log(const Told& by, store::LogWrite line) {
    pending_.with([&](Pending& pending) { pending.logs.push_back({by, std::move(line)}); });
    waker().wake();
}

void Reporter::metric(const Told& by, store::MetricWrite metric) {
    pending_.with([&](Pending& pending) { pending.metrics.push_back({by, std::move(metric)}); });
    waker().wake();
}

void Reporter::finished(const ServiceId& worker, queue::Finished result) {
    pending_.with([&](Pending& pending) { pending.results.emplace_back(worker, std::move(result)); });
    waker().wake();
}

Turn Reporter::turn(std::stop_token) {
    idle_ = false;
    pending_.with([&](Pending& pending) {
        // A result goes out after all its task's lines: all lines that are there when it is taken go with it or before.
        take(pending.logs, in_hand_.logs, kMostLogs);
        take(pending.metrics, in_hand_.metrics, kMostLogs);
        if (pending.logs.empty() && pending.metrics.empty()) take(pending.results, in_hand_.results, kMostResults);
    });
    if (in_hand_.empty()) {
        idle_ = true;
        return Turn::Idle;
    }
    tell(in_hand_);
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
        for (const auto& [worker, result] : batch.results) by_worker[worker].push_back(result);
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
