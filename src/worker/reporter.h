#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <set>

#include "base/guarded.h"
#include "base/service.h"
#include "cluster/membership.h"
#include "pg/signals.h"
#include "queue/queue.h"
#include "store/logs.h"

namespace sluice::worker {

/// Tells the cluster what tasks did: log lines and metrics as they come, results as soon as possible, many in one
/// transaction. What cannot be told now is kept, in order, and told later.
class Reporter : public Service {
  public:
    Reporter(pg::Pool& pool, pg::Signals& signals, cluster::Membership& membership);

    struct Told {
        queue::ClaimId claim{};
        ServiceId worker{};  // who claimed it
    };

    // Threads: any
    /// Waits while very much is untold, so that a task that floods its log is slowed down to what the database takes.
    void log(const Told& by, store::LogWrite line, std::stop_token stop);
    void metric(const Told& by, store::MetricWrite metric);
    void finished(const ServiceId& worker, queue::Finished result);

    /// Claims whose results have not been told. Threads: any
    std::set<queue::ClaimId> untold() const;

    /// Waits until all that was said has been told, at most this long. false: something is left
    bool drain(Duration limit);
    std::uint64_t refused() const { return refused_; }

  protected:
    Turn turn(std::stop_token stop) override;
    void recover() override { pool_.drop_idle(); }

  private:
    // Each in the order of its `seq`: a result goes out after all that was said before it.
    struct Line {
        std::int64_t seq = 0;
        Told by{};
        store::LogWrite write{};
    };
    struct Measure {
        std::int64_t seq = 0;
        Told by{};
        store::MetricWrite write{};
    };
    struct Outcome {
        std::int64_t seq = 0;
        ServiceId worker{};
        queue::Finished finished{};
    };
    struct Pending {
        std::int64_t next_seq = 1;
        std::deque<Line> logs{};
        std::deque<Measure> metrics{};
        std::deque<Outcome> results{};
        bool empty() const { return logs.empty() && metrics.empty() && results.empty(); }
    };
    void take_batch(Pending& pending);
    void tell(const Pending& batch);
    bool is_crowded() const;
    void wait_for_room(std::stop_token stop);

    pg::Pool& pool_;
    pg::Signals& signals_;
    cluster::Membership& membership_;
    Guarded<Pending> pending_{};
    std::mutex room_mutex_{};
    std::condition_variable_any room_{};
    Guarded<std::set<queue::ClaimId>> untold_{};
    Pending in_hand_{};  // what a failed turn still has to tell
    std::atomic<bool> idle_{true};
    std::atomic<std::uint64_t> refused_{0};
};

}  // namespace sluice::worker
