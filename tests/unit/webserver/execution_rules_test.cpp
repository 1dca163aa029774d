#include "webserver/execution_rules.h"

#include "support/test.h"

using namespace sluice;
using namespace sluice::test;
using webserver::Act;

namespace {

engine::Execution went_through(std::initializer_list<State> states) {
    engine::Execution out;
    for (const State state : states) out.move_to(state, Timestamp{});
    return out;
}

engine::TaskRun ended_in(State state) {
    engine::TaskRun out;
    for (const State one : {State::Created, State::Running, state}) out.move_to(one, Timestamp{});
    return out;
}

std::string allowed_of(const engine::Execution& execution, const std::vector<engine::TaskRun>& runs = {}) {
    Map out;
    webserver::put_actions(out, execution, runs);
    std::string words;
    for (const Value& one : out.find("allowedActions")->as_list()) {
        words += (words.empty() ? "" : " ") + one.as_string();
    }
    return words;
}

}  // namespace

TEST_CASE("each state says what can be done with an execution") {
    CHECK(allowed_of(went_through({State::Created})) == "replay kill forceRun");
    CHECK(allowed_of(went_through({State::Created, State::Queued})) == "replay kill unqueue forceRun");
    CHECK(allowed_of(went_through({State::Created, State::Running})) == "replay kill pause forceRun");
    CHECK(allowed_of(went_through({State::Created, State::Running, State::Killing})) == "replay forceRun");
    CHECK(allowed_of(went_through({State::Created, State::Running, State::Success})) ==
          "replay changeStatus labels delete");
    CHECK(allowed_of(went_through({State::Created, State::Running, State::Paused}), {ended_in(State::Paused)}) ==
          "restart replay kill resume forceRun");
}

TEST_CASE("a restart needs a task run to begin again from") {
    const auto failed = went_through({State::Created, State::Running, State::Failed});
    CHECK(allowed_of(failed, {ended_in(State::Success), ended_in(State::Failed)}) ==
          "restart replay changeStatus labels delete");
    CHECK(allowed_of(failed, {ended_in(State::Success)}) == "replay changeStatus labels delete");
}

TEST_CASE("whatever is refused has a reason") {
    Map out;
    webserver::put_actions(out, went_through({State::Created, State::Running}), {});
    const std::size_t allowed = out.find("allowedActions")->as_list().size();
    const Map& refused = out.find("refusedActions")->as_map();
    CHECK(allowed + refused.size() == std::size(webserver::kActs));
    for (const auto& [word, reason] : refused) CHECK_FALSE(reason.as_string().empty());
}
