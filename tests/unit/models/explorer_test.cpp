#include "unit/models/explorer.h"

#include <array>

namespace sluice::test::counters {
namespace {

/// Two processes read a number and write back what follows it: the textbook's lost update.
struct Model {
    struct State {
        std::uint8_t number = 0;
        std::array<std::uint8_t, 2> read{};
        std::array<std::uint8_t, 2> at{};  // 0 begins, 1 has read, 2 is over
        auto operator<=>(const State&) const = default;
    };
    bool atomic = true;
    bool may_stop = false;

    State initial() const { return {}; }
    void steps(const State& before, Steps<State>& out) const {
        for (int p = 0; p < 2; ++p) {
            const auto i = static_cast<std::size_t>(p);
            State after = before;
            if (before.at[i] == 0 && atomic) {
                ++after.number;
                after.at[i] = 2;
                out.add("adds one", p, after);
            } else if (before.at[i] == 0) {
                after.read[i] = before.number;
                after.at[i] = 1;
                out.add("reads", p, after);
            } else if (before.at[i] == 1) {
                after.number = static_cast<std::uint8_t>(before.read[i] + 1);
                after.at[i] = 2;
                out.add("writes", p, after);
            }
            if (may_stop && before.at[i] < 2) {
                after = before;
                after.at[i] = 3;
                out.add("stops", p, after, Kind::Fault);
            }
        }
    }
    std::string broken(const State& state) const {
        return state.at[0] == 2 && state.at[1] == 2 && state.number != 2 ? "an update is lost" : "";
    }
    bool is_end(const State& state) const { return state.at[0] == 2 && state.at[1] == 2; }
};

}  // namespace

TEST_CASE("the explorer goes through all interleavings and counts them") {
    const Exploration seen = explore(Model{});
    CHECK(seen.violation.empty());
    CHECK(seen.states == 4);
    CHECK(seen.steps == 4);
}

TEST_CASE("the explorer finds a lost update and tells the shortest way there") {
    const Exploration seen = explore(Model{.atomic = false});
    CHECK(seen.violation == "an update is lost");
    CHECK(std::count(seen.trace.begin(), seen.trace.end(), '\n') == 5);
    CHECK(contains(seen.trace, "writes"));
}

TEST_CASE("the explorer finds a state from which no way leads to an end") {
    check_finds(Model{.may_stop = true}, "no way leads to an end");
}

}  // namespace sluice::test::counters
