"""The database is away for longer than a lease: tasks run on, stand still before anybody could have their work, and tell later."""
import contextlib
import http.server
import os
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

from cluster import Cluster, wait_for

QUICK = {"SLUICE_LIVENESS_HEARTBEAT": "PT0.4S", "SLUICE_LIVENESS_LEASE": "PT2.4S", "SLUICE_LIVENESS_SELF_FENCE": "PT1.6S"}
LEASE = 2.4

# Its lines in a file tell what the world saw. They carry the attempt.
TASK = """
id: %s
namespace: test
tasks:
  - id: effect
    type: io.kestra.plugin.scripts.shell.Commands
    taskRunner: {type: io.kestra.plugin.core.runner.Process}
    commands:
      - |
        echo "began {{ taskrun.attemptsCount }}" >> %s
        %s
        echo "ended {{ taskrun.attemptsCount }}" >> %s
        echo '::{"outputs":{"attempt":"{{ taskrun.attemptsCount }}"}}::'
"""


class Effect:
    """A flow of one script, and the file that it writes to."""

    def __init__(self, cluster, name, script):
        self.cluster, self.file = cluster, cluster.folder / f"{name}.effects"
        self.file.touch()
        self.file.chmod(0o666)
        cluster.save(TASK % (name, self.file, script, self.file))
        self.execution = cluster.run(name)

    @property
    def lines(self):
        return self.file.read_text().splitlines()

    def state(self):
        return self.cluster.sql(f"select state from sluice.executions where id = '{self.execution}'")

    def succeeds_at_once(self):
        """It ran once, all of it, and its outputs and its lines are there once."""
        wait_for(f"{self.file.name}: success", lambda: self.state() == "SUCCESS", 40)
        where = f"where execution_id = '{self.execution}'"
        assert [line for line in self.lines if " " in line] == ["began 0", "ended 0"], self.lines
        assert self.cluster.sql(f"select coalesce(jsonb_array_length(attempts), 1) from sluice.task_runs {where}") == "1"
        assert self.cluster.sql(f"select outputs -> 'vars' ->> 'attempt' from sluice.task_runs {where}") == "0"


def health(cluster, what):
    try:
        return urllib.request.urlopen(f"http://127.0.0.1:{cluster.port}/health/{what}", timeout=10).status
    except urllib.error.HTTPError as refused:
        return refused.code


def spooled(folder):
    return sum(file.stat().st_size for file in (folder / "spool").glob("*/*.records"))


def nothing_is_left(cluster):
    cluster.wait_for_sql("select count(*) from sluice.claims", "0")
    assert cluster.sql("select count(*) from sluice.refused_results") == "0"
    assert cluster.sql("select string_agg(finding, E'\\n') from sluice.invariants()") == ""
    wait_for("the spool is empty", lambda: not list((cluster.folder / "work" / "spool").glob("*")), 10)


class Pulse:
    """A file that grows as long as something runs: held is what has not written for ten of its pauses."""

    def __init__(self, file):
        self.file, self.size, self.since = file, -1, 0

    def is_held(self):
        size = self.file.stat().st_size
        if size != self.size:
            self.size, self.since = size, time.monotonic()
        return time.monotonic() - self.since > 0.5


def tasks_outlive_a_database_that_is_away_for_longer_than_a_lease(binary):
    with Cluster(binary) as cluster:
        cluster.environment |= QUICK
        cluster.web()
        cluster.start("executor")
        worker = cluster.start("worker")
        cluster.start("worker", SLUICE_WORKER_FOLDER=str(cluster.folder / "other"), SLUICE_WORKER_GROUP="other")
        short = Effect(cluster, "short", "echo before; while [ ! -e gone ]; do sleep 0.1; [ -e %s ] && break; done; echo after"
                       % (cluster.folder / "gone"))
        long = Effect(cluster, "long", "while [ ! -e %s ]; do echo tick >> %s; sleep 0.05; done" % (
            cluster.folder / "back", cluster.folder / "ticks"))
        pulse = Pulse(cluster.folder / "ticks")
        wait_for("both have begun", lambda: short.lines and long.lines and pulse.file.exists())

        cluster.postgres.stop("fast")
        stopped = time.monotonic()
        (cluster.folder / "gone").touch()
        wait_for("the short one ends while the database is away", lambda: "ended 0" in short.lines, 10)
        wait_for("its result is on disk", lambda: spooled(cluster.folder / "work") > 0, 10)
        wait_for("the long one is held", pulse.is_held, 10)
        assert (health(cluster, "readiness"), health(cluster, "liveness")) == (503, 200)
        assert pulse.since - stopped < LEASE, "held later than the lease allows"
        wait_for("more than a lease is over", lambda: time.monotonic() - stopped > LEASE + 1)
        assert pulse.is_held()

        cluster.postgres.start()
        wait_for("the long one goes on", lambda: not pulse.is_held(), 20)
        (cluster.folder / "back").touch()
        short.succeeds_at_once()
        long.succeeds_at_once()
        lines = f"from sluice.logs where execution_id = '{short.execution}' and message in ('before', 'after')"
        assert cluster.sql(f"select string_agg(message, ' ' order by seq) {lines}") == "before after"
        assert cluster.sql("select count(*) from sluice.services where state = 'DEAD'") == "0"
        assert "service.resumed" in worker.log.read_text()
        nothing_is_left(cluster)


