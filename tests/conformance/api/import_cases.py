"""sluice import kestra, from exports that are made by the description of the other product's API, and from a server that speaks it."""
import http.server
import io
import json
import pathlib
import tempfile
import threading
import urllib.parse
import zipfile

GOOD = "id: good\nnamespace: moved.team\ntasks:\n  - {id: say, type: io.kestra.plugin.core.log.Log, message: hello}\n"
TIMED = ("id: timed\nnamespace: moved.team\ntasks:\n  - {id: say, type: io.kestra.plugin.core.log.Log, message: \"{{ secret('TOKEN') }}\"}\n"
         "triggers:\n  - {id: daily, type: io.kestra.plugin.core.trigger.Schedule, cron: '0 3 * * *'}\n"
         "  - {id: off, type: io.kestra.plugin.core.trigger.Schedule, cron: '0 4 * * *'}\n")
CALLS = ("id: calls\nnamespace: moved.team\ntasks:\n  - {id: sub, type: io.kestra.plugin.core.flow.Subflow, namespace: else.where, "
         "flowId: other}\n")
ALIEN = "id: alien\nnamespace: moved.team\ntasks:\n  - {id: query, type: io.kestra.plugin.jdbc.mysql.Query, sql: select 1}\n"


def zipped(entries):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    return buffer.getvalue()


class Kestra:
    """What a Kestra server of before or after tenants answers; each request is kept."""

    flows = {"good": GOOD, "timed": TIMED}
    files = {"/queries/daily.sql": b"select 1;\n", "/data.bin": bytes(range(256))}
    keys = {"limit": ("NUMBER", 7), "since": ("DATE", "2026-01-05")}

    def __init__(self, tenant):
        self.root = "/api/v1/main" if tenant else "/api/v1"
        self.tenant = tenant
        self.asked = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path, _, query = self.path.partition("?")
                outer.asked.append(self.path)
                code, body = outer.answer(self.headers, path, urllib.parse.parse_qs(query))
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(code)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, headers, path, query):
        if headers.get("Authorization") != "Bearer let-me-in":
            return 401, {"message": "Unauthorized"}
        if not path.startswith(self.root + "/") or (not self.tenant and path.startswith("/api/v1/main/")):
            return 404, {"message": "Not Found"}
        rest = path[len(self.root):]
        if rest == "/flows/search":
            rows = [{"namespace": "moved.team", "id": name} for name in self.flows]
            return 200, {"results": rows if query["page"] == ["1"] else [], "total": len(rows)}
        if rest.startswith("/flows/moved.team/"):
            return 200, {"source": self.flows[rest.rsplit("/", 1)[1]]}
        if rest == "/namespaces/moved.team/files/search":
            return 200, list(self.files)
        if rest == "/namespaces/moved.team/files":
            return 200, self.files[query["path"][0]]
        if rest == "/namespaces/moved.team/kv":
            return 200, [{"key": key, "description": "kept"} for key in [*self.keys, "gone"]]
        if rest.startswith("/namespaces/moved.team/kv/"):
            key = rest.rsplit("/", 1)[1]
            if key == "gone":
                return 410, {"message": "expired"}
            return 200, {"type": self.keys[key][0], "value": self.keys[key][1]}
        if rest == "/triggers/search":
            states = [{"namespace": "moved.team", "flowId": "timed", "triggerId": name, "date": "2026-11-20T03:00:00Z",
                       "nextExecutionDate": "2026-11-21T03:00:00Z", "disabled": name == "off",
                       "backfill": {"start": "2026-01-01T00:00:00Z"} if name == "off" else None} for name in ("daily", "off")]
            key = "triggerContext" if self.tenant else "state"
            return 200, {"results": [{key: state} for state in states], "total": 2}
        return 404, {"message": "Not Found"}


def imported(api, source, *options, token="let-me-in"):
    api.cluster.environment["KESTRA_TOKEN"] = token
    done = api.cluster.command("import", "kestra", str(source), *options, "--output", "json")
    return done.returncode, json.loads(done.stdout) if done.stdout else done.stderr


def by_id(report):
    return {flow["id"]: flow for flow in report["flows"]}


