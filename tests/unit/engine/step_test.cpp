#include "engine/step.h"

#include "support/engine_rig.h"

using namespace sluice;
using namespace sluice::test;
using namespace sluice::engine;

TEST_CASE("light tasks run one after the other in a single step") {
    EngineRig rig(R"(
tasks:
  - {id: a, type: t.Light, value: 1}
  - {id: b, type: t.Light, value: "{{ outputs.a.value }}"}
)");
    rig.start();
    CHECK(rig.state() == State::Success);
    CHECK(rig.steps == 1);
    CHECK(rig.states_of("a") == "CREATED,RUNNING,SUCCESS");
    CHECK(rig.run_of("b").outputs.text("value") == "1");
    CHECK(rig.execution_states() == "CREATED,RUNNING,SUCCESS");
    CHECK(rig.finished);
}

TEST_CASE("an execution whose first event was lost has its inputs checked by the one that repairs it, once") {
    EngineRig rig("tasks:\n  - {id: a, type: t.Work}\n");
    rig.execution.progress.check_inputs = true;
    rig.apply(Started{.check_inputs = false});
    CHECK(rig.inputs_checked == 1);
    CHECK_FALSE(rig.execution.progress.check_inputs);
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"a"});
    rig.apply(Started{.check_inputs = true});
    CHECK(rig.inputs_checked == 1);
}

TEST_CASE("a worker's task is a job, and its result leads to the next task") {
    EngineRig rig("tasks:\n  - {id: a, type: t.Work}\n  - {id: b, type: t.Work}\n");
    rig.start();
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"a"});
    rig.finish("a", State::Success, Value{{"x", 1}});
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"b"});
    rig.finish("b", State::Warning);
    CHECK(rig.state() == State::Warning);
    CHECK(rig.run_of("a").attempts.size() == 1);
    CHECK(rig.run_of("a").attempts[0].worker_id == "w1");
}

TEST_CASE("a result that comes twice, late, or with another epoch changes nothing") {
    EngineRig rig("tasks:\n  - {id: a, type: t.Work}\n  - {id: b, type: t.Work}\n");
    rig.start();
    const Job job = rig.jobs.front();
    rig.apply(TaskFinished{job.task_run_id, job.epoch + 1, State::Failed, {}, "w", rig.now, rig.now});
    CHECK(rig.state() == State::Running);
    rig.finish("a");
    rig.apply(TaskFinished{job.task_run_id, job.epoch, State::Failed, {}, "w", rig.now, rig.now});
    CHECK(rig.run_of("a").state() == State::Success);
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"b"});
}

TEST_CASE("a failure stops the sequence and runs local errors, then global ones") {
    EngineRig rig(R"(
tasks:
  - id: outer
    type: core.flow.Sequential
    tasks:
      - {id: ko, type: t.Light, result: FAILED}
      - {id: never, type: t.Light}
    errors:
      - {id: local, type: t.Light}
errors:
  - {id: global, type: t.Light}
)");
    rig.start();
    CHECK(rig.state() == State::Failed);
    CHECK(rig.run_of("outer").state() == State::Failed);
    CHECK(rig.run_of("local").state() == State::Success);
    CHECK(rig.run_of("global").state() == State::Success);
    CHECK_FALSE(rig.has_run("never"));
}

TEST_CASE("finally runs whatever happened, and its failure fails the execution") {
    EngineRig rig(R"(
tasks:
  - {id: ok, type: t.Light}
finally:
  - {id: last, type: t.Light, result: FAILED}
)");
    rig.start();
    CHECK(rig.state() == State::Failed);
    EngineRig failing("tasks:\n  - {id: ko, type: t.Light, result: FAILED}\nfinally:\n  - {id: last, type: t.Light}\n");
    failing.start();
    CHECK(failing.state() == State::Failed);
    CHECK(failing.run_of("last").state() == State::Success);
}

TEST_CASE("afterExecution runs when the state is known, and does not change it") {
    EngineRig rig(R"(
tasks:
  - {id: ok, type: t.Light}
afterExecution:
  - {id: after, type: t.Work}
)");
    rig.start();
    CHECK(rig.state() == State::Success);
    CHECK_FALSE(rig.finished);
    rig.finish("after", State::Failed);
    CHECK(rig.state() == State::Success);
    CHECK(rig.finished);
}

