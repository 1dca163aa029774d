"""Two doors to one cluster: the REST API and SQL. Cases knock at either, and see the same."""
import base64
import json
import re
import subprocess
import urllib.parse

from api import Api
from cluster import PASSWORD, wait_for


class Refused(Exception):
    """kind: unknown (there is no such thing), right (the caller may not), rule (all else). The text says the reason."""

    def __init__(self, kind, text):
        super().__init__(f"{kind}: {text}")
        self.kind, self.text = kind, text


def refusal(act, *arguments, **more):
    """(kind, text) of what must be refused."""
    try:
        answer = act(*arguments, **more)
    except Refused as refused:
        return refused.kind, refused.text
    raise AssertionError(f"{act.__name__}{arguments} was not refused: {answer!r}")


class Door:
    """What both have: waiting. `at` is the namespace that its cases use."""

    def wait(self, execution, state):
        wait_for(f"{self.name}: {execution} is {state}; it was {self.state(execution)}",
                 lambda: self.state(execution) == state, 30)
        return execution

    def run(self, flow, **more):
        """A new execution, when it is over."""
        execution = self.start(self.at, flow, **more)
        wait_for(f"{self.name}: {execution} of {flow} is over",
                 lambda: self.state(execution) in ("SUCCESS", "FAILED", "WARNING", "KILLED", "CANCELLED"), 30)
        return execution


# ------------------------------------------------------------------------------------------------------------- API

