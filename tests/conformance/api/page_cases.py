"""What the web page asks for beyond the API that scripts use: drawings, dependencies, slots, expressions, the cluster."""
import re

from api import YAML
from cluster import wait_for

TEXT = {"Content-Type": "text/plain"}

GRAPH = """
id: drawn
namespace: api.graph
tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - {id: left, type: core.log.Log, message: l}
      - {id: right, type: core.log.Log, message: r}
  - id: which
    type: core.flow.If
    condition: "{{ true }}"
    then:
      - {id: yes_it_is, type: core.debug.Return, format: "{{ execution.id }}"}
  - {id: call, type: core.flow.Subflow, namespace: api.graph, flowId: called}
errors:
  - {id: alarm, type: core.log.Log, message: e}
triggers:
  - {id: hourly, type: core.trigger.Schedule, cron: "@hourly"}
"""
CALLED = """
id: called
namespace: api.graph
tasks:
  - {id: inner, type: core.log.Log, message: i}
"""
LISTENER = """
id: listener
namespace: api.graph
tasks:
  - {id: heard, type: core.log.Log, message: h}
triggers:
  - id: after
    type: core.trigger.Flow
    preconditions: {id: p, flows: [{namespace: api.graph, flowId: called}]}
"""
QUEUED = """
id: one_at_a_time
namespace: api.graph
concurrency: {limit: 1}
tasks:
  - {id: wait, type: core.flow.Pause}
"""


def edges_of(graph):
    return {(e["source"], e["target"], e["relation"]["relationType"], e["relation"].get("value")) for e in graph["edges"]}


def flows_are_drawn_with_what_is_inside_their_tasks(api):
    for source in (CALLED, GRAPH):
        api.save(source)
    graph = api.ok("GET", "/flows/api.graph/drawn/graph").json
    edges = edges_of(graph)
    assert ("root/start", "root.both/start", "SEQUENTIAL", None) in edges, edges
    assert {("root.both", f"root.both.{side}", "PARALLEL", None) for side in ("left", "right")} <= edges
    assert ("root.both.left", "root.both/end", "SEQUENTIAL", None) in edges
    assert ("root.which", "root.which.yes_it_is", "CHOICE", "true") in edges
    assert ("root.which", "root.which/end", "CHOICE", "false") in edges
    assert ("root/start", "root.alarm", "ERROR", None) in edges
    assert ("Triggers.hourly", "root/start", "SEQUENTIAL", None) in edges
    clusters = {c["cluster"]["uid"]: c for c in graph["clusters"]}
    assert "root.both.left" in clusters["cluster_root.both"]["nodes"]
    uids = {n["uid"] for n in graph["nodes"]}
    assert all(source in uids and target in uids for source, target, _, _ in edges)
    assert graph == api.ok("GET", "/flows/api.graph/drawn/graph").json, "the same flow is drawn in the same way"
    unfolded = api.ok("GET", "/flows/api.graph/drawn/graph?subflows=root.call").json
    assert "root.call.inner" in {n["uid"] for n in unfolded["nodes"]}
    text = api.ok("POST", "/flows/graph", CALLED, headers=YAML).json
    assert "root.inner" in {n["uid"] for n in text["nodes"]}
    assert api.ask("POST", "/flows/graph", "id: broken", headers=YAML).status == 422
    assert api.get("/flows/api.graph/nothing/graph").status == 404


def a_drawing_of_an_execution_shows_what_its_subflows_did(api):
    api.save("id: unfolds\nnamespace: api.graph.sub\ntasks:\n  - {id: say, type: core.log.Log, message: first}\n")
    caller = api.save("id: folds\nnamespace: api.graph.sub\ntasks:\n  - {id: say, type: core.log.Log, message: top}\n"
                      "  - {id: call, type: core.flow.Subflow, namespace: api.graph.sub, flowId: \"{{ 'unfolds' }}\", wait: true}\n")
    run = api.run("api.graph.sub", "folds")
    assert run["state"]["current"] == "SUCCESS", run
    child = next(one for one in run["taskRunList"] if one["taskId"] == "call")["outputs"]["executionId"]
    api.ok("PUT", "/flows/api.graph.sub/unfolds", "id: unfolds\nnamespace: api.graph.sub\ntasks:\n"
           "  - {id: later, type: core.log.Log, message: other}\n", headers=YAML)
    assert caller["revision"] == 1 and api.get("/flows/api.graph.sub/folds/graph?subflows=root.call").status == 422
    graph = api.ok("GET", f"/executions/{run['id']}/graph?subflows=root.call").json
    runs = {node["uid"]: node.get("taskRun", {}).get("executionId") for node in graph["nodes"] if "task" in node}
    assert runs == {"root.say": run["id"], "root.call": run["id"], "root.call.say": child}, runs


