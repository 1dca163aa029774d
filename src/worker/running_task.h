#pragma once
#include <atomic>
#include <memory>
#include <stop_token>

#include "engine/context.h"
#include "queue/queue.h"

namespace sluice::worker {

/// Why a task was asked to stop.
enum class Stop { None, Killed, TimedOut, LostLease, Draining };

/// A claim and what is known of the task run that it stands for.
class RunningTask {
  public:
    RunningTask(queue::Claim claim, std::shared_ptr<const engine::Execution> execution, flow::FlowPtr flow);

    const queue::Claim& claim() const { return claim_; }
    queue::ClaimId id() const { return {claim_.task_run_id, claim_.epoch}; }
    const engine::Execution& execution() const { return *execution_; }
    const flow::Flow& flow() const { return *flow_; }
    const flow::Task& task() const { return *task_; }
    const engine::JobInfo& info() const { return info_; }
    std::chrono::steady_clock::time_point taken_at() const { return taken_at_; }

    /// By the thread that runs it.
    void set_timeout(Duration timeout) { timeout_ = timeout; }
    Duration timeout() const { return timeout_; }

    /// It begins, and by itself it runs in this process; one that has child processes is stopped and goes on with them.
    void note_begun() { begun_ = true; }
    void note_children() { has_children_ = true; }
    bool runs_here() const { return begun_ && !has_children_; }  // Threads: any

    /// The first reason counts. Threads: any
    void ask_to_stop(Stop why);
    Stop asked_to_stop() const { return why_; }
    std::stop_token stop_token() const { return stop_.get_token(); }

  private:
    queue::Claim claim_;
    std::shared_ptr<const engine::Execution> execution_;
    flow::FlowPtr flow_;
    const flow::Task* task_;
    engine::JobInfo info_;
    std::chrono::steady_clock::time_point taken_at_ = std::chrono::steady_clock::now();
    Duration timeout_{0};
    std::atomic<bool> begun_{false};
    std::atomic<bool> has_children_{false};
    std::atomic<Stop> why_{Stop::None};
    std::stop_source stop_{};
};

using RunningTaskPtr = std::shared_ptr<RunningTask>;

}  // namespace sluice::worker
