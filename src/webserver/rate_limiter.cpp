#include "webserver/rate_limiter.h"

#include <algorithm>
#include <cmath>

namespace sluice::webserver {
namespace {
constexpr std::size_t kMostBuckets = 100'000;

/// Rounded up: who comes back then gets his token.
Duration wait_of(double seconds) {
    return std::max(Duration{1}, Duration{static_cast<std::int64_t>(std::ceil(seconds * 1e6))});
}
}  // namespace

double RateLimiter::filled(const Bucket& bucket, Moment now) const {
    const double seconds = std::chrono::duration<double>(now - bucket.at).count();
    return std::min(limit_.burst, bucket.tokens + seconds * limit_.per_second);
}

void RateLimiter::forget_full(std::unordered_map<std::string, Bucket>& buckets, Moment now) const {
    std::erase_if(buckets, [&](const auto& one) { return filled(one.second, now) >= limit_.burst; });
    if (buckets.size() >= kMostBuckets) buckets.clear();  // addresses that somebody makes up must not cost memory
}

Duration RateLimiter::take(const std::string& name, Moment now) {
    if (limit_.per_second <= 0) return Duration{0};
    return buckets_.with([&](auto& buckets) {
        auto found = buckets.find(name);
        if (found == buckets.end()) {
            if (buckets.size() >= kMostBuckets) forget_full(buckets, now);
            found = buckets.emplace(name, Bucket{limit_.burst, now}).first;
        }
        Bucket& bucket = found->second;
        bucket = {filled(bucket, now), now};
        if (bucket.tokens < 1) return wait_of((1 - bucket.tokens) / limit_.per_second);
        bucket.tokens -= 1;
        return Duration{0};
    });
}

}  // namespace sluice::webserver
