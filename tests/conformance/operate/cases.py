"""What operators do, and what they are refused. Each case is run at both doors: `d` is that of an operator, `d.reader` and
`d.developer` are those of others."""
from cluster import wait_for
from doors import Refused, refusal

NOBODY = "0356YEwFC49vjynZJUnFUX"  # an id that no execution has


def save(d, flow, tasks, more=""):
    d.admin.save(f"id: {flow}\nnamespace: {d.at}\n{more}tasks:\n{tasks}")


def says(d, flow="says", more=""):
    save(d, flow, "  - {id: say, type: core.log.Log, message: hello}\n", more)


def waits(d, flow="waits", more=""):
    save(d, flow, "  - {id: wait, type: core.flow.Pause}\n", more)


def lists_and_searches_find_the_same(d):
    says(d, "found")
    waits(d, "held")
    over = [d.run("found", labels={"team": "data", "day": str(n)}) for n in range(2)]
    held = d.wait(d.start(d.at, "held", labels={"team": "data"}), "PAUSED")
    assert d.executions(d.at, flow="found") == sorted(over)
    assert d.executions(d.at, state="PAUSED", flow="held") == [held]
    assert d.executions(d.at, labels={"team": "data", "day": "1"}) == [over[1]]
    assert d.executions(d.at, labels={"team": "data"}) == sorted([*over, held])
    assert d.executions(d.at, words="hel") == [held]
    assert d.executions(d.at + "x") == [] and d.executions(d.at, words="%") == []
    assert {("found", 1, False), ("held", 1, False)} <= set(d.flows(d.at))
    assert [(run["task"], run["state"]) for run in d.task_runs(held)] == [("wait", "PAUSED")]
    assert ("INFO", "hello") in d.logs(over[0])
    one = d.execution(over[0])
    assert one["states"] == ["CREATED", "RUNNING", "SUCCESS"] and one["labels"]["day"] == "0", one
    assert one["labels"]["system.correlationId"] == one["original"] == over[0]
    d.kill(held)
    d.wait(held, "KILLED")


def what_can_not_start_is_refused(d):
    says(d, "off", "disabled: true\n")
    says(d, "on")
    assert refusal(d.start, d.at, "none") == ("unknown", f"Unable to find flow '{d.at}'.'none' with revision '0'")
    assert refusal(d.start, d.at, "off") == ("rule", "Requested Flow is disabled.")
    assert refusal(d.start, d.at, "on", labels={"system.username": "x"}) == (
        "rule", "System labels can only be set by Kestra itself, offending label: system.username=x")
    assert d.executions(d.at, flow="on") == []


def inputs_are_checked_and_given(d):
    save(d, "asks", "  - {id: say, type: core.log.Log, message: \"{{ inputs.name }} {{ inputs.count }}\"}\n",
         "inputs:\n  - {id: name, type: STRING}\n  - {id: count, type: INT, defaults: 3}\n")
    done = d.run("asks", inputs={"name": "it's"})
    assert ("INFO", "it's 3") in d.logs(done), d.logs(done)
    assert "count" in d.start_wrong("asks", {"name": "x", "count": "many"})
    assert "name" in d.start_wrong("asks", {})


def a_pause_is_resumed_and_what_has_another_state_refuses(d):
    waits(d)
    says(d)
    held, over = d.wait(d.start(d.at, "waits"), "PAUSED"), d.run("says")
    assert refusal(d.restart, over) == ("rule", "No task found to restart execution from!")
    assert refusal(d.pause, over) == ("rule", "The execution is not running")
    assert refusal(d.pause, held) == ("rule", "The execution is not running")
    assert refusal(d.resume, over) == ("rule", "The execution is not paused")
    assert refusal(d.force_run, over) == ("rule", "Only non terminated executions can be forced run.")
    assert refusal(d.unqueue, over) == ("rule", "the execution is not queued, but SUCCESS")
    assert refusal(d.kill, over, cascade=False) == ("rule", "Execution is already finished, can't kill it")
    d.kill(over)  # those that it started may still run
    d.resume(held)
    d.wait(held, "SUCCESS")


