#pragma once
#include <vector>

#include "base/bounded_queue.h"
#include "worker/deadlines.h"
#include "worker/worker_context.h"

namespace sluice::worker {

/// The threads that run tasks, one each.
class Slots {
  public:
    Slots(pg::Pool& pool, pg::Signals& signals, cluster::Membership& membership, Tools tools, Reporter& reporter,
          const Folders& folders, std::size_t size, std::function<void()> on_free);
    ~Slots();

    /// Gives a task to a free slot.
    void run(RunningTaskPtr task);

    std::size_t free() const;
    std::size_t busy() const { return size_ - free(); }
    std::vector<RunningTaskPtr> running() const;

    /// Ends the threads; what runs is asked to stop and waited for.
    void end(Stop why);

  private:
    void loop(std::stop_token stop);
    void run_one(const RunningTaskPtr& task);
    bool try_to_run(const RunningTaskPtr& task);
    enum class Start { Now, Later, Never };
    Start may_start(RunningTask& task);
    void give_back(const RunningTask& task);
    Result<Value> prepared_properties(const RunningTask& running, WorkerContext& context);
    Result<Value> cached_or_run(const RunningTaskPtr& running, WorkerContext& context, const Value& properties);
    Result<Value> execute(const RunningTaskPtr& running, WorkerContext& context, const Value& properties);
    std::optional<State> report(RunningTask& task, WorkerContext& context, Result<Value> outcome, Timestamp started);
    void settle_folder(const RunningTask& task, std::optional<State> told);
    void finish(const RunningTask& task, State state, Value outputs, Timestamp started, Timestamp ended,
                std::string log_file = {});

    pg::Pool& pool_;
    pg::Signals& signals_;
    cluster::Membership& membership_;
    const Tools tools_;
    Reporter& reporter_;
    KeyReader keys_;
    const std::size_t size_;
    const Folders folders_;
    const std::function<void()> on_free_;
    Deadlines deadlines_{};
    BoundedQueue<RunningTaskPtr> waiting_;
    Guarded<std::vector<RunningTaskPtr>> taken_{};  // given to a slot, until they are over
    std::vector<std::jthread> threads_{};
};

}  // namespace sluice::worker
