"""What operators tell a cluster by the API: maintenance mode, kill switches, announcements, retention."""
import json
import urllib.parse

from cluster import wait_for


def waiting(namespace, flow):
    return f"id: {flow}\nnamespace: {namespace}\ntasks:\n  - {{id: wait, type: core.flow.Pause}}\n"


def state_of(api, execution):
    return api.get(f"/executions/{execution}").json["state"]["current"]


def maintenance_mode_holds_what_begins_and_everybody_is_told(api):
    api.save("id: one\nnamespace: api.maintenance\ntasks:\n  - {id: say, type: core.log.Log, message: hi}\n")
    entered = api.ok("POST", "/instance/maintenance/enter", json.dumps({"reason": "new disks"})).json
    assert entered["active"] and entered["reason"] == "new disks" and entered["by"] and entered["since"], entered
    try:
        told = api.get("/notices").json["maintenance"]
        assert told["active"] and told["reason"] == "new disks"
        assert api.get("/health", root="").json["details"]["maintenance"] is True
        held = api.ok("POST", "/executions/api.maintenance/one").json["id"]
        wait_for("why tells of it", lambda: [r for r in api.get(f"/executions/{held}/why").json["reasons"] if r["code"] == "MAINTENANCE"])
        assert state_of(api, held) == "CREATED"
    finally:
        assert api.ok("POST", "/instance/maintenance/exit").json == {"active": False}
    wait_for("held is SUCCESS", lambda: state_of(api, held) == "SUCCESS")
    assert api.get("/notices").json["maintenance"] == {"active": False}
    rows = api.get("/auditlogs/search?filters[resource][EQUALS]=MAINTENANCE").json["results"]
    assert {row["act"] for row in rows} >= {"CREATE", "UPDATE"}, rows


def announcements_come_and_go(api):
    made = api.ok("POST", "/announcements", json.dumps({"message": "down at noon", "level": "WARNING"})).json["id"]
    later = api.ok("POST", "/announcements", json.dumps({"message": "later", "startsAt": "2100-01-01T00:00:00Z"})).json["id"]
    shown = {row["id"]: row for row in api.get("/notices").json["announcements"]}
    assert shown[made]["message"] == "down at noon" and shown[made]["level"] == "WARNING" and later not in shown
    assert later in {row["id"] for row in api.get("/announcements").json["results"]}
    for wrong in ({"message": ""}, {"message": "x", "level": "LOUD"}, {"message": "x", "endsAt": "yesterday"},
                  {"message": "x", "startsAt": "2026-01-02T00:00:00Z", "endsAt": "2026-01-01T00:00:00Z"}):
        refused = api.ask("POST", "/announcements", json.dumps(wrong))
        assert refused.status == 422 and refused.json["message"], (wrong, refused.text)
    for one in (made, later):
        api.ok("DELETE", f"/announcements/{one}")
    assert made not in {row["id"] for row in api.get("/notices").json["announcements"]}


def retention_is_a_list_of_rules(api):
    rule = {"namespace": "api.kept", "state": "FAILED", "keep": "P30D"}
    assert api.ok("PUT", "/retention", json.dumps(rule)).json["keep"] == "PT720H"
    api.ok("PUT", "/retention", json.dumps({"namespace": "api.kept", "state": "", "keep": None}))
    rules = {(row["namespace"], row["state"]): row["keep"] for row in api.get("/retention").json["results"]}
    assert rules[("api.kept", "FAILED")] == "PT720H" and rules[("api.kept", "")] is None
    assert api.get("/retention/plan").json["executions"] == 0
    for wrong in ({"namespace": "a", "state": "DREAMING", "keep": "P1D"}, {"namespace": "a", "state": "", "keep": "soon"},
                  {"namespace": "a", "state": "", "keep": 30}, {"namespace": "a", "state": "", "keep": ""},
                  {"namespace": "a", "state": ""}, {"namespace": "a", "state": "", "keep": "PT-1H"}):
        assert api.ask("PUT", "/retention", json.dumps(wrong)).status == 422, wrong
    for state in ("FAILED", ""):
        api.ok("DELETE", "/retention?" + urllib.parse.urlencode({"namespace": "api.kept", "state": state}))
    assert api.ask("DELETE", "/retention?namespace=api.kept").status == 404


def what_is_kept_no_longer_is_purged_by_the_command_line(api):
    command = api.cluster.command
    api.save("id: short\nnamespace: api.purged\ntasks:\n  - {id: say, type: core.log.Log, message: hi}\n")
    api.save(waiting("api.purged", "waits"))
    over = api.ok("POST", "/executions/api.purged/short?wait=true").json["id"]
    runs = api.ok("POST", "/executions/api.purged/waits").json["id"]
    wait_for("it waits", lambda: state_of(api, runs) == "PAUSED")
    scope = ("--older-than", "0s", "--namespace", "api.purged")
    plan = command("purge", "--dry-run", *scope, "--output", "json")
    assert plan.returncode == 0, plan.stderr
    assert [(row["state"], row["executions"]) for row in json.loads(plan.stdout)] == [("SUCCESS", 1)], plan.stdout
    assert "nothing was purged" in command("purge", "--dry-run", *scope).stdout
    assert api.get(f"/executions/{over}").status == 200
    kept = command("retention", "set", "forever", "--namespace", "api.purged")
    assert kept.returncode == 0, kept.stderr
    assert "purged 0 execution(s)" in command("purge", *scope).stdout
    assert command("retention", "remove", "--namespace", "api.purged").returncode == 0
    done = command("purge", *scope)
    assert done.returncode == 0 and "purged 1 execution(s)" in done.stdout, done.stdout + done.stderr
    assert api.get(f"/executions/{over}").status == 404 and state_of(api, runs) == "PAUSED"
    assert "takes work" in command("maintenance", "status").stdout
    assert command("killswitch", "set").returncode == 1 and command("announce", "add").returncode == 2


CASES = [what_is_kept_no_longer_is_purged_by_the_command_line, maintenance_mode_holds_what_begins_and_everybody_is_told,
         announcements_come_and_go, retention_is_a_list_of_rules]
