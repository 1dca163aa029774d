"""What operators do to many at once, the searches that they keep, and the files of namespaces."""
import io
import subprocess
import zipfile
from concurrent.futures import ThreadPoolExecutor

from api import YAML, multipart
from cluster import USER

MANY = 250  # more than one piece


def fill(api, flow, states):
    """Executions that are over, or pause, without running them."""
    api.save(f"id: {flow}\nnamespace: api.many\ntasks:\n  - {{id: say, type: core.log.Log, message: hello}}\n")
    for state, count in states.items():
        ended = "now()" if state in ("FAILED", "SUCCESS", "PAUSED") else "null"
        api.cluster.sql(f"""insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, started_at, ended_at)
            select sluice.new_id(), 'api.many', '{flow}', 1, '{state}', now(), now(), {ended} from generate_series(1, {count})""")


def operate(api, wish, query=""):
    return api.ok("POST", "/operations" + query, wish).json


def an_operation_changes_all_that_fit_and_says_why_others_do_not(api):
    fill(api, "labelled", {"SUCCESS": MANY, "PAUSED": 3})
    wish = {"resource": "executions", "action": "labels", "filters": {"filters[flowId][EQUALS]": "labelled"},
            "options": {"labels": [{"key": "seen", "value": "yes"}]}}
    preview = operate(api, wish, "?dryRun=true")
    assert (preview["totalItems"], preview["states"]) == (MANY + 3, {"PAUSED": 3, "SUCCESS": MANY}), preview
    started = operate(api, wish)
    assert started["totalItems"] == MANY + 3
    done = api.operation_over(started["operationId"])
    assert (done["state"], done["done"], done["failed"], done["total"]) == ("DONE", MANY, 3, MANY + 3), done
    assert done["createdBy"] == USER, done
    reasons = api.ok("GET", f"/operations/{started['operationId']}/failures?size=2").json["results"]
    assert len(reasons) == 2 and all("not terminated" in one["message"] for one in reasons), reasons
    rest = api.ok("GET", f"/operations/{started['operationId']}/failures?after={reasons[-1]['seq']}").json["results"]
    assert len(rest) == 1 and rest[0]["id"] not in {one["id"] for one in reasons}
    labelled = api.ok("GET", "/executions/search?filters[labels][EQUALS][seen]=yes&filters[flowId][EQUALS]=labelled&size=1").json
    assert labelled["total"] == MANY
    assert started["operationId"] in {one["id"] for one in api.ok("GET", "/operations").json["results"]}
    # Nothing would ever wake these: on a slow machine a later case would find that they were repaired.
    api.cluster.sql("delete from sluice.executions where namespace = 'api.many' and state = 'PAUSED'")


def an_operation_does_not_meet_what_it_makes(api):
    """A replay's copies match its own query: each original is replayed once."""
    fill(api, "copied", {"FAILED": 120})
    wish = {"resource": "executions", "action": "replay", "filters": {"filters[flowId][EQUALS]": "copied"}}
    done = api.operation_over(operate(api, wish)["operationId"])
    assert (done["state"], done["done"], done["failed"]) == ("DONE", 120, 0), done
    assert api.ok("GET", "/executions/search?flowId=copied&size=1").json["total"] == 240


def an_operation_is_stopped_and_a_wrong_one_refused(api):
    for wrong in ({"resource": "cows", "action": "milk", "ids": []}, {"resource": "executions", "action": "paint", "ids": []},
                  {"resource": "executions", "action": "kill"}, {"resource": "executions", "action": "kill", "ids": [], "filters": {}},
                  {"resource": "executions", "action": "change-status", "ids": ["x"]},
                  {"resource": "flows", "action": "delete", "ids": [{"namespace": "a"}]},
                  {"resource": "executions", "action": "kill", "filters": {"state": ["NOPE"]}}):
        assert api.ask("POST", "/operations", wrong).status in (400, 422), wrong
    assert api.get("/operations/none").status == 404
    assert api.ask("DELETE", "/operations/none").status == 404
    nobody = operate(api, {"resource": "executions", "action": "kill", "ids": ["1234567890123456789012"]})["operationId"]
    assert api.operation_over(nobody)["failed"] == 1
    assert api.ask("DELETE", f"/operations/{nobody}").status == 409
    # In one transaction nothing can come between.
    spared = api.cluster.sql("""do $$ begin perform sluice.cancel_operation(sluice.start_operation('executions', 'labels',
        array(select id from sluice.executions where flow_id = 'labelled'), '{"labels": [{"key": "late", "value": "yes"}]}')); end $$;
        select operation_id from sluice.operations where state = 'CANCELLED' order by operation_id desc limit 1""")
    found = api.operation_over(spared.split()[-1])
    assert (found["state"], found["done"]) == ("CANCELLED", 0), found
    assert api.cluster.sql("select count(*) from sluice.executions where labels ? 'late'") == "0"


