"""One ordeal: a load, faults while it goes on, quiet, and the verdict."""
import itertools
import random
import time

import load
from checker import check
from faults import FAULTS, NOT_YET, one_of_each_first
from figures import show
from history import Record
from rig_cluster import RigCluster

UNFINISHED = "select count(*) from sluice.executions where ended_at is null"
QUEUED = "select (select count(*) from sluice.execution_events) + (select count(*) from sluice.jobs) + " \
         "(select count(*) from sluice.claims) + (select count(*) from sluice.timers)"
SECONDS_A_FAULT = 3.5  # about, with its pause; for the pace of the load only


def comes_true(what, condition, seconds):
    """Whether it does; that it doesn't is for the checker to judge."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    print(f"  not within {seconds:g} s: {what}", flush=True)
    return False


def wait_until_quiet(cluster, record, patience):
    record.fires_until = float(int(time.time()))
    comes_true("every date until now fires", lambda: cluster.asked(
        f"select max(scheduled_at) >= to_timestamp({record.fires_until}) from sluice.fires") == "t", patience)
    cluster.update(load.tick(cluster.effects, disabled=True))
    comes_true("every execution ends, and no queue holds anything",
               lambda: cluster.asked(UNFINISHED) == "0" and cluster.asked(QUEUED) == "0", patience)


def usable_faults(cluster, names=None):
    has = {"": True, "hosts": bool(cluster.hosts), "standby": cluster.standby is not None}
    left_out = [one.name for one in FAULTS if not has[one.needs]]
    if left_out:
        print(f"  left out, because they are not possible here: {', '.join(left_out)}", flush=True)
    return [one for one in FAULTS if has[one.needs] and (one.name in names if names else one.name not in NOT_YET)]


def undergo(binary, faults, executions, seed, soak_minutes=0, only=None, patience=240, verbose=False):
    """Returns the record and the findings."""
    record = Record()
    seconds = soak_minutes * 60 or faults * SECONDS_A_FAULT
    with RigCluster(binary, record.ended_by_themselves) as cluster:
        for source in load.flows(cluster.effects):
            cluster.save(source)
        clients = load.Load(cluster, record, seed, executions, seconds)
        clients.start()
        plan = one_of_each_first(seed, usable_faults(cluster, only))
        end = time.monotonic() + seconds
        try:
            for number, planned in enumerate(plan if soak_minutes else itertools.islice(plan, faults), 1):
                if soak_minutes and time.monotonic() > end:
                    break
                time.sleep(planned.pause)
                blow = planned.fault.strike(cluster, random.Random(planned.seed))
                record.faults.append(blow)
                if verbose:
                    print(f"  {number}: {blow.fault} {blow.victim}, {len(record.acknowledged)} acknowledged", flush=True)
            comes_true(f"{executions} executions are acknowledged", clients.has_enough, patience + executions / 20)
        finally:
            clients.stop()
        wait_until_quiet(cluster, record, patience)
        record.collect(cluster.postgres, cluster.effects)
        findings = check(record)
        if findings and verbose:
            keep_logs(cluster)
    show(record)
    print(f"  {len(record.faults)} faults, {len(findings)} findings", flush=True)
    for one in findings[:40]:
        print(f"  FOUND {one}", flush=True)
    return record, findings


def keep_logs(cluster):
    import shutil
    import tempfile
    folder = tempfile.mkdtemp(prefix="sluice-rig-logs-")
    for one in cluster.processes:
        shutil.copy(one.log, folder)
    print(f"  logs are in {folder}", flush=True)