def flows_tell_which_flows_they_start_and_which_listen(api):
    for source in (CALLED, GRAPH, LISTENER):
        api.save(source) if api.get(f"/flows/api.graph/{source.split()[1]}").status == 404 else None
    found = api.ok("GET", "/flows/api.graph/called/dependencies").json
    edges = {(e["source"], e["target"], e["relation"]) for e in found["edges"]}
    assert edges == {("main_api.graph_drawn", "main_api.graph_called", "FLOW_TASK"),
                     ("main_api.graph_called", "main_api.graph_listener", "FLOW_TRIGGER")}, edges
    only = api.ok("GET", "/flows/api.graph/called/dependencies?destinationOnly=true").json
    assert [e["target"] for e in only["edges"]] == ["main_api.graph_listener"]
    assert len(api.ok("GET", "/flows/api.graph/drawn/dependencies").json["edges"]) == 1
    assert len(api.ok("GET", "/flows/api.graph/drawn/dependencies?expandAll=true").json["edges"]) == 2
    assert len(api.ok("GET", "/namespaces/api.graph/dependencies").json["edges"]) == 2
    assert api.get("/flows/api.graph/nothing/dependencies").status == 404


def slots_are_told_with_who_holds_them_and_who_waits(api):
    api.save(QUEUED)
    first, second = (api.run("api.graph", "one_at_a_time", "")["id"] for _ in range(2))
    state = lambda: api.ok("GET", "/flows/api.graph/one_at_a_time/concurrency").json  # noqa: E731
    wait_for("one runs and one waits", lambda: state()["queued"] == 1 and len(state()["holders"]) == 1)
    now = state()
    assert now["limit"] == 1 and now["behavior"] == "QUEUE"
    assert [h["executionId"] for h in now["holders"]] == [first]
    assert [w["executionId"] for w in now["waiting"]] == [second]
    rows = api.ok("GET", "/concurrency-limit/search").json["results"]
    row = next(r for r in rows if r["flowId"] == "one_at_a_time")
    assert (row["limit"], row["running"], row["queued"]) == (1, 1, 1)
    for one in (second, first):
        api.ok("DELETE", f"/executions/{one}/kill")


def expressions_are_tried_in_an_execution(api):
    if api.get("/flows/api.graph/drawn").status == 404:
        for source in (CALLED, GRAPH):
            api.save(source)
    done = api.run("api.graph", "drawn")
    ask = lambda text, run="": api.ok("POST", f"/executions/{done['id']}/eval{run}", text, headers=TEXT).json  # noqa: E731
    assert ask("{{ outputs.yes_it_is.value }}")["result"] == done["id"]
    run = next(r for r in done["taskRunList"] if r["taskId"] == "left")
    assert ask("{{ taskrun.id }} {{ task.id }}", f"/{run['id']}")["result"] == f"{run['id']} left"
    wrong = ask("{{ outputs.nothing.value }}")
    assert wrong["kind"] == "undefined variable" and "nothing" in wrong["error"], wrong
    assert api.ask("POST", f"/executions/{done['id']}/eval/nothing", "x", headers=TEXT).status == 404
    nodes = {n["uid"]: n for n in api.ok("GET", f"/executions/{done['id']}/graph").json["nodes"]}
    assert nodes["root.both.left"]["taskRun"]["state"]["current"] == "SUCCESS"
    assert "taskRun" not in nodes["root.alarm"]


