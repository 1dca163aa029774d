"""Kills at named instructions (src/base/probe.h): after each the rest goes on by itself, and everything is done once."""
import http.client
import os
import signal
import subprocess
import threading
import urllib.error

from away import QUICK
from cluster import Cluster, free_port, wait_for

# What its processes wait for, in one flow: events, a timer, jobs with an effect in the world.
LOAD = """
id: load
namespace: test
tasks:
  - {id: light, type: core.debug.Return, format: "{{ execution.id }}"}
  - {id: nap, type: core.flow.Pause, pauseDuration: PT0.2S}
  - id: effect
    type: io.kestra.plugin.scripts.shell.Commands
    taskRunner: {type: io.kestra.plugin.core.runner.Process}
    commands: ["echo {{ execution.id }} {{ taskrun.attemptsCount }} >> %s"]
  - {id: after, type: core.log.Log, message: done}
"""

SLOW = """
id: slow
namespace: test
tasks:
  - id: effect
    type: io.kestra.plugin.scripts.shell.Commands
    taskRunner: {type: io.kestra.plugin.core.runner.Process}
    commands: ["while [ -e %s ]; do sleep 0.05; done; echo {{ execution.id }} {{ taskrun.attemptsCount }} >> %s"]
"""

TICK = """
id: tick
namespace: test
tasks: [{id: log, type: core.log.Log, message: "{{ trigger.date }}"}]
triggers: [{id: each_second, type: core.trigger.Schedule, withSeconds: true, cron: "* * * * * *", allowConcurrent: true}]
"""

# An operation on what is over: the web server that carries it out may die in the middle.
LABEL_MANY = """select sluice.start_operation('executions', 'labels', array(select id from sluice.executions
    where ended_at is not null limit 5), '{"labels": [{"key": "seen", "value": "yes"}]}')"""
UNFINISHED = "select count(*) from sluice.executions where ended_at is null and flow_id = 'load'"


def names(binary):
    """All that there are, as the refusal of an unknown one tells them."""
    told = subprocess.run([binary, "config", "show"], env=dict(os.environ, SLUICE_PROBE="?"), capture_output=True, text=True)
    assert told.returncode != 0 and "one of: " in told.stderr, told
    return told.stderr.split("one of: ")[1].split()


class Place:
    """A role that is always filled; its process dies at a probe now and then."""

    def __init__(self, cluster, role):
        self.cluster, self.role = cluster, role
        self.arguments = ("--port", str(cluster.port)) if role == "webserver" else ()
        self.process = cluster.start(role, *self.arguments)

    def begin_with(self, probe):
        self.process.kill()
        self.process = self.cluster.start(self.role, *self.arguments, SLUICE_PROBE=f"{probe}:kill")
        return self

    def has_died(self):
        return self.process.child.poll() is not None

    def begin_again(self):
        assert self.process.child.returncode == -signal.SIGKILL, self.process.log.read_text()[-2000:]
        self.process = self.cluster.start(self.role, *self.arguments)


def every_probe_may_kill(binary):
    by_role = {}
    for name in names(binary):
        by_role.setdefault(name.split(".")[0], []).append(name)
    reapers, migrations = by_role.pop("reaper"), by_role.pop("migration")
    by_role["worker"].remove("worker.after_spool")  # met only while the database is away
    with Cluster(binary) as cluster:
        die_in_a_migration(cluster, migrations)
        cluster.environment |= QUICK
        cluster.port = free_port()
        places = {role: Place(cluster, role) for role in by_role}
        cluster.wait_for_ping(places["webserver"].process)
        effects = cluster.folder / "effects"
        effects.touch()
        effects.chmod(0o666)
        for source in (LOAD % effects, SLOW % (cluster.folder / "hold", effects), TICK):
            cluster.save(source)
        for turn in range(max(map(len, by_role.values()))):
            hit = [places[role].begin_with(probes[turn]) for role, probes in by_role.items() if turn < len(probes)]
            with Asking(cluster):
                wait_for(f"all die at probe {turn}", lambda: all_have_died(hit), 60)
        cluster.wait_for_sql(UNFINISHED, "0")
        die_as_a_reaper(cluster, places, reapers)
        cluster.sql("update sluice.triggers set disabled = true")
        all_is_done_once(cluster, effects)


