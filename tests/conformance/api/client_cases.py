"""What scripts, SDKs, a Terraform provider and CI jobs send, as they send it: the contract with clients of all generations."""
import csv
import http.client
import io
import urllib.parse
import zipfile

from api import YAML, multipart
from cluster import wait_for

SAYS = "id: {}\nnamespace: {}\ntasks:\n  - {{id: say, type: core.log.Log, message: {}}}\n"
SECOND = {"X-Api-Profile": "2"}


def flows_are_stored_with_and_without_a_tenant_in_the_address(api):
    made = api.ok("POST", "/flows", SAYS.format("curl", "clients.curl", "one"), headers=YAML, root="/api/v1").json
    assert made["revision"] == 1 and api.ok("GET", "/flows/clients.curl/curl").json["id"] == "curl"
    for kind in ("application/yaml", "text/yaml", "text/x-yaml", "text/plain"):
        again = api.ok("PUT", "/flows/clients.curl/curl", SAYS.format("curl", "clients.curl", "one"), headers={"Content-Type": kind})
        assert again.json["revision"] == 1, kind
    as_json = {"id": "json", "namespace": "clients.curl", "tasks": [{"id": "say", "type": "io.kestra.plugin.core.log.Log", "message": "hi"}]}
    assert api.ok("POST", "/flows", as_json).json["tasks"][0]["message"] == "hi"
    assert api.get("/flows/clients.curl/curl/", root="/api/v1").status == 200, "a slash at the end"


def an_execution_is_started_as_curl_does(api):
    api.save("id: form\nnamespace: clients.curl\ninputs:\n  - {id: name, type: STRING}\n  - {id: myfile, type: FILE}\ntasks:\n"
             "  - {id: say, type: core.debug.Return, format: \"{{ inputs.name }} {{ read(inputs.myfile) }}\"}\n")
    body, headers = multipart({"name": "x"}, [("files", "myfile", b"1,2")])
    done = api.ok("POST", "/executions/clients.curl/form?labels=a:b&labels=url:http://x:1&wait=true", body, headers=headers).json
    assert done["taskRunList"][0]["outputs"]["value"] == "x 1,2", done
    assert {"key": "url", "value": "http://x:1"} in done["labels"], "a label is divided at its first colon"
    for query in ("labels=url:http://x:1", "filters[labels][EQUALS][url]=http://x:1"):
        assert [one["id"] for one in api.ok("GET", "/executions/search?" + query).json["results"]] == [done["id"]], query
    changed = api.ok("POST", f"/executions/{done['id']}/labels", [{"key": "at", "value": "12:30:00"}]).json
    assert {"key": "at", "value": "12:30:00"} in changed["labels"]
    old = api.run("clients.curl", "curl", query="?wait=true", body=None) if api.get("/flows/clients.curl/curl").status == 200 else done
    uri = urllib.parse.quote(done["inputs"]["myfile"])
    if old["id"] != done["id"]:
        moved = api.get(f"/executions/{old['id']}/file?path={uri}")
        assert moved.status in (302, 307) and done["id"] in moved.headers["Location"], (moved.status, moved.headers)
    assert api.get(f"/executions/{done['id']}/file?path=" + urllib.parse.quote(done["inputs"]["myfile"] + "/../../x")).status == 422
    trigger = api.ok("POST", "/executions/trigger/clients.curl/form", *multipart({"name": "y"}, [("myfile", "any.csv", b"3")])[:1],
                     headers=headers)
    assert trigger.json["url"].endswith(trigger.json["id"])


