"""How many executions in a second, and how soon each is over: scenarios of load."""
import subprocess
import time

import flows
import load
from filled import fill, fill_queue, wait_until_counted
from measure import Meter, quantile, spread_ms
from proxy import Proxy

WORKING = ("executor", "worker")
# Peers run with the best of their settings (100 to 200 at a time, queues of 1,000 and more in memory): so does a worker, where a
# scenario is about as many as possible. `workers_default` is without.
TUNED = {"SLUICE_WORKER_SLOTS": "128"}


def webhook(suite):
    """Benchmark 1: single webhook requests, as many as are answered; each starts a flow of two light tasks."""
    with suite.bed() as bed:
        bed.standalone()
        bed.save(flows.WEBHOOK_TWO_TASKS)
        load.closed(bed.port, bed.webhook(), 8, 2)
        bed.finished()
        with Meter(bed) as meter:
            outcome = load.closed(bed.port, bed.webhook(), 32, 8 if suite.quick else 30)
            bed.finished()
        waited = bed.latencies(outcome)
        first = min(outcome.started.values())
        last = float(bed.ask("select extract(epoch from max(ended_at)) from sluice.executions"))
        count = len(outcome.started)
        suite.emit("webhook", executions=count, per_s=round(count / (last - first), 1),
                   task_runs_per_s=round(2 * count / (last - first), 1), refused=outcome.refused,
                   drained_after_s=round(last - first - outcome.seconds, 2), to_finished=spread_ms(waited),
                   request=spread_ms(outcome.call_seconds), **meter.figures(count, 2 * count))


def latency(suite):
    """The same at fixed rates: from the moment a request was due until the execution's end, and until a client that waits
    is answered."""
    with suite.bed() as bed:
        bed.standalone()
        bed.save(flows.WEBHOOK_TWO_TASKS)
        load.paced(bed.port, bed.webhook(), 50, 2)
        bed.finished()
        for rate in (50, 100, 500):
            at_rate(suite, bed, f"latency_{rate}", "two", rate)


def latency_workers(suite):
    """A flow of two tasks that a worker runs; executor, worker and web server are processes of their own."""
    with suite.bed() as bed:
        bed.web()
        for role in WORKING:
            bed.start(role)
        bed.save(flows.TWO_ON_WORKERS)
        load.paced(bed.port, bed.request("POST", "/executions/bench/workers"), 50, 2)
        bed.finished()
        for rate in (20, 100):
            at_rate(suite, bed, f"latency_workers_{rate}", "workers", rate)


def at_rate(suite, bed, metric, flow, rate):
    start = bed.webhook() if flow == "two" else bed.request("POST", f"/executions/bench/{flow}")
    with Meter(bed) as meter:
        outcome = load.paced(bed.port, start, rate, 8 if suite.quick else 30)
        bed.finished()
    count = len(outcome.started)
    seen = load.paced(bed.port, bed.request("POST", f"/executions/bench/{flow}?wait=true"), rate, 4 if suite.quick else 15)
    bed.finished()
    suite.emit(metric, executions=count, refused=outcome.refused + seen.refused, to_answer_of_wait=spread_ms(seen.call_seconds),
               to_finished=spread_ms(bed.latencies(outcome)), request=spread_ms(outcome.call_seconds),
               **meter.figures(count, 2 * count))


