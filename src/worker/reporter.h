#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <set>

#include "base/guarded.h"
#include "base/service.h"
#include "cluster/membership.h"
#include "pg/signals.h"
#include "worker/delivery.h"
#include "worker/spool.h"

namespace sluice::worker {

/// Tells the cluster what tasks did: log lines and metrics as they come, results as soon as possible, many in one
/// transaction, each once, a result after all that was said before it.
///
/// While the database is away all of it goes to a spool on disk, and from there to the database when it is back: by
/// this process, or by the next one on the same folder. When the spool is full, or the disk is, nothing is dropped:
/// what doesn't fit stays in memory, results (nothing new is claimed meanwhile, so there is one for each slot at most)
/// and some thousand lines; then tasks wait with theirs. Of a process that is killed only what was in memory is lost,
/// and what it had claimed then begins again elsewhere.
class Reporter : public Service {
  public:
    Reporter(pg::Pool& pool, pg::Signals& signals, cluster::Membership& membership, const SpoolConfig& spool);

    struct Told {
        queue::ClaimId claim{};
        ServiceId worker{};  // who claimed it
    };

    // Threads: any
    // These two wait while very much is untold.
    void log(const Told& by, store::LogWrite line, std::stop_token stop);
    void metric(const Told& by, store::MetricWrite metric, std::stop_token stop);
    bool is_crowded() const;
    void finished(const ServiceId& worker, queue::Finished result);
    /// It was ended without a result. If its claim is still ours, the job goes back to the queue.
    void given_back(const Told& by);

    /// Claims whose results have not been told. Threads: any
    std::set<queue::ClaimId> untold() const;

    /// Waits until all that was said has been told, at most this long. false: something is left
    bool drain(Duration limit);

    /// Since the process began.
    struct Figures {
        std::uint64_t refused_results = 0;
        std::uint64_t refused_lines = 0;
        std::uint64_t refused_metrics = 0;
        std::uint64_t spooled_bytes = 0;  // now
    };
    Figures figures() const;

  protected:
    Turn turn(std::stop_token stop) override;
    void recover() override;
    void finish() override;
    Duration spacing() override { return crowded_ ? kBatchSpacing : 0ms; }

  private:
    struct Pending {
        std::int64_t next_seq = 1;
        std::size_t lines = 0;  // and metrics
        std::size_t bytes = 0;  // of these
        std::deque<Report> reports{};
        std::map<queue::ClaimId, ServiceId> untold{};  // results, wherever they are: here, in hand, or on disk
    };
    struct Orphan {
        Spool spool;
        Delivery delivery;
    };
    void add(Report report);
    void take_batch();
    Turn tell_orphan();
    void tell_spooled(Spool& spool, Delivery& delivery);
    void tell(Delivery& delivery, std::span<const Report> reports);
    void tell_together(Delivery& delivery, std::span<const Report> reports);
    void spill();
    bool put_on_disk();
    void give_back_damaged();
    void wait_for_room(std::stop_token stop);
    bool all_is_told() const;

    pg::Pool& pool_;
    pg::Signals& signals_;
    cluster::Membership& membership_;
    Guarded<Pending> pending_{};
    std::mutex room_mutex_{};
    std::condition_variable_any room_{};
    std::vector<Report> in_hand_{};  // older than what is pending
    Spool spool_;                    // older than what is in hand
    Delivery delivery_;
    std::deque<Orphan> orphans_{};
    int failures_ = 0;  // in a row
    std::atomic<bool> idle_{true};
    bool crowded_ = false;  // more than one report was told at once
    Guarded<Figures> figures_{};
};

}  // namespace sluice::worker