def a_provider_validates_updates_and_creates(api):
    source = SAYS.format("managed", "clients.terraform", "one")
    checked = api.ok("POST", "/flows/validate", source, headers=YAML).json
    assert len(checked) == 1 and "constraints" not in checked[0]
    body, headers = multipart({}, [("a", "good.yaml", source.encode()), ("b", "bad.yaml", b"id: bad\nnamespace: clients.terraform\n")])
    good, bad = api.ok("POST", "/flows/validate", body, headers=headers).json
    assert (good["filename"], bad["filename"], "constraints" in good, "constraints" in bad) == ("good.yaml", "bad.yaml", False, True)
    assert api.ask("PUT", "/flows/clients.terraform/managed", source, headers=YAML).status == 404
    assert api.ok("POST", "/flows", source, headers=YAML).json["revision"] == 1
    assert api.ask("POST", "/flows/clients.taken?delete=false", source, headers=YAML).status == 422
    taken = api.ok("POST", "/flows/clients.taken?delete=false&override=true", source, headers=YAML).json
    assert [(flow["namespace"], flow["id"]) for flow in taken] == [("clients.taken", "managed")]
    body, headers = multipart({}, [("fileContent", "a.sql", b"select 1")])
    api.ok("POST", "/namespaces/clients.terraform/files?path=/sql/a.sql", body, headers=headers)
    api.ok("PUT", "/namespaces/clients.terraform/files?from=/sql/a.sql&to=/sql/b.sql")
    assert api.ok("GET", "/namespaces/clients.terraform/files?path=/sql/b.sql").body == b"select 1"
    assert api.ok("GET", "/namespaces/clients.terraform/files/revisions?path=/sql/b.sql").json == [{"revision": 1}]
    assert api.get("/namespaces/clients.terraform/files/revisions?path=/sql/a.sql").status == 404
    assert api.get("/namespaces/clients.terraform/files?path=/sql/b.sql&revision=2").status == 404
    api.ok("PUT", "/namespaces/clients.terraform/kv/key", '"text"', headers={"Content-Type": "text/plain", "ttl": "P30D", "description": "d"})
    entry = next(row for row in api.ok("GET", "/namespaces/clients.terraform/kv").json if row["key"] == "key")
    assert entry["description"] == "d" and entry["expirationDate"] > entry["creationDate"], entry


def exported_flows_are_imported_as_they_were(api):
    sources = {name: SAYS.format(name, "clients.moved", "'ü'") + "# a comment\n" for name in ("one", "two")}
    for source in sources.values():
        api.save(source)
    archive = api.ok("GET", "/flows/export/by-query?namespace=clients.moved").body
    assert api.ok("DELETE", "/flows/delete/by-query?namespace=clients.moved").json["count"] == 2
    body, headers = multipart({}, [("fileUpload", "flows.zip", archive)])
    assert api.ok("POST", "/flows/import", body, headers=headers).json == []
    for name, source in sources.items():
        back = api.ok("GET", f"/flows/clients.moved/{name}?source=true").json
        assert back["source"] == source and back["revision"] == 3, back
    assert {entry.filename for entry in zipfile.ZipFile(io.BytesIO(archive)).infolist()} == {f"clients.moved.{name}.yml" for name in sources}


def a_stream_ends_by_itself(api):
    api.save(SAYS.format("streamed", "clients.sse", "hi"))
    done = api.run("clients.sse", "streamed")["id"]
    connection = http.client.HTTPConnection("127.0.0.1", api.cluster.port, timeout=10)
    connection.request("GET", f"/api/v1/main/executions/{done}/follow", headers={"Authorization": api.basic})
    answer = connection.getresponse()
    lines = answer.read().decode().splitlines()  # to the end: the server closes
    assert [line[3:].strip() for line in lines if line.startswith("id:")][-1] == "end", lines
    assert not [line for line in lines if line.startswith("event:")], "browsers would not deliver it as a message"
    assert answer.headers["X-Accel-Buffering"] == "no" and answer.headers["Cache-Control"].startswith("no-")
    connection.close()