def an_export_is_reported_flow_by_flow_and_stored_only_when_asked(api):
    with tempfile.TemporaryDirectory() as folder:
        archive = pathlib.Path(folder) / "flows.zip"
        archive.write_bytes(zipped({"moved.team.good.yml": GOOD, "moved.team.calls.yml": CALLS, "moved.team.alien.yml": ALIEN}))
        code, report = imported(api, archive, "--dry-run")
        flows = by_id(report)
        assert code == 1 and "taken" not in report
        assert flows["good"]["readiness"] != "MISSING" and flows["good"]["missing"] == []
        assert flows["calls"]["readiness"] == "DIFFERS" and "else.where.other" in " ".join(flows["calls"]["different"])
        assert flows["alien"]["readiness"] == "MISSING" and "jdbc.mysql.Query" in " ".join(flows["alien"]["missing"])
        assert api.get("/flows/moved.team").json == []

        code, report = imported(api, archive)
        assert code == 1 and report["taken"]["flows"] == 2, report
        assert any("moved.team.alien" in line for line in report["leftOut"])
        assert api.get("/flows/moved.team/good?source=true").json["source"] == GOOD
        code, report = imported(api, archive)
        assert (report["taken"]["flows"], report["taken"]["unchanged"]) == (0, 2)
        archive.write_bytes(zipped({"moved.team.good.yml": GOOD.replace("hello", "goodbye")}))
        code, report = imported(api, archive)
        assert code == 1 and "--replace" in report["leftOut"][0]
        code, report = imported(api, archive, "--replace")
        assert code == 0 and api.get("/flows/moved.team/good").json["revision"] == 2
    assert api.get("/auditlogs/search?filters[namespace][EQUALS]=moved.team").json["results"][0]["via"] == "CLI"
    for flow in ("good", "calls"):
        api.ok("DELETE", f"/flows/moved.team/{flow}")


def triggers_stay_off_if_asked_and_what_is_wanted_may_be_one_namespace(api):
    other = GOOD.replace("moved.team", "other.team")
    with tempfile.TemporaryDirectory() as folder:
        archive = pathlib.Path(folder) / "flows.zip"
        archive.write_bytes(zipped({"timed.yml": TIMED, "other.yml": other}))
        code, report = imported(api, archive, "--triggers-off", "--namespace", "moved")
        assert code == 0 and report["taken"]["flows"] == 1, report
        states = "select string_agg(trigger_id || ' ' || disabled, ', ' order by trigger_id) from sluice.triggers where namespace = 'moved.team'"
        assert api.cluster.sql(states) == "daily true, off true"
        # What is here and unchanged is left as somebody set it since.
        api.cluster.sql("select sluice.enable_trigger('moved.team', 'timed', 'daily')")
        code, report = imported(api, archive, "--triggers-off", "--namespace", "moved")
        assert report["taken"]["unchanged"] == 1, report
        assert api.cluster.sql(states) == "daily false, off true"
    assert api.get("/flows/other.team").json == []
    api.ok("DELETE", "/flows/moved.team/timed")


def a_running_server_gives_flows_files_keys_and_the_state_of_triggers(api):
    for tenant in (True, False):
        kestra = Kestra(tenant)
        try:
            code, message = imported(api, kestra.url, "--dry-run", token="wrong")
            assert code == 1 and "KESTRA_TOKEN" in message, message
            code, report = imported(api, kestra.url, "--dry-run")
            assert code == 0, report
            assert (report["files"], report["keys"], report["triggers"]) == (2, 2, 2), report
            assert by_id(report)["timed"]["secrets"] == ["TOKEN"]
            assert all(line.startswith("/api/v1/") for line in kestra.asked)

            code, report = imported(api, kestra.url, "--replace")
            assert report["taken"] == {"flows": 2, "unchanged": 0, "files": 2, "keys": 2, "triggers": 2}, report
            assert code == 1 and "backfill" in " ".join(report["leftOut"])  # somebody has to start it again
        finally:
            kestra.server.shutdown()
        assert api.get("/namespaces/moved.team/kv/limit").json["value"] == 7
        for path, content in Kestra.files.items():
            assert api.get(f"/namespaces/moved.team/files?path={urllib.parse.quote(path)}").body == content, path
        assert api.get("/namespaces/moved.team/kv/since").json["type"] == "DATE"
        rows = {row["triggerContext"]["triggerId"]: row["triggerContext"]
                for row in api.get("/triggers/search?filters[namespace][EQUALS]=moved.team").json["results"]}
        assert rows["off"]["disabled"] and not rows["daily"]["disabled"], rows
        # The date that came between the two installations is dealt with here.
        fates = api.cluster.sql("select string_agg(distinct fate, ',') from sluice.fires where namespace = 'moved.team' "
                                "and trigger_id = 'daily'")
        due = api.cluster.sql("select next_at <= '2026-11-21 03:00:00+00' from sluice.triggers where namespace = 'moved.team' "
                              "and trigger_id = 'daily'")
        assert fates or due == "t", (fates, due)
        for flow in ("good", "timed"):
            api.ok("DELETE", f"/flows/moved.team/{flow}")


