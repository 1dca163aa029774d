"""What a quick implementation of the flow language gets wrong: the numbered list of its reference, one case or more each.

Numbers without a case stand in ELSEWHERE, with the test that holds them or the reason why none does.
"""
import json

from cases import Case, fail, log, no_outputs, of_flow, ordered, ret
from cluster import wait_for

YAML = {"Content-Type": "application/x-yaml"}


def shell(task, *commands, more=""):
    return f"{{id: {task}, type: scripts.shell.Commands, taskRunner: {{type: core.runner.Process}}, commands: {json.dumps(commands)}{more}}}"


def source(run, flow="case"):
    return run.api.ok("GET", f"/flows/{run.namespace}/{flow}?source=true").json["source"]


def change(run, text, flow="case"):
    return run.api.ok("PUT", f"/flows/{run.namespace}/{flow}", text, headers=YAML).json


def mistakes(run, text):
    flow = f"id: checked\nnamespace: {run.namespace}\n{text}"
    return run.api.ok("POST", "/flows/validate", flow, headers=YAML).json[0].get("constraints", "")


def histories(thing):
    return [entry["state"] for entry in thing["state"]["histories"]]


def value(run, task="say"):
    return run.first(task)["outputs"]["value"]


def post(run, verb, body=None, execution=None):
    return run.api.ok("POST", f"/executions/{execution or run.id}/{verb}", body).json


def wait_value(run, execution, expected, task="say"):
    run.api.wait_state(execution, "SUCCESS")
    runs = run.api.get(f"/executions/{execution}").json["taskRunList"]
    found = [one["outputs"]["value"] for one in runs if one["taskId"] == task]
    assert found == [expected], found


def success_at_once(run):
    assert histories(run.read()) == ["CREATED", "SUCCESS"], histories(run.read())


def inputs_without_the_disabled(run):
    assert run.read()["inputs"] == {"empty": None, "on": False}, run.read()["inputs"]


def no_addresses(run):
    assert not any("kestra://" in line for line in run.logs()), run.logs()


def a_comment_is_a_revision(run):
    text = source(run)
    assert change(run, text)["revision"] == 1
    assert change(run, text + "revision: 7\n")["revision"] == 1
    assert change(run, text + "# a comment\n")["revision"] == 2
    assert change(run, text + "# a comment\n\n")["revision"] == 3


def ends_without_its_flow(run):
    run.wait("PAUSED")
    text = source(run)
    run.api.ok("DELETE", f"/flows/{run.namespace}/case")
    run.api.ok("POST", f"/executions/{run.id}/resume")
    run.wait("SUCCESS")
    assert value(run) == "1" and run.api.save(text)["revision"] == 3
    assert run.read()["flowRevision"] == 1


def ids_are_unique_everywhere(run):
    nested = f"{{id: seq, type: core.flow.Sequential, tasks: [{log('inner')}], errors: [{log('handler')}]}}"
    items = "{id: each, type: core.flow.ForEachItem, items: 'kestra:///x', namespace: other, flowId: other}"
    for tasks, more in ((f"{nested}, {log('inner')}", ""), (f"{nested}, {log('handler')}", ""),
                        (log("a"), f"errors: [{log('a')}]"), (log("a"), f"finally: [{log('a')}]"),
                        (log("a"), f"afterExecution: [{log('a')}]"), (f"{items}, {log('each_split')}", ""),
                        (f"{items}, {log('each_items')}", ""), (f"{items}, {log('each_merge')}", ""),
                        (log("a"), f"listeners: [{{tasks: [{log('a')}]}}]")):
        assert "Duplicate task id" in mistakes(run, f"tasks: [{tasks}]\n{more}\n"), (tasks, more)
    assert not mistakes(run, f"tasks: [{log('a')}]\ntriggers: [{{id: a, type: core.trigger.Webhook, key: k}}]\n")


def labels_of_any_form(run):
    for key, text in (("n", "1"), ("b", "true"), ("from_map", "2"), ("from_list", "false")):
        run.has_label(key, text)
    run.api.ok("POST", f"/executions/{run.id}/labels", [{"key": "api", "value": "yes"}])
    run.has_label("api", "yes")
    for wrong in ("{bad: [1, 2]}", "{bad: {deep: 1}}"):
        assert mistakes(run, f"labels: {wrong}\ntasks: [{log('a')}]\n"), wrong


def fired_once(run):
    wait_for("the condition got its flow by a default", lambda: len(of_flow(run, "after")) == 1, 20)


