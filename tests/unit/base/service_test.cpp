#include "base/service.h"

#include "base/guarded.h"
#include "support/test.h"

namespace sluice {
namespace {

/// Notes when each of its turns begins; all are idle.
class Idler : public Service {
  public:
    Idler(ServiceConfig config, bool woken) : Service("idler", config), woken_(woken) {}
    std::size_t count() const {
        return begun_.with([](const auto& begun) { return begun.size(); });
    }
    /// Between the starts of two turns
    Duration gap(std::size_t before) const {
        return begun_.with([&](const auto& begun) {
            return std::chrono::duration_cast<Duration>(begun.at(before + 1) - begun.at(before));
        });
    }

  protected:
    Turn turn(std::stop_token) override {
        begun_.with([](auto& begun) { begun.push_back(std::chrono::steady_clock::now()); });
        return Turn::Idle;
    }
    bool is_woken() override { return woken_; }

  private:
    const bool woken_;
    Guarded<std::vector<std::chrono::steady_clock::time_point>> begun_{};
};

/// Has always something to do.
class Crowded : public Idler {
  public:
    Crowded() : Idler({}, false) {}

  protected:
    Turn turn(std::stop_token stop) override {
        Idler::turn(stop);
        return Turn::Worked;
    }
    Duration spacing() override { return 10ms; }
};

constexpr ServiceConfig kGrowing{.poll = 20ms, .longest_poll = 80ms};

}  // namespace

TEST_CASE("a service that is woken for work looks less and less often while nothing comes") {
    Idler idler(kGrowing, true);
    idler.start();
    REQUIRE(test::eventually([&] { return idler.count() >= 5; }));
    idler.stop();
    CHECK(idler.gap(0) >= 20ms);
    CHECK(idler.gap(1) >= 40ms);
    CHECK(idler.gap(2) >= 80ms);
    CHECK(idler.gap(3) >= 80ms);
}

TEST_CASE("a wake ends the pause, and the next one is short again") {
    Idler idler({.poll = 20ms, .longest_poll = 1h}, true);
    idler.start();
    REQUIRE(test::eventually([&] { return idler.count() >= 3; }));  // the next pause is 80 ms, the one after 160 ms …
    const std::size_t before = idler.count();
    idler.waker().wake();
    REQUIRE(test::eventually([&] { return idler.count() >= before + 3; }));
    idler.stop();
}

TEST_CASE("turns keep the distance that their service asks for") {
    const auto before = std::chrono::steady_clock::now();
    Crowded crowded;
    crowded.start();
    REQUIRE(test::eventually([&] { return crowded.count() >= 4; }));
    CHECK(std::chrono::steady_clock::now() - before >= 30ms);
    crowded.stop();
}

TEST_CASE("a service that nobody wakes looks as often as it promised") {
    Idler idler({.poll = 1ms, .longest_poll = 1h}, false);
    idler.start();
    CHECK(test::eventually([&] { return idler.count() >= 30; }));  // doubled each time, 30 turns would take years
    idler.stop();
}

}  // namespace sluice