def what_a_resume_is_asked_for_is_checked(d):
    save(d, "gated", """  - id: gate
    type: core.flow.Pause
    onResume:
      - {id: why, type: STRING}
      - {id: count, type: INT, defaults: 7}
      - {id: colour, type: SELECT, values: [red, green], defaults: red}
      - {id: note, type: STRING, required: false, validator: '[a-z]*'}
  - {id: say, type: core.log.Log, message: "{{ outputs.gate.onResume.why }} {{ outputs.gate.onResume.count }} {{ outputs.gate.onResume.colour }}"}
""")
    held = d.wait(d.start(d.at, "gated"), "PAUSED")
    assert refusal(d.resume, held) == ("rule", "why: Invalid input for `why`, missing required input, but received `null`")
    assert refusal(d.resume, held, {"why": "x", "count": "many"}) == (
        "rule", "count: Invalid input for `count`, For input string: \"many\", but received `many`")
    assert refusal(d.resume, held, {"why": "x", "colour": "blue"}) == (
        "rule", "colour: Invalid input for `colour`, it must match the values `[red, green]`, but received `blue`")
    assert d.state(held) == "PAUSED"
    # What a regular expression says of it, SQL leaves to whoever carries it out: it stays paused, and its log tells why.
    try:
        d.resume(held, {"why": "x", "note": "LOUD"})
        wait_for("its log tells", lambda: [line for line in d.logs(held) if line[0] == "ERROR" and "Invalid input for `note`" in line[1]], 10)
    except Refused as refused:
        assert "Invalid input for `note`" in refused.text, refused
    assert d.state(held) == "PAUSED"
    d.resume(held, {"why": "because", "count": "8"})
    d.wait(held, "SUCCESS")
    assert ("INFO", "because 8 red") in d.logs(held), d.logs(held)


def a_running_execution_is_paused_and_killed(d):
    save(d, "long", "  - {id: sleep, type: core.flow.Sleep, duration: PT1M}\n  - {id: say, type: core.log.Log, message: hi}\n")
    runs = d.wait(d.start(d.at, "long"), "RUNNING")
    assert refusal(d.restart, runs) == ("rule", "Execution must be terminated to be restarted, current state is 'RUNNING' !")
    assert refusal(d.resume, runs) == ("rule", "The execution is not paused")
    assert refusal(d.set_labels, runs, {"a": "b"}) == (
        "rule", "The execution is not terminated: its labels can be set when it is over")
    d.pause(runs)
    d.wait(runs, "PAUSED")
    d.resume(runs)
    d.wait(runs, "RUNNING")
    d.kill(runs)
    d.wait(runs, "KILLED")
    assert d.why(runs) == ["OVER"]


def what_is_not_there_is_told(d):
    missing = ("unknown", f"execution {NOBODY} does not exist")
    for act in (d.kill, d.pause, d.resume, d.restart, d.force_run, d.unqueue, d.replay):
        assert refusal(act, NOBODY) == missing, act
    assert refusal(d.set_labels, NOBODY, {"a": "b"}) == missing
    assert refusal(d.why, NOBODY) == missing
    assert refusal(d.set_kill_switch, execution=NOBODY) == missing
    trigger = (d.at, "none", "no")
    none = ("unknown", f"trigger {d.at}.none.no does not exist")
    assert refusal(d.switch_trigger, trigger, True) == none and refusal(d.switch_trigger, trigger, False) == none
    assert refusal(d.unlock, trigger) == none and refusal(d.why_trigger, trigger) == none
    assert refusal(d.start_backfill, trigger, "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z") == none
    for verb in ("pause", "resume", "delete"):
        assert refusal(d.change_backfill, trigger, verb) == none, verb
    assert refusal(d.developer.switch_flow, d.at, "none", True) == ("unknown", f"flow {d.at}.none does not exist")
    for act, text in ((d.retry_parked, "parked event 999999 does not exist"), (d.drop_parked, "parked event 999999 does not exist"),
                      (d.lift_kill_switch, "there is no kill switch '999999'"), (d.drop_announcement, "there is no announcement '999999'")):
        assert refusal(act, 999999) == ("unknown", text), act
    assert refusal(d.preview, trigger) == none
    assert refusal(d.cancel_operation, NOBODY)[0] == "unknown"


