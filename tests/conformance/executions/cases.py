"""Flows and what becomes of them: the vectors of the flow language's reference, one case each.

A case has a flow (its id and namespace are given by the runner), what its execution must look like, and, where that is
not enough, a function of the run. Types are written without their prefix; both forms are the same.
"""
import dataclasses
import http.server
import json
import re
import threading
import typing

from cluster import wait_for


@dataclasses.dataclass
class Case:
    name: str
    flow: str
    state: str = "SUCCESS"
    task_runs: typing.Optional[int] = None
    inputs: dict = dataclasses.field(default_factory=dict)
    others: dict = dataclasses.field(default_factory=dict)      # further flows: id → text
    attempts: dict = dataclasses.field(default_factory=dict)    # task id → attempts of its first run
    states: dict = dataclasses.field(default_factory=dict)      # task id → states of its runs, sorted
    outputs: dict = dataclasses.field(default_factory=dict)     # task id → outputs (some of them) of its first run
    logs: typing.Sequence[str] = ()                             # each must be part of some line
    check: typing.Optional[typing.Callable] = None


def log(task, message="hi", more=""):
    return f"{{id: {task}, type: core.log.Log, message: '{message}'{more}}}"


def ret(task, text="{{ task.id }}"):
    return f"{{id: {task}, type: core.debug.Return, format: \"{text}\"}}"


def fail(task, more=""):
    return f"{{id: {task}, type: core.execution.Fail{more}}}"


def ordered(run, *tasks):
    """Each began when the one before had ended."""
    runs = [run.first(task) for task in tasks]
    for before, after in zip(runs, runs[1:]):
        assert before["state"]["endDate"] <= after["state"]["startDate"], (before["taskId"], after["taskId"])


def concurrency(behavior):
    return f"""
concurrency: {{limit: 1, behavior: {behavior}}}
tasks:
  - {{id: sleep, type: core.flow.Sleep, duration: PT1S}}
"""


def two_at_once(state):
    def check(run):
        second = run.again()
        run.api.wait_state(second["id"], state)
        states = [h["state"] for h in run.api.get(f"/executions/{second['id']}").json["state"]["histories"]]
        if state == "SUCCESS":
            assert states == ["CREATED", "QUEUED", "RUNNING", "SUCCESS"], states
        run.api.wait_state(run.id, "SUCCESS")
    return check


def retried_as_new_executions(run):
    found = run.wait_executions(3)
    assert [e["state"]["current"] for e in found] == ["RETRIED", "RETRIED", "FAILED"], found


def paused_with_its_child_to_come(run):
    run.wait("PAUSED")
    assert len(run.read()["taskRunList"]) == 1
    run.wait("SUCCESS")
    states = [h["state"] for h in run.first("pause")["state"]["histories"]]
    assert states.count("PAUSED") == 1 and states.count("RUNNING") == 2, states
    assert len(run.read()["taskRunList"]) == 3


def pause_timed_out(run):
    run.wait("FAILED")
    states = [h["state"] for h in run.first("pause")["state"]["histories"]]
    assert (states.count("RUNNING"), states.count("PAUSED"), states.count("FAILED")) == (1, 1, 1), states


def resume_without_its_input(run):
    run.wait("PAUSED")
    answer = run.api.ask("POST", f"/executions/{run.id}/resume")
    assert answer.status == 422, answer.text
    assert "Invalid input for `asked`, missing required input, but received `null`" in answer.json["message"], answer.text


def holds_its_slot_while_paused(run):
    run.wait("PAUSED")
    second = run.again()
    run.api.wait_state(second["id"], "QUEUED")
    run.api.ok("POST", f"/executions/{run.id}/resume")
    run.wait("SUCCESS")
    run.api.wait_state(second["id"], "PAUSED")
    run.api.ok("POST", f"/executions/{second['id']}/resume")
    run.api.wait_state(second["id"], "SUCCESS")


ITEM = """
inputs: [{id: items, type: FILE, required: false}, {id: number, type: INT, required: false}]
tasks:
  - {id: read, type: core.debug.Return, format: "{{ inputs.number }}: {{ read(inputs.items) | split('\\n') | first }}"}
outputs: [{id: seen, type: STRING, value: "{{ outputs.read.value }}"}]
"""


def secret_is_kept_encrypted(run):
    kept = run.read()["inputs"]["password"]
    assert kept["type"] == "io.kestra.datatype:aes_encrypted" and "secret-8" not in str(kept), kept


def held_by_checks(run):
    def started(amount):
        return run.api.ask("POST", f"/executions/{run.namespace}/case", body={"inputs": {"amount": amount}})
    blocked = started(100)
    assert blocked.status == 422 and "100 is too much" in blocked.json["message"], blocked.text
    failed = started(50).json["id"]
    run.api.wait_state(failed, "FAILED")
    assert [line["message"] for line in run.api.ok("GET", f"/logs/{failed}").json] == ["50 is much"]
    run.api.wait_state(started(7).json["id"], "SUCCESS")
    told = run.api.ok("POST", f"/executions/{run.namespace}/case/validate", body={"inputs": {"amount": 7}}).json["checks"]
    assert [(one["message"], one["style"], one["behavior"]) for one in told] == [
        ("mind the amount", "WARNING", "CREATE_EXECUTION")], told