def webhook_without_its_inputs(run):
    run.wait("FAILED")                                # `needed` has no value: the case's own execution
    started = run.api.ok("POST", f"/executions/webhook/{run.namespace}/hooked/key", {}, anonymous=True).json["id"]
    wait_value(run, started, "usual none")
    assert not run.api.get(f"/executions/{started}").json.get("inputs")


def fired_without_its_inputs(run):
    over = lambda: [row for row in of_flow(run, "after") if row["state"]["current"] in ("SUCCESS", "FAILED")]  # noqa: E731
    fired = wait_for("it fired", over, 20)[0]
    assert fired["state"]["current"] == "SUCCESS", fired
    wait_value(run, fired["id"], "usual none")
    assert not run.api.get(f"/executions/{fired['id']}").json.get("inputs")


def schedule_keeps_its_inputs(run):
    key = {"namespace": run.namespace, "flowId": "case", "triggerId": "yearly"}
    wait_for("the trigger is known", lambda: run.api.get(f"/triggers/search?namespace={run.namespace}").json["results"], 20)
    run.api.ok("PUT", "/triggers", {**key, "backfill": {"start": "2026-01-01T00:00:00Z", "end": "2026-01-01T01:00:00Z"}})
    filled = wait_for("the date is filled", lambda: [e for e in of_flow(run, "case") if e["id"] != run.id], 20)
    # They are filled in as it begins.
    wait_for("its inputs have their defaults",
             lambda: run.api.get(f"/executions/{filled[0]['id']}").json.get("inputs") == {"usual": "default"}, 20)


def began_when_created(run):
    run.wait("FAILED")
    post(run, "restart")
    run.wait("SUCCESS")
    assert value(run) == run.read()["state"]["histories"][0]["date"], (value(run), run.read()["state"]["histories"])


def killed_with_its_ancestors(run):
    wait_for("it sleeps", lambda: run.runs("sleep"), 20)
    assert run.api.ask("DELETE", f"/executions/{run.id}/kill").status == 202
    run.wait("KILLED")
    wait_for("all are killed", lambda: {r["state"]["current"] for r in run.read()["taskRunList"]} == {"KILLED"}, 20)
    assert {r["taskId"] for r in run.read()["taskRunList"]} == {"outer", "inner", "sleep"}


def paused_twice(run):
    wait_for("both wait", lambda: [r["state"]["current"] for r in run.runs("one") + run.runs("two")] == ["PAUSED"] * 2, 20)
    run.api.ok("POST", f"/executions/{run.id}/resume")
    wait_for("the first goes on", lambda: run.first("one")["state"]["current"] == "SUCCESS", 20)
    assert run.first("two")["state"]["current"] == "PAUSED"
    run.wait("PAUSED")
    run.api.ok("POST", f"/executions/{run.id}/resume")
    run.wait("SUCCESS")
    states = histories(run.read())
    assert "RESTARTED" in states and states.index("PAUSED") < states.index("RESTARTED"), states


def restarted_in_place(run):
    before = {r["taskId"]: r["id"] for r in run.read()["taskRunList"]}
    assert set(before) == {"seq", "first", "broken", "handler", "last"}, before
    assert post(run, "restart")["id"] == run.id
    run.wait("SUCCESS")
    after = {r["taskId"]: r for r in run.read()["taskRunList"]}
    assert set(after) == {"seq", "first", "broken", "next", "last"}, after
    assert all(after[task]["id"] == before[task] for task in ("seq", "first", "broken"))
    assert "RESTARTED" in histories(after["broken"]) and "RESTARTED" not in histories(after["seq"])
    assert len(after["first"]["attempts"]) == 1 and len(after["broken"]["attempts"]) == 2


def restarted_with_a_revision(run):
    change(run, source(run).replace("type: core.execution.Fail", "type: core.log.Log, message: mended"))
    made = post(run, "restart?revision=2")
    assert made["id"] != run.id and made["parentId"] == run.id and made["originalId"] == run.id, made
    run.api.wait_state(made["id"], "SUCCESS")
    assert run.api.get(f"/executions/{made['id']}").json["flowRevision"] == 2 and run.read()["state"]["current"] == "FAILED"


def replay_reads_old_files(run):
    made = post(run, f"replay?taskRunId={run.first('say')['id']}")
    assert made["id"] != run.id
    wait_value(run, made["id"], "kept")
    uri = run.api.get(f"/executions/{made['id']}").json["taskRunList"][0]["outputs"]["uri"]
    assert run.id in uri and made["id"] not in uri, uri


def told_of_the_retried(run):
    rows = wait_for("it fired", lambda: of_flow(run, "after"), 20)
    wait_value(run, rows[0]["id"], f"{run.id} RETRIED")


