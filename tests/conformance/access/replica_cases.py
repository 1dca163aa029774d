"""Lists that are read from a standby: a real one, of the database of a cluster of its own."""
import base64
import re

from api import Api
from cluster import Cluster, free_port, wait_for
from standby import Standby

FLOW = "id: %s\nnamespace: replica\ntasks:\n  - {id: say, type: core.log.Log, message: hello}\n"
MAX_LAG = 15  # seconds: who is asked while the standby is held up must be answered within them


class ReplicaRig:
    """A web server that reads lists from a standby, and one that does not."""

    def __init__(self, binary):
        self.cluster = Cluster(binary, durable=False)
        try:
            self.begin()
        except BaseException as failed:
            self.cluster.__exit__(type(failed), failed, None)
            raise

    def begin(self):
        primary = self.cluster.postgres
        self.standby = Standby(primary, self.cluster.folder / "standby", free_port(), "host all all 127.0.0.1/32 trust\n", synchronous=False)
        self.url = self.standby.url
        self.cluster.port = self.with_replica = free_port()
        self.cluster.wait_for_ping(self.serve(self.with_replica))
        self.api = Api(self.cluster)

    def serve(self, port):
        return self.cluster.start("standalone", "--port", str(port), SLUICE_DATABASE_REPLICA_URL=self.url,
                                  SLUICE_DATABASE_REPLICA_MAX_LAG=f"{MAX_LAG}s")

    def reads(self):
        """(from the primary, from the replica)"""
        text = self.cluster.call_text("/metrics")
        return tuple(float(re.search(rf'sluice_lists_read_total{{from="{where}"}} (\S+)', text)[1]) for where in ("primary", "replica"))

    def read_by(self, path="/flows/search?size=100", **more):
        """(where it was read, what was answered)"""
        before = self.reads()
        answer = self.api.ok("GET", path, **more).json
        after = self.reads()
        return "replica" if after[1] > before[1] else "primary", answer

    def flows(self, **more):
        where, answer = self.read_by(**more)
        return where, {one["id"] for one in answer["results"] if one["namespace"] == "replica"}

    def comes_from(self, where):
        wait_for(f"lists are read from the {where}", lambda: self.flows()[0] == where, 20)

    def hold(self):
        """The standby replays nothing any more."""
        self.standby.sql("select pg_wal_replay_pause()")
        wait_for("it is paused", lambda: self.standby.sql("select pg_get_wal_replay_pause_state()") == "paused", 10)

    def let_go(self):
        self.standby.sql("select pg_wal_replay_resume()")

    def end(self):
        self.standby.stop("immediate")
        self.cluster.__exit__(None, None, None)


def lists_come_from_the_standby_and_ones_own_changes_are_in_them(rig):
    rig.api.save(FLOW % "one")
    assert "one" in rig.flows()[1]  # at once, wherever it is read
    rig.comes_from("replica")
    for path in ("/executions/search", "/board?timeRange=PT1H", "/triggers/search", "/logs/search", "/taskruns/search", "/auditlogs/search"):
        assert rig.read_by(path)[0] == "replica", path
    others = {"username": "other", "password": "Other-1234-pass", "role": "viewer", "namespace": ""}
    rig.api.ok("POST", "/users", others)
    rig.comes_from("replica")
    # Even while the standby replays nothing, whoever changed something sees it; what others see is a moment old.
    rig.hold()
    try:
        rig.api.save(FLOW % "two")
        where, seen = rig.flows()
        assert (where, "two" in seen) == ("primary", True), (where, seen)
        other = {"Authorization": basic("other", others["password"])}
        where, seen = rig.flows(headers=other)
        assert (where, "two" in seen) == ("replica", False), (where, seen)
        where, seen = rig.flows(headers=other | {"X-Sluice-Read": "primary"})
        assert (where, "two" in seen) == ("primary", True), (where, seen)
        # A browser tells other web servers by a cookie that it changed something.
        where, seen = rig.flows(headers=other | {"Cookie": "sluice-changed=0123456789abcdef"})
        assert (where, "two" in seen) == ("primary", True), (where, seen)
    finally:
        rig.let_go()
    rig.comes_from("replica")
    assert "two" in rig.flows()[1]


def a_browser_is_given_a_cookie_when_it_changes_something(rig):
    login = rig.api.ask("POST", "/login", {"username": "other", "password": "Other-1234-pass"}, anonymous=True, root="/api/v1")
    cookie = login.headers["Set-Cookie"].split(";")[0]
    looked = rig.api.ask("GET", "/flows/search", anonymous=True, headers={"Cookie": cookie})
    assert looked.status == 200 and "Set-Cookie" not in looked.headers
    counted = rig.api.ask("POST", "/stats/summary", {}, anonymous=True, headers={"Cookie": cookie})
    assert counted.status == 200 and "Set-Cookie" not in counted.headers, "a question by POST changes nothing"
    changed = rig.api.ask("PUT", "/me/password", {"current": "Other-1234-pass", "new": "Other-5678-pass"}, anonymous=True, headers={"Cookie": cookie})
    given = [one for one in changed.headers.get_all("Set-Cookie") if one.startswith("sluice-changed=")]
    assert changed.status in (200, 204) and len(given) == 1 and "HttpOnly" in given[0], (changed.status, changed.headers)


def a_standby_that_lags_or_is_away_is_left_alone(rig):
    rig.comes_from("replica")
    rig.hold()
    wait_for("it is too old", lambda: rig.flows()[0] == "primary", MAX_LAG + 10)
    assert "sluice_replica_used 0" in rig.cluster.call_text("/metrics")
    rig.let_go()
    rig.comes_from("replica")
    rig.standby.stop("immediate")
    assert rig.flows()[0] == "primary" and rig.flows()[0] == "primary"
    rig.standby.start()
    rig.comes_from("replica")
    assert "sluice_replica_used 1" in rig.cluster.call_text("/metrics")
    rig.cluster.environment |= {"SLUICE_DATABASE_REPLICA_URL": rig.url}
    told = rig.cluster.command("doctor")
    assert re.search(r"replica +lists are read from a standby", told.stdout), told.stdout + told.stderr
    rig.cluster.environment |= {"SLUICE_DATABASE_REPLICA_URL": rig.url.replace("/sluice", "/postgres")}
    told = rig.cluster.command("doctor")
    assert re.search(r"replica +can't be asked", told.stdout), told.stdout + told.stderr
    del rig.cluster.environment["SLUICE_DATABASE_REPLICA_URL"]


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


REPLICA_CASES = [lists_come_from_the_standby_and_ones_own_changes_are_in_them, a_browser_is_given_a_cookie_when_it_changes_something,
                 a_standby_that_lags_or_is_away_is_left_alone]
