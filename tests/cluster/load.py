"""The load of the fault rig: what runs, what of it can be told from outside, and the clients that ask for it."""
import http.client
import random
import threading

NAMESPACE = "rig"

TEN = "id: ten\nnamespace: rig\ntasks:\n" + \
    "".join(f"  - {{id: t{i}, type: core.debug.Return, format: 'value {i}'}}\n" for i in range(9)) + \
    "  - {id: last, type: core.log.Log, message: 'done {{ outputs.t8.value }}'}\n"

RETRIED = """
id: retried
namespace: rig
tasks:
  - id: flaky
    type: core.execution.Fail
    condition: "{{ taskrun.attemptsCount < 1 }}"
    retry: {type: constant, interval: PT1S, maxAttempts: 3}
  - {id: after, type: core.log.Log, message: done}
"""

PARENT = """
id: parent
namespace: rig
tasks:
  - {id: child, type: core.flow.Subflow, namespace: rig, flowId: child, wait: true, transmitFailed: true}
  - {id: after, type: core.log.Log, message: done}
"""

CHILD = """
id: child
namespace: rig
tasks:
  - {id: one, type: core.debug.Return, format: "{{ execution.id }}"}
  - {id: two, type: core.log.Log, message: done}
"""

EACH = """
id: each
namespace: rig
tasks:
  - id: values
    type: core.flow.ForEach
    values: [1, 2, 3, 4, 5, 6, 7, 8]
    concurrencyLimit: 4
    tasks:
      - {id: one, type: core.log.Log, message: "{{ taskrun.value }}"}
"""

# What the world sees of a task: a line in a file, written once each time that the task runs. Its attempt is an output
# too, so that the row tells which of them was believed.
EFFECT_TASK = """  - id: effect
    type: io.kestra.plugin.scripts.shell.Commands
    taskRunner: {type: io.kestra.plugin.core.runner.Process}
    commands:
      - echo "{{ execution.id }} {{ taskrun.id }} {{ taskrun.attemptsCount }}" >> %s
      - echo scratch > scratch
      - %s
      - echo '::{"outputs":{"attempt":"{{ taskrun.attemptsCount }}"}}::'
"""

# It shows each half second that it runs: longer than a lease, so that two attempts at the same time would be seen.
PULSES = 'for i in $(seq 28); do echo "{{ taskrun.id }} {{ taskrun.attemptsCount }} $(date +%%s.%%N)" >> %s.pulses; sleep 0.5; done'

# A worker has something to do each second: what else would tell when it is back?
TICK = """
id: tick
namespace: rig
tasks:
  - {id: log, type: core.log.Log, message: "{{ trigger.date }}"}
%striggers:
  - {id: each_second, type: core.trigger.Schedule, withSeconds: true, cron: "* * * * * *", allowConcurrent: true, disabled: %s}
"""

# Task runs that an execution has when it is over, and lines of log that each of these tasks writes.
TASK_RUNS = {"ten": 10, "retried": 2, "parent": 2, "child": 2, "each": 9, "effect": 1, "slow_effect": 1, "long": 1, "tick": 2}
SAYS_ONE_LINE = {("ten", "last"), ("retried", "after"), ("parent", "after"), ("child", "two"), ("each", "one"),
                 ("tick", "log")}
RETRIES = {("retried", "flaky")}
TAKE_A_PROCESS = {"effect", "slow_effect", "long"}

ENDED = {"SUCCESS", "WARNING", "FAILED", "KILLED", "CANCELLED"}
MIX = ["ten"] * 12 + ["retried", "retried", "parent", "parent", "each", "each", "effect", "effect"] + \
    ["slow_effect"] * 3 + ["long"]


def effect(name, effects, then):
    return f"id: {name}\nnamespace: rig\ntasks:\n" + EFFECT_TASK % (effects, then)


def tick(effects, disabled=False):
    return TICK % (EFFECT_TASK % (effects, "sleep 0.05"), "true" if disabled else "false")


def flows(effects):
    return [TEN, RETRIED, CHILD, PARENT, EACH, effect("effect", effects, "sleep 0.1"), effect("slow_effect", effects, "sleep 4"),
            effect("long", effects, PULSES % effects), tick(effects)]


class Load:
    """Two clients, one of the API and one of SQL, that start executions until they are told to stop."""

    def __init__(self, cluster, record, seed, executions, seconds):
        self.cluster, self.record = cluster, record
        self.random = random.Random(f"load {seed}")
        # Of what takes no process, the client of SQL asks for some at once: more of it when much is wanted soon.
        self.at_once = 10 if executions < 30 * seconds else 40
        self.wanted, self.pause = executions, max(0.02, 0.8 * seconds / max(1, executions / (1 + self.at_once * 0.75)))
        self.stopping = threading.Event()
        self.guard = threading.Lock()
        self.threads = [threading.Thread(target=self._run, args=(one, count), daemon=True)
                        for one, count in ((self._by_api, 1), (self._by_sql, self.at_once))]

    def start(self):
        for one in self.threads:
            one.start()

    def has_enough(self):
        return len(self.record.acknowledged) >= self.wanted

    def stop(self):
        self.stopping.set()
        for one in self.threads:
            one.join(120)

    def _run(self, ask, count):
        while not self.stopping.wait(self.pause if not self.has_enough() else 0.5):
            with self.guard:
                flow = self.random.choice(MIX)
            if flow in TAKE_A_PROCESS:
                count_now = min(count, 2)  # they take a process each, not a moment of an executor
            else:
                count_now = count
            self.record.asked(ask(flow, count_now), flow, count_now)

    def _by_api(self, flow, _):
        self._look_at_one()
        answer = self._asked("POST", f"/executions/{NAMESPACE}/{flow}", "{}")
        return [answer["id"]] if answer else None

    def _look_at_one(self):
        with self.guard:
            known = list(self.record.acknowledged)[-200:]
            id = self.random.choice(known) if known else None
        answer = id and self._asked("GET", f"/executions/{id}")
        if answer and answer["state"]["current"] in ENDED:
            self.record.told[id] = answer["state"]["current"]

    def _asked(self, method, path, body=None):
        """None: no answer, or a refusal"""
        try:
            status, answer = self.cluster.call(method, path, body, "application/json")
        except (OSError, ValueError, http.client.HTTPException):
            return None
        return answer if status == 200 else None

    def _by_sql(self, flow, count):
        try:
            told = self.cluster.sql(f"select sluice.start_execution('{NAMESPACE}', '{flow}') from generate_series(1, {count})")
        except AssertionError:
            return None
        return told.split()