def flows_and_triggers_are_operated_by_page_and_sql(api):
    for flow in ("one", "two"):
        api.save(f"id: {flow}\nnamespace: api.many.flows\ntasks:\n  - {{id: say, type: core.log.Log, message: hello}}\n"
                 "triggers:\n  - {id: yearly, type: core.trigger.Schedule, cron: \"0 0 1 1 *\"}\n")
    within = {"filters[namespace][EQUALS]": "api.many.flows"}
    off = operate(api, {"resource": "triggers", "action": "disable", "filters": within})
    assert off["totalItems"] == 2 and api.operation_over(off["operationId"])["done"] == 2
    assert all(row["triggerContext"]["disabled"] for row in api.ok("GET", "/triggers/search?namespace=api.many.flows").json["results"])
    left = operate(api, {"resource": "triggers", "action": "delete", "ids": [
        {"namespace": "api.many.flows", "flowId": "one", "triggerId": "yearly"}, "api.many.flows/none/yearly"]})
    assert api.operation_over(left["operationId"])["failed"] == 2
    by_sql = api.cluster.sql("select sluice.start_operation('flows', 'disable', array['api.many.flows/one', 'api.many.flows/none', 'api.many.flows/one'])")
    done = api.operation_over(by_sql)
    assert (done["done"], done["failed"]) == (1, 1) and done["createdBy"].startswith("role "), done
    assert api.get("/flows/api.many.flows/one").json["disabled"] is True
    bad = api.cluster.sql("select sluice.start_operation('flows', 'paint', array['api.many.flows/one'])")
    assert api.operation_over(bad)["state"] == "FAILED" and "paint" in api.operation_over(bad)["error"]
    gone = operate(api, {"resource": "flows", "action": "delete", "filters": within})
    assert api.operation_over(gone["operationId"])["done"] == 2
    assert api.cluster.sql("select count(*) from sluice.operation_overview where state = 'DONE'") != "0"


def what_is_saved_meanwhile_stays_when_a_flow_is_switched_off_or_a_task_replaced(api):
    source = "id: held\nnamespace: api.many.held\ndescription: %s\ntasks:\n  - {id: say, type: core.log.Log, message: hello}\n"
    api.save(source % "before")
    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with ThreadPoolExecutor(3) as pool, subprocess.Popen(
            ["psql", "-Xq", "-h", "127.0.0.1", "-p", str(api.cluster.postgres.port), "-U", "sluice", "sluice"],
            stdin=subprocess.PIPE, text=True) as holder:
        holder.stdin.write("begin; select pg_advisory_xact_lock(hashtextextended('api.many.held/held', 2)) \\g /dev/null\n")
        holder.stdin.flush()
        api.cluster.wait_for_sql("select count(*) from pg_locks where locktype = 'advisory' and mode = 'ExclusiveLock' and granted "
                                 "and pid = (select pid from pg_stat_activity where query like '%api.many.held/held%' "
                                 "and pid <> pg_backend_pid())", "1")
        saved = pool.submit(api.ok, "PUT", "/flows/api.many.held/held", source % "after", headers=YAML)
        api.cluster.wait_for_sql(waiting, "1")
        off = pool.submit(api.ok, "POST", "/flows/disable/by-ids", [{"namespace": "api.many.held", "id": "held"}])
        api.cluster.wait_for_sql(waiting, "2")
        task = pool.submit(api.ok, "PATCH", "/flows/api.many.held/held/say", {"id": "say", "type": "core.log.Log", "message": "patched"})
        api.cluster.wait_for_sql(waiting, "3")
        holder.stdin.close()
        for one in (saved, off, task):
            one.result()
    flow = api.ok("GET", "/flows/api.many.held/held?source=true").json
    assert flow["disabled"] is True and flow["revision"] == 4, flow
    assert "after" in flow["source"] and "patched" in flow["source"], flow


def searches_are_kept_by_their_owner(api):
    assert api.ask("PUT", "/searches/executions/my%20failures", {"query": "state=FAILED", "shared": True}).status == 204
    api.ok("PUT", "/searches/executions/my%20failures", {"query": "state=KILLED", "shared": False})
    found = api.ok("GET", "/searches/executions").json["results"]
    assert [(one["name"], one["query"], one["shared"], one["own"]) for one in found] == [("my failures", "state=KILLED", False, True)]
    assert api.ok("GET", "/searches/logs").json["total"] == 0
    assert api.get("/searches/cows").status == 404
    assert api.ask("DELETE", "/searches/executions/my%20failures").status == 204
    assert api.ask("DELETE", "/searches/executions/my%20failures").status == 404


def texts_are_kept_for_one_person(api):
    name = "/me/texts/drafts/company.data%2Fflow%20one"
    assert api.get(name).status == 404
    assert api.ask("PUT", name, {"text": "id: a\n"}).status == 204
    api.ok("PUT", name, {"text": "id: b\n# \u00e4"})
    kept = api.ok("GET", name).json
    assert (kept["name"], kept["text"]) == ("company.data/flow one", "id: b\n# \u00e4"), kept
    assert [one["name"] for one in api.ok("GET", "/me/texts/drafts").json["results"]] == ["company.data/flow one"]
    assert api.ok("GET", "/me/texts/settings").json["total"] == 0
    assert api.ask("PUT", name, {"words": "id: b"}).status == 422
    assert api.ask("PUT", name, {"text": "x" * (1024 * 1024 + 1)}).status == 422
    assert api.get("/me/texts/cows").status == 404
    api.cluster.sql("update sluice.personal_texts set updated_at = now() - interval '91 days'")
    api.ok("PUT", "/me/texts/drafts/other", {"text": ""})
    assert api.get(name).status == 404
    assert api.ask("DELETE", "/me/texts/drafts/other").status == 204
    assert api.ask("DELETE", "/me/texts/drafts/other").status == 404