def webhooks_take_whatever_comes(api):
    api.save("id: hooked\nnamespace: clients.hooks\ntasks:\n  - {id: say, type: core.debug.Return, format: \"{{ trigger.body ?? 'none' }}|"
             "{{ trigger.parameters.a[0] ?? '' }}|{{ trigger.path ?? '' }}\"}\n"
             "triggers:\n  - {id: hook, type: core.trigger.Webhook, key: the-key}\n")

    def told(method, rest, body=None, kind="text/plain"):
        started = api.ok(method, "/executions/webhook/clients.hooks/hooked/the-key" + rest, body, anonymous=True, headers={"Content-Type": kind})
        api.wait_state(started.json["id"], "SUCCESS")
        return api.get(f"/executions/{started.json['id']}").json["taskRunList"][0]["outputs"]["value"]
    assert told("GET", "?a=1") == "none|1|"
    assert told("POST", "?a=1", "x=1&y=2", "application/x-www-form-urlencoded") == "x=1&y=2|1|"
    assert told("PUT", "", "<a/>", "application/xml") == "<a/>||"
    assert told("POST", "/orders/new?a=2") == "none|2|orders/new"
    assert api.ask("POST", "/executions/webhook/clients.hooks/hooked/wrong/orders", anonymous=True).status == 404


def dates_of_all_forms_are_understood(api):
    api.save(SAYS.format("dated", "clients.dates", "hi"))
    done = api.run("clients.dates", "dated")["id"]
    for date in ("2020-01-01T00:00", "2020-01-01T00:00:00", "2020-01-01T02:00:00+02:00", "2020-01-01T02:00:00%2B02:00",
                 "2020-01-01T00:00:00.123456789Z", "2020-01-01T00:00:00.5"):
        found = api.ok("GET", f"/executions/search?namespace=clients.dates&startDate={date}").json
        assert [one["id"] for one in found["results"]] == [done], date
    assert api.get("/executions/search?startDate=yesterday").status == 422
    assert api.get("/executions/search?startDate=2020-01-02T00:00:00Z&endDate=2020-01-01T00:00:00Z").status == 422


def mistakes_name_what_is_wrong_and_where(api):
    twice = "id: x\nnamespace: clients.wrong\ntasks:\n  - {id: a, type: core.log.Log, message: m}\n  - {id: a, type: core.log.Log, message: m}\n"
    unknown = SAYS.format("x", "clients.wrong", "m") + "colour: red\n"
    for source, words in ((SAYS.format("x", "clients.wrong", "m").replace("core.log.Log", "core.log.Logg"), ("core.log.Logg", "tasks[0]")),
                          (unknown, ("colour",)), (twice, ("[a]", '"line":5'))):
        refused = api.ask("POST", "/flows", source, headers=YAML)
        assert refused.status == 422 and all(word in refused.text for word in words), refused.text
    for method, path in (("GET", "/flows/clients.wrong/none"), ("GET", "/executions/none"), ("POST", "/flows"), ("PUT", "/flows/search"),
                         ("GET", "/executions/search?size=0"), ("GET", "/executions/search?filters[no][EQUALS]=1"), ("GET", "/no")):
        body = api.ask(method, path).json
        assert body["message"] and body["status"] >= 400, (path, body)
    for path in ("flows/search", "executions/search", "logs/search", "triggers/search", "namespaces/search", "kv", "secrets", "taskruns/search",
                 "concurrency-limit/search", "blueprints/community/flow", "blueprints/community", "blueprints/community/dashboard"):
        found = api.ok("GET", f"/{path}").json
        assert isinstance(found["results"], list) and isinstance(found["total"], int), path
    assert api.ok("DELETE", "/executions/kill/by-query?namespace=clients.nowhere").json["count"] == 0