TEST_CASE("listeners whose conditions hold run one after the other when the execution has its state") {
    EngineRig rig(R"(
tasks:
  - {id: work, type: t.Work}
afterExecution:
  - {id: after, type: t.Work}
listeners:
  - conditions: [{type: core.condition.Expression, expression: "{{ execution.state }}"}]
    tasks: [{id: deaf, type: t.Work}]
  - tasks: [{id: first, type: t.Work}, {id: never, type: t.Work}]
  - conditions: [{type: core.condition.Expression, expression: "{{ nothing.here }}"}]
    tasks: [{id: broken, type: t.Work}]
  - conditions: [{type: core.condition.Expression, expression: "true"}]
    tasks: [{id: second, type: t.Work}]
)");
    rig.start();
    rig.finish("work");
    rig.finish("after");
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"first"});
    rig.finish("first", State::Failed);
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"second"});
    CHECK_FALSE(rig.finished);
    rig.finish("second");
    CHECK(rig.finished);
    CHECK(rig.state() == State::Success);
    CHECK_FALSE(rig.has_run("deaf"));
    CHECK_FALSE(rig.has_run("never"));
    REQUIRE(rig.logs.size() == 1);
    CHECK(rig.logs[0].message.find("A listener was left out") == 0);
    rig.check_invariants();
}

TEST_CASE("a check that does not hold lets the execution fail, or only shows its message") {
    for (const auto& [behavior, state] :
         {std::pair("BLOCK_EXECUTION", State::Failed), std::pair("FAIL_EXECUTION", State::Failed),
          std::pair("CREATE_EXECUTION", State::Running)}) {
        CAPTURE(behavior);
        EngineRig rig(std::string("checks:\n  - {condition: 'false', message: not today, behavior: ") + behavior +
                      "}\n  - {condition: 'true', message: never seen}\n" + "tasks: [{id: work, type: t.Work}]\n");
        rig.start();
        CHECK(rig.state() == state);
        CHECK(rig.finished == (state == State::Failed));
        CHECK(rig.logs.size() == (state == State::Failed ? 1 : 0));
    }
}

TEST_CASE("a failed task with retries left sleeps until its pause is over") {
    EngineRig rig(R"(
tasks:
  - {id: load, type: t.Work, retry: {type: constant, interval: PT30S, maxAttempts: 3}}
errors:
  - {id: sorry, type: t.Light}
)");
    rig.start();
    rig.finish("load", State::Failed);
    CHECK(rig.run_of("load").state() == State::Retrying);
    CHECK(rig.state() == State::Retrying);
    rig.pass(29s);
    CHECK(rig.jobs.empty());
    rig.pass(1s);
    CHECK(rig.state() == State::Running);
    rig.finish("load", State::Failed);
    rig.pass(30s);
    rig.finish("load", State::Failed);
    CHECK(rig.run_of("load").attempts.size() == 3);
    CHECK(rig.state() == State::Failed);
    CHECK(rig.has_run("sorry"));
}

TEST_CASE("allowFailure counts when the retries are used up, allowWarning makes it a success") {
    EngineRig rig(R"(
tasks:
  - {id: a, type: t.Work, allowFailure: true, retry: {type: constant, interval: PT1S, maxAttempts: 2}}
  - {id: b, type: t.Light, allowFailure: true, allowWarning: true, result: FAILED}
)");
    rig.start();
    rig.finish("a", State::Failed);
    CHECK(rig.run_of("a").state() == State::Retrying);
    rig.pass(1s);
    rig.finish("a", State::Failed);
    CHECK(rig.run_of("a").state() == State::Warning);
    CHECK(rig.run_of("b").state() == State::Success);
    CHECK(rig.state() == State::Warning);
}

TEST_CASE("parallel children run together, and a failure waits for those that run") {
    EngineRig rig(R"(
tasks:
  - id: p
    type: core.flow.Parallel
    tasks:
      - {id: a, type: t.Work}
      - {id: b, type: t.Work}
  - {id: end, type: t.Light}
)");
    rig.start();
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"a", "b"});
    rig.finish("a", State::Failed);
    CHECK(rig.state() == State::Running);
    rig.finish("b");
    CHECK(rig.run_of("b").state() == State::Success);
    CHECK(rig.state() == State::Failed);
    CHECK_FALSE(rig.has_run("end"));
}

