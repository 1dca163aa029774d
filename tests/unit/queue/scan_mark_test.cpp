#include "queue/scan_mark.h"

#include <doctest/doctest.h>

namespace sluice::queue {
namespace {

using Moment = ScanMark::Moment;

/// A taker, its clock, and how long each of its looks takes.
struct Taker {
    ScanMark mark{};
    Moment now{1h};
    Duration all = 1ms;
    Duration some = 100us;

    /// Returns where it began.
    std::int64_t look(std::int64_t finds) {
        const std::int64_t from = mark.begin(now);
        now += from == 0 ? all : some;
        mark.end(finds, now);
        return from;
    }
};

TEST_CASE("the first look is at all rows, the next ones begin a margin below what was found") {
    Taker taker;
    CHECK(taker.look(50'000) == 0);
    CHECK(taker.look(50'200) == 49'000);
    CHECK(taker.look(50'400) == 49'200);
}

TEST_CASE("the margin does not reach below the first row") {
    Taker taker;
    taker.look(10);
    CHECK(taker.look(20) == 0);
}

TEST_CASE("whoever commits late is found by the look after one that found nothing") {
    Taker taker;
    taker.look(50'000);
    taker.now += 1s;
    CHECK(taker.look(0) == 49'000);
    CHECK(taker.look(7) == 0);
}

TEST_CASE("whoever commits late is found though the queue is never empty") {
    Taker taker;
    taker.look(50'000);
    int looks = 0;
    while (taker.look(50'000 + looks) != 0) ++looks;
    CHECK(looks == 990);  // 99 ms, for the first look at all rows took one
    Taker quick{.all = 10us};
    quick.look(50'000);
    looks = 0;
    while (quick.look(50'000 + looks) != 0) ++looks;
    CHECK(looks == 50);
}

TEST_CASE("slow looks at all rows take one part in a hundred of the time") {
    Taker taker{.all = 100ms};
    const Moment begun = taker.now;
    Duration spent{};
    for (int i = 1; i < 1'000'000; ++i) {
        if (taker.look(i % 3 == 0 ? 0 : 50'000 + i) == 0) spent += taker.all;
    }
    const auto passed = std::chrono::duration_cast<Duration>(taker.now - begun);
    CHECK((spent - taker.all) * 99 <= passed);
    CHECK((spent + taker.all) * 100 >= passed);
}

TEST_CASE("a look at all rows that was put off is made without a wakeup") {
    Taker taker{.all = 100ms};
    taker.look(50'000);
    CHECK(taker.mark.idle_pause(taker.now) == Duration::max());
    taker.look(0);
    const Duration pause = taker.mark.idle_pause(taker.now);
    CHECK(pause > 9s);
    CHECK(pause <= 9900ms);
    taker.now += pause;
    CHECK(taker.look(0) == 0);
    CHECK(taker.mark.idle_pause(taker.now) == Duration::max());
}

TEST_CASE("an idle taker looks at all rows, and no oftener than it is asked") {
    Taker taker;
    taker.look(50'000);
    taker.look(0);
    for (int i = 0; i < 5; ++i) {
        taker.now += 5s;
        CHECK(taker.look(0) == 0);
        CHECK(taker.mark.idle_pause(taker.now) == Duration::max());
    }
}

TEST_CASE("looks that pass over much and find nothing take one part in ten of the time") {
    Taker taker{.all = 30ms, .some = 30ms};
    taker.look(0);
    CHECK(taker.mark.spacing() == 300ms);
    taker.look(50'000);
    CHECK(taker.mark.spacing() == 0ms);
    taker.look(0);
    CHECK(taker.mark.spacing() == 300ms);
    taker.all = taker.some = 5s;
    taker.look(0);
    CHECK(taker.mark.spacing() == 500ms);
    taker.all = taker.some = 1ms;
    taker.look(0);
    CHECK(taker.mark.spacing() == 0ms);
}

TEST_CASE("what was left out is looked for again") {
    Taker taker;
    taker.look(50'000);
    taker.look(90'000);
    taker.now += 1s;
    taker.mark.doubt();
    CHECK(taker.look(50'100) == 0);
    CHECK(taker.look(50'100) != 0);
}

}  // namespace
}  // namespace sluice::queue