# What is read of the other product's tables; its own have more columns, made of `value`.
TABLES = """create schema kestra;
create table kestra.flows (key varchar(250) primary key, value jsonb not null, source_code text not null);
create table kestra.triggers (key varchar(250) primary key, value jsonb not null);
create table kestra.kv_metadata (key varchar(768) primary key, value jsonb not null);
create table kestra.namespace_file_metadata (key varchar(768) primary key, value jsonb not null);
"""


def rows_of(table, values, source=None):
    """Statements that insert them."""
    def text(one):
        return "'" + one.replace("'", "''") + "'"
    return "".join(f"insert into kestra.{table} values ({', '.join([text(str(number)), text(json.dumps(value))] + ([text(source(value))] if source else []))});\n"
                   for number, value in enumerate(values))


def a_database_gives_flows_and_the_state_of_triggers(api):
    def flow_row(name, revision, tenant="main", **more):
        return {"id": name, "namespace": "moved.team", "revision": revision, "tenantId": tenant, **more}
    flows = [flow_row("good", 1, old=True), flow_row("good", 2), flow_row("timed", 10, None), flow_row("timed", 9, None, old=True),
             flow_row("gone", 1), flow_row("gone", 2, deleted=True), flow_row("stranger", 1, "other")]
    sources = {"good": GOOD, "timed": TIMED}
    triggers = [{"tenantId": "main", "namespace": "moved.team", "flowId": "timed", "triggerId": "daily", "date": "2026-11-20T03:00:00Z",
                 "nextExecutionDate": "2026-11-21T03:00:00Z", "disabled": False},
                {"namespace": "moved.team", "flowId": "timed", "triggerId": "off", "nextEvaluationDate": "2026-11-21T04:00:00Z",
                 "disabled": True, "backfill": None}]
    metadata = [{"tenantId": "main", "namespace": "moved.team", "name": name, "version": 1, "last": last, "deleted": deleted,
                 "expirationDate": until} for name, last, deleted, until in
                (("limit", True, False, None), ("limit", False, False, None), ("old", True, True, None), ("over", True, False, "2020-01-01T00:00:00Z"))]
    files = [{"tenantId": "main", "namespace": "moved.team", "path": path, "version": 1, "last": True, "deleted": False}
             for path in ("/queries/", "/queries/daily.sql")]
    postgres = api.cluster.postgres
    postgres.sql("create database kestra", database="postgres")
    url = f"jdbc:postgresql://127.0.0.1:{postgres.port}/kestra?user=sluice"
    code, message = imported(api, url, "--dry-run", "--schema", "kestra")
    assert code == 1 and "no table kestra.flows" in message and "--schema" in message, message
    postgres.sql(TABLES + rows_of("flows", flows, lambda row: "no: flow" if row.get("old") else sources.get(row["id"], GOOD))
                 + rows_of("triggers", triggers) + rows_of("kv_metadata", metadata) + rows_of("namespace_file_metadata", files), "kestra")
    code, report = imported(api, url, "--dry-run", "--schema", "kestra")
    assert code == 0 and sorted(by_id(report)) == ["good", "timed"] and report["triggers"] == 2, report
    assert [line.split(":")[0] for line in report["outOfReach"]] == ["key limit of moved.team", "file /queries/daily.sql of moved.team"], report
    assert api.get("/flows/moved.team").json == []
    code, report = imported(api, url, "--schema", "kestra")
    assert code == 1 and report["taken"] == {"flows": 2, "unchanged": 0, "files": 0, "keys": 0, "triggers": 2}, report
    assert any("its API" in line for line in report["leftOut"]), report
    for name, source in sources.items():
        assert api.get(f"/flows/moved.team/{name}?source=true").json["source"] == source
    states = "select string_agg(trigger_id || ' ' || disabled, ', ' order by trigger_id) from sluice.triggers where namespace = 'moved.team'"
    assert api.cluster.sql(states) == "daily false, off true"
    code, report = imported(api, url, "--dry-run", "--schema", "kestra", "--namespace", "moved.te")
    assert report["flows"] == [] and report["triggers"] == 0, report
    postgres.sql("alter table kestra.flows rename column source_code to source_text", "kestra")
    code, message = imported(api, url, "--dry-run", "--schema", "kestra")
    assert code == 1 and "no column source_code" in message and "export" in message, message
    for name in sources:
        api.ok("DELETE", f"/flows/moved.team/{name}")


CASES = [an_export_is_reported_flow_by_flow_and_stored_only_when_asked,
         triggers_stay_off_if_asked_and_what_is_wanted_may_be_one_namespace,
         a_running_server_gives_flows_files_keys_and_the_state_of_triggers,
         a_database_gives_flows_and_the_state_of_triggers]
