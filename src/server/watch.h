#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/service.h"

namespace sluice::server {

/// Tells a loop that is stuck from one that waits: for work, or for a database that is away, however long that takes.
/// Threads  one
class Watch {
  public:
    using Clock = std::chrono::steady_clock;

    explicit Watch(std::vector<const Service*> loops, Clock::time_point now = Clock::now());

    /// A loop that for `patience` did not end a turn, and neither began nor ended a wait; empty: all go on.
    std::optional<std::string> stuck(Duration patience, Clock::time_point now = Clock::now());

  private:
    struct Watched {
        const Service* loop;
        std::uint64_t steps;
        Clock::time_point moved_at;
    };
    std::vector<Watched> watched_{};
};

}  // namespace sluice::server
