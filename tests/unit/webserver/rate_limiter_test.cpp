#include "webserver/rate_limiter.h"

#include "support/test.h"

using namespace sluice;
using webserver::RateLimiter;

TEST_CASE("so many requests may come at once, then as many as time gives, for each name by itself") {
    RateLimiter limiter({.per_second = 2, .burst = 3});
    const RateLimiter::Moment start{};
    for (int i = 0; i < 3; ++i) CHECK(limiter.take("ada", start) == 0s);
    CHECK(limiter.take("ada", start) == 500ms);
    CHECK(limiter.take("bob", start) == 0s);
    CHECK(limiter.take("ada", start + 400ms) == 100ms);
    CHECK(limiter.take("ada", start + 500ms) == 0s);
    CHECK(limiter.take("ada", start + 500ms) == 500ms);
    // A long pause fills the bucket, and no more than that.
    for (int i = 0; i < 3; ++i) CHECK(limiter.take("ada", start + 1h) == 0s);
    CHECK(limiter.take("ada", start + 1h) > 0s);
}

TEST_CASE("without a rate nobody waits; addresses that somebody makes up cost no memory without end") {
    RateLimiter none({});
    for (int i = 0; i < 1000; ++i) CHECK(none.take("ada", {}) == 0s);
    RateLimiter limiter({.per_second = 1, .burst = 1});
    for (int i = 0; i < 150'000; ++i) REQUIRE(limiter.take(std::to_string(i), {}) == 0s);
}