TEST_CASE("concurrent limits the children that run at once") {
    EngineRig rig(R"(
tasks:
  - id: p
    type: core.flow.Parallel
    concurrent: 2
    tasks:
      - {id: a, type: t.Work}
      - {id: b, type: t.Work}
      - {id: c, type: t.Work}
)");
    rig.start();
    CHECK(rig.waiting_jobs().size() == 2);
    rig.finish("b");
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"a", "c"});
    rig.finish_all();
    CHECK(rig.state() == State::Success);
}

TEST_CASE("a Dag starts a task when those that it depends on are over") {
    EngineRig rig(R"(
tasks:
  - id: dag
    type: core.flow.Dag
    tasks:
      - {task: {id: a, type: t.Work}}
      - {task: {id: b, type: t.Work}, dependsOn: [a]}
      - {task: {id: c, type: t.Work}, dependsOn: [a]}
      - {task: {id: d, type: t.Work}, dependsOn: [b, c]}
)");
    rig.start();
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"a"});
    rig.finish("a");
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"b", "c"});
    rig.finish("c", State::Warning);
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"b"});
    rig.finish("b");
    rig.finish("d");
    CHECK(rig.state() == State::Warning);
}

TEST_CASE("If looks once, and without an else its branch is empty") {
    EngineRig rig(R"(
tasks:
  - id: if
    type: core.flow.If
    condition: "{{ vars.yes }}"
    then: [{id: then, type: t.Light}]
  - id: no
    type: core.flow.If
    condition: "false"
    then: [{id: other, type: t.Light}]
variables: {yes: true}
)");
    rig.start();
    CHECK(rig.state() == State::Success);
    CHECK(rig.has_run("then"));
    CHECK_FALSE(rig.has_run("other"));
    CHECK(rig.run_of("no").outputs["evaluationResult"] == Value(false));
}

TEST_CASE("Switch takes the case of its value, the defaults, or fails") {
    const std::string body = R"(
tasks:
  - id: s
    type: core.flow.Switch
    value: "{{ vars.v }}"
    cases:
      "1": [{id: one, type: t.Light}]
      errors: [{id: oddly, type: t.Light}]
)";
    EngineRig one(body + "variables: {v: '1'}\n");
    one.start();
    CHECK(one.has_run("one"));
    CHECK(one.state() == State::Success);
    EngineRig odd(body + "variables: {v: errors}\n");
    odd.start();
    CHECK(odd.has_run("oddly"));
    CHECK(odd.state() == State::Success);
    EngineRig none(body + "variables: {v: x}\n");
    none.start();
    CHECK(none.state() == State::Failed);
}

TEST_CASE("ForEach runs its tasks for each distinct value, one value after the other") {
    EngineRig rig(R"(
tasks:
  - id: each
    type: core.flow.ForEach
    values: ["a", "b", "a", 3, {k: v}]
    tasks:
      - {id: first, type: t.Work}
      - {id: second, type: t.Light, value: "{{ taskrun.value }}"}
  - {id: end, type: t.Light, value: "{{ outputs.second.b.value }}"}
)");
    rig.start();
    CHECK(rig.waiting_jobs().size() == 1);
    rig.finish_all();
    CHECK(rig.state() == State::Success);
    CHECK(rig.runs().size() == 1 + 4 * 2 + 1);
    CHECK(rig.run_of("second", "{\"k\":\"v\"}").outputs.text("value") == "{\"k\":\"v\"}");
    CHECK(rig.run_of("end").outputs.text("value") == "b");
    CHECK(rig.run_of("first", "3").iteration == 2);
}

TEST_CASE("ForEach with a limit works on several values at once") {
    EngineRig rig(R"(
tasks:
  - id: each
    type: core.flow.ForEach
    values: [1, 2, 3, 4]
    concurrencyLimit: 2
    tasks:
      - {id: a, type: t.Work}
      - {id: b, type: t.Work}
)");
    rig.start();
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"a", "a"});
    rig.finish("a");
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"a", "b"});
    rig.finish("b");
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"a", "a"});
    rig.finish_all();
    CHECK(rig.state() == State::Success);
    CHECK(rig.runs().size() == 9);
}

