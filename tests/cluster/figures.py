"""How long it took, of the history: a figure for each kind of fault."""
from bisect import bisect_right
from collections import Counter
from datetime import datetime

from checker import attempts_of


def seconds_of(date):
    return datetime.fromisoformat(date.replace("Z", "+00:00")).timestamp()


def after(times, moment):
    """How long after `moment` the first of the sorted times came."""
    place = bisect_right(times, moment)
    return times[place] - moment if place < len(times) else None


def worker_killed_to_task_runs_again(record):
    killed = {}
    for row in record.tables["services"]:
        for blow in record.faults:
            if blow.pid == row["pid"] and blow.fault == "kill worker":
                killed[row["service_id"]] = blow.at
    for row in record.tables["task_runs"]:
        attempts = attempts_of(row)
        for one, following in zip(attempts, attempts[1:]):
            if one.get("reason") == "worker lost" and one.get("worker") in killed:
                yield seconds_of(following["startedAt"]) - killed[one["worker"]]


def leader_killed_to_next_fire(record, cut_off=False):
    fired = sorted(row["decided_at"] for row in record.tables["fires"])
    for blow in record.faults:
        if blow.led and blow.fault.startswith("host cut off") == cut_off:
            yield after(fired, blow.at)


def database_back_to_all_moving(record, faults):
    fired = sorted(row["decided_at"] for row in record.tables["fires"])
    ended = sorted(row["ended_at"] for row in record.tables["executions"] if row["ended_at"])
    worked = sorted(row["started_at"] for row in record.tables["task_runs"] if row["worker_id"] and row["started_at"])
    for blow in record.faults:
        if blow.fault in faults:
            times = [after(one, blow.back_at) for one in (fired, ended, worked)]
            yield max(times) if None not in times else None


def summary(what, times):
    times = list(times)
    known = sorted(one for one in times if one is not None)
    if not known:
        return f"  {what}: not met"
    return f"  {what}: {len(known)} times, half within {known[len(known) // 2]:.1f} s, all within {known[-1]:.1f} s"


def show(record):
    tables = record.tables
    failed = sum(row["state"] == "FAILED" for row in tables["executions"])
    print(f"  {len(tables['executions'])} executions, {failed} of them failed, {len(record.acknowledged)} acknowledged to clients, "
          f"{record.unanswered} asked for without an answer, {len(tables['fires'])} dates, {len(record.effects)} effects, "
          f"{len(record.told)} seen ended by clients, {len(tables['refused_results'])} refused results, "
          f"{sum(row['state'] == 'DEAD' for row in tables['services'])} services declared dead")
    print("  faults: " + ", ".join(f"{count} {name}" for name, count in sorted(Counter(
        blow.fault for blow in record.faults).items())))
    print(summary("worker killed, its task runs again", worker_killed_to_task_runs_again(record)))
    print(summary("leader killed, next fire", leader_killed_to_next_fire(record)))
    print(summary("leader's host cut off, next fire", leader_killed_to_next_fire(record, cut_off=True)))
    print(summary("leader stands still, next fire", (
        after(sorted(row["decided_at"] for row in tables["fires"]), blow.at)
        for blow in record.faults if blow.fault == "leader stands still")))
    print(summary("database restarted and back, all moving", database_back_to_all_moving(
        record, ("database immediate restart", "database fast restart"))))
    print(summary("failover done, all moving", database_back_to_all_moving(record, ("failover",))))
    print(summary("all sessions ended, all moving", database_back_to_all_moving(record, ("end all sessions",))), flush=True)
