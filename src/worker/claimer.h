#pragma once
#include "base/service.h"
#include "queue/scan_mark.h"
#include "queue/taken_job.h"
#include "worker/slots.h"

namespace sluice::worker {

/// Turns free slots into claims. A claim that could not be begun at once (the database went away in between) is begun
/// later; one that this worker does not even know of (the answer to its taking was lost) goes back to the queue.
class Claimer : public Service {
  public:
    Claimer(pg::Pool& pool, pg::Signals& signals, cluster::Membership& membership, const Tools& tools,
            Reporter& reporter, const SharedFolders& folders, const WorkerConfig& config);

    void set_slots(Slots& slots) { slots_ = &slots; }
    /// Jobs may wait for it; without any, whoever puts the next one wakes us. Threads: any
    void slot_is_free() {
        if (wants_slots_) waker().wake();
    }
    /// From now on only for folders that tasks share here: what began in them can't go elsewhere.
    void drain() { draining_ = true; }
    /// Claims that never came to a slot. Only after stop().
    std::vector<queue::ClaimId> not_begun() const;

  protected:
    Turn turn(std::stop_token stop) override;
    void recover() override;
    bool is_woken() override { return signals_.connected(); }
    Duration idle_pause() override;
    Duration spacing() override { return crowded_ ? kBatchSpacing : 0ms; }

  private:
    std::vector<queue::TakenJob> take(bool& all);
    void take_of_plugins(std::vector<queue::TakenJob>& to, std::size_t& free);
    void take_of_group(std::vector<queue::TakenJob>& to, std::size_t& free);
    std::vector<queue::TakenJob> take_of(const std::string& queue, std::size_t most, std::int64_t from);
    void begin();
    Result<RunningTaskPtr> running_task(pg::Connection& connection, const queue::TakenJob& job) const;
    void give_back(const std::vector<queue::ClaimId>& claims);
    void give_back_unknown_claims();

    pg::Pool& pool_;
    pg::Signals& signals_;
    cluster::Membership& membership_;
    const Tools& tools_;
    Reporter& reporter_;
    const SharedFolders& folders_;
    const WorkerConfig& config_;
    Slots* slots_ = nullptr;
    std::deque<queue::TakenJob> unbegun_{};
    std::atomic<bool> draining_{false};
    queue::ScanMark mark_{};
    std::atomic<bool> wants_slots_{true};
    bool crowded_ = false;  // more than one was claimed at once
    std::vector<std::string> plugin_queues_{};
    bool plugins_first_ = false;
};

}  // namespace sluice::worker