FILES = "/namespaces/api.files/files"


def put_file(api, path, content, headers=None, name=None):
    body, form = multipart({}, [("fileContent", name or path.rsplit("/", 1)[-1], content)])
    return api.ask("POST", f"{FILES}?path={path}", body, headers={**form, **(headers or {})})


def files_of_a_namespace_are_kept_moved_and_never_overwritten_unseen(api):
    assert api.ok("GET", f"{FILES}/directory").json == []
    made = put_file(api, "/src/main.py", b"print(1)")
    assert made.status == 200 and made.headers["ETag"]
    read = api.ok("GET", f"{FILES}?path=/src/main.py")
    assert (read.body, read.headers["ETag"]) == (b"print(1)", made.headers["ETag"])
    changed = put_file(api, "/src/main.py", b"print(2)", {"If-Match": made.headers["ETag"]})
    assert changed.status == 200
    late = put_file(api, "/src/main.py", b"print(3)", {"If-Match": made.headers["ETag"]})
    assert late.status == 409 and "somebody else" in late.json["message"]
    assert put_file(api, "/src/main.py", b"new", {"If-None-Match": "*"}).status == 409
    assert api.ok("GET", f"{FILES}?path=/src/main.py").body == b"print(2)"
    assert put_file(api, "/fresh.txt", b"", {"If-None-Match": "*"}).status == 200
    assert [(one["fileName"], one["type"]) for one in api.ok("GET", f"{FILES}/directory?path=/").json] == [
        ("fresh.txt", "File"), ("src", "Directory")]
    assert api.ok("GET", f"{FILES}/stats?path=src/main.py").json["size"] == 8
    assert api.ok("GET", f"{FILES}/search?q=main").json == ["/src/main.py"]
    api.ok("POST", f"{FILES}/directory?path=/empty/folder")
    api.ok("PUT", f"{FILES}?from=/src/main.py&to=/lib/main.py")
    assert api.ask("PUT", f"{FILES}?from=/fresh.txt&to=/lib/main.py").status == 409
    assert api.get(f"{FILES}?path=/src/main.py").status == 404
    for path in ("/../x", "/_flows/x.yml"):
        refused = put_file(api, path, b"x")
        assert refused.status == 422 and "Forbidden path" in refused.text, refused.text
    assert api.ask("DELETE", f"{FILES}?path=/lib/main.py").status == 200
    assert "lib" not in {one["fileName"] for one in api.ok("GET", f"{FILES}/directory").json}, "empty folders above go too"


def files_go_out_and_in_as_an_archive(api):
    api.save("id: packed\nnamespace: api.files\ntasks:\n  - {id: say, type: core.log.Log, message: hello}\n")
    put_file(api, "/data/a.txt", b"a")
    archive = api.ok("GET", f"{FILES}/export")
    entries = zipfile.ZipFile(io.BytesIO(archive.body))
    assert {"data/a.txt", "_flows/packed.yml"} <= set(entries.namelist()), entries.namelist()
    body, form = multipart({}, [("fileContent", "all.zip", archive.body)])
    api.ok("POST", "/namespaces/api.files.copy/files?path=/all.zip", body, headers=form)
    assert api.ok("GET", "/namespaces/api.files.copy/files?path=data/a.txt").body == b"a"
    assert api.ok("GET", "/flows/api.files.copy/packed").json["namespace"] == "api.files.copy"
    elsewhere = '"namespace": api.elsewhere\nid: sly\ntasks:\n  - {id: say, type: core.log.Log, message: hello}\n'
    for name, content in (("../outside.txt", "x"), ("_flows/sly.yml", elsewhere)):
        evil = io.BytesIO()
        with zipfile.ZipFile(evil, "w") as out:
            out.writestr(name, content)
        body, form = multipart({}, [("fileContent", "evil.zip", evil.getvalue())])
        refused = api.ask("POST", f"{FILES}?path=/evil.zip", body, headers=form)
        assert refused.status == 422, refused.text
    assert api.get("/flows/api.elsewhere/sly").status == 404


CASES = [
    an_operation_changes_all_that_fit_and_says_why_others_do_not,
    an_operation_does_not_meet_what_it_makes,
    an_operation_is_stopped_and_a_wrong_one_refused,
    flows_and_triggers_are_operated_by_page_and_sql,
    what_is_saved_meanwhile_stays_when_a_flow_is_switched_off_or_a_task_replaced,
    searches_are_kept_by_their_owner,
    texts_are_kept_for_one_person,
    files_of_a_namespace_are_kept_moved_and_never_overwritten_unseen,
    files_go_out_and_in_as_an_archive,
]