def log_is_a_file(run):
    assert run.logs() == ["beside it"], run.logs()
    address = run.first("quiet")["attempts"][0]["logFile"]
    lines = run.api.ok("GET", f"/executions/{run.id}/file?path={address}").text.splitlines()
    assert len(lines) == 1 and lines[0].endswith(" INFO kept apart"), lines
    assert "logFile" not in run.first("loud")["attempts"][0]


def numbers(run, execution):
    run.api.wait_state(execution, "SUCCESS")
    return {one["taskId"]: one["outputs"]["vars"]["number"]
            for one in run.api.get(f"/executions/{execution}").json["taskRunList"]}


def ran_once_while_nothing_changed(run):
    first, second = numbers(run, run.id), numbers(run, run.again()["id"])
    assert first["cached"] == second["cached"] and first["fresh"] != second["fresh"], (first, second)
    other = run.api.run(run.namespace, "case", query="", body={"inputs": {"salt": "other"}})
    assert numbers(run, other["id"])["cached"] != first["cached"]


def large_outputs_are_in_a_file(run):
    outputs = run.first("much")["outputs"]
    assert sorted(outputs) == ["outputsFile", "outputsSize"] and outputs["outputsSize"] > 1_048_576, outputs
    kept = run.api.ok("GET", f"/executions/{run.id}/file?path={outputs['outputsFile']}").json
    assert kept["values"]["text"].endswith(",299999,300000")
    assert run.first("short")["outputs"]["value"] == str(len(kept["values"]["text"]))


def went_on_below(run):
    children = of_flow(run, "child")
    run.api.ok("PUT", f"/namespaces/{run.namespace}/kv/ready", '"yes"', headers={"Content-Type": "application/json"})
    run.api.ok("POST", f"/executions/{run.id}/restart")
    run.wait("SUCCESS")
    assert [one["id"] for one in of_flow(run, "child")] == [children[0]["id"]]
    child = run.api.get(f"/executions/{children[0]['id']}").json
    assert [one["taskId"] for one in child["taskRunList"]] == ["once", "needs"], child["taskRunList"]
    # A copy with the same flow starts executions of its own.
    copy = run.api.ok("POST", f"/executions/{run.id}/replay?taskRunId={run.first('sub')['id']}").json["id"]
    run.api.wait_state(copy, "SUCCESS")
    assert len(of_flow(run, "child")) == 2


def started_by_answers(run):
    """The flow is saved again with the address of a server that is ready at its second answer."""
    answers = [(503, b"not yet"), (200, b'{"order": 7}'), (404, b"gone")]
    asked = []

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            status, body = answers[min(len(asked), len(answers)) - 1]
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        run.api.save(f"""
id: polled
namespace: {run.namespace}
tasks: [{{id: show, type: core.debug.Return, format: "{{{{ fromJson(trigger.body).order }}}} {{{{ trigger.code }}}} {{{{ labels.of }}}}"}}]
triggers:
  - {{id: site, type: core.http.Trigger, uri: "http://127.0.0.1:{server.server_port}/next", interval: PT0.2S, labels: {{of: "{{{{ trigger.code }}}}"}}}}
""")
        found = wait_for("the trigger starts it", lambda: of_flow(run, "polled"), 20)
        run.api.wait_state(found[0]["id"], "SUCCESS")
        execution = run.api.get(f"/executions/{found[0]['id']}").json
        assert execution["taskRunList"][0]["outputs"]["value"] == "7 200 200", execution
        assert execution["trigger"]["id"] == "site", execution["trigger"]
        wait_for("it asks on", lambda: len(asked) > 3, 20)
        assert len(of_flow(run, "polled")) == 1
        site = {"namespace": run.namespace, "flowId": "polled", "triggerId": "site"}
        run.api.ok("PUT", "/triggers", {**site, "disabled": True})
        wait_for("nobody asks any more", lambda: "evaluateRunningDate" not in run.api.ok(
            "GET", f"/triggers/{run.namespace}/polled").json["results"][0], 20)
        before = len(asked)
        run.api.ok("PUT", "/triggers", {**site, "disabled": False})
        wait_for("it asks again", lambda: len(asked) > before, 20)
        run.api.ok("PUT", "/triggers", {**site, "disabled": True})

        run.api.save(f"""
id: unreachable
namespace: {run.namespace}
tasks: [{{id: never, type: core.log.Log, message: hi}}]
triggers:
  - {{id: quiet, type: core.http.Trigger, uri: "http://127.0.0.1:1/", interval: PT1H}}
  - {{id: loud, type: core.http.Trigger, uri: "http://127.0.0.1:1/", interval: PT1H, failOnTriggerError: true}}
  - {{id: unsure, type: core.http.Trigger, uri: "http://127.0.0.1:1/", interval: PT1H,
     conditions: [{{type: core.condition.Expression, expression: "{{{{ nothing.at.all }}}}"}}]}}
""")
        wait_for("all were asked", lambda: all("error" in row for row in run.api.ok(
            "GET", f"/triggers/{run.namespace}/unreachable").json["results"]), 20)
        failed = of_flow(run, "unreachable")
        assert {(one["trigger"]["id"], one["state"]["current"]) for one in failed} == {("loud", "FAILED"), ("unsure", "FAILED")}, failed
    finally:
        server.shutdown()