def what_failed_is_restarted(d):
    save(d, "fails", "  - {id: say, type: core.log.Log, message: hi}\n  - {id: no, type: core.execution.Fail}\n")
    failed = d.run("fails")
    d.restart(failed)
    wait_for("it failed again", lambda: d.execution(failed)["states"].count("FAILED") == 2, 30)
    assert "RESTARTED" in d.execution(failed)["states"]
    assert len([line for line in d.logs(failed) if line == ("INFO", "hi")]) == 1


def an_execution_is_replayed_whole_and_from_a_task_run(d):
    save(d, "again", "  - {id: first, type: core.log.Log, message: \"1 {{ inputs.n }}\"}\n"
         "  - {id: second, type: core.log.Log, message: \"2 {{ inputs.n }}\"}\n", "inputs:\n  - {id: n, type: INT, defaults: 1}\n")
    done = d.run("again", labels={"team": "data"})
    copy = d.wait(d.replay(done), "SUCCESS")
    told = d.execution(copy)
    assert (told["parent"], told["original"], told["revision"]) == (done, done, 1) and told["inputs"] == {"n": 1}, told
    assert told["labels"]["team"] == "data" and told["labels"]["system.replay"] == "true"
    assert told["labels"]["system.correlationId"] == done
    other = d.wait(d.replay(done, inputs={"n": 7}), "SUCCESS")
    assert ("INFO", "1 7") in d.logs(other), d.logs(other)
    second = next(run["id"] for run in d.task_runs(done) if run["task"] == "second")
    part = d.wait(d.replay(done, task_run=second), "SUCCESS")
    assert [message for _, message in d.logs(part)] == ["2 1"] and "RESTARTED" in d.execution(part)["states"]
    assert refusal(d.replay, done, task_run=NOBODY) == ("unknown", f"the execution has no task run {NOBODY}")
    assert refusal(d.replay, done, revision=9) == ("unknown", f"Unable to find flow '{d.at}'.'again' with revision '9'")
    d.developer.switch_flow(d.at, "again", True)
    assert refusal(d.replay, done, revision=2) == ("rule", "Requested Flow is disabled.")


def labels_are_set_and_replaced(d):
    says(d, "labelled", "labels: {team: data}\n")
    done = d.run("labelled")
    system = {"system.correlationId": done}
    mine = lambda: {key: value for key, value in d.execution(done)["labels"].items() if key != "system.username"}  # noqa: E731
    d.set_labels(done, {"day": "it's", "team": "web"})
    assert mine() == {**system, "day": "it's", "team": "web"}, mine()
    d.set_labels(done, {"only": "this"}, replace=True)
    assert mine() == {**system, "only": "this"}, mine()
    assert refusal(d.set_labels, done, {"system.restarted": "x"}) == (
        "rule", "System labels can only be set by the system, offending label: system.restarted=x")
    assert refusal(d.set_labels, done, {"": "x"}) == ("rule", "a label needs a key and a value")
    assert refusal(d.set_labels, done, {"x": ""}) == ("rule", "a label needs a key and a value")
    assert d.executions(d.at, labels={"only": "this"}) == [done]


def slots_are_shown_and_passed_over(d):
    waits(d, "narrow", "concurrency: {limit: 1, behavior: QUEUE}\n")
    first = d.wait(d.start(d.at, "narrow"), "PAUSED")
    second, third = (d.wait(d.start(d.at, "narrow"), "QUEUED") for _ in range(2))
    assert d.slots(d.at, "narrow") == ([first], [second, third])
    assert d.limits(d.at) == [("narrow", 1, "QUEUE", 1, 2)]
    assert d.why(second) == ["CONCURRENCY"]
    d.unqueue(second)
    d.force_run(third)
    for one in (second, third):
        d.wait(one, "PAUSED")
    assert refusal(d.unqueue, third) == ("rule", "the execution is not queued, but PAUSED")
    for one in (first, second, third):
        d.kill(one)
        d.wait(one, "KILLED")
    wait_for("the slots are free", lambda: d.slots(d.at, "narrow") == ([], []), 10)


