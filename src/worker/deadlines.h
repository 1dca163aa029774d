#pragma once
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>

#include "worker/running_task.h"

namespace sluice::worker {

/// Asks tasks to stop when their time is over: one thread for all of them.
class Deadlines {
  public:
    Deadlines();
    ~Deadlines();

    void add(const RunningTaskPtr& task, Duration timeout);

  private:
    void loop(std::stop_token stop);

    std::mutex mutex_{};
    std::condition_variable_any changed_{};
    std::multimap<std::chrono::steady_clock::time_point, std::weak_ptr<RunningTask>> due_{};
    std::jthread thread_{};
};

}  // namespace sluice::worker
