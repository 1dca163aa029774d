#pragma once
#include <chrono>
#include <string>
#include <unordered_map>

#include "base/guarded.h"
#include "base/time.h"

namespace sluice::webserver {

struct RateLimit {
    double per_second = 0;  // 0: none
    double burst = 100;     // what may come at once
};

/// A bucket of tokens for each name: a request takes one, and time fills it again.
/// Threads  any
class RateLimiter {
  public:
    using Moment = std::chrono::steady_clock::time_point;
    explicit RateLimiter(RateLimit limit) : limit_(limit) {}

    /// Zero: go on. Otherwise how long until there is a token; nothing was taken then.
    Duration take(const std::string& name, Moment now);
    double rate() const { return limit_.per_second; }

  private:
    struct Bucket {
        double tokens;
        Moment at;
    };
    /// Those that are full again are as if they had never been.
    void forget_full(std::unordered_map<std::string, Bucket>& buckets, Moment now) const;
    double filled(const Bucket& bucket, Moment now) const;

    const RateLimit limit_;
    Guarded<std::unordered_map<std::string, Bucket>> buckets_{};
};

}  // namespace sluice::webserver
