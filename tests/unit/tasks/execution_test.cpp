#include "unit/tasks/task_rig.h"

namespace sluice::tasks {
namespace {

using test::contains;
using test::TaskRig;

}  // namespace

TEST_CASE("assertions fail together, each with its own line") {
    TaskRig rig;
    rig.names = Value{{"n", 3}};
    test::ok(rig.run("core.execution.Assert", "conditions: [\"{{ n == 3 }}\", \"{{ n > 1 }}\"]"));
    CHECK(rig.metric_value("success") == 2);
    rig.metrics.clear();
    const Error error = test::failure(rig.run(
        "core.execution.Assert", "conditions: [\"{{ n == 4 }}\", \"{{ n > 1 }}\", \"0\"]\nerrorMessage: n is wrong"));
    CHECK(error.message == "2 of 3 assertions failed");
    CHECK(contains(rig.log_text(), "ERROR Assertion failed: '{{ n == 4 }}' is 'false'"));
    CHECK(contains(rig.log_text(), "ERROR n is wrong"));
    CHECK(rig.metric_value("failed") == 2);
}

TEST_CASE("exit takes the states that end an execution") {
    TaskRig rig;
    test::ok(rig.run("core.execution.Exit", "state: CANCELED"));
    CHECK(rig.exit == State::Cancelled);
    test::ok(rig.run("core.execution.Exit", "description: success"));
    CHECK(rig.exit == State::Success);
    test::failure(rig.run("core.execution.Exit", "state: RUNNING"));
}

TEST_CASE("variables are set, not over others unless allowed, and removed") {
    TaskRig rig;
    rig.names = Value{{"vars", Value{{"old", 1}}}};
    test::ok(rig.run("core.execution.SetVariables", "variables: {a: {b: \"{{ vars.old }}\"}}"));
    CHECK(rig.set == Value{{"a", Value{{"b", "1"}}}});
    test::failure(rig.run("core.execution.SetVariables", "variables: {old: 2}\noverwrite: false"));
    test::ok(rig.run("core.execution.UnsetVariables", "variables: [old]"));
    CHECK(rig.unset == std::vector<std::string>{"old"});
    test::failure(rig.run("core.execution.UnsetVariables", "variables: [none]"));
    test::ok(rig.run("core.execution.UnsetVariables", "variables: [none]\nignoreMissing: true"));
}

TEST_CASE("executions are counted, and counts kept by an expression") {
    TaskRig rig;
    rig.records.counts = {{"a/f", 3}, {"a/g", 0}, {"b", 5}};
    const std::string since = "startDate: '2026-01-01T00:00:00Z'\n";
    Value out = test::ok(
        rig.run("core.execution.Count", since + "flows: [{namespace: a, flowId: f}, {namespace: a, flowId: g}]\n"
                                                "states: [SUCCESS]\nexpression: \"{{ count >= 1 }}\""));
    CHECK(out["total"] == Value(3));
    CHECK(out["results"] == Value(List{Value{{"namespace", "a"}, {"flowId", "f"}, {"count", 3}}}));
    CHECK(rig.records.filter.states == std::vector{State::Success});
    out = test::ok(rig.run("core.execution.Count", since + "namespaces: [b]\nexpression: \"{{ true }}\""));
    CHECK(out["total"] == Value(5));
    CHECK(test::failure(rig.run("core.execution.Count", since + "expression: \"{{ true }}\"")).message ==
          "You must provide a list of flows or namespaces");
    test::failure(rig.run("core.execution.Count", "startDate: yesterday\nnamespaces: [b]\nexpression: x"));
}

TEST_CASE("an execution is resumed by its id") {
    TaskRig rig;
    test::ok(rig.run("core.execution.Resume", "executionId: abc\ninputs: {a: 1}"));
    test::ok(rig.run("core.execution.Resume", ""));
    CHECK(rig.records.resumed == std::vector<std::string>{"abc", "e1"});
    test::failure(rig.run("core.execution.Resume", "executionId: abc\nflowId: f"));
}

TEST_CASE("executions that are over are purged with their files") {
    TaskRig rig;
    for (int i = 100; i < 350; ++i) rig.records.ids.push_back("x" + std::to_string(i));
    rig.put_file("kestra:///company/team/f/executions/x120/a", "1");
    const Value out = test::ok(rig.run("core.execution.PurgeExecutions",
                                       "endDate: '2026-01-01T00:00:00Z'\nstates: [FAILED]\npurgeMetric: false"));
    CHECK(out["executionsCount"] == Value(250));
    CHECK(out["logsCount"] == Value(2500));
    CHECK(out["metricsCount"] == Value(0));
    CHECK(out["storagesCount"] == Value(1));
    CHECK(rig.records.purged.size() == 250);
    CHECK(rig.records.filter.states == std::vector{State::Failed});
}

TEST_CASE("a log is written to a file, line by line") {
    TaskRig rig;
    for (int i = 1; i <= 3; ++i)
        rig.records.lines.push_back({i, test::at("10:00:00"), LogLevel::Warn, "t", "r", 0, "m"});
    const Value out = test::ok(rig.run("core.log.Fetch", "level: WARN\ntasksId: [t]"));
    CHECK(out["size"] == Value(3));
    CHECK(contains(rig.file(out.text("uri")), "\"level\":\"WARN\",\"message\":\"m\"}\n"));
    CHECK(rig.records.filter.levels == std::vector{LogLevel::Warn, LogLevel::Error});
    CHECK(rig.records.filter.execution_id == "e1");
    test::failure(rig.run("core.log.Fetch", "executionId: unknown"));
}

TEST_CASE("log lines are purged by date and level") {
    TaskRig rig;
    const Value out = test::ok(rig.run("core.log.PurgeLogs", "endDate: '2026-01-01T00:00:00Z'\nlogLevels: [DEBUG]"));
    CHECK(out["count"] == Value(7));
    CHECK(rig.records.filter.levels == std::vector{LogLevel::Debug});
    CHECK(rig.records.filter.to == test::ok(parse_iso("2026-01-01T00:00:00Z")));
}

TEST_CASE("a trigger is switched off by default") {
    TaskRig rig;
    test::ok(rig.run("core.trigger.Toggle", "trigger: daily"));
    test::ok(rig.run("core.trigger.Toggle", "trigger: daily\nnamespace: a\nflowId: g\nenabled: true"));
    CHECK(rig.records.toggled == std::vector<std::string>{"company.team.f/daily off by task t of execution e1",
                                                          "a.g/daily on by task t of execution e1"});
}

TEST_CASE("metrics are published") {
    TaskRig rig;
    test::ok(rig.run("core.metric.Publish", R"(metrics:
  - {name: rows, type: counter, value: "7", tags: {a: b}}
  - {name: took, type: timer, value: PT1.5S}
)"));
    CHECK(rig.metric_value("rows") == 7);
    CHECK(rig.metric_value("took") == 1.5);
    CHECK(contains(
        test::failure(rig.run("core.metric.Publish", "metrics: [{name: x, type: counter, value: many}]")).message,
        "metrics[0].value"));
}

}  // namespace sluice::tasks