def all_have_died(places):
    """Who has is followed at once: the others wait for what it does."""
    for one in [one for one in places if one.has_died()]:
        one.begin_again()
        places.remove(one)
    return not places


class Asking:
    """Asks for executions, in both ways, until its end. A client that gets no answer does not ask again."""

    def __init__(self, cluster):
        self.cluster, self.stop = cluster, threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self):
        while not self.stop.wait(0.2):
            if int(self.cluster.sql(UNFINISHED)) > 10:
                continue  # the next place to die waits for no backlog
            self.cluster.sql("select sluice.start_execution('test', 'load')")
            self.cluster.sql(LABEL_MANY)
            try:
                self.cluster.run("load")
            except (OSError, http.client.HTTPException, urllib.error.URLError, AssertionError):
                pass

    def __enter__(self):
        self.thread.start()

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


def die_in_a_migration(cluster, probes):
    for number, probe in enumerate(probes):
        cluster.sql(f"create database migrated_{number}")
        environment = dict(cluster.environment,
                           SLUICE_DATABASE_URL=f"{cluster.postgres.url.rsplit('/', 1)[0]}/migrated_{number}")
        command = [cluster.binary, "migrate"]
        killed = subprocess.run(command, env=dict(environment, SLUICE_PROBE=f"{probe}:kill"), capture_output=True)
        assert killed.returncode == -signal.SIGKILL, killed
        again = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert again.returncode == 0, again.stderr
        tables = "select count(*) from information_schema.tables where table_schema = 'sluice'"
        assert cluster.postgres.sql(tables, database=f"migrated_{number}") == cluster.sql(tables)


def die_as_a_reaper(cluster, places, probes):
    """Only the one that is to die may find the dead worker; then there is nobody else to do it either."""
    for probe in probes:
        (cluster.folder / "hold").touch()
        slow = cluster.sql("select sluice.start_execution('test', 'slow')")
        cluster.wait_for_sql(f"select count(*) from sluice.claims where execution_id = '{slow}'", "1")
        for place in places.values():
            place.process.kill()
        (cluster.folder / "hold").unlink()
        victim = places["executor"].begin_with(probe)
        wait_for(f"it dies at {probe}", victim.has_died, 30)
        for place in places.values():
            place.begin_again()
        cluster.wait_for_ping(places["webserver"].process)


def all_is_done_once(cluster, effects):
    cluster.wait_for_sql("select count(*) from sluice.executions where ended_at is null", "0", 60)
    cluster.wait_for_sql("select count(*) from sluice.operations where state <> 'DONE'", "0", 60)
    assert cluster.sql("select count(*) from sluice.operations where done + failed <> total") == "0"
    cluster.wait_for_sql("select (select count(*) from sluice.claims) + (select count(*) from sluice.jobs) + "
                         "(select count(*) from sluice.execution_events) + (select count(*) from sluice.timers)", "0")
    assert cluster.sql("select string_agg(distinct state, ' ') from sluice.executions") == "SUCCESS"
    assert cluster.sql("select string_agg(finding, E'\\n') from sluice.invariants()") == ""
    assert cluster.sql("select count(*) from sluice.parked_events") == "0"
    assert cluster.sql("select coalesce(sum(repaired), 0) from sluice.repairs") == "0"
    assert cluster.sql("select count(*) = count(distinct scheduled_at) and count(*) = count(distinct execution_id) "
                       "from sluice.fires where fate in ('FIRED', 'RECOVERED')") == "t"
    # Each attempt that the world saw is one that is on record: of all but the last the worker was lost.
    seen = sorted(effects.read_text().splitlines())
    assert len(seen) == len(set(seen)), "an attempt ran twice"
    attempts = dict(line.split("|") for line in cluster.sql(
        "select execution_id, coalesce(jsonb_array_length(attempts), 1) from sluice.task_runs where task_id = 'effect'"
    ).splitlines())
    for line in seen:
        execution, attempt = line.split()
        assert int(attempt) < int(attempts[execution]), line
    assert {line.split()[0] for line in seen} == set(attempts)


TESTS = [every_probe_may_kill]