class ApiDoor(Door):
    name = "api"
    via = "API"

    def __init__(self, cluster, role):
        self.cluster, self.api = cluster, Api(cluster)
        self.user = f"operate.{role}"
        found = self.api.ask("POST", "/users", {"username": self.user, "password": PASSWORD, "role": role})
        assert found.status in (200, 201, 204, 409), (found.status, found.text)
        self.api.basic = "Basic " + base64.b64encode(f"{self.user}:{PASSWORD}".encode()).decode()

    def ask(self, method, path, body=None, **query):
        words = [(key, one) for key, value in query.items() if value is not None
                 for one in (value if isinstance(value, list) else [value])]
        answer = self.api.ask(method, path + ("?" + urllib.parse.urlencode(words) if words else ""), body)
        if answer.status < 300:
            return answer.json if answer.body else None
        kind = {404: "unknown", 403: "right"}.get(answer.status, "rule")
        assert answer.status < 500, f"{method} {path}: {answer.status} {answer.text}"
        raise Refused(kind, re.sub(r"^(Not Found|Illegal state|Illegal argument|Invalid entity): ", "", answer.json["message"]))

    def start(self, namespace, flow, inputs=None, labels=None, at=None):
        pairs = [f"{key}:{value}" for key, value in (labels or {}).items()]
        return self.ask("POST", f"/executions/{namespace}/{flow}", inputs, labels=pairs or None, scheduleDate=at)["id"]

    def start_wrong(self, flow, inputs):
        """Why the inputs are wrong."""
        return refusal(self.start, self.at, flow, inputs=inputs)[1]

    def state(self, execution):
        return self.ask("GET", f"/executions/{execution}")["state"]["current"]

    def execution(self, execution):
        one = self.ask("GET", f"/executions/{execution}")
        return {"flow": one["flowId"], "revision": one["flowRevision"], "original": one["originalId"],
                "parent": one.get("parentId"), "inputs": one.get("inputs"),
                "labels": {label["key"]: label["value"] for label in one.get("labels", [])},
                "states": [step["state"] for step in one["state"]["histories"]]}

    def task_runs(self, execution):
        return [{"id": run["id"], "task": run["taskId"], "state": run["state"]["current"]}
                for run in self.ask("GET", f"/executions/{execution}").get("taskRunList") or []]

    def logs(self, execution):
        return [(line["level"], line["message"]) for line in self.ask("GET", f"/logs/{execution}")]

    def executions(self, namespace, flow=None, state=None, labels=None, words=None):
        pairs = [f"{key}:{value}" for key, value in (labels or {}).items()]
        found = self.ask("GET", "/executions/search", namespace=namespace, flowId=flow, state=state, labels=pairs or None,
                         q=words, size=100)
        return sorted(one["id"] for one in found["results"])

    def kill(self, execution, cascade=True):
        self.ask("DELETE", f"/executions/{execution}/kill", isOnKillCascade=str(cascade).lower())

    def pause(self, execution):
        self.ask("POST", f"/executions/{execution}/pause")

    def resume(self, execution, inputs=None):
        self.ask("POST", f"/executions/{execution}/resume", inputs or {})

    def restart(self, execution):
        self.ask("POST", f"/executions/{execution}/restart")

    def force_run(self, execution):
        self.ask("POST", f"/executions/{execution}/force-run")

    def unqueue(self, execution):
        self.ask("POST", f"/executions/{execution}/unqueue")

    def replay(self, execution, task_run=None, revision=None, inputs=None):
        verb = "replay" if inputs is None else "replay-with-inputs"
        return self.ask("POST", f"/executions/{execution}/{verb}", inputs, taskRunId=task_run, revision=revision)["id"]

    def set_labels(self, execution, labels, replace=False):
        self.ask("POST", f"/executions/{execution}/labels", [{"key": key, "value": value} for key, value in labels.items()],
                 replace=str(replace).lower())

    def why(self, execution):
        return [reason["code"] for reason in self.ask("GET", f"/executions/{execution}/why")["reasons"]]

    def flows(self, namespace):
        found = self.ask("GET", "/flows/search", namespace=namespace, size=100)["results"]
        return sorted((one["id"], one["revision"], one["disabled"]) for one in found)

    def switch_flow(self, namespace, flow, disabled):
        self.ask("POST", f"/flows/{'disable' if disabled else 'enable'}/by-ids", [{"namespace": namespace, "id": flow}])

    def slots(self, namespace, flow):
        found = self.ask("GET", f"/flows/{namespace}/{flow}/concurrency")
        return [one["executionId"] for one in found["holders"]], [one["executionId"] for one in found["waiting"]]

    def limits(self, namespace):
        return sorted((one["flowId"], one["limit"], one["behavior"], one["running"], one["queued"])
                      for one in self.ask("GET", "/concurrency-limit/search")["results"] if one["namespace"] == namespace)

    @staticmethod
    def _key(trigger):
        return dict(zip(("namespace", "flowId", "triggerId"), trigger))

    def trigger(self, trigger):
        found = self.ask("GET", f"/triggers/{trigger[0]}/{trigger[1]}")["results"]
        one = next(row for row in found if row["triggerId"] == trigger[2])
        return {"disabled": one["disabled"], "next": one.get("nextExecutionDate"), "backfill": one.get("backfill"),
                "by": one.get("disabledBy")}

    def switch_trigger(self, trigger, disabled):
        self.ask("PUT", "/triggers/set-disabled", {**self._key(trigger), "disabled": disabled})

    def unlock(self, trigger):
        self.ask("POST", "/triggers/{}/{}/{}/unlock".format(*trigger))

    def start_backfill(self, trigger, start, end, inputs=None, labels=None):
        wanted = {"start": start, "end": end, "inputs": inputs or {},
                  "labels": [{"key": key, "value": value} for key, value in (labels or {}).items()]}
        self.ask("PUT", "/triggers/backfill/create", {**self._key(trigger), "backfill": wanted})

    def change_backfill(self, trigger, verb):
        word = {"pause": "pause", "resume": "unpause", "delete": "delete"}[verb]
        self.ask("POST" if verb == "delete" else "PUT", f"/triggers/backfill/{word}", self._key(trigger))

    def preview(self, trigger):
        """When it would run next, the first dates."""
        found = self.ask("GET", "/triggers/{}/{}/{}/preview".format(*trigger), count=2)["dates"]
        return [one["date"][:10] for one in found if one["runs"]]

    def why_trigger(self, trigger):
        return [one["code"] for one in self.ask("GET", "/triggers/{}/{}/{}/explain".format(*trigger))["reasons"]]

    def fires(self, trigger):
        return [one["fate"] for one in self.ask("GET", "/triggers/{}/{}/{}/explain".format(*trigger))["fires"]]

    def parked(self):
        return [(one["id"], one["executionId"], one["kind"], one["error"]) for one in self.ask("GET", "/cluster/parked")["results"]]

    def retry_parked(self, number):
        self.ask("POST", f"/cluster/parked/{number}/retry")

    def drop_parked(self, number):
        self.ask("DELETE", f"/cluster/parked/{number}")

    def doctor(self):
        return {one["check"] for one in self.ask("GET", "/cluster/doctor")["findings"]}

    def enter_maintenance(self, reason):
        self.ask("POST", "/instance/maintenance/enter", {"reason": reason})

    def exit_maintenance(self):
        self.ask("POST", "/instance/maintenance/exit")

    def set_kill_switch(self, namespace=None, flow=None, execution=None, reason=""):
        wanted = {"namespace": namespace, "flowId": flow, "executionId": execution, "reason": reason}
        return self.ask("POST", "/killswitches", {key: value for key, value in wanted.items() if value is not None})["id"]

    def kill_switches(self):
        return [(one["id"], one["namespace"], one.get("flowId", ""), one["reason"]) for one in self.ask("GET", "/killswitches")["results"]]

    def lift_kill_switch(self, number):
        self.ask("DELETE", f"/killswitches/{number}")

    def announce(self, message, level="INFO", starts=None, ends=None):
        wanted = {"message": message, "level": level, "startsAt": starts, "endsAt": ends}
        return self.ask("POST", "/announcements", {key: value for key, value in wanted.items() if value is not None})["id"]

    def drop_announcement(self, number):
        self.ask("DELETE", f"/announcements/{number}")

    def set_retention(self, namespace, state, days):
        self.ask("PUT", "/retention", {"namespace": namespace, "state": state, "keep": None if days is None else f"P{days}D"})

    def drop_retention(self, namespace, state):
        self.ask("DELETE", "/retention", namespace=namespace, state=state)

    def retention(self, namespace):
        return {one["state"]: one["keep"] is None for one in self.ask("GET", "/retention")["results"] if one["namespace"] == namespace}

    def start_operation(self, resource, action, members, options=None):
        return self.ask("POST", "/operations", {"resource": resource, "action": action, "ids": members,
                                                "options": options or {}})["operationId"]

    def operation(self, operation):
        one = self.ask("GET", f"/operations/{operation}")
        return one["state"], one["done"], one["failed"]

    def cancel_operation(self, operation):
        self.ask("DELETE", f"/operations/{operation}")


