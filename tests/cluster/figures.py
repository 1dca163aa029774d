"""How long it took, of the history: a figure for each kind of fault."""
from bisect import bisect_right
from collections import Counter
from datetime import datetime

from checker import attempts_of


def seconds_of(date):
    return datetime.fromisoformat(date.replace("Z", "+00:00")).timestamp()


def after(times, moment):
    """When the first of the sorted times after `moment` was."""
    place = bisect_right(times, moment)
    return times[place] if place < len(times) else None


def decided(record):
    return sorted(row["decided_at"] for row in record.tables["fires"])


# Each gives (from, to), a pair of moments for each time that it was met.

def worker_killed_to_task_runs_again(record):
    killed = {}
    for row in record.tables["services"]:
        for blow in record.faults:
            if blow.pid == row["pid"] and blow.fault == "kill worker":
                killed[row["service_id"]] = blow.at
    for row in record.tables["task_runs"]:
        attempts = attempts_of(row)
        for one, following in zip(attempts, attempts[1:]):
            again = seconds_of(following["startedAt"])
            # Earlier than the kill: the same process had lost this one before, by another fault.
            if one.get("reason") == "worker lost" and again > killed.get(one.get("worker"), again):
                yield killed[one["worker"]], again


def leader_gone_to_next_fire(record, fault):
    fired = decided(record)
    for blow in record.faults:
        if blow.fault.startswith(fault) and (blow.led or fault == "leader stands still"):
            yield blow.at, after(fired, blow.at)


def database_back_to_all_moving(record, fault):
    ended = sorted(row["ended_at"] for row in record.tables["executions"] if row["ended_at"])
    worked = sorted(row["started_at"] for row in record.tables["task_runs"] if row["worker_id"] and row["started_at"])
    fired = decided(record)
    for blow in record.faults:
        if blow.fault.startswith(fault):
            times = [after(one, blow.back_at) for one in (fired, ended, worked)]
            yield blow.back_at, None if None in times else max(times)


FIGURES = [
    ("worker killed, its task runs again", worker_killed_to_task_runs_again, ()),
    ("leader killed, next fire", leader_gone_to_next_fire, ("kill",)),
    ("leader's host cut off, next fire", leader_gone_to_next_fire, ("host cut off",)),
    ("leader stands still, next fire", leader_gone_to_next_fire, ("leader stands still",)),
    ("database restarted and back, all moving", database_back_to_all_moving, ("database",)),
    ("failover done, all moving", database_back_to_all_moving, ("failover",)),
    ("all sessions ended, all moving", database_back_to_all_moving, ("end all sessions",)),
]


def is_alone(record, begin, end):
    """Whether only the fault that is measured struck in that time."""
    return sum(blow.at <= end and max(blow.at, blow.back_at) >= begin for blow in record.faults) <= 1


def summary(record, what, pairs):
    met = [(end - begin, is_alone(record, begin, end)) for begin, end in pairs if end is not None]
    if not met:
        return f"  {what}: not met"
    times = sorted(one for one, _ in met)
    alone = [one for one, is_so in met if is_so]
    return f"  {what}: {len(times)} times, half within {times[len(times) // 2]:.1f} s, all within {times[-1]:.1f} s" + (
        f"; without another fault meanwhile {len(alone)} times, all within {max(alone):.1f} s" if alone else "")


def show(record):
    tables = record.tables
    failed = sum(row["state"] == "FAILED" for row in tables["executions"])
    print(f"  {len(tables['executions'])} executions, {failed} of them failed, {len(record.acknowledged)} acknowledged to clients, "
          f"{record.unanswered} asked for without an answer, {len(tables['fires'])} dates, {len(record.effects)} effects, "
          f"{len(record.told)} seen ended by clients, {len(tables['refused_results'])} refused results, "
          f"{sum(row['state'] == 'DEAD' for row in tables['services'])} services declared dead")
    print("  faults: " + ", ".join(f"{count} {name}" for name, count in sorted(Counter(
        blow.fault for blow in record.faults).items())))
    for what, of, arguments in FIGURES:
        print(summary(record, what, of(record, *arguments)), flush=True)
