"""Judges a history of the fault rig. Each check gives findings: sentences that say what is wrong, with its ids.

It knows the flows of load.py and nothing of Sluice's code: what may follow what is written down here once more.
"""
from collections import Counter, defaultdict

from load import RETRIES, SAYS_ONE_LINE, TASK_RUNS

OVER = {"SUCCESS", "WARNING", "FAILED", "KILLED", "CANCELLED", "RETRIED"}
EXECUTION_MOVES = {"CREATED": {"RUNNING"}, "RUNNING": {"SUCCESS", "FAILED", "RETRYING"},
                   "RETRYING": {"RUNNING", "SUCCESS"}}
TASK_RUN_MOVES = {"CREATED": {"RUNNING"}, "RUNNING": {"SUCCESS", "FAILED", "RETRYING", "CREATED"},
                  "RETRYING": {"CREATED"}}
LOST = {"worker lost", "worker stopped"}
GIVEN_BACK = {"worker without database", "worker did not begin it"}  # by one that lives


def check(record):
    out = []
    for one in CHECKS:
        out += one(record)
    return out


def nothing_acknowledged_is_lost(record):
    there = {row["id"]: row for row in record.tables["executions"]}
    for id, flow in record.acknowledged.items():
        if id not in there:
            yield f"execution {id} of {flow} was acknowledged and is not there"
    for id, state in record.told.items():
        if id in there and there[id]["state"] != state:
            yield f"a client was told that execution {id} is {state}, and it is {there[id]['state']}"


def nobody_starts_what_was_not_asked_for(record):
    fired = {row["execution_id"] for row in record.tables["fires"]}
    unasked = [row["id"] for row in record.tables["executions"]
               if row["id"] not in record.acknowledged and row["id"] not in fired and not row["caller_id"]]
    if len(unasked) > record.unanswered:
        yield f"{len(unasked)} executions were not acknowledged, but only {record.unanswered} requests stayed without answer: " \
              f"{', '.join(unasked[:5])}"


def failed_on_a_full_disk(record):
    """The task runs that had a reason to fail: the disk of their worker was full while they ran."""
    full = [blow for blow in record.faults if blow.fault == "disk full"]
    pids = {row["service_id"]: row["pid"] for row in record.tables["services"]}
    return {row["id"]: row["execution_id"] for row in record.tables["task_runs"] if row["state"] == "FAILED" and any(
        pids.get(row["worker_id"]) in blow.pids and row["started_at"] < blow.back_at and row["ended_at"] > blow.at
        for blow in full)}


def every_execution_ends_well(record):
    excused = set(failed_on_a_full_disk(record).values())
    for row in record.tables["executions"]:
        if row["state"] not in OVER:
            yield f"execution {row['id']} of {row['flow_id']} does not end: it is {row['state']}; why: {row['why']}"
        elif row["state"] != "SUCCESS" and not (row["state"] == "FAILED" and row["id"] in excused):
            yield f"execution {row['id']} of {row['flow_id']} ended as {row['state']}, and can only succeed"


def _illegal(what, row, moves):
    states = [one["state"] for one in row["states"]]
    for before, after in zip(states, states[1:]):
        if before == after:
            yield f"{what} {row['id']} became {after} twice: {' '.join(states)}"
        elif after not in moves.get(before, ()):
            yield f"{what} {row['id']} went from {before} to {after}: {' '.join(states)}"
    dates = [one["date"][:23] for one in row["states"]]
    if dates != sorted(dates):
        yield f"{what} {row['id']} went back in time: {' '.join(dates)}"


def every_move_is_legal_and_happens_once(record):
    for row in record.tables["executions"]:
        yield from _illegal("execution", row, EXECUTION_MOVES)
    for row in record.tables["task_runs"]:
        yield from _illegal("task run", row, TASK_RUN_MOVES)


def every_task_runs_once(record):
    runs = defaultdict(list)
    excused = failed_on_a_full_disk(record)
    for row in record.tables["task_runs"]:
        runs[row["execution_id"]].append(row)
        if row["state"] != "SUCCESS" and row["id"] not in excused:
            yield f"task run {row['id']} ({row['task_id']}) of execution {row['execution_id']} is {row['state']} at the end"
    for execution in record.tables["executions"]:
        if execution["state"] != "SUCCESS":
            continue
        mine = runs[execution["id"]]
        if len(mine) != TASK_RUNS[execution["flow_id"]]:
            yield f"execution {execution['id']} of {execution['flow_id']} has {len(mine)} task runs, and should have " \
                  f"{TASK_RUNS[execution['flow_id']]}"
        for place, count in Counter((row["parent_id"], row["task_id"], row["value"], row["iteration"]) for row in mine).items():
            if count > 1:
                yield f"execution {execution['id']} ran task {place[1]} {count} times at the same place"


