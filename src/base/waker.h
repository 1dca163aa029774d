#pragma once
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "base/time.h"

namespace sluice {

/// Ends a service's pause early. A wake that comes while nobody waits is kept for the next wait.
class Waker {
  public:
    void wake() {
        {
            const std::lock_guard lock(mutex_);
            woken_ = true;
        }
        changed_.notify_all();
    }

    /// Waits for a wake, the stop, or `limit`. true: it was woken
    bool wait(std::stop_token stop, Duration limit) {
        std::unique_lock lock(mutex_);
        changed_.wait_for(lock, stop, limit, [&] { return woken_; });
        return std::exchange(woken_, false);
    }

  private:
    std::mutex mutex_{};
    std::condition_variable_any changed_{};
    bool woken_ = false;
};

}  // namespace sluice