def file_of_outputs_is_gone(run):
    run.wait("PAUSED")
    files = list((run.api.cluster.folder / "storage").rglob(f"{run.first('much')['id']}*/**/outputs.json"))
    assert len(files) == 1, files
    files[0].unlink()
    run.api.ok("POST", f"/executions/{run.id}/resume")
    run.wait("FAILED")
    assert run.first("short")["state"]["current"] == "FAILED"


def started_by_hook(run):
    found = run.api.ask("POST", f"/executions/webhook/{run.namespace}/hooked/secret", body={})
    assert found.status == 200, found.text
    run.api.wait_state(found.json["id"], "SUCCESS")


def of_flow(run, flow):
    return run.api.ok("GET", f"/executions/search?namespace={run.namespace}&flowId={flow}&sort=id:asc&size=100").json["results"]


def children_of_each(run):
    children = of_flow(run, "item")
    assert len(children) == 26, len(children)
    for child in children:
        assert {"key": "system.correlationId", "value": run.id} in child["labels"], child["labels"]
    outputs = run.first("each_items")["outputs"]
    assert outputs["numberOfBatches"] == 26 and outputs["iterations"] == {"CREATED": 0, "RUNNING": 0, "SUCCESS": 26}, outputs
    uri = children[0]["inputs"]["items"]
    assert re.fullmatch(f"kestra:///{run.namespace.replace('.', '/')}/case/executions/{run.id}/tasks/each-split/.*", uri), uri
    lines = [json.loads(line)["seen"] for line in run.first("lines")["outputs"]["value"].split("\n") if line]
    assert lines == [f"{i}: row {4 * i + 1}" for i in range(26)], lines


def restarts_without_the_purged(run):
    first, second = of_flow(run, "item")
    run.api.ok("DELETE", f"/executions/{first['id']}")
    run.api.ok("POST", f"/executions/{run.id}/restart")
    restarted = lambda: [h["state"] for h in run.read()["state"]["histories"]].count("FAILED") == 2  # noqa: E731
    wait_for("it has failed once more", restarted, 20)
    states = [h["state"] for h in run.api.get(f"/executions/{second['id']}").json["state"]["histories"]]
    assert "RESTARTED" in states, states


def no_outputs(run, task):
    assert not run.first(task).get("outputs"), run.first(task)


def fired_at_each_state(run):
    def said():
        rows = of_flow(run, "after")
        values = [run.api.get(f"/executions/{row['id']}").json["taskRunList"] for row in rows]
        return len(rows) == 4 and all(row["state"]["current"] == "SUCCESS" for row in rows) and \
            [value[0]["outputs"]["value"] for value in values]
    found = wait_for("four executions", said, 20)
    assert sorted(found) == sorted(f"{run.id} case {state}" for state in ["RUNNING", "PAUSED", "RUNNING", "SUCCESS"]), found
    for row in of_flow(run, "after"):
        assert {"key": "kind", "value": "follow"} in row["labels"], row
        assert {"key": "system.correlationId", "value": run.id} in row["labels"], row


def joined_flows(run):
    assert of_flow(run, "join") == []
    run.again()                                       # the same flow once more completes nothing
    run.api.run(run.namespace, "other", query="?wait=true")
    def said():
        rows = [row for row in of_flow(run, "join") if row["state"]["current"] == "SUCCESS"]
        return [run.api.get(f"/executions/{row['id']}").json["taskRunList"][0]["outputs"]["value"] for row in rows]
    wait_for("the first", lambda: said() == ["other none"], 20)
    run.api.run(run.namespace, "other", query="?wait=true")
    assert len(of_flow(run, "join")) == 1            # what a change sets off is there with it
    last = run.again()
    run.api.wait_state(last["id"], "SUCCESS")
    wait_for("the second", lambda: said() == ["other none", "case from case"], 20)


def stopped_trigger(run):
    def is_off():
        found = run.api.ok("GET", f"/triggers/search?namespace={run.namespace}&size=10").json["results"]
        return any((one.get("triggerContext") or one).get("disabled") for one in found)
    wait_for("the trigger is off", is_off, 20)
    second = run.again()
    run.api.wait_state(second["id"], "FAILED")
    assert len(of_flow(run, "after")) == 1