def child_is_killed(run):
    child = wait_for("the child runs", lambda: of_flow(run, "child"), 20)[0]["id"]
    run.api.wait_state(child, "RUNNING")
    assert run.api.ask("DELETE", f"/executions/{child}/kill").status == 202
    run.wait("KILLED")
    assert {r["taskId"]: r["state"]["current"] for r in run.read()["taskRunList"]} == {"seq": "KILLED", "sub": "KILLED"}


def child_fails_unseen(run):
    child = wait_for("there is a child", lambda: of_flow(run, "child"), 20)[0]["id"]
    run.api.wait_state(child, "FAILED")
    assert run.read()["state"]["current"] == "SUCCESS"


def child_inherits(run):
    plain, heir = (run.api.get(f"/executions/{run.first(task)['outputs']['executionId']}").json["labels"]
                   for task in ("plain", "heir"))
    for labels in (plain, heir):
        assert {"key": "system.correlationId", "value": run.id} in labels, labels
    assert {"key": "team", "value": "a"} not in plain and {"key": "team", "value": "a"} in heir, (plain, heir)


def items_queue(run):
    def states():
        return sorted(row["state"]["current"] for row in of_flow(run, "item"))
    for left in (2, 1, 0):
        now = ["PAUSED"] + ["QUEUED"] * left + ["SUCCESS"] * (2 - left)
        wait_for(f"they are {now}", lambda: states() == now, 20)  # noqa: B023
        assert run.read()["state"]["current"] == "RUNNING"
        paused = next(row for row in of_flow(run, "item") if row["state"]["current"] == "PAUSED")
        run.api.ok("POST", f"/executions/{paused['id']}/resume")
    run.wait("SUCCESS")
    assert run.first("each_items")["outputs"]["iterations"]["SUCCESS"] == 3


def stays_off(run):
    def trigger():
        found = run.api.ok("GET", f"/triggers/search?namespace={run.namespace}&size=10").json["results"]
        return next((one.get("triggerContext") or one for one in found), {})
    wait_for("the trigger is off", lambda: trigger().get("disabled"), 20)
    text = source(run, "after")
    assert change(run, text, "after")["revision"] == 1 and source(run, "after") == text
    assert trigger()["disabled"], trigger()


def fires_again_after_a_restart(run):
    fired = lambda count: lambda: len(of_flow(run, "after")) == count  # noqa: E731
    wait_for("it fired", fired(1), 20)
    post(run, "restart")
    wait_for("it fired again", fired(2), 20)
    for row in of_flow(run, "after"):
        wait_value(run, row["id"], "FAILED")


def released_as_it_was(run):
    run.wait("PAUSED")
    second = run.api.run(run.namespace, "case", query="", body={"inputs": {"x": "second"}})["id"]
    run.api.wait_state(second, "QUEUED")
    assert change(run, source(run).replace("old", "new"))["revision"] == 2
    run.api.ok("POST", f"/executions/{run.id}/resume")
    run.wait("SUCCESS")
    run.api.wait_state(second, "PAUSED")
    run.api.ok("POST", f"/executions/{second}/resume")
    wait_value(run, second, "old second")
    assert run.api.get(f"/executions/{second}").json["flowRevision"] == 1


def protocol_is_a_whole_line(run):
    assert run.first("tell")["outputs"]["vars"] == {"out": 1, "err": 2}, run.first("tell")["outputs"]
    lines = [line for line in run.logs() if "::{" in line]
    assert len(lines) == 2 and all("partly" in line for line in lines), lines


def split_lines(run):
    sizes = [len(line) for line in run.logs() if set(line) == {"x"}]
    assert sum(sizes) == 25000 and len(sizes) >= 3 and max(sizes) <= 10 * 1024, sizes


def labels_of_the_system_stay(run):
    run.wait("PAUSED")
    ask = lambda labels, how="": run.api.ask("POST", f"/executions/{run.id}/labels{how}", labels).status  # noqa: E731
    assert ask([{"key": "a", "value": "1"}]) == 400
    run.api.ok("POST", f"/executions/{run.id}/resume")
    run.wait("SUCCESS")
    assert 400 <= ask([{"key": "system.correlationId", "value": "mine"}]) < 500
    assert ask([{"key": "a", "value": "1"}]) == 200
    assert ask([{"key": "b", "value": "2"}], "?replace=true") == 200
    run.has_label("system.correlationId", run.id)
    run.has_label("b", "2")
    assert "a" not in [label["key"] for label in run.read()["labels"]], run.read()["labels"]


def large_outputs_in_a_file(run):
    outputs = run.first("large")["outputs"]
    kept = run.api.ok("GET", f"/executions/{run.id}/file?path={outputs['outputsFile']}").json
    assert [len(kept["vars"][name]) for name in "ab"] == [6_000_000, 6_000_000]