def lists_are_exported_as_tables(api):
    api.save(SAYS.format("tabled", "clients.csv", "'a, \"b\"'") + "description: \"one, \\\"two\\\"\"\n"
             "triggers:\n  - {id: yearly, type: core.trigger.Schedule, cron: '0 3 1 1 *'}\n")
    api.save(SAYS.format("other", "clients.csv.below", "c"))
    ids = [api.run("clients.csv", "tabled", query=f"?wait=true&labels=n:{n}")["id"] for n in range(3)]

    def table(what, query="?namespace=clients.csv"):
        answer = api.ok("GET", f"/{what}/export/by-query/csv{query}")
        assert answer.headers["Content-Type"].startswith("text/csv") and f"{what}.csv" in answer.headers["Content-Disposition"]
        return list(csv.DictReader(io.StringIO(answer.text, newline="")))
    executions = table("executions")
    assert [row["id"] for row in executions] == ids[::-1] and {row["state"] for row in executions} == {"SUCCESS"}
    assert '"n"' in executions[0]["labels"] and executions[0]["duration"].startswith("PT")
    assert [(row["id"], row["description"]) for row in table("flows")] == [("tabled", 'one, "two"'), ("other", "")]
    assert [(row["flowId"], row["triggerId"], row["disabled"]) for row in table("triggers")] == [("tabled", "yearly", "false")]
    lines = [row for row in table("logs") if row["taskId"] == "say"]
    assert [(row["executionId"], row["message"]) for row in lines] == [(one, 'a, "b"') for one in ids], lines
    assert table("executions", "?namespace=clients.nowhere") == []
    assert api.get("/executions/export/by-query/csv?filters[flowId][REGEX]=(").status == 400, "told before the table begins"


def a_long_table_has_every_row_once(api):
    count = 1201  # three pages
    api.save(SAYS.format("tabled", "clients.long", "hi"))
    api.cluster.sql(
        "insert into sluice.flows (namespace, flow_id, revision, source, definition) "
        f"select 'clients.many', 'f' || lpad(n::text, 5, '0'), 1, '', '{{}}' from generate_series(1, {count}) n;"
        "insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, started_at, ended_at) "
        "select left(sluice.lowest_id(now()), 8) || lpad(n::text, 14, '0'), 'clients.long', 'tabled', 1, 'SUCCESS', now(), now(), now() "
        f"from generate_series(1, {count}) n;"
        "insert into sluice.logs (execution_id, at, level, namespace, flow_id, message) "
        "select e.id, now(), 1, e.namespace, e.flow_id, 'line' from sluice.executions e where e.namespace = 'clients.long'")
    for what, query, column in (("flows", "clients.many", "id"), ("executions", "clients.long", "id"), ("logs", "clients.long", "executionId")):
        rows = list(csv.DictReader(io.StringIO(api.ok("GET", f"/{what}/export/by-query/csv?namespace={query}").text, newline="")))
        assert len(rows) == count == len({row[column] for row in rows}), (what, len(rows))
    api.cluster.sql("delete from sluice.flows where namespace = 'clients.many'")


def values_are_suggested_for_filters(api):
    for name in ("first", "second"):
        api.save(SAYS.format(name, "clients.values", "hi"))
        api.run("clients.values", name, query=f"?wait=true&labels=team:{name}")
    values = lambda field, more="": api.ok("GET", f"/executions/distinct-field-values?field={field}&namespace=clients.values{more}").json  # noqa: E731
    assert values("flowId") == ["first", "second"] and values("flowId", "&size=1") == ["first"]
    assert values("state") == ["SUCCESS"] and values("namespace") == ["clients.values"] and values("kind") == ["NORMAL"]
    assert [one for one in values("labels", "&flowId=second") if one.startswith("team")] == ["team:second"]
    refused = api.get("/executions/distinct-field-values?field=colour")
    assert refused.status == 400 and "flowId" in refused.json["message"]