def a_schedule_is_switched_filled_back_and_explained(d):
    says(d, "timed", "triggers:\n  - {id: yearly, type: core.trigger.Schedule, cron: '0 3 1 1 *', allowConcurrent: true}\n"
         "  - {id: call, type: core.trigger.Webhook, key: a-long-secret}\n")
    yearly, call = (d.at, "timed", "yearly"), (d.at, "timed", "call")
    wait_for("its date is known", lambda: d.why_trigger(yearly) == ["NEXT"], 10)
    d.switch_trigger(yearly, True)
    assert d.trigger(yearly)["disabled"] and d.trigger(yearly)["by"].endswith(d.user)
    assert d.why_trigger(yearly)[0] == "DISABLED"
    d.switch_trigger(yearly, False)
    wait_for("it goes on", lambda: d.why_trigger(yearly) == ["NEXT"], 10)
    assert refusal(d.unlock, yearly) == ("rule", "Trigger is not locked")
    for verb in ("pause", "resume", "delete"):
        assert refusal(d.change_backfill, yearly, verb) == ("rule", "No backfill found")
    span = ("2020-06-01T00:00:00Z", "2022-06-01T00:00:00Z")
    assert refusal(d.start_backfill, call, *span) == (
        "rule", "only schedules have dates to run through; call is a io.kestra.plugin.core.trigger.Webhook")
    assert refusal(d.preview, call) == ("rule", "only schedules have dates to run through; call is a io.kestra.plugin.core.trigger.Webhook")
    assert [date[4:] for date in d.preview(yearly)] == ["-01-01"] * 2, d.preview(yearly)
    assert refusal(d.start_backfill, yearly, None, None) == ("rule", "a backfill needs a start")
    assert refusal(d.start_backfill, yearly, *reversed(span)) == (
        "rule", "a backfill from 2022-06-01T00:00:00Z must not end before it starts, at 2020-06-01T00:00:00Z")
    d.start_backfill(yearly, "2020-06-01T00:00:00Z", "2090-06-01T00:00:00Z")
    d.change_backfill(yearly, "pause")
    assert d.trigger(yearly)["backfill"]["paused"]
    assert refusal(d.start_backfill, yearly, *span) == ("rule", "a backfill is already running: wait for its end, or delete it")
    d.change_backfill(yearly, "resume")
    d.change_backfill(yearly, "delete")
    assert d.trigger(yearly)["backfill"] is None
    before = len(d.executions(d.at, flow="timed"))
    d.start_backfill(yearly, *span, labels={"why": "repair"})
    wait_for("both dates ran", lambda: len(d.executions(d.at, flow="timed", state="SUCCESS", labels={"why": "repair"})) == 2, 30)
    assert before <= 7 and set(d.fires(yearly)) <= {"FIRED", "RECOVERED", "MISSED"}


def a_trigger_that_is_held_is_unlocked(d):
    says(d, "locked", "triggers:\n  - {id: yearly, type: core.trigger.Schedule, cron: '0 3 1 1 *'}\n")
    where = f"where namespace = '{d.at}' and flow_id = 'locked'"
    wait_for("the trigger is known", lambda: d.why_trigger((d.at, "locked", "yearly")) == ["NEXT"], 10)
    d.cluster.sql(f"update sluice.triggers set execution_id = '{NOBODY}' {where}")
    d.unlock((d.at, "locked", "yearly"))
    assert d.cluster.sql(f"select execution_id is null from sluice.triggers {where}") == "t"


def flows_are_switched_by_who_may_change_them(d):
    says(d, "switched")
    assert refusal(d.switch_flow, d.at, "switched", True)[0] == "right"
    d.developer.switch_flow(d.at, "switched", True)
    assert ("switched", 2, True) in d.flows(d.at)
    assert refusal(d.start, d.at, "switched") == ("rule", "Requested Flow is disabled.")
    d.developer.switch_flow(d.at, "switched", False)
    assert ("switched", 3, False) in d.flows(d.at)
    d.wait(d.start(d.at, "switched"), "SUCCESS")


