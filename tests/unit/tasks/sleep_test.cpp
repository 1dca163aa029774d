#include "unit/tasks/task_rig.h"

namespace sluice::tasks {

using test::TaskRig;

TEST_CASE("sleep ends after its duration, and at once when it is asked to stop") {
    TaskRig rig;
    const auto begun = std::chrono::steady_clock::now();
    test::ok(rig.run("core.flow.Sleep", "duration: PT0.002S"));
    CHECK(std::chrono::steady_clock::now() - begun >= 2ms);

    rig.stop.request_stop();
    CHECK(test::failure(rig.run("core.flow.Sleep", "duration: PT1H")).code == ErrorCode::Cancelled);
    CHECK(std::chrono::steady_clock::now() - begun < 1min);
}

TEST_CASE("sleep's duration may be an expression") {
    TaskRig rig;
    rig.names = Value{{"vars", Value{{"pause", "PT0.001S"}}}};
    test::ok(rig.run("core.flow.Sleep", "duration: \"{{ vars.pause }}\""));
    rig.names = Value{{"vars", Value{{"pause", "soon"}}}};
    CHECK(test::failure(rig.run("core.flow.Sleep", "duration: \"{{ vars.pause }}\"")).message.find("'duration'") !=
          std::string::npos);
}

}  // namespace sluice::tasks
