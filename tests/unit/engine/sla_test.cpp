#include "support/engine_rig.h"

namespace sluice::engine {
namespace {

using test::EngineRig;

std::string with_sla(const std::string& sla) {
    return "sla:\n  - {id: limit, " + sla + ", labels: {late: 'yes'}}\ntasks:\n  - {id: work, type: t.Work}\n" +
           "  - {id: next, type: t.Light}\n";
}

std::string max_duration(const std::string& behavior) {
    return with_sla("type: MAX_DURATION, duration: PT10S, behavior: " + behavior);
}

bool is_labelled(const EngineRig& rig) {
    const auto& labels = rig.execution.labels;
    return std::any_of(labels.begin(), labels.end(), [](const flow::Label& one) { return one.key == "late"; });
}

}  // namespace

TEST_CASE("an execution that takes longer than its SLA allows fails or is cancelled, and its job is called off") {
    for (const auto& [behavior, state] : {std::pair("FAIL", State::Failed), std::pair("CANCEL", State::Cancelled)}) {
        CAPTURE(behavior);
        EngineRig rig(max_duration(behavior));
        rig.start();
        rig.pass(std::chrono::seconds(9));
        CHECK_EQ(rig.state(), State::Running);
        rig.pass(std::chrono::seconds(1));
        CHECK(is_labelled(rig));
        CHECK_EQ(rig.run_of("work").state(), State::Killed);  // no worker had taken it
        CHECK(rig.waiting_jobs().empty());
        CHECK_EQ(rig.state(), state);
        CHECK(rig.finished);
        CHECK_FALSE(rig.has_run("next"));
        rig.check_invariants();
    }
}

TEST_CASE("an SLA without a consequence only labels, once") {
    EngineRig rig(max_duration("NONE"));
    rig.start();
    rig.pass(std::chrono::seconds(10));
    CHECK(is_labelled(rig));
    const auto labels = rig.execution.labels.size();
    rig.apply(TimerFired{"sla:limit", {}, {}});
    CHECK_EQ(rig.execution.labels.size(), labels);
    rig.finish("work");
    CHECK_EQ(rig.state(), State::Success);
}

TEST_CASE("an execution that ends in time leaves no timer behind, also when it ends in one step") {
    EngineRig rig(max_duration("FAIL"));
    rig.start();
    rig.finish("work");
    CHECK_EQ(rig.state(), State::Success);
    EngineRig quick(
        "sla:\n  - {id: limit, type: MAX_DURATION, duration: PT10S, behavior: FAIL}\n"
        "tasks:\n  - {id: only, type: t.Light}\n");
    quick.start();
    CHECK(quick.finished);
    CHECK(quick.timers.empty());
    quick.apply(TimerFired{"sla:limit", {}, {}});
    CHECK_EQ(quick.state(), State::Success);
}

TEST_CASE("what waits for a slot is watched, too") {
    EngineRig rig("concurrency: {limit: 1, behavior: QUEUE}\n" + max_duration("CANCEL"));
    rig.slot_free = false;
    rig.start();
    CHECK_EQ(rig.state(), State::Queued);
    rig.pass(std::chrono::seconds(10));
    CHECK_EQ(rig.state(), State::Cancelled);
    CHECK(rig.finished);
}

TEST_CASE("an assertion is asked after each event, and acts once it is false") {
    EngineRig rig(with_sla("type: EXECUTION_ASSERTION, assert: '{{ vars.fine }}', behavior: FAIL"));
    rig.execution.variables = Value{{"fine", "true"}};
    rig.start();
    CHECK_EQ(rig.state(), State::Running);
    rig.execution.variables = Value{{"fine", "false"}};
    rig.apply(Continued{});
    CHECK_EQ(rig.state(), State::Failed);
    CHECK(is_labelled(rig));
}

}  // namespace sluice::engine
