#include "engine/context.h"
#include "support/engine_rig.h"

namespace sluice {
namespace {

using engine::Folder;
using test::EngineRig;

constexpr const char* kFlow = R"(
tasks:
  - id: wd
    type: core.flow.WorkingDirectory
    tasks:
      - {id: a, type: t.Work}
      - {id: b, type: t.Work}
  - {id: after, type: t.Work}
)";

const engine::Job& job_of(const EngineRig& rig, const std::string& task_id) {
    for (const engine::Job& job : rig.jobs) {
        if (rig.stored.at(job.task_run_id).task_id == task_id) return job;
    }
    FAIL("there is no job of " << task_id);
    return rig.jobs.front();
}

void lose_worker(EngineRig& rig, const std::string& task_id) {
    const engine::Job job = job_of(rig, task_id);
    std::erase_if(rig.jobs, [&](const engine::Job& one) { return one.task_run_id == job.task_run_id; });
    rig.apply(engine::WorkerLost{job.task_run_id, job.epoch, "w1", rig.now});
}

}  // namespace

TEST_CASE("tasks of a working directory run one after the other on the worker that made the folder") {
    EngineRig rig(kFlow);
    rig.start();
    REQUIRE(rig.waiting_jobs() == std::vector<std::string>{"wd"});
    CHECK(job_of(rig, "wd").worker_group.empty());
    CHECK(engine::job_info(job_of(rig, "wd").payload).folder_step == "open");
    rig.finish("wd");

    REQUIRE(rig.waiting_jobs() == std::vector<std::string>{"a"});
    CHECK(job_of(rig, "a").worker_group == "@w1");
    const auto folder = engine::job_info(job_of(rig, "a").payload).folder;
    REQUIRE(folder);
    CHECK(folder->task_run_id == rig.run_of("wd").id);
    CHECK(folder->epoch == 1);
    rig.finish("a");
    CHECK(engine::job_info(job_of(rig, "b").payload).folder == folder);
    rig.finish("b");

    REQUIRE(rig.waiting_jobs() == std::vector<std::string>{"wd"});
    CHECK(job_of(rig, "wd").worker_group == "@w1");
    CHECK(engine::job_info(job_of(rig, "wd").payload).folder_step == "close");
    CHECK(engine::job_info(job_of(rig, "wd").payload).folder == folder);
    rig.finish("wd", State::Success, Value{{"outputFiles", Value{{"x", "y"}}}});
    CHECK(rig.run_of("wd").state() == State::Success);
    CHECK(rig.run_of("wd").outputs["outputFiles"]["x"] == Value("y"));
    CHECK_FALSE(engine::job_info(job_of(rig, "after").payload).folder);
    rig.finish("after");
    CHECK(rig.state() == State::Success);
}

TEST_CASE("a failed task of a working directory ends it, and the folder is closed all the same") {
    EngineRig rig(kFlow);
    rig.start();
    rig.finish("wd");
    rig.finish("a", State::Failed);
    REQUIRE(rig.waiting_jobs() == std::vector<std::string>{"wd"});
    rig.finish("wd");
    CHECK(rig.run_of("wd").state() == State::Failed);
    CHECK_FALSE(rig.has_run("b"));
    CHECK(rig.state() == State::Failed);
}

TEST_CASE("a working directory that can't be made or closed fails") {
    EngineRig rig(kFlow);
    rig.start();
    rig.finish("wd", State::Failed);
    CHECK_FALSE(rig.has_run("a"));
    CHECK(rig.state() == State::Failed);

    EngineRig closing(kFlow);
    closing.start();
    for (const char* task : {"wd", "a", "b"}) closing.finish(task);
    closing.finish("wd", State::Failed);
    CHECK(closing.run_of("wd").state() == State::Failed);
}

TEST_CASE("when the worker of a folder is lost, all of its tasks begin anew") {
    EngineRig rig(kFlow);
    rig.start();
    rig.finish("wd");
    const TaskRunId first = rig.run_of("a").id;
    rig.finish("a");
    lose_worker(rig, "b");
    CHECK_FALSE(rig.has_run("a"));
    REQUIRE(rig.waiting_jobs() == std::vector<std::string>{"wd"});
    CHECK(job_of(rig, "wd").worker_group.empty());
    CHECK(job_of(rig, "wd").epoch == 2);
    rig.finish("wd");
    CHECK(rig.run_of("a").id != first);
    for (const char* task : {"a", "b", "wd", "after"}) rig.finish(task);
    CHECK(rig.state() == State::Success);
}

