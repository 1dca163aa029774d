"""Faults that Sluice does not make, planted into a clean history: the checker must find each, and must find nothing before."""
import copy
import functools
import signal

import load
from checker import attempts_of, check
from cluster import comes_true
from history import Blow, Record
from ordeal import wait_until_quiet
from rig_cluster import RigCluster

EXECUTIONS = 60


@functools.cache
def clean_history(binary):
    """(a clean history, one of the same cluster after the first event of an execution was deleted)"""
    record = Record()
    with RigCluster(binary, record.ended_by_themselves, on_hosts=False, with_standby=False) as cluster:
        for source in load.flows(cluster.effects):
            cluster.save(source)
        clients = load.Load(cluster, record, "planted", EXECUTIONS, 5)
        clients.start()
        comes_true("there are executions", clients.has_enough, 120)
        clients.stop()
        record.asked([cluster.run("long", "rig")], "long", 1)
        wait_until_quiet(cluster, record, 120)
        record.collect(cluster.postgres, cluster.effects)
        for one in cluster.members:
            if one.role == "executor":
                one.process.send(signal.SIGSTOP)
        lost = copy.deepcopy(record)
        id = cluster.sql("select sluice.start_execution('rig', 'ten')")
        lost.acknowledged[id] = "ten"
        cluster.sql(f"delete from sluice.execution_events where execution_id = '{id}'")
        lost.collect(cluster.postgres, cluster.effects)
    findings = check(record)
    assert not findings, findings[:5]
    return record, lost


def must_find(record, *words):
    findings = check(record)
    for one in words:
        found = [finding for finding in findings if one in finding]
        assert found, f"nobody says '{one}': {findings}"
        print(f"    {found[0]}")


def planted(binary):
    record = copy.deepcopy(clean_history(binary)[0])
    return record, record.tables


def first(rows, **values):
    return next(row for row in rows if all(row[name] == value for name, value in values.items()))


def the_checker_finds_a_lost_event(binary):
    must_find(clean_history(binary)[1], "why: NOTHING")


def the_checker_finds_an_acknowledged_execution_that_is_gone(binary):
    record, tables = planted(binary)
    gone = next(iter(record.acknowledged))
    tables["executions"] = [row for row in tables["executions"] if row["id"] != gone]
    must_find(record, f"execution {gone} of {record.acknowledged[gone]} was acknowledged and is not there")


def the_checker_finds_an_execution_that_hangs(binary):
    record, tables = planted(binary)
    row = first(tables["executions"], flow_id="ten")
    row.update(state="RUNNING", ended_at=None, states=row["states"][:-1])
    must_find(record, f"execution {row['id']} of ten does not end")


def the_checker_finds_a_double_transition(binary):
    record, tables = planted(binary)
    row = first(tables["executions"], flow_id="ten")
    row["states"].append(row["states"][-1])
    must_find(record, f"execution {row['id']} became SUCCESS twice")


def the_checker_finds_a_task_that_was_started_twice(binary):
    record, tables = planted(binary)
    row = first(tables["task_runs"], flow_id="ten", task_id="t3")
    tables["task_runs"].append(dict(row, id=row["id"][:-1] + "x"))
    must_find(record, f"execution {row['execution_id']} ran task t3 2 times", "has 11 task runs, and should have 10")


def the_checker_finds_a_double_fire(binary):
    record, tables = planted(binary)
    row = first(tables["executions"], flow_id="tick")
    tables["executions"].append(dict(row, id=row["id"][:-1] + "x"))
    tables["fires"].append(dict(tables["fires"][0], execution_id=row["id"]))
    must_find(record, "fired 2 times", "no date has it", "belongs to 2 dates")


def the_checker_finds_a_state_that_was_told_and_taken_back(binary):
    record, tables = planted(binary)
    row = first(tables["executions"], flow_id="ten")
    record.told[row["id"]] = "FAILED"
    must_find(record, f"a client was told that execution {row['id']} is FAILED, and it is SUCCESS")


def the_checker_finds_a_leader_that_did_not_know_its_successor(binary):
    record, tables = planted(binary)
    max(tables["fires"], key=lambda row: row["decided_at"])["epoch"] -= 1
    must_find(record, "after one of epoch")


def the_checker_finds_a_leader_that_nobody_followed(binary):
    record, tables = planted(binary)
    last = max(row["decided_at"] for row in tables["fires"])
    record.faults.append(Blow("leader stands still", last, "scheduler-5", back_at=last + 25))
    must_find(record, "no date fired while the leader, scheduler-5, stood still for 25 s")


def the_checker_finds_an_execution_of_another_date(binary):
    record, tables = planted(binary)
    first(tables["executions"], flow_id="tick")["trigger_date"] += 1
    must_find(record, "and says")


def the_checker_finds_a_missing_date(binary):
    record, tables = planted(binary)
    gone = sorted(row["scheduled_at"] for row in tables["fires"])[1]
    tables["fires"] = [row for row in tables["fires"] if row["scheduled_at"] != gone]
    must_find(record, f"the date {int(gone)} is missing")


def the_checker_finds_the_accepted_result_of_a_zombie(binary):
    record, tables = planted(binary)
    row = first(tables["task_runs"], flow_id="effect")
    worker = first(tables["services"], service_id=row["worker_id"])
    tables["services"].append(dict(worker, service_id="dead", state="DEAD"))
    row["attempts"] = [{"state": "KILLED", "worker": "dead", "reason": "worker lost"}, attempts_of(row)[0]]
    row["epoch"] = 2
    record.effects.append((row["execution_id"], row["id"], "1"))
    must_find(record, f"task run {row['id']} of execution {row['execution_id']} believed attempt 0, and its last one was 1")
    row["outputs"]["vars"]["attempt"] = "1"
    assert not check(record), "with the result of the new worker all is well"


def the_checker_finds_an_effect_that_happened_twice(binary):
    record, _ = planted(binary)
    record.effects.append(record.effects[0])
    must_find(record, "took effect 2 times")


def the_checker_finds_a_zombie_that_still_runs(binary):
    record, _ = planted(binary)
    run, _, at = record.pulses[0]
    record.pulses.append((run, 1, at + 1))
    must_find(record, f"attempt 0 of task run {run} still ran")


def the_checker_finds_an_attempt_that_nothing_explains(binary):
    record, tables = planted(binary)
    row = first(tables["task_runs"], flow_id="effect")
    row["attempts"] = [dict(attempts_of(row)[0], reason="worker lost"), attempts_of(row)[0]]
    must_find(record, f"its worker {row['worker_id']} is RUNNING", "was given away 1 times, and its history has 2 attempts")


def the_checker_finds_a_line_that_was_written_twice(binary):
    record, tables = planted(binary)
    row = first(tables["lines"], flow_id="ten", task_id="last")
    row["count"] = 2
    must_find(record, f"task run {row['task_run_id']} (last)", "wrote 2 lines instead of 1")


def the_checker_finds_what_is_left_over_or_parked(binary):
    record, tables = planted(binary)
    for table in ("execution_events", "jobs", "claims", "timers", "parked_events"):
        tables[table].append({"execution_id": "x"})
    must_find(record, "parked: ", *(f"left over in {one}" for one in ("execution_events", "jobs", "claims", "timers")))


TESTS = [one for name, one in list(globals().items()) if name.startswith("the_checker_finds_")]