TEST_CASE("ForEach of nothing is a success, of a null a failure with the values in its message") {
    EngineRig nothing(
        "tasks:\n  - {id: e, type: core.flow.ForEach, values: '[]', tasks: [{id: t, type: t.Light}]}\n  - {id: end, "
        "type: t.Light}\n");
    nothing.start();
    CHECK(nothing.state() == State::Success);
    CHECK(nothing.runs().size() == 2);
    EngineRig with_null(
        "tasks:\n  - {id: e, type: core.flow.ForEach, values: '[1, null, {\"key\": \"my-key\", \"value\": "
        "\"my-value\"}]', tasks: [{id: t, type: t.Light}]}\n");
    with_null.start();
    CHECK(with_null.state() == State::Failed);
    CHECK(with_null.logs.at(0).message ==
          "Found '1' null values on Each, with values=[1, null, {key=my-key, value=my-value}]");
}

TEST_CASE("a large loop takes bounded steps, and each costs the same") {
    std::string values = "[";
    for (int i = 0; i < 5000; ++i) values += (i > 0 ? "," : "") + std::to_string(i);
    EngineRig rig("tasks:\n  - {id: e, type: core.flow.ForEach, concurrencyLimit: 0, values: '" + values +
                  "]', tasks: [{id: t, type: t.Light}]}\n");
    rig.start();
    CHECK(rig.state() == State::Success);
    CHECK(rig.light_runs == 5000);
    CHECK(rig.most_rows_in_a_step <= 402);
    CHECK(rig.steps == 13);
}

TEST_CASE("EachParallel runs every task for every value by itself") {
    EngineRig rig(
        "tasks:\n  - {id: e, type: core.flow.EachParallel, value: '[1,2,3]', tasks: [{id: a, type: t.Work}, {id: b, "
        "type: t.Work}]}\n  - {id: end, type: t.Light}\n");
    rig.start();
    CHECK(rig.waiting_jobs().size() == 6);
    rig.finish_all();
    CHECK(rig.runs().size() == 8);
    CHECK(rig.state() == State::Success);
}

TEST_CASE("a Pause waits for a person, whose inputs become its outputs") {
    EngineRig rig(R"(
tasks:
  - {id: pause, type: core.flow.Pause, onResume: [{id: ok, type: STRING}], tasks: [{id: sub, type: t.Light}]}
  - {id: last, type: t.Light, value: "{{ outputs.pause.onResume.ok }}"}
)");
    rig.start();
    CHECK(rig.state() == State::Paused);
    CHECK(rig.runs().size() == 1);
    rig.apply(ResumeRequested{{}, Value{{"ok", "yes"}}, "me"});
    CHECK(rig.state() == State::Success);
    CHECK(rig.run_of("last").outputs.text("value") == "yes");
    CHECK(rig.states_of("pause") == "CREATED,RUNNING,PAUSED,RUNNING,SUCCESS");
    CHECK(rig.execution_states() == "CREATED,RUNNING,PAUSED,RESTARTED,RUNNING,SUCCESS");
    CHECK(rig.runs().size() == 3);
}

TEST_CASE("a resume that nobody has checked leaves the pause as it is when an input is missing, and tells why") {
    EngineRig rig(R"(
tasks:
  - {id: pause, type: core.flow.Pause, onResume: [{id: ok, type: STRING}]}
)");
    rig.start();
    rig.apply(ResumeRequested{{}, Value(Map()), "me", true});
    CHECK(rig.state() == State::Paused);
    REQUIRE(!rig.logs.empty());
    CHECK(rig.logs.back().message == "It was not resumed: Invalid input for `ok`, missing required input");
    rig.apply(ResumeRequested{{}, Value{{"ok", "yes"}}, "me", true});
    CHECK(rig.state() == State::Success);
}

TEST_CASE("a timed Pause goes on by itself, and its timer is gone after a manual resume") {
    const std::string flow =
        "tasks:\n  - {id: pause, type: core.flow.Pause, delay: PT1S, tasks: [{id: sub, type: t.Light}]}\n  - {id: "
        "last, type: t.Light}\n";
    EngineRig rig(flow);
    rig.start();
    rig.pass(1s);
    CHECK(rig.state() == State::Success);
    EngineRig resumed(
        "tasks:\n  - {id: p1, type: core.flow.Pause, delay: PT10S}\n  - {id: p2, type: core.flow.Pause}\n");
    resumed.start();
    resumed.apply(ResumeRequested{});
    CHECK(resumed.timers.empty());
    resumed.apply(TimerFired{"pause", resumed.run_of("p1").id, {}});
    CHECK(resumed.run_of("p2").state() == State::Paused);
    CHECK(resumed.state() == State::Paused);
}

