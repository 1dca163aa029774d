#pragma once
#include <atomic>
#include <vector>

#include "base/bounded_queue.h"
#include "base/guarded.h"
#include "base/service.h"
#include "schedule/zone.h"
#include "store/polls.h"
#include "worker/poll_context.h"
#include "worker/worker.h"

namespace sluice::worker {

/// Evaluates polling triggers that are due. Each is one worker's for as long as that worker's lease holds; what it
/// found counts only then.
///
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
    void recover() override;
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
    void evaluate_once(const Taken& taken, std::stop_token stop);
    Result<bool> conditions_hold(const flow::Flow& flow, const flow::Trigger& trigger, PollContext& context) const;
    Result<Value> ask(const flow::Trigger& trigger, PollContext& context) const;
    /// false: the trigger is another worker's by now
    bool store_end(const Taken& taken, const store::PollEnd& end, const std::vector<store::LogWrite>& logs);
    void end();
    void hand_back(const Taken& taken);
    void forget(const store::TriggerId& id);

    pg::Pool& pool_;
    pg::Signals& signals_;
    const cluster::Membership& membership_;
    const Tools& tools_;
    const std::filesystem::path folder_;
    const schedule::Zones zones_{};
    BoundedQueue<Taken> waiting_;
    std::atomic<std::size_t> busy_{0};
    Guarded<std::vector<store::TriggerId>> in_hand_{};  // taken, until their end is stored or handed back
    Duration pause_{};
    std::vector<std::jthread> threads_{};
};

}  // namespace sluice::worker