def the_cluster_tells_its_queues_leaders_claims_and_findings(api):
    now = api.ok("GET", "/cluster/overview").json
    queues = {one["queue"]: one for one in now["queues"]}
    assert {"execution_events", "timers", "parked_events"} <= queues.keys()
    assert [one["role"] for one in now["leaders"] if one["alive"]] == ["scheduler"]
    assert now["repairs"] == [] and now["refused"] == 0
    assert api.ok("GET", "/cluster/refused").json == {"results": []}
    findings = api.ok("GET", "/cluster/doctor").json["findings"]
    assert findings and {one["severity"] for one in findings} <= {"OK", "WARNING", "ERROR"}
    assert all(one.get("remedy") for one in findings if one["severity"] != "OK")
    api.save("id: busy\nnamespace: api.claims\ntasks:\n  - {id: nap, type: core.flow.Sleep, duration: PT300S}\n")
    execution = api.run("api.claims", "busy", "")["id"]
    claims = lambda: [c for c in api.ok("GET", "/cluster/claims").json["results"] if c["executionId"] == execution]  # noqa: E731
    wait_for("the task is claimed", claims)
    (claim,) = claims()
    assert (claim["taskId"], claim["flowId"], claim["workerIsAlive"], claim["cancelled"]) == ("nap", "busy", True, False)
    # Nobody works for the group of this one.
    api.save("id: lonely\nnamespace: api.claims\ntasks:\n  - {id: nap, type: core.flow.Sleep, duration: PT1S, workerGroup: {key: nowhere}}\n")
    lonely = api.run("api.claims", "lonely", "")["id"]
    groups = lambda: {one["workerGroup"]: one for one in api.ok("GET", "/cluster/worker-groups").json["results"]}  # noqa: E731
    nowhere = wait_for("a task waits for a worker that is not there", lambda: groups().get("nowhere"))
    assert (nowhere["workers"], nowhere["waiting"], nowhere["stranded"], nowhere["hosts"]) == (0, 1, True, []), nowhere
    ours = groups()[""]
    assert ours["workers"] == 1 and ours["slots"] > 0 and ours["running"] >= 1 and not ours["stranded"] and len(ours["hosts"]) == 1, ours
    for one in (execution, lonely):
        api.ok("DELETE", f"/executions/{one}/kill")


