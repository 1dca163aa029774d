"""One ordeal: a load, faults while it goes on, quiet, and the verdict."""
import itertools
import random
import shutil
import tempfile
import threading
import time

import load
from checker import check
from cluster import comes_true
from faults import FAULTS, NOT_YET, one_of_each_first
from figures import show
from history import Record
from rig_cluster import RigCluster

UNFINISHED = "select count(*) from sluice.executions where ended_at is null"
QUEUED = "select (select count(*) from sluice.execution_events) + (select count(*) from sluice.jobs) + " \
         "(select count(*) from sluice.claims) + (select count(*) from sluice.timers)"
SECONDS_A_FAULT = 3.5  # about, with its pause; for the pace of the load only


def wait_until_quiet(cluster, record, patience):
    record.fires_until = float(int(time.time()))
    comes_true("every date until now fires", lambda: cluster.asked(
        f"select max(scheduled_at) >= to_timestamp({record.fires_until}) from sluice.fires") == "t", patience)
    cluster.update(load.tick(cluster.effects, disabled=True))
    comes_true("every execution ends, and no queue holds anything",
               lambda: cluster.asked(UNFINISHED) == "0" and cluster.asked(QUEUED) == "0", patience)


def usable_faults(cluster, names=None):
    has = {"": True, "hosts": bool(cluster.hosts), "netem": bool(cluster.hosts) and cluster.hosts[0].can_delay(), "standby": cluster.standby is not None,
           "clocks": cluster.clock_library is not None}
    left_out = [one.name for one in FAULTS if not has[one.needs]]
    if left_out:
        print(f"  left out, because they are not possible here: {', '.join(left_out)}", flush=True)
    if names:
        assert names <= {one.name for one in FAULTS}, f"no such faults: {names - {one.name for one in FAULTS}}"
    return [one for one in FAULTS if has[one.needs] and (one.name in names if names else one.name not in NOT_YET)]


class Strikers:
    """They share one plan, so that with two of them faults overlap."""

    def __init__(self, cluster, record, plan, count, verbose):
        self.cluster, self.record, self.plan, self.verbose = cluster, record, plan, verbose
        self.guard = threading.Lock()
        self.failures = []
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(count)]

    def run(self):
        for one in self.threads:
            one.start()
        for one in self.threads:
            one.join()
        if self.failures:
            raise self.failures[0]

    def _next(self):
        with self.guard:
            return None if self.failures else next(self.plan, None)

    def _run(self):
        try:
            while planned := self._next():
                time.sleep(planned.pause)
                blow = planned.fault.strike(self.cluster, random.Random(planned.seed))
                with self.guard:
                    self.record.faults.append(blow)
                if self.verbose:
                    print(f"  {len(self.record.faults)}: {blow.fault} {blow.victim}, "
                          f"{len(self.record.acknowledged)} acknowledged", flush=True)
        except Exception as failed:  # noqa: BLE001: told by run()
            self.failures.append(failed)


def limited(plan, faults, seconds):
    """So many of them, or those until the time is over."""
    if not seconds:
        return itertools.islice(plan, faults)
    end = time.monotonic() + seconds
    return itertools.takewhile(lambda _: time.monotonic() < end, plan)


def undergo(binary, faults, executions, seed, soak_minutes=0, strikers=1, only=None, patience=240, verbose=False):
    """Returns the record and the findings."""
    record = Record()
    with RigCluster(binary, record.ended_by_themselves) as cluster:
        for source in load.flows(cluster.effects):
            cluster.save(source)
        clients = load.Load(cluster, record, seed, executions, soak_minutes * 60 or faults * SECONDS_A_FAULT / strikers)
        clients.start()
        plan = limited(one_of_each_first(seed, usable_faults(cluster, only)), faults, soak_minutes * 60)
        try:
            Strikers(cluster, record, plan, strikers, verbose).run()
            comes_true(f"{executions} executions are acknowledged", clients.has_enough, patience + executions / 20)
        finally:
            clients.stop()
        wait_until_quiet(cluster, record, patience)
        record.collect(cluster.postgres, cluster.effects)
        findings = check(record)
        if findings:
            keep_logs(cluster)
    show(record)
    print(f"  {len(record.faults)} faults, {len(findings)} findings", flush=True)
    for one in findings[:40]:
        print(f"  FOUND {one}", flush=True)
    return record, findings


def keep_logs(cluster):
    folder = tempfile.mkdtemp(prefix="sluice-rig-logs-")
    for one in cluster.processes:
        shutil.copy(one.log, folder)
    print(f"  logs are in {folder}", flush=True)