def subflow(task, more="", child="child"):
    return f'{{id: {task}, type: core.flow.Subflow, namespace: "{{{{ flow.namespace }}}}", flowId: {child}{more}}}'


# In the server's configuration, of a type that no other case has.
INSTALLATION_FORCES = {"type": "io.kestra.plugin.core.debug.Echo", "forced": True, "values": {"format": "by the installation"}}
RETRIED_ONCE = ", retry: {type: constant, interval: PT0.05S, maxAttempt: 2, behavior: CREATE_NEW_EXECUTION}"
FILE = "{{ outputs.file.uri }}"
TELL_A = """echo '::{"outputs":{"a":"told"}}::'"""
TELL_MUCH = ["""echo '::{"outputs":{"out":1}}::'""", """echo '::{"outputs":{"err":2}}::' >&2""",
             """echo 'partly ::{"outputs":{"no":3}}::'""", """echo '::{"outputs":{"no":4}}:: partly'"""]
TELL_LARGE = """for n in a b; do printf '::{"outputs":{"%s":"' $n; head -c 6000000 /dev/zero | tr '\\0' x; echo '"}}::'; done"""
ONCE = ', condition: "{{ taskrun.attemptsCount == 0 }}"'
WATCH = "conditions: [{type: core.condition.ExecutionFlow, namespace: NAMESPACE, flowId: case}]"