def tasks_and_triggers_are_checked_by_themselves(api):
    def checked(path, body, kind="application/x-yaml"):
        return api.ok("POST", f"/flows/validate/{path}", body, headers={"Content-Type": kind}).json
    assert "constraints" not in checked("task?section=TASKS", "id: say\ntype: core.log.Log\nmessage: hi\n")
    wrong = checked("task", "id: say\ntype: core.log.Log\nmesage: hi\n")
    assert "mesage" in wrong["constraints"] and ("mesage", 3, 1) in [(one["path"], one["line"], one["column"]) for one in wrong["violations"]], wrong
    assert "Invalid type" in checked("task", '{"id": "say", "type": "core.log.Logg"}', "application/json")["constraints"]
    assert "constraints" not in checked("trigger", '{"id": "t", "type": "core.trigger.Schedule", "cron": "@daily"}', "application/json")
    assert "cron" in checked("task?section=TRIGGERS", "id: t\ntype: core.trigger.Schedule\ncron: nonsense\n")["constraints"]
    assert api.ask("POST", "/flows/validate/task?section=HOUSES", "id: x", headers=YAML).status == 400


def parts_of_flows_are_told_and_changed(api):
    source = ("id: parts\nnamespace: clients.parts\n# what it is for\ninputs:\n  - {id: name, type: STRING, defaults: x}\nvariables: {where: here}\ntasks:\n"
              "  - id: load  # first\n    type: core.debug.Return\n    format: one\n  - {id: each, type: core.flow.ForEach, values: [1], tasks: [{id: say, type: core.log.Log, message: a}]}\n"
              "  - {id: last, type: core.log.Log, message: b}\n")
    api.save(source)
    names = lambda task: set(api.ok("POST", f"/flows/expressions?taskId={task}", source, headers=YAML).json)  # noqa: E731
    assert {"inputs.name", "vars.where", "outputs.load.value", "taskrun.value", "flow.id"} <= names("say") and "outputs.last" not in names("say")
    assert "taskrun.value" not in names("last") and "outputs.say" in names("last") and "outputs.load" not in names("load")
    assert api.ask("POST", "/flows/expressions?taskId=none", source, headers=YAML).status == 404
    changed = api.ok("PATCH", "/flows/clients.parts/parts/load", {"id": "load", "type": "core.debug.Return", "format": "{{ 2 }}"}).json
    assert changed["revision"] == 2 and changed["tasks"][0]["format"] == "{{ 2 }}"
    api.ok("PATCH", "/flows/clients.parts/parts/say", {"id": "say", "type": "core.log.Log", "message": "c"})
    text = api.ok("GET", "/flows/clients.parts/parts?source=true").json["source"]
    assert "# what it is for" in text and text.index("id: last") > text.index("{{ 2 }}"), text
    assert api.ask("PATCH", "/flows/clients.parts/parts/load", {"id": "other", "type": "core.log.Log"}).status == 422
    assert api.ask("PATCH", "/flows/clients.parts/parts/none", {"id": "none", "type": "core.log.Log"}).status == 404
    assert api.ok("DELETE", "/flows/clients.parts/parts/revisions?revisions=1&revisions=2").json == {"count": 2}
    assert [one["revision"] for one in api.ok("GET", "/flows/clients.parts/parts/revisions").json] == [3]
    assert api.ask("DELETE", "/flows/clients.parts/parts/revisions?revisions=3").status == 422
    assert api.ask("DELETE", "/flows/clients.parts/parts/revisions?revisions=1").status == 404
    noted = api.ok("GET", "/auditlogs/search?size=5").json["results"]
    assert any(row["act"] == "DELETE_REVISION" for row in noted), noted
    api.save("id: old\nnamespace: clients.parts\ntasks:\n  - {id: say, type: io.kestra.core.tasks.log.Log, message: a}\n")
    found = api.ok("GET", "/flows/deprecated?namespace=clients.parts").json
    assert [(row["flowId"], row["deprecatedTasks"]) for row in found] == [("old", ["say"])], found


def a_revision_that_runs_is_kept(api):
    waits = "id: kept\nnamespace: clients.parts\ntasks:\n  - {id: wait, type: core.flow.Pause}\n"
    api.save(waits)
    held = api.run("clients.parts", "kept", query="")["id"]
    api.wait_state(held, "PAUSED")
    api.ok("PUT", "/flows/clients.parts/kept", waits + "description: new\n", headers=YAML)
    refused = api.ask("DELETE", "/flows/clients.parts/kept/revisions?revisions=1")
    assert refused.status == 409 and held in refused.json["message"], refused.text
    api.ok("DELETE", f"/executions/{held}/kill")
    api.wait_state(held, "KILLED")
    assert api.ok("DELETE", "/flows/clients.parts/kept/revisions?revisions=1").json == {"count": 1}


