#pragma once
#include <atomic>

#include "base/bounded_queue.h"
#include "base/service.h"
#include "schedule/zone.h"
#include "store/polls.h"
#include "worker/poll_context.h"
#include "worker/worker.h"

namespace sluice::worker {

/// Evaluates polling triggers that are due. Each is one worker's for as long as that worker's lease holds; what it found
/// counts only then.
/// Source  flows.md §6.6
class Poller : public Service {
  public:
    /// folder  where evaluations have folders of their own
    Poller(pg::Pool& pool, pg::Signals& signals, const cluster::Membership& membership, const Tools& tools,
           std::filesystem::path folder);
    ~Poller() override;

  protected:
    Turn turn(std::stop_token stop) override;
    Duration idle_pause() override { return pause_; }
    bool is_woken() override { return signals_.connected(); }
    void recover() override { pool_.drop_idle(); }
    void finish() override { end(); }

  private:
    /// A trigger that this worker has, and who the worker was then.
    struct Taken {
        store::Poll poll{};
        ServiceId worker{};
    };
    void loop(std::stop_token stop);
    void evaluate(const Taken& taken, std::stop_token stop);
    void try_to_evaluate(const Taken& taken, std::stop_token stop);
    Result<Value> ask(const flow::Flow& flow, const flow::Trigger& trigger, PollContext& context) const;
    void store_end(const Taken& taken, store::PollEnd end, bool check_inputs, std::vector<store::LogWrite> logs);
    void end();

    pg::Pool& pool_;
    pg::Signals& signals_;
    const cluster::Membership& membership_;
    const Tools& tools_;
    const std::filesystem::path folder_;
    const schedule::Zones zones_{};
    BoundedQueue<Taken> waiting_;
    std::atomic<std::size_t> busy_{0};
    Duration pause_{};
    std::vector<std::jthread> threads_{};
};

}  // namespace sluice::worker