TEST_CASE("a Pause that nobody resumes in time fails, and its tasks are not run") {
    EngineRig rig("tasks:\n  - {id: pause, type: core.flow.Pause, timeout: PT1S, tasks: [{id: sub, type: t.Light}]}\n");
    rig.start();
    rig.pass(1s);
    CHECK(rig.state() == State::Failed);
    CHECK(rig.runs().size() == 1);
    CHECK(rig.run_of("pause").history.count(State::Paused) == 1);
}

TEST_CASE("with two pauses at once the execution is paused until both are over") {
    EngineRig rig(R"(
tasks:
  - id: p
    type: core.flow.Parallel
    tasks:
      - {id: p1, type: core.flow.Pause}
      - {id: p2, type: core.flow.Pause}
)");
    rig.start();
    rig.apply(ResumeRequested{});
    CHECK(rig.run_of("p1").state() == State::Success);
    CHECK(rig.state() == State::Paused);
    rig.apply(ResumeRequested{});
    CHECK(rig.state() == State::Success);
}

TEST_CASE("LoopUntil repeats its tasks until the condition holds") {
    EngineRig rig(R"(
tasks:
  - id: loop
    type: core.flow.LoopUntil
    condition: "{{ outputs.probe.value }}"
    checkFrequency: {interval: PT5S}
    tasks: [{id: probe, type: t.Light, value: "{{ vars.done }}"}]
variables: {done: false}
)");
    rig.start();
    CHECK(rig.state() == State::Running);
    rig.pass(5s);
    CHECK(rig.run_of("loop").outputs["iterationCount"] == Value(2));
    CHECK(rig.runs().size() == 2);
    rig.execution.variables = Value{{"done", true}};
    rig.pass(5s);
    CHECK(rig.state() == State::Success);
}

TEST_CASE("a loop that reaches its limit ends well, or fails where it asked for that") {
    const std::string flow =
        "tasks:\n  - {id: loop, type: core.flow.LoopUntil, condition: 'false', failOnMaxReached: FAIL, checkFrequency: "
        "{interval: PT1S, maxIterations: 3}, tasks: [{id: t, type: t.Light}]}\n";
    for (const bool fails : {true, false}) {
        std::string text = flow;
        text.replace(text.find("FAIL"), 4, fails ? "true" : "false");
        EngineRig rig(text);
        rig.start();
        rig.pass(1s);
        rig.pass(1s);
        CHECK(rig.state() == (fails ? State::Failed : State::Success));
        CHECK(rig.light_runs == 3);
    }
}

TEST_CASE("runIf skips a task, and a mistake in it fails it") {
    EngineRig rig("tasks:\n  - {id: a, type: t.Work, runIf: 'false'}\n  - {id: b, type: t.Light}\n");
    rig.start();
    CHECK(rig.run_of("a").state() == State::Skipped);
    CHECK(rig.state() == State::Success);
    EngineRig wrong("tasks:\n  - {id: a, type: t.Work, runIf: '{{ nothing }}'}\n");
    wrong.start();
    CHECK(wrong.state() == State::Failed);
    CHECK(wrong.logs.at(0).message.starts_with("Unable to evaluate the runIf condition for task a"));
}

TEST_CASE("disabled tasks have no task runs, and a flow of nothing else is a success") {
    EngineRig rig(
        "tasks:\n  - {id: a, type: t.Work, disabled: true}\n  - {id: s, type: core.flow.Sequential, tasks: [{id: b, "
        "type: t.Light, disabled: true}]}\n");
    rig.start();
    CHECK(rig.state() == State::Success);
    CHECK(rig.runs().size() == 1);
}