def sustained(suite):
    """Started in batches of a transaction each while others run, so that never less than two batches wait: the rate of
    starting and running together, and whether it stays."""
    seconds, batch = (10, 500) if suite.quick else (60, 500)
    for metric, source, flow, roles in (("sustained", flows.WEBHOOK_TWO_TASKS, "two", ("executor",)),
                                        ("sustained_workers", flows.TWO_ON_WORKERS, "workers", WORKING)):
        with suite.bed() as bed:
            bed.save_all(source)
            for role in roles:
                bed.start(role, **TUNED)
            bed.put(flow, 1000)
            bed.finished()
            before = bed.newest()
            with Meter(bed) as meter:
                put, began, began_at = 0, time.monotonic(), time.time()
                while time.monotonic() - began < seconds:
                    if int(bed.ask("select count(*) from (select from sluice.executions where ended_at is null limit 1001) as w")) <= 2 * batch:
                        bed.put(flow, batch)
                        put += batch
                span = bed.finished() - began_at
            ended = f"from sluice.executions where id > '{before}' and state = 'SUCCESS'"
            over = bed.ask(f"select count(*) {ended}")
            assert over == str(put), f"{over} of {put} executions succeeded"
            by_second = [int(x) for x in bed.ask(f"select count(*) {ended} group by date_trunc('second', ended_at) order by "
                                                 "date_trunc('second', ended_at)").split()][1:-1]
            quarter = max(1, len(by_second) // 4)
            took = [float(x) for x in bed.ask(f"select extract(epoch from ended_at - created_at) {ended}").split()]
            suite.emit(metric, executions=put, per_s=round(put / span, 1), task_runs_per_s=round(2 * put / span, 1),
                       slowest_second=min(by_second), last_to_first_quarter=round(sum(by_second[-quarter:]) / sum(by_second[:quarter]), 3),
                       to_finished=spread_ms(took), **meter.figures(put, 2 * put))


def drained(suite, metric, source, flow, task_runs, count, steps, **environment):
    with suite.bed() as bed:
        bed.save_all(source)
        figures = suite.drain(bed, flow, task_runs, count, **environment)
        suite.emit(metric, steps=steps, steps_per_s=round(figures["task_runs_per_s"] * steps / task_runs, 1),
                   peer_cpu_s_per_1000=round(figures["server_cpu_s_per_1000_task_runs"] * task_runs, 3),
                   pg_cpu_s_per_1000=round(figures["database_cpu_s_per_1000_task_runs"] * task_runs, 3), **figures)


def light(suite):
    """Two light tasks, run by the executor: what waits already."""
    drained(suite, "light", flows.WEBHOOK_TWO_TASKS, "two", 2, 3000 if suite.quick else 20_000, 2)


def ten(suite):
    """Benchmark 2's flow of ten task runs: five If with a Log each; all light."""
    drained(suite, "ten", flows.TEN_TASKS, "ten", 10, 1000 if suite.quick else 5000, 10)


def workers(suite):
    """Two tasks that a worker in a process of its own runs: with 128 slots, and with as many as it has by itself."""
    drained(suite, "workers", flows.TWO_ON_WORKERS, "workers", 2, 4000 if suite.quick else 10_000, 2, **TUNED)
    drained(suite, "workers_default", flows.TWO_ON_WORKERS, "workers", 2, 1500 if suite.quick else 5000, 2)


def scripts(suite):
    """Two scripts of a shell, one of which writes a line: each is a process of its own."""
    drained(suite, "scripts", flows.SCRIPTS, "scripts", 2, 300 if suite.quick else 1500, 2)


def processes(suite):
    """1, 2 and 4 executors, and 1, 2 and 4 executors and workers: do more processes help, and do they disturb each other?"""
    with suite.bed() as bed:
        bed.save_all(flows.TEN_TASKS, flows.TWO_ON_WORKERS)
        for metric, flow, task_runs, count, roles in (("executors", "ten", 10, 500 if suite.quick else 3000, ("executor",)),
                                                      ("pairs", "workers", 2, 1000 if suite.quick else 5000, WORKING)):
            first = None
            for many in (1, 2, 4):
                figures = suite.drain(bed, flow, task_runs, count, many * roles, **TUNED)
                first = first or figures["per_s"]
                suite.emit(f"{metric}_{many}", to_one=round(figures["per_s"] / first, 2), **figures)


def backlog(suite):
    """A million light executions wait: the rate at which they are run, to that with a queue which is nearly empty."""
    waiting, seconds, few = (100_000, 6, 3000) if suite.quick else (1_000_000, 20, 20_000)
    with suite.bed() as bed:
        bed.save_all(flows.WEBHOOK_TWO_TASKS)
        free = suite.drain(bed, "two", 2, few, ("executor",))
        began = time.monotonic()
        fill_queue(bed, "two", waiting)
        filled_s = time.monotonic() - began
        before = bed.ask("select min(execution_id) from sluice.execution_events")
        executor = bed.start("executor")
        with Meter(bed) as meter:
            time.sleep(seconds)  # the measure itself: what is done in this time
            until = time.time()
        of_these = f"from sluice.executions where id >= '{before}' and ended_at is not null"
        bed.end(executor)
        count, began_at = bed.ask(f"select count(*) filter (where ended_at <= to_timestamp({until})), extract(epoch from min(started_at)) {of_these}").split("|")
        took = [float(x) for x in bed.ask(f"select extract(epoch from ended_at - started_at) {of_these}").split()]
        rate = int(count) / (until - float(began_at))
        suite.emit("backlog", waiting=waiting, filled_s=round(filled_s, 1), executions=int(count), per_s=round(rate, 1),
                   empty_queue_per_s=free["per_s"], ratio=round(rate / free["per_s"], 3), start_to_end=spread_ms(took),
                   **meter.figures(int(count), 2 * int(count)))


def history(suite):
    """The rate with a long history behind, to that on a fresh database: light tasks, and tasks on workers."""
    executions = 1_000_000 if suite.quick else 10_000_000
    rates = {}
    for many in (0, executions):
        with suite.bed(("wal_level = minimal", "max_wal_senders = 0", "maintenance_work_mem = 256MB")) as bed:
            if many:
                fill(bed, executions=many, days=30, task_runs=2, lines=2)
                web = bed.web()
                wait_until_counted(bed)
                bed.end(web)
            bed.save_all(flows.WEBHOOK_TWO_TASKS, flows.TWO_ON_WORKERS)
            for flow, count, roles in (("two", 3000 if suite.quick else 20_000, ("executor",)),
                                       ("workers", 1000 if suite.quick else 5000, WORKING)):
                figures = suite.drain(bed, flow, 2, count, roles, **TUNED)
                rates.setdefault(flow, []).append(figures["per_s"])
                suite.emit(f"history_{'light' if flow == 'two' else flow}", behind=many,
                           **({"ratio": round(rates[flow][1] / rates[flow][0], 3)} if many else {}), **figures)


def round_trip(suite):
    """A millisecond between server and database, there and back: the rate to that without it."""
    with suite.bed() as bed:
        bed.save_all(flows.WEBHOOK_TWO_TASKS, flows.TWO_ON_WORKERS)
        for flow, count, roles in (("two", 3000 if suite.quick else 20_000, ("executor",)),
                                   ("workers", 3000 if suite.quick else 10_000, WORKING)):
            local = suite.drain(bed, flow, 2, count, roles, **TUNED)["per_s"]
            for micros in (0, 1000):
                with Proxy(suite.binary, bed.postgres.port, micros) as proxy:
                    added = proxy.measured_round_trip(bed.postgres)
                    before = proxy.counts()
                    figures = suite.drain(bed, flow, 2, count, roles, **TUNED, SLUICE_DATABASE_URL=proxy.url)
                    trips = proxy.counts()["round_trips"] - before["round_trips"]
                suite.emit(f"round_trip_{micros // 1000}ms_{'light' if flow == 'two' else flow}", added_ms=round(1000 * added, 3),
                           local_per_s=local, ratio=round(figures["per_s"] / local, 3),
                           **figures | {"round_trips_per_task_run": round(trips / (2 * count), 3)})


# Rates per minute at which the peer's database edition still kept up, or no longer did, as it published them.
PUBLISHED_WEBHOOK = (1000, 2000, 4000)
PUBLISHED_TEN = (200, 500)
PUBLISHED_PAYLOADS = ((1_600, 2000), (16_000, 1500), (160_000, 500))


def published(suite):
    """The four benchmarks that Kestra publishes, at its rates per minute; from start to end of an execution, on average."""
    seconds = 5 if suite.quick else 30

    def at(bed, metric, request, per_minute, task_runs):
        load.paced(bed.port, request, 20, 1)
        bed.finished()
        with Meter(bed) as meter:
            outcome = load.paced(bed.port, request, per_minute / 60, seconds)
            bed.finished()
        count = len(outcome.started)
        suite.emit(metric, per_minute=per_minute, executions=count, refused=outcome.refused, to_finished=spread_ms(bed.latencies(outcome)),
                   **meter.figures(count, task_runs * count))

    with suite.bed() as bed:
        bed.standalone()
        for source in (flows.WEBHOOK_TWO_TASKS, flows.TEN_TASKS, flows.for_each(100), flows.PAYLOAD):
            bed.save(source)
        for rate in PUBLISHED_WEBHOOK:
            at(bed, f"published_1_{rate}", bed.webhook(), rate, 2)
        for rate in PUBLISHED_TEN:
            at(bed, f"published_2_{rate}", bed.request("POST", "/executions/bench/ten"), rate, 10)
        at(bed, "published_3", bed.request("POST", "/executions/bench/each100"), 60, 101)
        for size, rate in PUBLISHED_PAYLOADS:
            at(bed, f"published_4_{size}", bed.webhook("payload", b'{"text": "%s"}' % (b"x" * size)), rate, 2)


def xmin(suite):
    """Benchmark 1 for as long as somebody's forgotten transaction keeps vacuum from removing anything, after a third as long
    without it: the rate of the last window to the rates of those before."""
    windows, seconds = (5, 10) if suite.quick else (10, 30)
    with suite.bed() as bed:
        bed.standalone()
        bed.save(flows.WEBHOOK_TWO_TASKS)
        load.closed(bed.port, bed.webhook(), 8, 2)
        rates, cpu = {}, {}
        for held in (False, True):
            with Holder(bed, held):
                for window in range(windows if held else max(2, windows // 3)):
                    with Meter(bed) as meter:
                        outcome = load.closed(bed.port, bed.webhook(), 32, seconds)
                        bed.finished()
                    count = len(outcome.started)
                    figures = meter.figures(count, 2 * count)
                    rates.setdefault(held, []).append(count / meter.used("at"))
                    cpu.setdefault(held, []).append(figures["cpu_s_per_1000_executions"])
                    suite.emit(f"xmin_{'held' if held else 'free'}_{window + 1}", executions=count, refused=outcome.refused,
                               per_s=round(rates[held][-1], 1), request=spread_ms(outcome.call_seconds), **figures)
        free = quantile(rates[False], 0.5)
        suite.emit("xmin", held_s=windows * seconds, free_per_s=round(free, 1), held_per_s=round(quantile(rates[True], 0.5), 1),
                   last_per_s=round(rates[True][-1], 1), last_to_free=round(rates[True][-1] / free, 3),
                   held_to_free=round(quantile(rates[True], 0.5) / free, 3),
                   cpu_last_to_free=round(cpu[True][-1] / quantile(cpu[False], 0.5), 3))


class Holder:
    """Somebody's transaction that has read something, and stays open."""

    def __init__(self, bed, holds):
        self.child = subprocess.Popen(["psql", "-XAtq", bed.postgres.url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        if holds:
            self.child.stdin.write("begin isolation level repeatable read;\nselect count(*) from sluice.flows;\n")
            self.child.stdin.flush()
            assert self.child.stdout.readline().strip().isdigit(), "the transaction did not begin"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.child.stdin.close()
        self.child.wait(10)
