// ForEachItem: an execution for each batch, however often and in whatever order their ends are told.
#include "support/engine_rig.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::engine;
using namespace sluice::test;

namespace {

/// The flow with its file divided into so many batches.
EngineRig rig_with(int batches, const std::string& more = "", StepLimits limits = {}) {
    EngineRig rig("tasks:\n  - {id: each, type: core.flow.ForEachItem, items: 'kestra:///n/f', namespace: n, flowId: other, "
                  "inputs: {file: '{{ taskrun.items }}'}" + more + "}\n  - {id: end, type: t.Light}\n");
    rig.limits = limits;
    std::vector<std::string> lines;
    for (int i = 0; i < batches; ++i) lines.push_back(fmt::format("kestra:///batch/{}", i));
    rig.files["kestra:///splits"] = lines;
    rig.start();
    rig.finish("each_split", State::Success, Value{{"splits", "kestra:///splits"}});
    return rig;
}

void end(EngineRig& rig, std::size_t index, State state = State::Success) {
    rig.apply(ChildEnded{rig.run_of("each_items").id, rig.children.at(index).id, state, {},
                         static_cast<std::int64_t>(index)});
}

std::int64_t iterations(const EngineRig& rig, const char* state) {
    return rig.run_of("each_items").outputs["iterations"][state].if_integer().value_or(-1);
}

}  // namespace

TEST_CASE("each batch has an execution, and the task ends with the last of them") {
    EngineRig rig = rig_with(45);
    REQUIRE(rig.children.size() == 45);
    CHECK(rig.children[7].inputs.text("file") == "kestra:///batch/7");
    CHECK(iterations(rig, "RUNNING") == 45);
    for (std::size_t i = 45; i-- > 0;) end(rig, i);
    CHECK(rig.run_of("each_items").state() == State::Success);
    CHECK(rig.run_of("each_items").outputs["numberOfBatches"].if_integer() == 45);
    CHECK(iterations(rig, "SUCCESS") == 45);
    rig.finish("each_merge");
    CHECK(rig.state() == State::Success);
    CHECK(rig.has_run("end"));
}

TEST_CASE("a file without lines starts nothing") {
    EngineRig rig = rig_with(0);
    CHECK(rig.children.empty());
    CHECK(rig.run_of("each_items").state() == State::Success);
    CHECK(rig.run_of("each_items").outputs.is_null());
}

TEST_CASE("an end that is told twice counts once") {
    EngineRig rig = rig_with(3);
    for (int i = 0; i < 3; ++i) end(rig, 1);
    CHECK(iterations(rig, "RUNNING") == 2);
    end(rig, 0);
    CHECK(rig.run_of("each_items").state() == State::Running);
    end(rig, 2);
    CHECK(rig.run_of("each_items").state() == State::Success);
}

TEST_CASE("an execution that is restarted while others run counts by its last end") {
    EngineRig rig = rig_with(2);
    end(rig, 0, State::Failed);
    CHECK(iterations(rig, "FAILED") == 1);
    end(rig, 0, State::Success);
    end(rig, 1);
    CHECK(rig.run_of("each_items").state() == State::Success);
}

TEST_CASE("the worst end of the executions is that of the task") {
    const auto state_after = [](State a, State b, const std::string& more = "") {
        EngineRig rig = rig_with(2, more);
        end(rig, 0, a);
        end(rig, 1, b);
        return rig.run_of("each_items").state();
    };
    CHECK(state_after(State::Killed, State::Failed) == State::Failed);
    CHECK(state_after(State::Warning, State::Killed) == State::Killed);
    CHECK(state_after(State::Success, State::Warning) == State::Warning);
    CHECK(state_after(State::Success, State::Retried) == State::Failed);
    CHECK(state_after(State::Failed, State::Killed, ", transmitFailed: false") == State::Success);
}

TEST_CASE("without waiting, the task is over when all are started") {
    EngineRig rig = rig_with(3, ", wait: false");
    CHECK(rig.children.size() == 3);
    CHECK(rig.children[0].caller_task_run_id.empty());
    CHECK(rig.run_of("each_items").state() == State::Success);
    CHECK(iterations(rig, "SUCCESS") == 3);
}

TEST_CASE("many batches are started in bounded steps") {
    EngineRig rig = rig_with(1000, "", {.task_runs = 100});
    CHECK(rig.children.size() == 1000);
    CHECK(rig.most_children_in_a_step <= 101);
    for (std::size_t i = 0; i < 1000; ++i) end(rig, i);
    CHECK(rig.run_of("each_items").state() == State::Success);
}

TEST_CASE("a restart runs again what failed, and nothing else") {
    EngineRig rig = rig_with(30);
    for (std::size_t i = 0; i < 30; ++i) end(rig, i, i == 3 || i == 27 ? State::Failed : State::Success);
    CHECK(rig.state() == State::Failed);
    rig.messages.clear();
    rig.apply(RestartRequested{});
    CHECK(rig.children.size() == 30);
    REQUIRE(rig.messages.size() == 2);
    CHECK(rig.messages[0].to == rig.children[3].id);
    CHECK(std::holds_alternative<RestartRequested>(rig.messages[1].event));
    CHECK(iterations(rig, "RUNNING") == 2);
    end(rig, 27);
    end(rig, 3);
    rig.finish("each_merge");
    CHECK(rig.state() == State::Success);

    EngineRig anew = rig_with(2, ", restartBehavior: NEW_EXECUTION");
    end(anew, 0, State::Failed);
    end(anew, 1);
    anew.apply(RestartRequested{});
    CHECK(anew.children.size() == 4);
}

TEST_CASE("a kill waits for the executions") {
    EngineRig rig = rig_with(2);
    end(rig, 0);
    rig.apply(KillRequested{});
    CHECK(rig.state() == State::Killing);
    end(rig, 1, State::Killed);
    CHECK(rig.state() == State::Killed);
}