TEST_CASE("a lost worker's task runs again with the next epoch, or fails where it asked for that") {
    EngineRig rig("tasks:\n  - {id: a, type: t.Work}\n");
    rig.start();
    const Job first = rig.jobs.front();
    rig.jobs.clear();
    rig.apply(WorkerLost{first.task_run_id, first.epoch, "w1", rig.now});
    REQUIRE(rig.jobs.size() == 1);
    CHECK(rig.jobs.front().epoch == first.epoch + 1);
    CHECK(rig.run_of("a").attempts.at(0).state == State::Killed);
    rig.apply(WorkerLost{first.task_run_id, first.epoch, "w1", rig.now});
    CHECK(rig.jobs.size() == 1);
    rig.finish("a");
    CHECK(rig.state() == State::Success);
    CHECK(rig.run_of("a").attempts.size() == 2);

    EngineRig failing("tasks:\n  - {id: a, type: t.Work, onWorkerLoss: FAIL}\n");
    failing.start();
    const Job job = failing.jobs.front();
    failing.jobs.clear();
    failing.apply(WorkerLost{job.task_run_id, job.epoch, "w1", failing.now});
    CHECK(failing.state() == State::Failed);
}

TEST_CASE("a kill ends what waits at once and what runs when its worker says so") {
    EngineRig rig(R"(
tasks:
  - id: p
    type: core.flow.Parallel
    tasks:
      - {id: queued, type: t.Work}
      - {id: running, type: t.Work}
      - {id: pause, type: core.flow.Pause}
errors: [{id: never, type: t.Light}]
)");
    rig.start();
    const Job claimed = rig.jobs.back();
    rig.jobs.pop_back();
    rig.claimed = 1;
    rig.apply(KillRequested{});
    CHECK(rig.state() == State::Killing);
    CHECK(rig.run_of("queued").state() == State::Killed);
    CHECK(rig.run_of("running").state() == State::Killing);
    rig.apply(TaskFinished{claimed.task_run_id, claimed.epoch, State::Killed, {}, "w", rig.now, rig.now});
    CHECK(rig.state() == State::Killed);
    CHECK_FALSE(rig.has_run("never"));
}

TEST_CASE("a restart runs the failed task again and forgets what the failure led to") {
    EngineRig rig(R"(
tasks:
  - {id: ok, type: t.Work}
  - id: s
    type: core.flow.Sequential
    tasks:
      - {id: ko, type: t.Work}
      - {id: next, type: t.Light}
    errors: [{id: sorry, type: t.Light}]
)");
    rig.start();
    rig.finish("ok");
    rig.finish("ko", State::Failed);
    CHECK(rig.state() == State::Failed);
    CHECK(rig.has_run("sorry"));
    rig.apply(RestartRequested{});
    CHECK(rig.state() == State::Running);
    CHECK_FALSE(rig.has_run("sorry"));
    CHECK(rig.waiting_jobs() == std::vector<std::string>{"ko"});
    rig.finish("ko");
    CHECK(rig.state() == State::Success);
    CHECK(rig.run_of("ok").attempts.size() == 1);
    CHECK(rig.run_of("ko").attempts.size() == 2);
    CHECK(rig.has_run("next"));
    CHECK(rig.execution_states() == "CREATED,RUNNING,FAILED,RESTARTED,RUNNING,SUCCESS");
}

TEST_CASE("a subflow's end is its task's end") {
    EngineRig rig(
        "tasks:\n  - {id: sub, type: core.flow.Subflow, namespace: n, flowId: other, inputs: {a: 1}}\n  - {id: end, "
        "type: t.Light, value: '{{ outputs.sub.outputs.x }}'}\n");
    rig.start();
    REQUIRE(rig.children.size() == 1);
    const Execution child = rig.children.front();
    CHECK(child.caller_id == rig.execution.id);
    CHECK(child.labels.at(0) == sluice::flow::Label{"system.correlationId", rig.execution.id.text()});
    rig.apply(ChildEnded{rig.run_of("sub").id, child.id, State::Success, Value{{"x", "42"}}});
    CHECK(rig.state() == State::Success);
    CHECK(rig.run_of("end").outputs.text("value") == "42");

    EngineRig killed(
        "tasks:\n  - {id: sub, type: core.flow.Subflow, namespace: n, flowId: other}\nerrors: [{id: never, type: "
        "t.Light}]\n");
    killed.start();
    killed.apply(ChildEnded{killed.run_of("sub").id, killed.children.front().id, State::Killed, {}});
    CHECK(killed.state() == State::Killed);
    CHECK_FALSE(killed.has_run("never"));
}