GOTCHAS = [
    Case("01 a comment makes a revision, the same text does not", f"tasks:\n  - {log('a')}\n", check=a_comment_is_a_revision),
    Case("02 an execution ends by a flow that is deleted, and numbers go on",
         f"tasks:\n  - {{id: gate, type: core.flow.Pause}}\n  - {ret('say', '{{ flow.revision }}')}\n", None,
         check=ends_without_its_flow),
    Case("03 a task's id is unique among all lists, a trigger's is apart", f"tasks:\n  - {log('a')}\n",
         check=ids_are_unique_everywhere),
    Case("04 labels are maps or lists, their values become texts", """
labels: {n: 1, b: true}
tasks:
  - {id: map, type: core.execution.Labels, labels: {from_map: "2"}}
  - {id: list, type: core.execution.Labels, labels: [{key: from_list, value: "false"}]}
""", check=labels_of_any_form),
    Case("05 a default goes by the beginning of a type, and into lists", f"""
pluginDefaults:
  - {{type: io.kestra.plugin.core.log, values: {{message: [by default]}}}}
  - {{type: io.kestra.plugin.core.debug.Return, forced: true, values: {{format: forced}}}}
tasks:
  - {{id: both, type: io.kestra.plugin.core.log.Log, message: [own]}}
  - {{id: say, type: io.kestra.plugin.core.debug.Return, format: own}}
""", logs=["by default", "own"], outputs={"say": {"value": "forced"}}),
    Case("05 a default reaches the condition of a trigger", f"tasks:\n  - {log('a')}\n", others={"after": f"""
pluginDefaults:
  - {{type: io.kestra.plugin.core.condition.ExecutionFlow, values: {{namespace: NAMESPACE, flowId: case}}}}
tasks: [{log("a")}]
triggers:
  - {{id: t, type: core.trigger.Flow, states: [SUCCESS], conditions: [{{type: io.kestra.plugin.core.condition.ExecutionFlow}}]}}
"""}, check=fired_once),
    Case("05 a default that the installation forces wins over one of the flow", f"""
pluginDefaults: [{{type: {INSTALLATION_FORCES["type"]}, forced: true, values: {{format: by the flow}}}}]
tasks: [{{id: a, type: {INSTALLATION_FORCES["type"]}, format: by the task}}]
""", logs=["by the installation"]),
    Case("06 old and new names of a type share defaults, and a task says its own", """
pluginDefaults:
  - {type: io.kestra.plugin.core.debug.Return, values: {format: "{{ task.type }}"}}
  - {type: io.kestra.core.tasks.log.Log, values: {message: from the old name}}
tasks:
  - {id: say, type: io.kestra.core.tasks.debugs.Return}
  - {id: tell, type: io.kestra.plugin.core.log.Log}
""", outputs={"say": {"value": "io.kestra.core.tasks.debugs.Return"}}, logs=["from the old name"]),
    Case("07 an optional choice is free, and a boolean of any other text is false", f"""
inputs:
  - {{id: choice, type: SELECT, values: [A, B], required: false}}
  - {{id: word, type: ENUM, values: [A, B], required: false}}
  - {{id: flag, type: BOOLEAN}}
tasks:
  - {ret("say", "{{ inputs.choice }} {{ inputs.word }} {{ inputs.flag }}")}
""", inputs={"choice": "C", "word": "D", "flag": "sure"}, outputs={"say": {"value": "C D false"}}),
    Case("08 an optional input without value is null, a disabled one is absent", f"""
inputs:
  - {{id: empty, type: STRING, required: false}}
  - {{id: on, type: BOOL, defaults: false}}
  - {{id: off, type: STRING, defaults: x, dependsOn: {{inputs: [on], condition: "{{{{ inputs.on }}}}"}}}}
tasks:
  - {ret("say", "{{ inputs | keys contains 'empty' }} {{ inputs.empty ?? 'null' }} {{ inputs.off is defined }} {{ inputs.off ?? 'gone' }}")}
""", inputs={"off": "given"}, outputs={"say": {"value": "true null false gone"}},
         check=inputs_without_the_disabled),
    Case("09 an input depends on a boolean, not on its text", f"""
inputs:
  - {{id: on, type: STRING, defaults: "yes"}}
  - {{id: by_text, type: STRING, defaults: x, dependsOn: {{inputs: [on], condition: "{{{{ 'tr' ~ 'ue' }}}}"}}}}
  - {{id: by_boolean, type: STRING, defaults: x, dependsOn: {{inputs: [on], condition: "{{{{ inputs.on == 'yes' }}}}"}}}}
tasks:
  - {ret("say", "{{ inputs.by_text ?? 'off' }} {{ inputs.by_boolean ?? 'off' }}")}
""", outputs={"say": {"value": "off x"}}),
    Case("10 a webhook checks no inputs and keeps no defaults, but they are seen", f"tasks:\n  - {fail('no')}\n", None,
         others={"hooked": f"""
inputs: [{{id: usual, type: STRING, defaults: usual}}, {{id: needed, type: STRING}}]
tasks: [{ret("say", "{{ inputs.usual }} {{ inputs.needed ?? 'none' }}")}]
triggers: [{{id: hook, type: core.trigger.Webhook, key: key}}]
"""}, check=webhook_without_its_inputs),
    Case("10 a schedule keeps the defaults of its inputs", f"""
inputs: [{{id: usual, type: STRING, defaults: default}}]
tasks: [{log("a")}]
triggers: [{{id: yearly, type: core.trigger.Schedule, cron: "0 0 1 1 *", timezone: UTC}}]
""", check=schedule_keeps_its_inputs),
    Case("11 expressions in variables, inputs and outputs are not rendered by themselves", f"""
variables: {{text: "{{{{ flow.id }}}}"}}
inputs: [{{id: text, type: STRING}}]
tasks:
  - {ret("first", "{{ inputs.text }}")}
  - {ret("say", "{{ vars.text }} {{ inputs.text }} {{ outputs.first.value }} {{ render(vars.text) }}")}
""", inputs={"text": "{{ flow.id }}"}, outputs={"say": {"value": "{{ flow.id }} {{ flow.id }} {{ flow.id }} case"}}),
    Case("12 outputs below loops have a key for each loop, outermost first", f"""
tasks:
  - id: outer
    type: core.flow.ForEach
    values: [1, 2]
    tasks:
      - id: seq
        type: core.flow.Sequential
        tasks:
          - {ret("grandchild", "{{ parent.taskrun.value }}")}
          - {{id: inner, type: core.flow.ForEach, values: [a, b], tasks: [{ret("leaf", "{{ taskrun.value }}{{ parent.taskrun.value }}")}]}}
  - {ret("say", "{{ outputs.grandchild['2'].value }} {{ outputs.leaf['1'].b.value }}")}
""", outputs={"say": {"value": "2 b1"}}),
    Case("13 values of a loop are distinct, and an object is its JSON text", """
tasks:
  - id: each
    type: core.flow.ForEach
    values: '["a", "a", {"k": "v"}, {"k": "v"}]'
    tasks: [{id: one, type: core.debug.Return, format: "{{ taskrun.value }}"}]
  - id: say
    type: core.debug.Return
    format: "{{ outputs.one | keys | length }} {{ outputs.one['{\\"k\\":\\"v\\"}'].value }}"
""", task_runs=4, outputs={"say": {"value": '2 {"k":"v"}'}}),
    Case("14 parents without value and outputs are left out", f"""
tasks:
  - id: each
    type: core.flow.ForEach
    values: [a]
    tasks:
      - id: choose
        type: core.flow.If
        condition: true
        then:
          - id: plain
            type: core.flow.Sequential
            tasks:
              - id: plainer
                type: core.flow.Sequential
                tasks: [{ret("say", "{{ parent.outputs.evaluationResult }} {{ parents[0].taskrun.value }} {{ parents | length }}")}]
""", outputs={"say": {"value": "true a 1"}}),
    Case("15 the value of a loop belongs to its direct children", f"""
tasks:
  - id: each
    type: core.flow.ForEach
    values: [a]
    tasks:
      - {ret("direct", "{{ taskrun.value }}")}
      - {{id: seq, type: core.flow.Sequential, tasks: [{ret("say", "{{ taskrun.value ?? 'none' }} {{ parent.taskrun.value }}")}]}}
""", outputs={"direct": {"value": "a"}, "say": {"value": "none a"}}),
    Case("16 what did not run has no outputs", f"""
tasks:
  - {{id: off, type: core.debug.Return, format: x, disabled: true}}
  - {{id: skipped, type: core.debug.Return, format: x, runIf: false}}
  - {ret("say", "{{ outputs.off.value ?? 'off' }} {{ outputs.skipped.value ?? 'skipped' }} {{ outputs.off is defined }}")}
  - {ret("rootless", "{{ nothing.at.all ?? 'gone' }}")}
  - {ret("strict", "{{ outputs.skipped.value }}")}
""", "FAILED", outputs={"say": {"value": "off skipped false"}, "rootless": {"value": "gone"}}, states={"strict": ["FAILED"]}),
    Case("18 an If asks once", f"""
tasks:
  - {{id: set, type: core.kv.Set, key: flag, value: "{{{{ true }}}}"}}
  - id: choose
    type: core.flow.If
    condition: "{{{{ kv('flag') }}}}"
    then: [{{id: unset, type: core.kv.Set, key: flag, value: "{{{{ false }}}}"}}, {log("then")}]
    else: [{log("else")}]
""", task_runs=4, states={"then": ["SUCCESS"]}),
    Case("21 an execution began when it was created, also after a restart",
         f"tasks:\n  - {fail('once', ONCE)}\n  - {ret('say', '{{ execution.startDate }}')}\n", None, check=began_when_created),
    Case("23 local and global errors run, and it has failed all the same", f"""
tasks: [{{id: seq, type: core.flow.Sequential, tasks: [{fail("broken")}], errors: [{log("local")}]}}]
errors: [{log("global")}]
""", "FAILED", 4, check=lambda run: ordered(run, "broken", "local", "global")),
    Case("24 a warning and a skipped task stop nothing", f"""
tasks: [{fail("warns", ", allowFailure: true")}, {log("skipped", more=", runIf: false")}, {log("last")}]
errors: [{log("never")}]
""", "WARNING", 3, states={"warns": ["WARNING"], "skipped": ["SKIPPED"], "last": ["SUCCESS"]}),
    Case("26 disabled children only: the parent is a success", f"""
tasks: [{{id: seq, type: core.flow.Sequential, tasks: [{log("off", more=", disabled: true")}]}}]
""", task_runs=1, states={"seq": ["SUCCESS"]}),
    Case("28 a failure leaves what runs beside it alone", f"""
tasks:
  - {{id: both, type: core.flow.Parallel, tasks: [{{id: sleep, type: core.flow.Sleep, duration: PT0.3S}}, {fail("broken")}]}}
""", "FAILED", 3, states={"sleep": ["SUCCESS"]}),
    Case("29 a warning and a skipped task let those that depend on them run", f"""
tasks:
  - id: dag
    type: core.flow.Dag
    tasks:
      - {{task: {fail("warns", ", allowFailure: true")}}}
      - {{task: {log("skipped", more=", runIf: false")}}}
      - {{task: {log("last")}, dependsOn: [warns, skipped]}}
""", "WARNING", 4, states={"last": ["SUCCESS"]}),
    Case("30 a killed task takes its ancestors along", f"""
tasks:
  - id: outer
    type: core.flow.Sequential
    tasks: [{{id: inner, type: core.flow.Parallel, tasks: [{{id: sleep, type: core.flow.Sleep, duration: PT1M}}]}}]
    errors: [{log("never")}]
""", None, check=killed_with_its_ancestors),
    Case("31 two pauses are resumed one after the other, and the execution restarts", """
tasks:
  - {id: both, type: core.flow.Parallel, tasks: [{id: one, type: core.flow.Pause}, {id: two, type: core.flow.Pause}]}
""", None, check=paused_twice),
    Case("33 a loop that waits leaves other branches running, and keeps its last turn", f"""
tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - id: loop
        type: core.flow.LoopUntil
        condition: "{{{{ kv('done', errorOnMissing=false) ?? false }}}}"
        checkFrequency: {{interval: PT0.05S, maxIterations: 500}}
        tasks: [{log("turn")}]
      - id: seq
        type: core.flow.Sequential
        tasks: [{{id: sleep, type: core.flow.Sleep, duration: PT0.3S}}, {{id: set, type: core.kv.Set, key: done, value: "{{{{ true }}}}"}}]
""", task_runs=6, states={"turn": ["SUCCESS"]}),
    Case("34 a restart keeps ids and forgets what the failure led to", f"""
tasks:
  - id: seq
    type: core.flow.Sequential
    tasks: [{log("first")}, {fail("broken", ONCE)}, {log("next")}]
errors: [{log("handler")}]
finally: [{log("last")}]
""", "FAILED", check=restarted_in_place),
    Case("34 a restart with a revision is a new execution", f"tasks:\n  - {log('first')}\n  - {fail('broken')}\n", "FAILED",
         check=restarted_with_a_revision),
    Case("35 a replay is a new execution and reads the files of the old one", f"""
tasks:
  - {{id: file, type: core.storage.Write, content: kept}}
  - {ret("say", "{{ read(outputs.file.uri) }}")}
""", check=replay_reads_old_files),
    Case("36 a flow trigger sees an execution that was retried by another", f"""
tasks:
  - {fail("broken", RETRIED_ONCE)}
""", "RETRIED", others={"after": f"""
tasks: [{ret("say", "{{ trigger.executionId }} {{ trigger.state }}")}]
triggers: [{{id: t, type: core.trigger.Flow, states: [RETRIED], {WATCH}}}]
"""}, check=told_of_the_retried),
    Case("36 a parent takes a child that was retried by another for failed", f"tasks: [{subflow('sub')}]\n", "FAILED", 1,
         others={"child": f"tasks: [{fail('broken', RETRIED_ONCE)}]\n"}, states={"sub": ["FAILED"]},
         check=lambda run: run.api.wait_state(of_flow(run, "child")[0]["id"], "RETRIED")),
    Case("37 a child that fails runs the errors", f"tasks: [{subflow('sub', ', wait: true, transmitFailed: true')}]\nerrors: [{log('e')}]\n",
         "FAILED", 2, others={"child": f"tasks: [{fail('no')}]\n"}, states={"sub": ["FAILED"], "e": ["SUCCESS"]}),
    Case("37 a child that is killed kills its parents, without errors", f"""
tasks:
  - {{id: seq, type: core.flow.Sequential, tasks: [{subflow("sub", ", wait: true, transmitFailed: true")}], errors: [{log("e1")}]}}
  - {log("never")}
errors: [{log("e2")}]
""", None, others={"child": "tasks: [{id: sleep, type: core.flow.Sleep, duration: PT1M}]\n"}, check=child_is_killed),
    Case("38 nobody sees the failure of a child that nobody waits for", f"tasks: [{subflow('sub', ', wait: false')}]\n", task_runs=1,
         others={"child": f"tasks: [{fail('no')}]\n"}, check=child_fails_unseen),
    Case("39 a child has the labels of the system, and the others when asked", f"""
labels: {{team: a}}
tasks: [{subflow("plain")}, {subflow("heir", ", inheritLabels: true")}]
""", others={"child": f"tasks: [{log('a')}]\n"}, check=child_inherits),
    Case("40 executions of batches start together and wait for each other in the flow's queue", f"""
tasks:
  - {{id: file, type: core.storage.Write, content: "a\\nb\\nc\\n"}}
  - {{id: each, type: core.flow.ForEachItem, items: "{{{{ outputs.file.uri }}}}", namespace: "{{{{ flow.namespace }}}}", flowId: item}}
""", None, others={"item": "concurrency: {limit: 1}\ntasks: [{id: gate, type: core.flow.Pause}]\n"}, check=items_queue),
    Case("44 a trigger that stopped stays off when its flow is saved unchanged", f"tasks: [{fail('no')}]\n", "FAILED", others={"after": f"""
tasks: [{log("a")}]
triggers: [{{id: t, type: core.trigger.Flow, stopAfter: [SUCCESS], states: [FAILED], {WATCH}}}]
"""}, check=stays_off),
    Case("46 a flow trigger never sees CREATED, and fires again after a restart", f"tasks: [{fail('no')}]\n", "FAILED", others={"after": f"""
tasks: [{ret("say", "{{ trigger.state }}")}]
triggers: [{{id: t, type: core.trigger.Flow, states: [CREATED, FAILED], {WATCH}}}]
"""}, check=fires_again_after_a_restart),
    Case("50 what was queued runs as it was created", f"""
concurrency: {{limit: 1, behavior: QUEUE}}
inputs: [{{id: x, type: STRING, defaults: first}}]
tasks: [{{id: gate, type: core.flow.Pause}}, {ret("say", "old {{ inputs.x }}")}]
""", None, check=released_as_it_was),
    Case("51 each attempt has the whole timeout", """
tasks:
  - {id: sleep, type: core.flow.Sleep, duration: PT1M, timeout: PT0.2S, retry: {type: constant, interval: PT0.05S, maxAttempt: 2}}
""", "FAILED", 1, attempts={"sleep": 2}),
    Case("52 errors read what a failed script has told and written", f"""
tasks:
  - {shell("script", TELL_A, "printf written > f.txt", "exit 3", more=", outputFiles: [f.txt]")}
errors: [{ret("say", "{{ outputs.script.vars.a }} {{ read(outputs.script.outputFiles['f.txt']) }}")}]
""", "FAILED", outputs={"say": {"value": "told written"}}),
    Case("53 the protocol is a whole line of either stream", f"""
tasks:
  - {shell("tell", *TELL_MUCH)}
""", check=protocol_is_a_whole_line),
    Case("55 a long message is several lines of the log", f"""
tasks:
  - {log("say", "{% for i in range(1, 2500) %}xxxxxxxxxx{% endfor %}")}
""", check=split_lines),
    Case("55 outputs of any size are kept: large ones in a file", f"tasks: [{shell('large', TELL_LARGE)}]\n",
         check=large_outputs_in_a_file),
    Case("57 an address in a comment or a text becomes a path, too", f"""
tasks:
  - {{id: file, type: core.storage.Write, content: inside}}
  - {shell("tell", "# of " + FILE, "echo `cat '" + FILE + "'` 'at " + FILE + "'")}
""", logs=["inside at "], check=no_addresses),
    Case("60 labels are set at the end, those of the system stay", "tasks: [{id: gate, type: core.flow.Pause}]\n", None,
         check=labels_of_the_system_stay),
    Case(
        "10 a flow trigger checks no inputs and keeps no defaults, but they are seen", f"tasks:\n  - {log('a')}\n", others={"after": f"""
inputs: [{{id: usual, type: STRING, defaults: usual}}, {{id: needed, type: STRING}}]
tasks: [{ret("say", "{{ inputs.usual }} {{ inputs.needed ?? 'none' }}")}]
triggers: [{{id: t, type: core.trigger.Flow, states: [SUCCESS], {WATCH}}}]
"""}, check=fired_without_its_inputs),
    Case(
        "26 disabled tasks only: a success right after the creation", f"tasks: [{log('off', more=', disabled: true')}]\n",
        task_runs=0, check=success_at_once),
]

