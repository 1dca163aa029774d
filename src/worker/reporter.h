#pragma once
#include <atomic>
#include <deque>

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
    void log(const Told& by, store::LogWrite line);
    void metric(const Told& by, store::MetricWrite metric);
    void finished(const ServiceId& worker, queue::Finished result);

    /// Waits until all that was said has been told, at most this long. false: something is left
    bool drain(Duration limit);
    std::uint64_t refused() const { return refused_; }

  protected:
    Turn turn(std::stop_token stop) override;
    void recover() override { pool_.drop_idle(); }

  private:
    struct Line {
        Told by{};
        store::LogWrite write{};
    };
    struct Measure {
        Told by{};
        store::MetricWrite write{};
    };
    struct Pending {
        std::deque<Line> logs{};
        std::deque<Measure> metrics{};
        std::deque<std::pair<ServiceId, queue::Finished>> results{};
        bool empty() const { return logs.empty() && metrics.empty() && results.empty(); }
    };
    void tell(const Pending& batch);

    pg::Pool& pool_;
    pg::Signals& signals_;
    cluster::Membership& membership_;
    Guarded<Pending> pending_{};
    Pending in_hand_{};  // what a failed turn still has to tell
    std::atomic<bool> idle_{true};
    std::atomic<std::uint64_t> refused_{0};
};

}  // namespace sluice::worker