def every_log_line_is_written_once(record):
    lines = Counter()
    for row in record.tables["lines"]:
        lines[row["task_run_id"]] += int(row["count"])
    for row in record.tables["task_runs"]:
        if (row["flow_id"], row["task_id"]) in SAYS_ONE_LINE and row["state"] == "SUCCESS" and lines[row["id"]] != 1:
            yield f"task run {row['id']} ({row['task_id']}) of execution {row['execution_id']} wrote {lines[row['id']]} lines " \
                  "instead of 1"


def every_subflow_starts_one_child(record):
    children = Counter(row["caller_task_run_id"] for row in record.tables["executions"] if row["caller_id"])
    for row in record.tables["task_runs"]:
        if (row["flow_id"], row["task_id"]) == ("parent", "child") and children[row["id"]] != 1:
            yield f"task run {row['id']} of execution {row['execution_id']} started {children[row['id']]} executions instead of 1"


def attempts_of(row):
    if row["attempts"]:
        return row["attempts"]
    return [{"state": row["state"], "worker": row["worker_id"]}]


def more_attempts_only_after_a_lost_worker(record):
    services = {row["service_id"]: row for row in record.tables["services"]}
    for row in record.tables["task_runs"]:
        attempts = attempts_of(row)
        for number, one in enumerate(attempts[:-1]):
            where = f"attempt {number} of task run {row['id']} ({row['task_id']})"
            if one.get("reason") in LOST:
                service = services.get(one.get("worker"))
                if not service or service["state"] not in ("DEAD", "STOPPED"):
                    yield f"{where} says '{one['reason']}', but its worker {one.get('worker')} is " \
                          f"{service['state'] if service else 'unknown'}"
            elif one.get("reason") not in GIVEN_BACK and (row["flow_id"], row["task_id"]) not in RETRIES:
                yield f"{where} was followed by another one, and no worker was lost: {one}"
        if (row["flow_id"], row["task_id"]) in RETRIES and len(attempts) != 2:
            yield f"task run {row['id']} ({row['task_id']}) had {len(attempts)} attempts instead of 2"
        if row["task_id"] == "effect" and row["state"] in OVER and row["epoch"] != len(attempts):
            yield f"task run {row['id']} was given away {row['epoch']:g} times, and its history has {len(attempts)} attempts"


def every_effect_happens_once_an_attempt(record):
    seen = Counter(record.effects)
    for (execution, run, attempt), count in seen.items():
        if count > 1:
            yield f"attempt {attempt} of task run {run} of execution {execution} took effect {count} times"
    known = {row["id"]: row for row in record.tables["task_runs"] if row["task_id"] == "effect"}
    for execution, run, attempt in seen:
        row = known.get(run)
        if not row:
            yield f"task run {run} of execution {execution} took effect, and is not in the tables"
        elif int(attempt) >= len(attempts_of(row)):
            yield f"attempt {attempt} of task run {run} took effect, and its history has {len(attempts_of(row))} attempts only"


def two_attempts_never_run_at_the_same_time(record):
    began, last = {}, {}
    for run, attempt, at in record.pulses:
        began[run, attempt] = min(at, began.get((run, attempt), at))
        last[run, attempt] = max(at, last.get((run, attempt), at))
    for (run, attempt), at in began.items():
        for before in range(attempt):
            if last.get((run, before), 0) > at:
                yield f"attempt {before} of task run {run} still ran {last[run, before] - at:.1f} s after attempt {attempt} had begun"


def a_result_comes_from_the_last_attempt(record):
    seen = set(record.effects)
    for row in record.tables["task_runs"]:
        if row["task_id"] != "effect" or row["state"] != "SUCCESS":
            continue
        last = len(attempts_of(row)) - 1
        believed = ((row["outputs"] or {}).get("vars") or {}).get("attempt")
        if str(believed) != str(last):
            yield f"task run {row['id']} of execution {row['execution_id']} believed attempt {believed}, and its last one was {last}"
        if (row["execution_id"], row["id"], str(last)) not in seen:
            yield f"attempt {last} of task run {row['id']} of execution {row['execution_id']} succeeded without its effect"
    epochs = {row["id"]: row["epoch"] for row in record.tables["task_runs"]}
    for row in record.tables["refused_results"]:
        if row["epoch"] > epochs.get(row["task_run_id"], 0):
            yield f"a result of epoch {row['epoch']:g} of task run {row['task_run_id']} was refused, and it has had " \
                  f"{epochs.get(row['task_run_id'], 0):g} only"