def many_are_changed_by_an_operation(d):
    says(d, "many")
    ids = [d.run("many") for _ in range(2)]
    operation = d.start_operation("executions", "labels", [*ids, NOBODY], {"labels": [{"key": "seen", "value": "yes"}]})
    wait_for("it is over", lambda: d.operation(operation)[0] == "DONE", 30)
    assert d.operation(operation)[1:] == (2, 1)
    assert d.executions(d.at, labels={"seen": "yes"}) == sorted(ids)
    assert refusal(d.start_operation, "executions", "delete", ids)[0] == "right"
    assert refusal(d.start_operation, "flows", "delete", [f"{d.at}/many"])[0] == "right"
    assert refusal(d.start_operation, "cows", "labels", ids)[0] == "rule"


def parked_events_are_retried_and_dropped(d):
    says(d, "parked")
    done = d.run("parked")
    park = ("insert into sluice.parked_events (queue, execution_id, content, error) values ('execution_events', "
            f"'{done}', jsonb_build_object('execution_id', '{done}', 'kind', 'continued'), 'it broke') returning id")
    first, second = int(d.cluster.sql(park)), int(d.cluster.sql(park))
    mine = lambda: [row for row in d.parked() if row[1] == done]  # noqa: E731
    assert mine() == [(number, done, "continued", "it broke") for number in (first, second)]
    assert d.why(done) == ["PARKED", "PARKED"]
    d.retry_parked(first)
    d.drop_parked(second)
    assert mine() == [] and refusal(d.retry_parked, first)[0] == refusal(d.drop_parked, second)[0] == "unknown"
    assert d.acts("PARKED_EVENT") == {("RETRY", str(first)), ("DROP", str(second))}


def who_only_looks_changes_nothing(d):
    says(d, "seen")
    waits(d, "kept")
    held, r = d.wait(d.start(d.at, "kept"), "PAUSED"), d.reader
    assert r.state(held) == "PAUSED" and r.why(held) == ["PAUSED"] and held in r.executions(d.at)
    assert r.doctor() == d.doctor() and {("kept", 1, False), ("seen", 1, False)} <= set(r.flows(d.at)) and isinstance(r.parked(), list)
    trigger, span = (d.at, "seen", "t"), ("2020-06-01T00:00:00Z", "2022-06-01T00:00:00Z")
    for act, arguments in (
            (r.start, (d.at, "seen")), (r.kill, (held,)), (r.pause, (held,)), (r.resume, (held,)), (r.restart, (held,)),
            (r.force_run, (held,)), (r.unqueue, (held,)), (r.replay, (held,)), (r.set_labels, (held, {"a": "b"})),
            (r.switch_flow, (d.at, "seen", True)), (r.switch_trigger, (trigger, True)), (r.switch_trigger, (trigger, False)),
            (r.unlock, (trigger,)), (r.start_backfill, (trigger, *span)), (r.change_backfill, (trigger, "pause")),
            (r.change_backfill, (trigger, "resume")), (r.change_backfill, (trigger, "delete")), (r.retry_parked, (1,)),
            (r.drop_parked, (1,)), (r.enter_maintenance, ("x",)), (r.exit_maintenance, ()), (r.set_kill_switch, (d.at,)),
            (r.announce, ("x",)), (r.drop_announcement, (1,)), (r.set_retention, (d.at, "", 9)), (r.drop_retention, (d.at, "")), (r.start_operation, ("executions", "labels", [held], {"labels": [{"key": "a", "value": "b"}]}))):
        assert refusal(act, *arguments)[0] == "right", (act, arguments)
    d.kill(held)
    d.wait(held, "KILLED")


def rights_are_granted_by_their_name(d):
    wrong = d.cluster.command("migrate", "--grant", "nobody", "--as", "king")
    assert wrong.returncode != 0 and "expected server, reader, operator or developer" in wrong.stderr, wrong
    assert d.cluster.command("migrate", "--as", "reader").returncode != 0


def who_did_it_is_in_the_audit(d):
    says(d, "audited")
    waits(d, "audited_too")
    done, held = d.run("audited"), d.wait(d.start(d.at, "audited_too"), "PAUSED")
    d.set_labels(done, {"a": "b"})
    d.replay(done)
    d.resume(held)
    d.wait(held, "SUCCESS")
    acts = d.acts("EXECUTION")
    assert {("START", done), ("LABELS", done), ("REPLAY", done), ("START", held), ("RESUME", held)} <= acts, acts