# Cases that do not hold yet: what happens instead → the case. See NOT_YET of cases.py.
NOT_YET = {}

STEP = "tests/unit/engine/step_test.cpp"
PLAN = "tests/unit/schedule/plan_test.cpp"
SCRIPTS = "tests/unit/tasks/scripts_test.cpp"
ELSEWHERE = {
    17: "can't be seen: ids are unique and values of a loop distinct, so no two task runs have one path",
    19: "cases.py: a flow output that is missing",
    20: "cases.py: a secret input is masked in logs; tests/unit/expr/sealed_values_test.cpp",
    22: "cases.py: a constant retry gives up …; a retry that succeeds warns …",
    25: f"{STEP}: allowFailure counts when the retries are used up, allowWarning makes it a success",
    27: "cases.py: a switch without a match; if false without else; for each over nothing",
    32: f"{STEP}: a timed Pause goes on by itself, and its timer is gone after a manual resume",
    41: "tests/integration/scheduler: a trigger whose execution runs waits, and goes on when it is over",
    42: f"{PLAN}: at the scheduler's start missed dates run …; a trigger that is enabled again counts from its last date …",
    43: "tests/unit/schedule/backfill_test.cpp: all of it",
    45: "there is no polling trigger yet",
    47: "cases.py: a flow trigger waits for several flows, and begins anew",
    48: f"{PLAN}: a condition that can't be tested makes a failed execution of its date, and the schedule goes on",
    49: "cases.py: one at a time: a pause holds the slot; the inputs: 50",
    54: f"{SCRIPTS}: the first command that fails ends the script, unless failFast is false",
    56: "tests/unit/tasks/storage_test.cpp: files are joined …; of rows with the same key the last one stays …",
    58: "tests/cluster/run: a killed workers task runs again on the other within 15 s",
    59: f"{STEP}: a result that comes twice …; tests/unit/engine/generated_histories_test.cpp",
}


def numbers_without_a_word():
    told = {int(case.name[:2]) for case in [*GOTCHAS, *NOT_YET.values()]} | set(ELSEWHERE)
    return [number for number in range(1, 61) if number not in told]