def every_date_fires_once(record):
    fires = record.tables["fires"]
    dates = Counter(row["scheduled_at"] for row in fires)
    for date, count in dates.items():
        if count > 1:
            yield f"the date {date:.0f} fired {count} times"
    if dates and record.fires_until:
        for date in range(int(min(dates)), int(record.fires_until) + 1):
            if date not in dates:
                yield f"the date {date} is missing"
    elif record.fires_until:
        yield "no date fired at all"
    there = {row["id"]: row for row in record.tables["executions"]}
    for row in fires:
        if row["fate"] not in ("FIRED", "RECOVERED"):
            yield f"the date {row['scheduled_at']:.0f} is {row['fate']}: {row['reason']}"
        elif row["execution_id"] not in there:
            yield f"the date {row['scheduled_at']:.0f} fired execution {row['execution_id']}, which is not there"
        elif there[row["execution_id"]]["trigger_date"] != row["scheduled_at"]:
            yield f"execution {row['execution_id']} was fired for {row['scheduled_at']:.0f}, and says " \
                  f"{there[row['execution_id']]['trigger_date']:.0f}"
    owners = Counter(row["execution_id"] for row in fires if row["execution_id"])
    for id, count in owners.items():
        if count > 1:
            yield f"execution {id} belongs to {count} dates"
    for row in record.tables["executions"]:
        if row["trigger_id"] and not row["caller_id"] and row["id"] not in owners:
            yield f"execution {row['id']} was fired by {row['trigger_id']}, and no date has it: a second one for the same date?"


def a_leader_decides_nothing_after_its_successor(record):
    newest = 0
    for row in sorted(record.tables["fires"], key=lambda one: one["decided_at"]):
        if row["epoch"] < newest:
            yield f"the date {row['scheduled_at']:.0f} was decided by the leader of epoch {row['epoch']:.0f}, after one of epoch " \
                  f"{newest:.0f}"
        newest = max(newest, row["epoch"])


# With what happens to schedulers, what keeps somebody else from following a leader.
OF_THE_DATABASE = ("database", "failover", "end all sessions")
LONGEST_UNTIL_FOLLOWED = 15  # seconds in which somebody else could


def longest_without(blows, begin, end):
    """The longest stretch, in seconds, between `begin` and `end` in which none of these faults lasted."""
    longest, free_from = 0, begin
    for blow in sorted(blows, key=lambda one: one.at):
        longest = max(longest, min(blow.at, end) - free_from)
        free_from = max(free_from, blow.back_at, blow.at)
    return max(longest, end - free_from)


def a_leader_that_stands_still_is_followed(record):
    decided = sorted(row["decided_at"] for row in record.tables["fires"])
    for blow in record.faults:
        if blow.fault != "leader stands still" or any(blow.at + 1 < one < blow.back_at for one in decided):
            continue
        others = [one for one in record.faults if one is not blow
                  and (one.victim.startswith("scheduler") or one.fault.startswith(OF_THE_DATABASE))
                  and one.at < blow.back_at and max(one.at, one.back_at) > blow.at]
        if longest_without(others, blow.at, blow.back_at) > LONGEST_UNTIL_FOLLOWED:
            yield f"no date fired while the leader, {blow.victim}, stood still for {blow.back_at - blow.at:.0f} s"


def nothing_is_left_over(record):
    for row in record.tables["parked_events"]:
        yield f"parked: {row}"
    for table in ("execution_events", "jobs", "claims", "timers", "queued_executions", "concurrency_slots"):
        for row in record.tables[table]:
            yield f"left over in {table}: {row}"


def nobody_ended_by_itself(record):
    yield from record.ended_by_themselves


CHECKS = [
    nothing_acknowledged_is_lost, nobody_starts_what_was_not_asked_for, every_execution_ends_well,
    every_move_is_legal_and_happens_once, every_task_runs_once, every_log_line_is_written_once,
    every_subflow_starts_one_child, more_attempts_only_after_a_lost_worker, every_effect_happens_once_an_attempt,
    two_attempts_never_run_at_the_same_time, a_result_comes_from_the_last_attempt, every_date_fires_once,
    a_leader_decides_nothing_after_its_successor, a_leader_that_stands_still_is_followed, nothing_is_left_over,
    nobody_ended_by_itself,
]