TEST_CASE("when the worker of a folder is lost and its task must not run twice, the working directory fails") {
    EngineRig rig(R"(
tasks:
  - id: wd
    type: core.flow.WorkingDirectory
    onWorkerLoss: FAIL
    tasks:
      - {id: a, type: t.Work}
)");
    rig.start();
    rig.finish("wd");
    lose_worker(rig, "a");
    CHECK(rig.run_of("a").state() == State::Failed);
    CHECK(rig.run_of("wd").state() == State::Failed);
    CHECK(rig.state() == State::Failed);
}

TEST_CASE("a kill ends a working directory whatever it waits for") {
    for (const int finished : {0, 1, 2, 3}) {
        EngineRig rig(kFlow);
        rig.start();
        const char* order[] = {"wd", "a", "b"};
        for (int i = 0; i < finished; ++i) rig.finish(order[i]);
        rig.apply(engine::KillRequested{});
        CHECK(rig.run_of("wd").state() == State::Killed);
        CHECK(rig.state() == State::Killed);
        CHECK(rig.jobs.empty());
    }
}

TEST_CASE("a restart runs all tasks of a working directory again") {
    EngineRig rig(kFlow);
    rig.start();
    for (const char* task : {"wd", "a"}) rig.finish(task);
    rig.finish("b", State::Failed);
    rig.finish("wd");
    REQUIRE(rig.state() == State::Failed);
    rig.finished = false;
    rig.apply(engine::RestartRequested{});
    CHECK_FALSE(rig.has_run("a"));
    REQUIRE(rig.waiting_jobs() == std::vector<std::string>{"wd"});
    for (const char* task : {"wd", "a", "b", "wd", "after"}) rig.finish(task);
    CHECK(rig.state() == State::Success);
}

TEST_CASE("tasks of a working directory see its value as their own") {
    EngineRig rig(R"(
tasks:
  - id: each
    type: core.flow.ForEach
    values: [x]
    tasks:
      - id: wd
        type: core.flow.WorkingDirectory
        tasks:
          - {id: light, type: t.Light, value: "{{ taskrun.value }}"}
          - {id: work, type: t.Work}
)");
    rig.start();
    rig.finish("wd");
    CHECK(rig.run_of("light").outputs["value"] == Value("x"));
    CHECK_FALSE(rig.run_of("light").value);
    CHECK(engine::job_info(job_of(rig, "work").payload).run.value == "x");
}

TEST_CASE("exit ends the execution in its state: errors don't run, finally does") {
    const auto flow = [](const std::string& state) {
        return R"(
tasks:
  - id: outer
    type: core.flow.Sequential
    tasks:
      - {id: exit, type: t.Light, exit: )" +
               state + R"(}
      - {id: never, type: t.Light}
    errors:
      - {id: error, type: t.Light}
  - {id: never_too, type: t.Light}
finally:
  - id: last
    type: core.flow.Sequential
    tasks:
      - {id: inner, type: t.Light}
)";
    };
    for (const State state : {State::Success, State::Warning, State::Failed, State::Cancelled}) {
        EngineRig rig(flow(std::string(to_text(state))));
        rig.start();
        CHECK(rig.state() == state);
        CHECK(rig.run_of("exit").state() == state);
        CHECK(rig.run_of("outer").state() == state);
        for (const char* task : {"never", "never_too", "error"}) CHECK_FALSE(rig.has_run(task));
        CHECK(rig.run_of("inner").state() == State::Success);
    }
    EngineRig killed(flow("KILLED"));
    killed.start();
    CHECK(killed.state() == State::Killed);
}

TEST_CASE("exit waits for what runs at the same time, and starts nothing more there") {
    EngineRig rig(R"(
tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - id: other
        type: core.flow.Sequential
        tasks:
          - {id: runs, type: t.Work}
          - {id: never, type: t.Work}
      - {id: exit, type: t.Light, exit: WARNING}
)");
    rig.start();
    CHECK_FALSE(is_over(rig.state()));
    rig.finish("runs");
    CHECK_FALSE(rig.has_run("never"));
    CHECK(rig.state() == State::Warning);
}

}  // namespace sluice