def blueprints_are_flows_that_the_server_takes(api):
    total = api.ok("GET", "/blueprints/community/flow?size=1").json["total"]
    pages = range(1, total // 100 + 2)
    found = [one for page in pages for one in api.ok("GET", f"/blueprints/community/flow?size=100&page={page}").json["results"]]
    assert len(found) == total
    ours = [one["id"] for one in found if not re.search(r"-\d+$", one["id"])]  # the others are examples of types
    assert len(ours) == 12, ours
    for id in ours:
        source = api.ok("GET", f"/blueprints/community/flow/{id}/source").text
        (verdict,) = api.ok("POST", "/flows/validate", source, headers=YAML).json
        assert "constraints" not in verdict and not verdict.get("warnings"), (id, verdict)
    tag = api.ok("GET", "/blueprints/community/flow/tags").json[0]
    assert api.ok("GET", f"/blueprints/community/flow?tags={tag['id'].replace(' ', '%20')}").json["total"] == tag["count"]
    assert api.ok("GET", "/blueprints/community/flow?q=webhook").json["total"] >= 1
    assert api.get("/blueprints/community/flow/nothing").status == 404


def boards_count_what_ran_and_tell_what_needs_attention_first(api):
    api.save("id: well\nnamespace: api.board.one\ntasks:\n  - {id: say, type: core.log.Log, message: hello}\n")
    api.save("id: badly\nnamespace: api.board.two\ntasks:\n  - {id: no, type: core.execution.Fail, errorMessage: it is closed}\n")
    api.save("id: asks\nnamespace: api.board.two\ntasks:\n  - {id: wait, type: core.flow.Pause}\n")
    for _ in range(2):
        api.run("api.board.one", "well")
    failed = api.run("api.board.two", "badly")["id"]
    paused = api.run("api.board.two", "asks", "")["id"]
    wait_for("it is paused", lambda: api.state_of(paused) == "PAUSED")
    for query in ("", "&timeRange=P7D&timeZone=Europe/Berlin"):
        board = api.ok("GET", f"/board?namespace=api.board{query}").json
        assert board["counts"] == {"SUCCESS": 2, "FAILED": 1, "PAUSED": 1} and board["total"] == 4, board
        assert sum(point["total"] for point in board["series"]) == 4
        assert len(board["series"]) in ((24,) if query == "" else (7,)), len(board["series"])
        assert 0 < board["durations"]["p50"] <= board["durations"]["p95"] < 60
        assert board["now"] == {"PAUSED": 1} and board["before"]["total"] == 0
        assert board["flows"][0]["flowId"] == "badly" and board["summary"] == {"flows": 3, "triggers": 0}
        (failing,) = board["attention"]["failing"]
        assert (failing["executionId"], failing["failed"], failing["lastState"]) == (failed, 1, "FAILED")
        assert "it is closed" in failing["message"], failing
        assert [one["executionId"] for one in board["attention"]["paused"]] == [paused]
    of_flow = api.ok("GET", "/board?namespace=api.board.one&flowId=well&labels=nobody:has").json
    assert of_flow["total"] == 0 and of_flow["attention"]["failing"] == []
    daily = api.ok("POST", "/stats/executions/daily", {"namespace": "api.board"}).json
    assert sum(day["executionCounts"]["SUCCESS"] for day in daily) == 2 and daily[-1]["duration"]["count"] == 4
    assert api.ok("GET", "/executions/search?namespace=api.board&state=FAILED,PAUSED").json["total"] == 2
    for wrong in ("timeRange=yesterday", "timeZone=Mars/Olympus", "flowId=well", "startDate=2999-01-01T00:00:00Z", "labels=none",
                  "startDate=2001-01-01T00:00:00Z"):
        assert api.get(f"/board?{wrong}").status in (400, 422), wrong
    api.ok("DELETE", f"/executions/{paused}/kill")


def a_long_log_is_found_in_without_being_sent(api):
    """Marks, hits and the first error lead to the same lines that a reader of all of it would find."""
    api.save("id: long\nnamespace: api.long\ntasks:\n  - {id: say, type: core.log.Log, message: hello}\n")
    run = api.run("api.long", "long")["id"]
    api.cluster.sql(f"""insert into sluice.logs (execution_id, at, level, namespace, flow_id, task_id, message)
        select '{run}', now(), case when n = 2500 then 4 when n % 2 = 0 then 1 else 2 end, 'api.long', 'long', 'many',
            case when n = 7 then chr(27) || '[32mRow' || chr(27) || '[0m 7 of ÄRGER' else 'row ' || n end
        from generate_series(1, 3000) n""")
    everything = [line for line in api.ok("GET", f"/logs/{run}?minLevel=INFO").json]
    whole = api.ok("GET", f"/logs/{run}/map?minLevel=INFO&q=row%207").json
    assert (whole["lines"], whole["hidden"], whole["more"]) == (len(everything), 1499, False), whole
    assert whole["marks"] == [line["seq"] for line in everything[::whole["every"]]]
    assert everything[whole["firstError"]]["level"] == "ERROR" and set(whole["tasks"]) == {"say", "many"}
    found = [everything[place]["message"] for place in whole["hits"]]
    assert len(found) == whole["hitCount"] == 56 and all("7" in text for text in found), found  # 7, 71-79, 701-799: odd ones
    assert api.ok("GET", f"/logs/{run}/map?q=%C3%A4rger&taskId=many").json["hitCount"] == 1
    # In pieces it is the same.
    pieces, after = [], 0
    while not pieces or pieces[-1]["more"]:
        pieces.append(api.ok("GET", f"/logs/{run}/map?minLevel=INFO&q=row%207&limit=900&after={after}").json)
        after = pieces[-1].get("last", after)
    assert [sum(one[name] for one in pieces) for name in ("lines", "hidden", "hitCount")] == [len(everything), 1499, 56]
    mark = pieces[1]["marks"][0]
    block = api.ok("GET", f"/logs/{run}?minLevel=INFO&after={mark - 1}&limit=2").json
    assert block == everything[pieces[0]["lines"]:pieces[0]["lines"] + 2] and block[0]["seq"] == mark
    for wrong in ("limit=0", "limit=100001", "limit=x", "after=x", "minLevel=LOUD"):
        assert api.get(f"/logs/{run}/map?{wrong}").status in (400, 422), wrong
    assert api.ok("GET", "/logs/0000000000000000000000/map").json["lines"] == 0


CASES = [
    a_drawing_of_an_execution_shows_what_its_subflows_did,
    a_long_log_is_found_in_without_being_sent,
    boards_count_what_ran_and_tell_what_needs_attention_first,
    flows_are_drawn_with_what_is_inside_their_tasks,
    flows_tell_which_flows_they_start_and_which_listen,
    slots_are_told_with_who_holds_them_and_who_waits,
    expressions_are_tried_in_an_execution,
    the_cluster_tells_its_queues_leaders_claims_and_findings,
    blueprints_are_flows_that_the_server_takes,
]