def related_executions_are_followed_to_their_end(api):
    api.save(SAYS.format("child", "clients.related", "hi"))
    api.save("id: parent\nnamespace: clients.related\ntasks:\n  - {id: call, type: core.flow.Subflow, namespace: clients.related, flowId: child}\n"
             "  - {id: wait, type: core.flow.Pause}\n")
    parent = api.run("clients.related", "parent", query="")["id"]
    api.wait_state(parent, "PAUSED")
    child = api.ok("GET", "/executions/search?namespace=clients.related&flowId=child").json["results"][0]["id"]
    api.ok("POST", f"/executions/{parent}/resume")
    events = api.follow(f"/executions/{parent}/follow-dependencies", "end-all")
    assert events[0][0] == "start" and {(name, data["executionId"]) for name, data in events if name == "end"} == {("end", parent), ("end", child)}
    assert {data["flowId"] for name, data in events if name == "end"} == {"parent", "child"}
    below = api.follow(f"/executions/{child}/follow-dependencies?destinationOnly=true", "end-all")
    assert {data["executionId"] for name, data in below if name == "end"} == {child}
    assert api.get("/executions/0353AAAAAAAAAAAAAAAAAA/follow-dependencies").status == 404


def outputs_are_a_resource_of_their_own(api):
    api.save("id: outs\nnamespace: clients.outs\ntasks:\n  - {id: one, type: core.debug.Return, format: v}\n  - {id: none, type: core.log.Log, message: m}\n")
    done = api.run("clients.outs", "outs")
    run = done["taskRunList"][0]["id"]
    assert api.ok("GET", f"/outputs/{done['id']}").json == [{"taskId": "one", "taskRunId": run, "inline": True}]
    assert api.ok("GET", f"/outputs/{done['id']}/{run}").json == {"value": "v"}
    assert api.get(f"/outputs/{done['id']}/none").status == 404 and api.get("/outputs/0353AAAAAAAAAAAAAAAAAA").status == 404


def the_second_profile_has_answers_of_its_own(api):
    api.save("id: held\nnamespace: clients.second\ntasks:\n  - {id: wait, type: core.flow.Pause}\n")
    held = [api.run("clients.second", "held", query="")["id"] for _ in range(3)]
    for one in held:
        api.wait_state(one, "PAUSED")
    whole, parts = api.get(f"/executions/{held[0]}").json, api.get(f"/executions/{held[0]}", headers=SECOND).json
    assert "outputs" in whole["taskRunList"][0] and not {"outputs", "executionId", "flowId"} & set(parts["taskRunList"][0])
    row = api.ok("GET", "/executions/search?namespace=clients.second&size=1", headers=SECOND).json["results"][0]
    assert not {"taskRunList", "variables", "metadata"} & set(row), row
    assert api.ok("POST", f"/executions/{held[0]}/actions/resume").json["id"] == held[0]
    assert api.ok("DELETE", f"/executions/{held[1]}/actions/kill").json["id"] == held[1]
    assert api.ok("POST", f"/executions/{held[2]}/actions/eval", "{{ execution.id }}", headers={"Content-Type": "text/plain"}).json["result"] == held[2]
    begun = api.ask("DELETE", "/executions/kill/by-ids", [held[2]], headers=SECOND)
    assert begun.status == 202 and begun.json["totalItems"] == 1, begun.text
    assert api.operation_over(begun.json["operationId"])["done"] == 1
    api.wait_state(held[2], "KILLED")
    labels = api.ask("POST", "/executions/labels/by-query?namespace=clients.second&state=KILLED", [{"key": "a", "value": "b"}], headers=SECOND)
    assert labels.status == 202 and api.operation_over(labels.json["operationId"])["done"] >= 1, labels.text
    nothing = api.ask("DELETE", "/executions/kill/by-query?namespace=clients.nowhere", headers=SECOND)
    assert (nothing.status, nothing.json) == (200, {"operationId": "", "totalItems": 0})
    off = api.ask("POST", "/flows/disable/by-ids", [{"namespace": "clients.second", "id": "held"}], headers=SECOND)
    assert off.status == 202 and api.operation_over(off.json["operationId"])["done"] == 1
    assert api.get("/flows/clients.second/held").json["disabled"] is True
    assert "count" in api.ok("DELETE", "/executions/by-query?namespace=clients.second").json, "the first profile answers as ever"


