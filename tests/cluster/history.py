"""What the checker judges: what clients were told, what tasks did outside, and what the tables say."""
import copy
import csv
import io
import json
import subprocess
import threading
from dataclasses import dataclass, field

# What is read of each table, times as seconds.
TABLES = {
    "executions": "select id, flow_id, state, caller_id, caller_task_run_id, trigger ->> 'id' as trigger_id, "
                  "extract(epoch from (trigger -> 'variables' ->> 'date')::timestamptz) as trigger_date, "
                  "extract(epoch from created_at) as created_at, extract(epoch from ended_at) as ended_at, "
                  "sluice.states(history, state, created_at, started_at, ended_at) as states, "
                  "case when ended_at is null then (select string_agg(w.code || ' ' || w.reason, '; ') "
                  "from sluice.why(e.id) w) end as why from sluice.executions e where namespace = 'rig'",
    "task_runs": "select id, execution_id, flow_id, task_id, parent_id, value, iteration, state, epoch, worker_id, attempts, "
                 "outputs, extract(epoch from started_at) as started_at, extract(epoch from ended_at) as ended_at, "
                 "sluice.states(history, state, created_at, started_at, ended_at) as states "
                 "from sluice.task_runs where namespace = 'rig'",
    "lines": "select task_run_id, flow_id, task_id, count(*) as count from sluice.logs "
             "where namespace = 'rig' and task_run_id is not null and level = 2 group by 1, 2, 3",
    "fires": "select extract(epoch from scheduled_at) as scheduled_at, fate, reason, execution_id, epoch, "
             "extract(epoch from decided_at) as decided_at from sluice.fires where namespace = 'rig'",
    "services": "select service_id, roles[1] as role, state, pid from sluice.services",
    "refused_results": "select task_run_id, execution_id, epoch, service_id, state from sluice.refused_results",
    "parked_events": "select queue, execution_id, error from sluice.parked_events",
    "execution_events": "select execution_id, kind from sluice.execution_events",
    "jobs": "select execution_id, task_run_id, epoch from sluice.jobs",
    "claims": "select execution_id, task_run_id, epoch, service_id from sluice.claims",
    "timers": "select execution_id, task_run_id, kind from sluice.timers",
    "queued_executions": "select execution_id from sluice.queued_executions",
    "concurrency_slots": "select execution_id from sluice.concurrency_slots",
}
JSON = {"states", "attempts", "outputs"}
NUMBERS = {"created_at", "started_at", "ended_at", "scheduled_at", "decided_at", "trigger_date", "epoch", "count", "pid"}


@dataclass
class Record:
    acknowledged: dict = field(default_factory=dict)  # execution -> its flow
    told: dict = field(default_factory=dict)          # execution -> the state in which a client saw it ended
    unanswered: int = 0                               # executions that may or may not have been made
    effects: list = field(default_factory=list)       # (execution, task run, attempt)
    pulses: list = field(default_factory=list)        # (task run, attempt, time): it ran then
    faults: list = field(default_factory=list)        # Blow
    ended_by_themselves: list = field(default_factory=list)
    fires_until: float = 0.0                          # every second until then has its row
    tables: dict = field(default_factory=dict)

    def __post_init__(self):
        self.guard = threading.Lock()

    def __deepcopy__(self, memo):
        return Record(**{name: copy.deepcopy(value, memo) for name, value in self.__dict__.items() if name != "guard"})

    def asked(self, ids, flow, count):
        with self.guard:
            if ids is None:
                self.unanswered += count
            else:
                self.acknowledged.update(dict.fromkeys(ids, flow))

    def collect(self, postgres, effects):
        self.tables = read_tables(postgres)
        if effects.exists():
            self.effects = [tuple(line.split()) for line in effects.read_text().splitlines()]
        pulses = effects.with_name(effects.name + ".pulses")
        if pulses.exists():
            lines = [line.split() for line in pulses.read_text().splitlines()]
            self.pulses = [(run, int(attempt), float(at)) for run, attempt, at in lines]
        return self


@dataclass
class Blow:
    """One fault as it happened; times of the database, which is on this machine."""
    fault: str
    at: float
    victim: str = ""
    pid: int = 0
    back_at: float = 0.0
    led: bool = False
    pids: tuple = ()  # of all who filled the victim's place until it was over


def _value(name, text):
    if text == "":
        return None
    if name in JSON:
        return json.loads(text)
    return float(text) if name in NUMBERS else text


def read_tables(postgres):
    """All of them as of one moment."""
    script = "begin isolation level repeatable read read only;\n" + "".join(
        f"\\echo @@{name}\ncopy ({query}) to stdout (format csv, header);\n" for name, query in TABLES.items()) + "commit;\n"
    done = subprocess.run(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(postgres.port), "-U", "sluice",
                           "sluice"], input=script, capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"the tables can't be read: {done.stderr.strip()}")
    tables = {}
    for part in ("\n" + done.stdout).split("\n@@")[1:]:
        name, _, content = part.partition("\n")
        tables[name] = [{key: _value(key, text) for key, text in row.items()} for row in csv.DictReader(io.StringIO(content))]
    assert set(tables) == set(TABLES), f"read {sorted(tables)}"
    return tables