# ------------------------------------------------------------------------------------------------------------- SQL

def literal(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return literal(json.dumps(value)) + "::jsonb"
    if isinstance(value, list):
        return "array[" + ", ".join(map(literal, value)) + "]::text[]"
    return "'" + str(value).replace("'", "''") + "'"


class SqlDoor(Door):
    """psql, as a role of its own."""
    name = "sql"
    via = "SQL"
    KINDS = {"P0002": "unknown", "42501": "right"}
    RULES = {"55000", "22023", "42809"}

    def __init__(self, cluster, role):
        self.cluster, self.user = cluster, f"desk_{role}"
        cluster.sql(f"create role {self.user} login")
        kind = {"viewer": "reader"}.get(role, role)
        granted = cluster.command("migrate", "--grant", self.user, "--as", kind)
        assert granted.returncode == 0 and self.user in granted.stdout, granted

    def query(self, statement):
        """The rows, each a list of values."""
        text = f"select coalesce(json_agg(to_json(q)), '[]') from ({statement}) q"
        done = subprocess.run(["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", "-h", "127.0.0.1", "-p",
                               str(self.cluster.postgres.port), "-U", self.user, "sluice", "-c", text],
                              capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return json.loads(done.stdout)
        found = re.search(r"ERROR:  (\w{5}): (.*)", done.stderr)
        assert found and (found[1] in self.KINDS or found[1] in self.RULES), f"{statement}: {done.stderr}"
        raise Refused(self.KINDS.get(found[1], "rule"), found[2])

    def one(self, statement):
        rows = self.query(statement)
        assert len(rows) == 1, f"{statement}: {rows}"
        return rows[0]

    def call(self, function, *arguments):
        return self.one(f"select sluice.{function}({', '.join(map(literal, arguments))}) as answer")["answer"]

    def start(self, namespace, flow, inputs=None, labels=None, at=None):
        return self.call("start_execution", namespace, flow, inputs, labels or {}, at)

    def start_wrong(self, flow, inputs):
        """It begins, and fails with the reason in its log."""
        execution = self.wait(self.start(self.at, flow, inputs=inputs), "FAILED")
        return next(message for level, message in self.logs(execution) if level == "ERROR")

    def state(self, execution):
        return self.one(f"select state from sluice.execution_overview where id = {literal(execution)}")["state"]

    def execution(self, execution):
        one = self.one("select flow_id as flow, flow_revision as revision, original_id as original, parent_id as parent, inputs, "
                       f"labels, states from sluice.execution_overview where id = {literal(execution)}")
        return {**one, "states": [step["state"] for step in one["states"]]}

    def task_runs(self, execution):
        return self.query("select id, task_id as task, state from sluice.task_run_overview "
                          f"where execution_id = {literal(execution)} order by id")

    def logs(self, execution):
        return [(line["level"], line["message"]) for line in self.query(
            f"select level, message from sluice.log_overview where execution_id = {literal(execution)} order by seq")]

    def executions(self, namespace, flow=None, state=None, labels=None, words=None):
        wanted = [f"(namespace = {literal(namespace)} or starts_with(namespace, {literal(namespace + '.')}))"]
        wanted += [f"flow_id = {literal(flow)}"] if flow else []
        wanted += [f"state = {literal(state)}"] if state else []
        wanted += [f"labels @> {literal(labels)}"] if labels else []
        wanted += [f"strpos(id || ' ' || namespace || ' ' || flow_id, {literal(words)}) > 0"] if words else []
        return sorted(row["id"] for row in self.query(
            "select id from sluice.execution_overview where " + " and ".join(wanted)))

    def kill(self, execution, cascade=True):
        self.call("kill_execution", execution, cascade)

    def pause(self, execution):
        self.call("pause_execution", execution)

    def resume(self, execution, inputs=None):
        self.call("resume_execution", execution, inputs or {})

    def restart(self, execution):
        self.call("restart_execution", execution)

    def force_run(self, execution):
        self.call("force_run", execution)

    def unqueue(self, execution):
        self.call("unqueue_execution", execution)

    def replay(self, execution, task_run=None, revision=None, inputs=None):
        made = self.call("replay_execution", execution, task_run, revision, inputs)
        wait_for("the copy is there", lambda: self.query(f"select 1 from sluice.execution_overview where id = {literal(made)}"), 30)
        return made

    def set_labels(self, execution, labels, replace=False):
        self.call("set_labels", execution, labels, replace)

    def why(self, execution):
        return [row["code"] for row in self.query(f"select code from sluice.why({literal(execution)})")]

    def flows(self, namespace):
        return sorted((row["flow_id"], row["revision"], row["disabled"]) for row in self.query(
            f"select flow_id, revision, disabled from sluice.flow_overview where namespace = {literal(namespace)}"))

    def switch_flow(self, namespace, flow, disabled):
        operation = self.call("disable_flow" if disabled else "enable_flow", namespace, flow)
        wait_for("the flow is switched", lambda: self.operation(operation)[0] != "RUNNING", 30)
        assert self.operation(operation)[:2] == ("DONE", 1), self.operation(operation)

    def slots(self, namespace, flow):
        def of(what):
            return [row["execution_id"] for row in self.query(
                f"select execution_id from sluice.slot_overview where namespace = {literal(namespace)} "
                f"and flow_id = {literal(flow)} and what = '{what}' order by since")]
        return of("HOLDS"), of("WAITS")

    def limits(self, namespace):
        return sorted(tuple(row.values()) for row in self.query(
            'select flow_id, "limit", behavior, running, queued from sluice.concurrency_overview '
            f"where namespace = {literal(namespace)}"))

    def trigger(self, trigger):
        return self.one("select disabled, next_at as next, backfill, disabled_by as by from sluice.trigger_overview "
                        "where (namespace, flow_id, trigger_id) = ({}, {}, {})".format(*map(literal, trigger)))

    def switch_trigger(self, trigger, disabled):
        self.call("disable_trigger" if disabled else "enable_trigger", *trigger)

    def unlock(self, trigger):
        self.call("unlock_trigger", *trigger)

    def start_backfill(self, trigger, start, end, inputs=None, labels=None):
        self.call("start_backfill", *trigger, start, end, inputs or {}, labels or {})

    def change_backfill(self, trigger, verb):
        self.call(f"{verb}_backfill", *trigger)

    def preview(self, trigger):
        return [row["date"][:10] for row in self.query(
            f"select date from sluice.preview_trigger({', '.join(map(literal, trigger))}, 2)")]

    def why_trigger(self, trigger):
        return [row["code"] for row in self.query("select code from sluice.why_trigger({}, {}, {})".format(*map(literal, trigger)))]

    def fires(self, trigger):
        return [row["fate"] for row in self.query("select fate from sluice.trigger_fires({}, {}, {})".format(*map(literal, trigger)))]

    def parked(self):
        return [tuple(row.values()) for row in self.query("select id, execution_id, kind, error from sluice.parked()")]

    def retry_parked(self, number):
        self.call("retry_parked", number)

    def drop_parked(self, number):
        self.call("drop_parked", number)

    def doctor(self):
        return {row["check"] for row in self.query('select "check" from sluice.doctor()')}

    def enter_maintenance(self, reason):
        self.call("enter_maintenance", reason)

    def exit_maintenance(self):
        self.call("exit_maintenance")

    def set_kill_switch(self, namespace=None, flow=None, execution=None, reason=""):
        return self.call("set_kill_switch", namespace, flow, execution, reason)

    def kill_switches(self):
        return [tuple(row.values()) for row in self.query(
            "select kill_switch_id, namespace, flow_id, reason from sluice.kill_switches order by 1")]

    def lift_kill_switch(self, number):
        self.call("lift_kill_switch", number)

    def announce(self, message, level="INFO", starts=None, ends=None):
        return self.call("announce", message, level, starts, ends)

    def drop_announcement(self, number):
        self.call("drop_announcement", number)

    def set_retention(self, namespace, state, days):
        self.call("set_retention", namespace, state, None if days is None else f"{days} days")

    def drop_retention(self, namespace, state):
        self.call("drop_retention", namespace, state)

    def retention(self, namespace):
        return {row["state"]: row["for_ever"] for row in self.query(
            f"select state, keep is null as for_ever from sluice.retention_rules where namespace = {literal(namespace)}")}

    def start_operation(self, resource, action, members, options=None):
        return self.call("start_operation", resource, action, members, options or {})

    def operation(self, operation):
        row = self.one(f"select state, done, failed from sluice.operation_overview where operation_id = {literal(operation)}")
        return row["state"], row["done"], row["failed"]

    def cancel_operation(self, operation):
        self.call("cancel_operation", operation)