CASES = [
    Case("errors of an inner sequential run, and it has failed", f"""
tasks:
  - id: outer
    type: core.flow.Sequential
    tasks:
      - {ret("t1")}
      - id: inner
        type: core.flow.Sequential
        tasks: [{fail("t2_t1")}, {ret("t2_t2")}, {ret("t2_t3")}]
        errors: [{ret("e1")}, {ret("e2")}]
""", "FAILED", 6, check=lambda run: ordered(run, "t1", "t2_t1", "e1", "e2")),
    Case("errors at the root run when all sequentials have failed", f"""
tasks:
  - id: outer
    type: core.flow.Sequential
    tasks:
      - {ret("t1")}
      - id: inner
        type: core.flow.Sequential
        tasks: [{fail("t2_t1")}, {ret("t2_t2")}, {ret("t2_t3")}]
errors: [{ret("e1")}, {ret("e2")}]
""", "FAILED", 6, states={"outer": ["FAILED"], "inner": ["FAILED"]},
         check=lambda run: ordered(run, "inner", "e1", "e2") or ordered(run, "outer", "e1")),
    Case("each in each reads outputs of its own iteration", """
tasks:
  - id: 1_each
    type: core.flow.EachSequential
    value: '["s1", "s2", "s3"]'
    tasks:
      - {id: 1-1_return, type: core.debug.Return, format: "{{ task.id }} > {{ taskrun.value }}"}
      - id: 1-2_each
        type: core.flow.EachSequential
        value: '["a a", "b b"]'
        tasks:
          - {id: 1-2-1_return, type: core.debug.Return, format: "{{ task.id }} > {{ taskrun.value }}"}
          - {id: 1-2-2_return, type: core.debug.Return, format: "{{ task.id }} > {{ outputs['1-2-1_return'].s1[taskrun.value].value }}"}
      - {id: 1-3_return, type: core.debug.Return, format: "{{ task.id }} > {{ outputs['1-1_return'][taskrun.value].value }}"}
  - {id: last, type: core.debug.Return, format: "{{ task.id }} > {{ outputs['1-2-1_return'].s1['a a'].value }}"}
""", task_runs=23, outputs={"last": {"value": "last > 1-2-1_return > a a"}}),
    Case("each parallel over three values", f"""
tasks:
  - {{id: each, type: core.flow.EachParallel, value: '["a","b","c"]', tasks: [{log("l1")}, {log("l2")}]}}
  - {log("end")}
""", task_runs=8),
    Case("each parallel over sequentials", f"""
tasks:
  - id: each
    type: core.flow.EachParallel
    value: '["a","b","c"]'
    tasks:
      - {{id: seq, type: core.flow.Sequential, tasks: [{log("l1")}, {log("l2")}]}}
  - {log("end")}
""", task_runs=11),
    Case("failures that are allowed make a warning", """
tasks:
  - id: each
    type: core.flow.EachSequential
    value: '["value 1", "value 2", "value 3"]'
    tasks:
      - {id: first, type: core.debug.Return, format: "{{ taskrun.value }}"}
      - id: allow
        type: core.flow.AllowFailure
        tasks:
          - {id: may_fail, type: core.execution.Fail, condition: "{{ parent.taskrun.value != 'value 2' }}"}
  - {id: end, type: core.debug.Return, format: "{{ task.id }}"}
""", "WARNING", 11),
    *[Case(f"for each of three values, {limit} at once", f"""
tasks:
  - {{id: each, type: core.flow.ForEach, values: ["1", "2", "3"], concurrencyLimit: {limit}, tasks: [{log("l1")}, {log("l2")}]}}
""", task_runs=7) for limit in (1, 2, 0)],
    Case("for each over parallels, two at once", f"""
tasks:
  - id: each
    type: core.flow.ForEach
    values: ["1", "2", "3"]
    concurrencyLimit: 2
    tasks: [{{id: both, type: core.flow.Parallel, tasks: [{log("l1")}, {log("l2")}]}}]
""", task_runs=10),
    Case("for each over nothing", f"""
tasks:
  - {{id: each, type: core.flow.ForEach, values: '[]', tasks: [{log("l1")}]}}
  - {log("end")}
""", task_runs=2),
    Case("for each over a null fails and says where", f"""
tasks:
  - id: each
    type: core.flow.ForEach
    values: '[1, null, {{"key": "my-key", "value": "my-value"}}]'
    tasks: [{log("l1")}]
  - {log("end")}
""", "FAILED", 1, logs=["Found '1' null values on Each, with values=[1, null, {key=my-key, value=my-value}]"]),
    Case("a switch inside for each tells objects from texts", f"""
tasks:
  - id: each
    type: core.flow.ForEach
    values: ["text", {{a: 1}}, {{b: 2}}]
    tasks:
      - id: switch
        type: core.flow.Switch
        value: "{{{{ taskrun.value is json }}}}"
        cases: {{"true": [{log("is_json")}]}}
        defaults: [{log("is_text")}]
  - {log("end")}
""", task_runs=8, states={"is_json": ["SUCCESS"] * 2, "is_text": ["SUCCESS"]}),
    Case("parallel", "tasks:\n  - {id: p, type: core.flow.Parallel, tasks: [" + ", ".join(log(f"l{i}") for i in range(6)) +
         f"]}}\n  - {log('end')}\n", task_runs=8),
    Case("parallel in parallel", f"""
tasks:
  - id: p
    type: core.flow.Parallel
    tasks:
      - {log("a")}
      - {{id: q, type: core.flow.Parallel, tasks: [{log("b")}, {log("c")}, {log("d")}]}}
      - {{id: r, type: core.flow.Parallel, tasks: [{log("e")}, {log("f")}]}}
      - {log("g")}
  - {log("end")}
""", task_runs=11),
    *[Case(f"if {condition} takes {branch}", f"""
tasks:
  - {{id: if, type: core.flow.If, condition: {condition}, then: [{log("then")}], else: [{log("else")}]}}
""", task_runs=2, states={branch: ["SUCCESS"]})
      for condition, branch in (("true", "then"), ('"true"', "then"), ("1", "then"), ("false", "else"), ("0", "else"),
                                ("-0", "else"))],
    Case("if false without else", f"tasks:\n  - {{id: if, type: core.flow.If, condition: false, then: [{log('then')}]}}\n",
         task_runs=1),
    Case("a case of a switch fails with its own errors", f"""
tasks:
  - id: parent_seq
    type: core.flow.Switch
    value: THIRD
    cases:
      FIRST: [{log("first")}]
      THIRD: [{{id: third, type: core.flow.Sequential, tasks: [{fail("broken")}], errors: [{log("e")}]}}]
""", "FAILED", 4, outputs={"parent_seq": {"value": "THIRD", "defaults": False}}),
    Case("a switch without a match", f"tasks:\n  - {{id: s, type: core.flow.Switch, value: X, cases: {{Y: [{log('y')}]}}}}\n",
         "FAILED", 1),
    Case("a constant retry gives up, then the errors run once", f"""
tasks:
  - {fail("broken", ", retry: {type: constant, interval: PT0.05S, maxAttempt: 5}")}
errors: [{log("t2")}]
""", "FAILED", 2, attempts={"broken": 5}, states={"t2": ["SUCCESS"]}),
    Case("a retry that succeeds warns, if asked to", f"""
tasks:
  - id: fourth
    type: core.execution.Fail
    condition: "{{{{ taskrun.attemptsCount != 3 }}}}"
    retry: {{type: constant, interval: PT0.05S, maxAttempt: 4, warningOnRetry: true}}
errors: [{log("never")}]
""", "WARNING", 1, attempts={"fourth": 4}),
    Case("a retry that is not needed", "tasks:\n  - {id: one, type: core.debug.Return, format: x, retry: {type: constant, "
         "interval: PT0.05S, maxAttempt: 5}}\n", task_runs=1, attempts={"one": 1}),
    Case("a random retry", f"tasks:\n  - {fail('broken', ', retry: {type: random, minInterval: PT0.01S, maxInterval: PT0.1S, maxAttempt: 3}')}\n",
         "FAILED", 1, attempts={"broken": 3}),
    Case("an exponential retry", f"tasks:\n  - {fail('broken', ', retry: {type: exponential, interval: PT0.01S, maxInterval: PT0.1S, maxAttempt: 3}')}\n",
         "FAILED", 1, attempts={"broken": 3}),
    Case("a flow retries its failed task", "retry: {type: constant, interval: PT0.05S, maxAttempt: 4, behavior: RETRY_FAILED_TASK}\n"
         f"tasks:\n  - {fail('broken')}\n", "FAILED", 1, attempts={"broken": 4}),
    Case("a retry of a sequential is one of its children", f"""
tasks:
  - {{id: seq, type: core.flow.Sequential, retry: {{type: constant, interval: PT0.05S, maxAttempt: 3}}, tasks: [{fail("broken")}]}}
""", "FAILED", 2, attempts={"broken": 3}),
    Case("a retry that makes new executions", f"""
tasks:
  - {fail("broken", ", retry: {type: constant, interval: PT0.1S, maxAttempt: 3, behavior: CREATE_NEW_EXECUTION}")}
""", "RETRIED", check=retried_as_new_executions),
    Case("one at a time: the second is cancelled", concurrency("CANCEL"), None, check=two_at_once("CANCELLED")),
    Case("one at a time: the second fails", concurrency("FAIL"), None, check=two_at_once("FAILED")),
    Case("one at a time: the second waits", concurrency("QUEUE"), None, check=two_at_once("SUCCESS")),
    Case("one at a time: a pause holds the slot", """
concurrency: {limit: 1, behavior: QUEUE}
tasks:
  - {id: pause, type: core.flow.Pause}
""", None, check=holds_its_slot_while_paused),
    Case("a pause with a delay and a child", f"""
tasks:
  - {{id: pause, type: core.flow.Pause, delay: PT1S, tasks: [{log("child")}]}}
  - {log("last")}
""", None, check=paused_with_its_child_to_come),
    Case("a pause that times out", f"""
tasks:
  - {{id: pause, type: core.flow.Pause, timeout: PT1S, tasks: [{log("child")}]}}
  - {log("last")}
""", None, task_runs=1, check=pause_timed_out),
    Case("a pause that asks for an input", """
tasks:
  - {id: pause, type: core.flow.Pause, onResume: [{id: asked, type: STRING}]}
""", None, check=resume_without_its_input),
    Case("pauses side by side", f"""
tasks:
  - {{id: each, type: core.flow.EachParallel, value: '["1","2","3"]', tasks: [{{id: pause, type: core.flow.Pause, delay: PT0.5S, tasks: [{log("child")}]}}]}}
""", task_runs=7),
    Case("a task whose runIf is false is skipped", f"tasks:\n  - {log('one', more=', runIf: false')}\n  - {log('two')}\n", task_runs=2,
         states={"one": ["SKIPPED"], "two": ["SUCCESS"]}),
    Case("a disabled task has no run", f"tasks:\n  - {log('one', more=', disabled: true')}\n  - {log('two')}\n", task_runs=1),
    Case("a working directory", f"""
tasks:
  - id: dir
    type: core.flow.WorkingDirectory
    tasks:
      - {{id: a, type: scripts.shell.Commands, taskRunner: {{type: core.runner.Process}}, commands: ["echo shared > f.txt"]}}
      - {{id: b, type: scripts.shell.Commands, taskRunner: {{type: core.runner.Process}}, commands: ["grep shared f.txt"]}}
  - {log("end")}
""", task_runs=4),
    Case("a working directory that fails", f"""
tasks:
  - id: dir
    type: core.flow.WorkingDirectory
    tasks:
      - {{id: a, type: scripts.shell.Commands, taskRunner: {{type: core.runner.Process}}, commands: ["exit 3"]}}
    errors: [{log("e")}]
""", "FAILED", 3, states={"e": ["SUCCESS"]}),
    Case("a subflow gives its outputs", """
tasks:
  - {id: sub, type: core.flow.Subflow, namespace: "{{ flow.namespace }}", flowId: child, inputs: {x: given}}
  - {id: read, type: core.debug.Return, format: "{{ outputs.sub.outputs.x }}"}
""", task_runs=2, others={"child": """
inputs: [{id: x, type: STRING}]
tasks:
  - {id: r, type: core.debug.Return, format: "child {{ inputs.x }}"}
outputs: [{id: x, type: STRING, value: "{{ outputs.r.value }}"}]
"""}, outputs={"read": {"value": "child given"}}),
    Case("a loop until its condition holds", """
tasks:
  - id: loop
    type: core.flow.LoopUntil
    condition: "{{ outputs.count.value == '3' }}"
    checkFrequency: {interval: PT0.05S, maxIterations: 10}
    tasks:
      - {id: count, type: core.debug.Return, format: "{{ outputs.loop.iterationCount }}"}
"""),
    Case("a loop that reaches its end fails, if asked to", """
tasks:
  - id: loop
    type: core.flow.LoopUntil
    condition: false
    failOnMaxReached: true
    checkFrequency: {interval: PT0.05S, maxIterations: 3}
    tasks: [{id: once, type: core.debug.Return, format: x}]
""", "FAILED"),
    *[Case(f"an execution that takes too long: {behavior}", f"""
sla: [{{id: late, type: MAX_DURATION, duration: PT0.5S, behavior: {behavior}, labels: {{sla: missed}}}}]
tasks:
  - {{id: sleep, type: core.flow.Sleep, duration: PT1.5S}}
""", state, check=lambda run: run.has_label("sla", "missed"))
      for behavior, state in (("FAIL", "FAILED"), ("CANCEL", "CANCELLED"), ("NONE", "SUCCESS"))],
    Case("a flow output that is missing", "tasks:\n  - " + log("one") + "\noutputs: [{id: x, type: STRING, value: '{{ outputs.nothing.value }}'}]\n",
         "FAILED"),
    Case("a graph runs in the order of its edges", f"""
tasks:
  - id: dag
    type: core.flow.Dag
    tasks:
      - {{task: {ret("c")}, dependsOn: [a, b]}}
      - {{task: {ret("a")}}}
      - {{task: {ret("b")}, dependsOn: [a]}}
""", task_runs=4, check=lambda run: ordered(run, "a", "b", "c")),
    Case("an http trigger asks again and again, and starts when the answer is right", f"tasks: [{log('unused')}]\n",
         check=started_by_answers),
    Case("a restart goes on in the execution of a subflow that failed", """
tasks: [{id: sub, type: core.flow.Subflow, namespace: "{{ flow.namespace }}", flowId: child}]
""", "FAILED", others={"child": "tasks: [" + log("once") + ", " + ret("needs", "{{ kv('ready') }}") + "]"}, check=went_on_below),
    Case("the lines of a task with logToFile are in a file", """
tasks:
  - {id: quiet, type: core.log.Log, message: kept apart, logToFile: true}
  - {id: loud, type: core.log.Log, message: beside it}
""", check=log_is_a_file),
    Case("a task with a taskCache runs again when its properties change", """
inputs: [{id: salt, type: STRING, defaults: same}]
tasks:
  - &numbered
    id: cached
    type: scripts.shell.Commands
    taskRunner: {type: core.runner.Process}
    commands:
      - |
        number=$(od -An -N8 -tu8 /dev/urandom | tr -d ' ')  # {{ inputs.salt }}
        echo '::{"outputs": {"number": "'$number'"}}::'
    taskCache: {enabled: true, ttl: PT1H}
  - {<<: *numbered, id: fresh, taskCache: {enabled: false}}
""", check=ran_once_while_nothing_changed),
    Case("outputs of more than a mebibyte are in a file, and expressions read them", """
tasks:
  - {id: much, type: core.output.OutputValues, logToFile: true, values: {text: "{{ range(1, 300000) | join(',') }}"}}
  - {id: short, type: core.debug.Return, format: "{{ outputs.much.values.text | length }}"}
""", check=large_outputs_are_in_a_file),
    Case("a task that reads large outputs whose file is gone fails", """
tasks:
  - {id: much, type: core.output.OutputValues, logToFile: true, values: {text: "{{ range(1, 300000) | join(',') }}"}}
  - {id: gate, type: core.flow.Pause}
  - {id: short, type: core.debug.Return, format: "{{ outputs.much.values.text | length }}"}
""", None, check=file_of_outputs_is_gone, logs=["the outputs of task 'much' can't be read"]),
    Case("a check sees the defaults of inputs that a trigger does not give", f"tasks: [{log('unused')}]\n", others={"hooked": """
inputs: [{id: amount, type: INT, defaults: 3}]
checks: [{condition: "{{ inputs.amount == 3 }}", message: no}]
tasks: [{id: hi, type: core.log.Log, message: hi}]
triggers: [{id: hook, type: core.trigger.Webhook, key: secret}]
"""}, check=started_by_hook),
    Case("a task whose group of workers is nowhere fails", """
tasks:
  - {id: work, type: core.http.Request, uri: "http://localhost:1", workerGroup: {key: nowhere, fallback: FAIL}}
""", state="FAILED", logs=["No worker of the group 'nowhere' is alive"]),
    Case("a task whose group of workers is nowhere is cancelled", f"""
workerGroup: {{key: nowhere, fallback: CANCEL}}
tasks:
  - {{id: work, type: core.http.Request, uri: "http://localhost:1"}}
  - {log("never")}
""", state="CANCELLED", task_runs=1),
    Case("listeners run after the end, when their conditions hold", f"""
tasks: [{fail("broken")}]
listeners:
  - conditions: [{{type: core.condition.ExecutionStatus, in: [SUCCESS]}}]
    tasks: [{log("never")}]
  - conditions: [{{type: core.condition.ExecutionStatus, in: [FAILED]}}]
    tasks: [{log("told", "it is {{ execution.state }}")}]
""", state="FAILED", check=lambda run: (run.wait_run("told"), run.has_no_run("never")), logs=["it is FAILED"]),
    Case("a check decides whether an execution starts", """
inputs: [{id: amount, type: INT, defaults: 1}]
checks:
  - {condition: "{{ inputs.amount < 100 }}", message: "{{ inputs.amount }} is too much", style: ERROR}
  - {condition: "{{ inputs.amount < 10 }}", message: "{{ inputs.amount }} is much", behavior: FAIL_EXECUTION}
  - {condition: "{{ inputs.amount < 5 }}", message: mind the amount, style: WARNING, behavior: CREATE_EXECUTION}
tasks: [{id: hi, type: core.log.Log, message: hi}]
""", check=held_by_checks),
    Case("finally and afterExecution run whatever happens", f"""
tasks: [{fail("broken")}]
errors: [{log("e")}]
finally: [{log("f")}]
afterExecution: [{log("after", "{{ execution.state }}")}]
""", "FAILED", check=lambda run: (run.wait_run("after"), ordered(run, "broken", "e", "f", "after"))),
    Case("variables are set and unset", """
variables: {a: 1}
tasks:
  - {id: set, type: core.execution.SetVariables, variables: {b: "{{ vars.a + 1 }}"}}
  - {id: read, type: core.debug.Return, format: "{{ vars.b }}"}
  - {id: unset, type: core.execution.UnsetVariables, variables: [b]}
  - {id: none, type: core.debug.Return, format: "{{ vars.b ?? 'gone' }}"}
""", outputs={"read": {"value": "2"}, "none": {"value": "gone"}}),
    Case("a secret input is masked in logs", """
inputs: [{id: password, type: SECRET}]
tasks:
  - {id: say, type: core.log.Log, message: 'it is {{ inputs.password }}.'}
  - {id: length, type: core.debug.Return, format: '{{ inputs.password | length }} {{ inputs.password ~ "!" | upper }}'}
  - {id: shell, type: scripts.shell.Commands, commands: ['echo "heard {{ inputs.password }}"'], taskRunner: {type: core.runner.Process}}
""", inputs={"password": "secret-8"}, logs=["it is ********.", "heard ********"],
         outputs={"length": {"value": "8 SECRET-8!"}}, check=secret_is_kept_encrypted),
    Case("an execution for each batch of a file", f"""
inputs: [{{id: rows, type: INT, defaults: 104}}]
tasks:
  - {{id: file, type: core.storage.Write, extension: .txt, content: "{{% for i in range(1, inputs.rows) %}}row {{{{ i }}}}\\n{{% endfor %}}"}}
  - id: each
    type: core.flow.ForEachItem
    items: "{{{{ outputs.file.uri }}}}"
    batch: {{rows: 4}}
    namespace: "{{{{ flow.namespace }}}}"
    flowId: item
    inputs: {{items: "{{{{ taskrun.items }}}}", number: "{{{{ taskrun.iteration }}}}"}}
  - {{id: lines, type: core.debug.Return, format: "{{{{ read(outputs.each_merge.subflowOutputs) }}}}"}}
""", others={"item": ITEM}, task_runs=6, check=children_of_each),
    Case("failing executions of batches fail the task", f"""
tasks:
  - {{id: file, type: core.storage.Write, content: "a\\nb\\n"}}
  - {{id: each, type: core.flow.ForEachItem, items: "{{{{ outputs.file.uri }}}}", namespace: "{{{{ flow.namespace }}}}", flowId: item}}
""", "FAILED", 4, others={"item": f"tasks: [{fail('no')}]\n"}, states={"each_items": ["FAILED"]}),
    Case("a restart of batches does not wait for an execution that was deleted", f"""
tasks:
  - {{id: file, type: core.storage.Write, content: "a\\nb\\n"}}
  - {{id: each, type: core.flow.ForEachItem, items: "{{{{ outputs.file.uri }}}}", namespace: "{{{{ flow.namespace }}}}", flowId: item}}
""", "FAILED", others={"item": f"tasks: [{fail('no')}]\n"}, check=restarts_without_the_purged),
    Case("no batches of an empty file", f"""
tasks:
  - {{id: file, type: core.storage.Write, content: ""}}
  - {{id: each, type: core.flow.ForEachItem, items: "{{{{ outputs.file.uri }}}}", namespace: "{{{{ flow.namespace }}}}", flowId: item}}
""", task_runs=5, others={"item": ITEM}, check=lambda run: no_outputs(run, "each_items")),
    Case("a flow trigger fires at each state that it names", f"""
tasks:
  - {{id: pause, type: core.flow.Pause, pauseDuration: PT0.2S}}
""", others={"after": f"""
labels: {{kind: follow}}
inputs: [{{id: of, type: STRING}}]
tasks: [{ret("say", "{{ inputs.of }} {{ trigger.flowId }} {{ trigger.state }}")}]
triggers:
  - id: upstream
    type: core.trigger.Flow
    states: [PAUSED, RUNNING, SUCCESS]
    inputs: {{of: "{{{{ trigger.executionId }}}}"}}
    conditions: [{{type: core.condition.ExecutionFlow, namespace: NAMESPACE, flowId: case}}]
"""}, check=fired_at_each_state),
    Case("a flow trigger waits for several flows, and begins anew", f"""
tasks: [{ret("one")}]
outputs: [{{id: x, type: STRING, value: from case}}]
""", others={"other": f"tasks: [{ret('two')}]\n", "join": f"""
tasks: [{ret("say", "{{ trigger.flowId }} {{ trigger.outputs.x ?? 'none' }}")}]
triggers:
  - id: both
    type: core.trigger.Flow
    preconditions:
      id: both
      timeWindow: {{type: SLIDING_WINDOW, window: PT1H}}
      flows: [{{namespace: NAMESPACE, flowId: case, states: [SUCCESS]}}, {{namespace: NAMESPACE, flowId: other, states: [SUCCESS]}}]
"""}, check=joined_flows),
    Case("a trigger that stops after a state", f"""
tasks: [{fail("no")}]
""", others={"after": f"""
tasks: [{fail("no")}]
triggers:
  - id: once
    type: core.trigger.Flow
    stopAfter: [FAILED]
    states: [FAILED]
    conditions: [{{type: core.condition.ExecutionFlow, namespace: NAMESPACE, flowId: case}}]
"""}, state="FAILED", check=stopped_trigger),
    Case("an undefined reference", """
variables: {bad: "{{ inputs.nothing }}"}
tasks:
  - {id: say, type: core.log.Log, message: "{{ render(vars.bad) }}"}
""", "FAILED", 1, logs=["Unable to find `inputs` used in the expression"]),
    Case("a task that ends the execution", f"""
tasks:
  - {{id: exit, type: core.execution.Exit, state: WARNING}}
  - {log("never")}
""", "WARNING", 1),
]

# Vectors that do not hold yet, each with what is missing. They are run, told, and not counted; one that holds is a failure,
# so that it moves up.
NOT_YET = {}