def a_killed_workers_spool_is_told_by_the_next_one_on_its_folder(binary):
    with Cluster(binary) as cluster:
        cluster.web()
        cluster.start("executor")
        worker = cluster.start("worker")
        effect = Effect(cluster, "effect", "echo before; while [ ! -e %s ]; do sleep 0.05; done; echo after"
                        % (cluster.folder / "gone"))
        wait_for("it has begun", lambda: effect.lines)
        cluster.postgres.stop("fast")
        (cluster.folder / "gone").touch()
        wait_for("it ends", lambda: "ended 0" in effect.lines)
        wait_for("the result is on disk", lambda: any(
            b'"kind":"result"' in file.read_bytes() for file in (cluster.folder / "work" / "spool").glob("*/*.records")), 20)
        worker.kill()
        # Half a record at the end, as a crash leaves it.
        last = max((cluster.folder / "work" / "spool").glob("*/*.records"))
        last.write_bytes(last.read_bytes() + last.read_bytes()[:20])
        cluster.postgres.start()
        after = cluster.start("worker")
        effect.succeeds_at_once()
        lines = f"from sluice.logs where execution_id = '{effect.execution}' and message in ('before', 'after')"
        assert cluster.sql(f"select string_agg(message, ' ' order by seq) {lines}") == "before after"
        wait_for("it says so", lambda: "spool.told" in after.log.read_text() and "spool.record_torn" in after.log.read_text())
        nothing_is_left(cluster)


@contextlib.contextmanager
def small_disk(folder):
    """A disk of a mebibyte where that is possible, else only a folder."""
    folder.mkdir()
    mounted = os.getuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder],
                                                  capture_output=True, check=False).returncode == 0
    try:
        yield folder
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", folder], check=False)


def a_full_spool_and_a_full_disk_lose_no_line(binary):
    lines = 40000  # more than memory and spool take
    with Cluster(binary) as cluster, small_disk(cluster.folder / "disk") as disk:
        cluster.web()
        cluster.start("executor")
        worker = cluster.start("worker", SLUICE_WORKER_SPOOL_MIB="1", SLUICE_WORKER_FOLDER=str(disk))
        gone = cluster.folder / "gone"
        effect = Effect(cluster, "effect", f"while [ ! -e {gone} ]; do sleep 0.05; done; seq {lines}")
        wait_for("it has begun", lambda: effect.lines)
        cluster.postgres.stop("fast")
        gone.touch()
        wait_for("the spool is full", lambda: "spool.full" in worker.log.read_text(), 20)
        cluster.postgres.start()
        effect.succeeds_at_once()
        told = f"from sluice.logs where execution_id = '{effect.execution}' and message ~ '^[0-9]+$'"
        assert cluster.sql(f"select count(*), count(distinct message) {told}") == f"{lines}|{lines}"
        assert cluster.sql(f"select bool_and(message::int > before) from (select message, lag(message::int, 1, 0) "
                           f"over (order by seq) as before {told}) l") == "t"
        assert worker.child.poll() is None


def a_worker_that_stops_gives_its_poll_to_another(binary):
    """Its own lease would not be over for a long time."""
    asked, answer = [], threading.Event()

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            if len(asked) == 1:
                answer.wait(60)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    try:
        with Cluster(binary) as cluster:
            cluster.environment |= {"SLUICE_LIVENESS_LEASE": "PT10M", "SLUICE_SHUTDOWN_GRACE": "PT60S"}
            cluster.web()
            for role in ("executor", "scheduler"):
                cluster.start(role)
            first = cluster.start("worker")
            long = Effect(cluster, "long", f"while [ ! -e {cluster.folder / 'end'} ]; do sleep 0.05; done")
            cluster.save(f"""
id: polled
namespace: test
tasks: [{{id: log, type: core.log.Log, message: "{{{{ trigger.code }}}}"}}]
triggers: [{{id: site, type: core.http.Trigger, uri: "http://127.0.0.1:{site.server_port}/", interval: PT1H}}]
""")
            wait_for("somebody asks", lambda: asked and long.lines)
            first.send(signal.SIGTERM)  # the long task keeps it for its grace
            cluster.start("worker")
            wait_for("the other one asks", lambda: len(asked) == 2, 20)
            assert first.child.poll() is None, "it left before its task had ended"
            cluster.wait_for_sql("select count(*) from sluice.executions where flow_id = 'polled' and state = 'SUCCESS'", "1", 20)
            (cluster.folder / "end").touch()
            long.succeeds_at_once()
    finally:
        answer.set()
        site.shutdown()


TESTS = [tasks_outlive_a_database_that_is_away_for_longer_than_a_lease,
         a_killed_workers_spool_is_told_by_the_next_one_on_its_folder, a_full_spool_and_a_full_disk_lose_no_line,
         a_worker_that_stops_gives_its_poll_to_another]