def the_doctor_looks_at_the_same(d):
    assert {"server version", "connections", "autovacuum", "partitions", "indexes", "versions"} <= d.doctor()


def retention_rules_are_checked_and_kept(d):
    d.set_retention(d.at, "FAILED", 900)
    d.set_retention(d.at, "", None)
    assert d.retention(d.at) == {"FAILED": False, "": True}
    assert refusal(d.set_retention, d.at, "RUNNING", 9) == (
        "rule", "state: expected one in which executions end, or none, found 'RUNNING'")
    kind, text = refusal(d.set_retention, d.at, "", 0)
    assert kind == "rule" and text.startswith("keep: expected a time that is longer than nothing, found "), text
    d.drop_retention(d.at, "FAILED")
    d.drop_retention(d.at, "")
    assert d.retention(d.at) == {} and refusal(d.drop_retention, d.at, "FAILED") == (
        "unknown", f'there is no rule of retention for the namespace "{d.at}" and the state "FAILED"')
    assert ("CREATE", f"{d.at}.FAILED") in d.acts("RETENTION"), d.acts("RETENTION")


def a_start_waits_for_its_date(d):
    says(d, "dated")
    later = d.start(d.at, "dated", at="2090-01-01T00:00:00Z")
    wait_for("it waits for its date", lambda: d.why(later) == ["TIMER"], 10)
    assert d.state(later) == "CREATED"
    d.force_run(later)
    d.wait(later, "SUCCESS")


def announcements_are_checked(d):
    assert refusal(d.announce, "") == ("rule", "message: expected a text of at most 2000 bytes")
    assert refusal(d.announce, "x", "LOUD") == ("rule", "level: expected INFO, WARNING or ERROR, found 'LOUD'")
    assert refusal(d.announce, "x", "INFO", "2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z") == (
        "rule", "endsAt: expected a time after the beginning, found 2026-01-01T00:00:00Z")
    d.drop_announcement(d.announce("down at noon", "WARNING"))


# These hold up everything, so they come one after the other.

def in_maintenance_mode_nothing_begins(d):
    says(d, "later")
    d.enter_maintenance("new disks")
    try:
        held = d.start(d.at, "later")
        wait_for("why tells of it", lambda: "MAINTENANCE" in d.why(held), 10)
        assert d.state(held) == "CREATED"
    finally:
        d.exit_maintenance()
    d.wait(held, "SUCCESS")


def a_kill_switch_ends_what_runs_and_what_begins(d):
    waits(d, "switch")
    before = d.wait(d.start(d.at, "switch"), "PAUSED")
    number = d.set_kill_switch(d.at, "switch", reason="it loops")
    try:
        assert d.kill_switches() == [(number, d.at, "switch", "it loops")]
        d.wait(before, "KILLED")
        d.wait(d.start(d.at, "switch"), "KILLED")
    finally:
        d.lift_kill_switch(number)
    again = d.wait(d.start(d.at, "switch"), "PAUSED")
    d.kill(again)
    assert refusal(d.set_kill_switch) == ("rule", "expected a namespace, a flow with its namespace, or an execution")


ALONE = [in_maintenance_mode_nothing_begins, a_kill_switch_ends_what_runs_and_what_begins]
CASES = [lists_and_searches_find_the_same, what_can_not_start_is_refused, inputs_are_checked_and_given,
         a_pause_is_resumed_and_what_has_another_state_refuses, a_running_execution_is_paused_and_killed,
         what_is_not_there_is_told, what_failed_is_restarted, an_execution_is_replayed_whole_and_from_a_task_run,
         labels_are_set_and_replaced, slots_are_shown_and_passed_over, a_schedule_is_switched_filled_back_and_explained,
         a_trigger_that_is_held_is_unlocked, flows_are_switched_by_who_may_change_them, many_are_changed_by_an_operation,
         parked_events_are_retried_and_dropped, who_only_looks_changes_nothing, rights_are_granted_by_their_name, who_did_it_is_in_the_audit,
         the_doctor_looks_at_the_same, retention_rules_are_checked_and_kept, a_start_waits_for_its_date,
         announcements_are_checked]