def what_there_is_not_is_told_with_what_to_use(api):
    for method, path in (("GET", "/templates/search"), ("POST", "/templates"), ("PUT", "/templates/a/b"), ("DELETE", "/templates/delete/by-ids")):
        refused = api.ask(method, path)
        assert refused.status == 404 and "Subflow" in refused.json["message"], (method, path, refused.text)
    assert api.ok("GET", "/ai/providers").json == [] and api.ask("POST", "/ai/generate/flow", {}).status == 404
    assert api.ok("GET", "/basicAuthValidationErrors", anonymous=True, root="/api/v1").json == []
    weak = {"uid": "u", "username": "ann@example.com", "password": "short"}
    assert api.ask("POST", "/basicAuth", weak).status == 422 and api.ask("POST", "/basicAuth", weak, anonymous=True).status == 401
    assert api.ok("POST", "/basicAuth", {**weak, "password": "Long-enough-1"}).status == 204
    usage = api.ok("GET", "/usages/all").json
    assert usage["flows"]["count"] >= 1 and usage["flows"]["taskTypeCount"]["io.kestra.plugin.core.log.Log"] >= 1
    assert usage["executions"]["dailyExecutionsCount"][-1]["count"] >= 1, usage
    assert api.ok("GET", "/version", root="").json["product"] == "sluice" and api.get("/info", root="", anonymous=True).status == 401
    api.save("id: slots\nnamespace: clients.slots\nconcurrency: {limit: 2}\ntasks:\n  - {id: say, type: core.log.Log, message: m}\n")
    assert api.ok("PUT", "/concurrency-limit/clients.slots/slots", {"running": 0}).json["running"] == 0
    refused = api.ask("PUT", "/concurrency-limit/clients.slots/slots", {"running": 5})
    assert refused.status == 409 and "0 executions" in refused.json["message"], refused.text


def what_a_management_port_tells_is_told(api):
    api.save("id: held\nnamespace: clients.managed\ntasks:\n  - {id: sleep, type: core.flow.Sleep, duration: PT10M}\n"
             "triggers:\n  - {id: yearly, type: core.trigger.Schedule, cron: '0 3 1 1 *'}\n  - {id: other, type: core.trigger.Schedule, cron: '0 4 1 1 *'}\n")
    runs = api.run("clients.managed", "held", query="")["id"]
    api.wait_state(runs, "RUNNING")
    tell = lambda path: api.ok("GET", path, root="").json  # noqa: E731
    wait_for("a worker has it", lambda: any(one["taskRun"]["executionId"] == runs for one in tell("/worker")["runnings"]), 30)
    told = tell("/worker")
    mine = next(one["taskRun"] for one in told["runnings"] if one["taskRun"]["executionId"] == runs)
    assert (mine["taskId"], mine["state"]["current"]) == ("sleep", "RUNNING") and told["runningCount"] >= 1, told
    api.ok("DELETE", f"/executions/{runs}/kill")
    dates = tell("/scheduler")
    assert {"yearly", "other"} <= {one["triggerId"] for one in dates["schedulable"]} and dates["schedulableCount"] >= 2, dates
    level = tell("/loggers")["loggers"]["ROOT"]["configuredLevel"]
    for wanted in ("DEBUG", level):
        api.ok("POST", "/loggers/ROOT", {"configuredLevel": wanted}, root="")
        assert tell("/loggers")["loggers"]["ROOT"]["effectiveLevel"] == wanted
    assert api.ask("POST", "/loggers/ROOT", {"configuredLevel": "LOUD"}, root="").status == 422
    assert api.ask("POST", "/loggers/io.kestra", {"configuredLevel": "DEBUG"}, root="").status == 404
    chosen = {"filters": [{"field": "NAMESPACE", "operation": "EQUALS", "value": "clients.managed"}, {"field": "triggerId", "operation": "EQUALS", "value": "other"}]}
    assert api.ok("POST", "/triggers/set-disabled/by-query?disabled=true", chosen).json["count"] == 1
    rows = api.ok("GET", "/triggers/clients.managed/held").json["results"]
    assert {row["triggerId"]: row["disabled"] for row in rows} == {"yearly": False, "other": True}, rows
    wrong = api.ask("DELETE", "/triggers/delete/by-query", {"filters": [{"field": "TRIGGER_ID", "operation": "LIKE", "value": "x"}]})
    assert wrong.status == 400 and "LIKE" in wrong.json["message"], wrong.text