TEST_CASE("a restart goes on in the execution of a subflow that failed, or starts another where that is wanted") {
    const std::string flow = "tasks:\n  - {id: sub, type: core.flow.Subflow, namespace: n, flowId: other";
    for (const bool anew : {false, true}) {
        CAPTURE(anew);
        EngineRig rig(flow + (anew ? ", restartBehavior: NEW_EXECUTION}\n" : "}\n"));
        rig.start();
        const ExecutionId child = rig.children.front().id;
        rig.apply(ChildEnded{rig.run_of("sub").id, child, State::Failed, {}});
        REQUIRE(rig.state() == State::Failed);
        rig.apply(RestartRequested{});
        REQUIRE(rig.children.size() == (anew ? 2 : 1));
        if (anew) continue;
        REQUIRE(rig.messages.size() == 1);
        CHECK(rig.messages.front().to == child);
        CHECK(std::get<RestartRequested>(rig.messages.front().event).caller_task_run_id == rig.run_of("sub").id);
        rig.apply(ChildEnded{rig.run_of("sub").id, child, State::Success, {}});
        CHECK(rig.state() == State::Success);
        CHECK(rig.run_of("sub").attempts.size() == 2);
    }
}

TEST_CASE("an unknown subflow fails its task") {
    EngineRig rig("tasks:\n  - {id: sub, type: core.flow.Subflow, namespace: n, flowId: missing}\n");
    rig.start();
    CHECK(rig.state() == State::Failed);
    CHECK(rig.logs.at(0).message == "Unable to find flow 'n'.'missing' with revision '0'");
}

TEST_CASE("flow outputs that can't be rendered fail an execution that went well") {
    EngineRig rig(
        "tasks:\n  - {id: a, type: t.Light, value: 1}\noutputs:\n  - {id: o, type: STRING, value: '{{ "
        "outputs.missing.value }}'}\n");
    rig.start();
    CHECK(rig.state() == State::Failed);
    CHECK(rig.logs.at(0).message.starts_with("Failed to render output values: "));
}

TEST_CASE("a full flow queues, cancels or fails the next execution, as it says") {
    for (const auto& [behavior, state] :
         {std::pair{"QUEUE", State::Queued}, std::pair{"CANCEL", State::Cancelled}, std::pair{"FAIL", State::Failed}}) {
        EngineRig rig(std::string("concurrency: {limit: 1, behavior: ") + behavior +
                      "}\ntasks: [{id: a, type: t.Light}]\n");
        rig.slot_free = false;
        rig.start();
        CHECK(rig.state() == state);
        if (state != State::Queued) continue;
        rig.apply(SlotGiven{});
        CHECK(rig.execution_states() == "CREATED,QUEUED,RUNNING,SUCCESS");
    }
}

TEST_CASE("a retry that makes a new execution ends this one as RETRIED") {
    EngineRig rig(
        "retry: {type: constant, interval: PT1S, maxAttempts: 3, behavior: CREATE_NEW_EXECUTION}\ntasks: [{id: a, "
        "type: t.Work}]\n");
    rig.start();
    rig.finish("a", State::Failed);
    CHECK(rig.state() == State::Retried);
    CHECK(rig.run_of("a").state() == State::Retried);
}

TEST_CASE("a breakpoint stops before its task until somebody lets it pass") {
    EngineRig rig("tasks:\n  - {id: a, type: t.Light}\n  - {id: b, type: t.Light}\n");
    rig.execution.progress.stops_at = {"b"};
    rig.start();
    CHECK(rig.state() == State::Breakpoint);
    rig.apply(BreakpointPassed{});
    CHECK(rig.state() == State::Success);
}

TEST_CASE("a paused execution starts nothing new, and goes on where it was") {
    EngineRig rig("tasks:\n  - {id: a, type: t.Work}\n  - {id: b, type: t.Work}\n");
    rig.start();
    rig.apply(PauseRequested{});
    CHECK(rig.state() == State::Paused);
    rig.finish("a");
    CHECK(rig.jobs.empty());
    rig.apply(ResumeRequested{});
    CHECK(rig.state() == State::Running);
    rig.finish("b");
    CHECK(rig.state() == State::Success);
}