def the_language_and_its_types_are_described(api):
    assert {"upper", "default"} <= set(api.ok("GET", "/pebble/filters").json)
    read = next(one for one in api.ok("GET", "/pebble/functions").json if one["name"] == "kv")
    assert "key" in read["arguments"], read
    body = {"expressions": {"a": "{{ inputs.n + 1 }}", "b": "{{ nothing }}"}, "context": {"inputs": {"n": 1}, "flow": {"namespace": "clients.words"}}}
    rendered = api.ok("POST", "/expressions/render", body).json
    assert rendered["a"] == {"result": "2"} and "nothing" in rendered["b"]["error"], rendered
    assert api.ask("POST", "/expressions/render", {"expressions": ["a"]}).status == 422
    version = api.ok("GET", "/plugins/core.log.Log/versions").json["versions"][0]
    assert "message" in api.ok("GET", f"/plugins/core.log.Log/versions/{version}").json["schema"]["properties"]["properties"]
    assert api.get("/plugins/core.log.Log/versions/0.0.0-none").status == 404
    assert "required" in api.ok("GET", "/plugins/inputs/INT").json["schema"]["properties"]["properties"]
    assert api.get("/plugins/inputs/COLOUR").status == 404
    first = api.ok("GET", "/blueprints/community").json["results"][0]["id"]
    source = api.ok("GET", f"/blueprints/community/flow/{first}/source").text
    assert api.ok("GET", f"/blueprints/community/{first}/flow").text == source and api.ok("GET", f"/blueprints/community/{first}").json["id"] == first
    assert api.ok("GET", f"/blueprints/community/flow/{first}/graph").json["nodes"]
    assert api.ok("GET", "/blueprints/community/tags").json == api.ok("GET", "/blueprints/community/flow/tags").json


CASES = [
    flows_are_stored_with_and_without_a_tenant_in_the_address, an_execution_is_started_as_curl_does,
    a_provider_validates_updates_and_creates, exported_flows_are_imported_as_they_were, a_stream_ends_by_itself,
    webhooks_take_whatever_comes, dates_of_all_forms_are_understood, mistakes_name_what_is_wrong_and_where,
    lists_are_exported_as_tables, a_long_table_has_every_row_once, values_are_suggested_for_filters,
    tasks_and_triggers_are_checked_by_themselves, parts_of_flows_are_told_and_changed, a_revision_that_runs_is_kept,
    related_executions_are_followed_to_their_end, outputs_are_a_resource_of_their_own,
    the_second_profile_has_answers_of_its_own, what_there_is_not_is_told_with_what_to_use,
    what_a_management_port_tells_is_told, the_language_and_its_types_are_described,
]
