"""What we want to reach, and what we are compared with: as data. `table` makes Markdown of it, from the figures of one run."""
import statistics


class Figures:
    """Of one run; `value("webhook", "request.p50_ms")` is None when it was not measured."""

    def __init__(self, document):
        self.document, self.rows = document, document["rows"]

    def value(self, metric, path, peer="sluice", **where):
        found = [value for row in self.rows if row.get("peer") == peer and row["metric"] == metric
                 and all(row.get(key) == wanted for key, wanted in where.items())
                 and isinstance(value := self.at(row, path), (int, float))]
        return statistics.median(found) if found else None

    @staticmethod
    def at(row, path):
        for key in path.split("."):
            row = row.get(key) if isinstance(row, dict) else None
        return row

    def cpu(self, metric):
        """CPU seconds of server and database per 1,000 task runs."""
        return added(self.value(metric, "server_cpu_s_per_1000_task_runs"), self.value(metric, "database_cpu_s_per_1000_task_runs"))

    def peer_cpu(self, peer, steps):
        """... per 1,000 jobs, or steps of a workflow, of a peer."""
        jobs = added(self.value("drain", "peer_cpu_s_per_1000", peer, steps=steps), self.value("drain", "pg_cpu_s_per_1000", peer, steps=steps))
        return None if jobs is None else jobs / steps

    def limit(self, path):
        return self.value("batch", path, "limit", batch=100)


def added(*values):
    return None if None in values else sum(values)


def seen_ms(metric, quantile):
    """Until the end, as somebody outside sees it. `ended_at` is the beginning of the transaction that ends an execution, so
    that `to_finished` lacks that transaction and its flush; who waits for the answer has both. The later of the two counts."""
    def measure(run):
        found = [value for way in ("to_finished", "to_answer_of_wait") if (value := run.value(metric, f"{way}.{quantile}_ms")) is not None]
        return max(found, default=None)
    return measure


def over(a, b):
    return None if a is None or not b else a / b


STEPS = {"dbos": 10, "openworkflow": 10, "restate": 10, "graphile-worker": 1, "pg-boss": 1}


def steps_to(peer, ours="workers"):
    return lambda run: over(run.value(ours, "task_runs_per_s"), run.value("drain", "steps_per_s", peer, steps=STEPS[peer])
                            or run.value("drain", "per_s", peer, steps=STEPS[peer]))


def plain(metric, path):
    return lambda run: run.value(metric, path)


class Profiled(str):
    """What a profile showed to stand against a target; other reasons are guesses until one does."""


AT_LEAST, AT_MOST = "≥", "≤"
# (number in the list of targets, what, unit, sense, limit, measured, what stands against it)
TARGETS = [
    ("1", "light two-task flow, started in batches", "executions/s", AT_LEAST, 2000, plain("sustained", "per_s"), "both cores are busy: CPU per execution decides"),
    ("1", "… what waits already", "executions/s", AT_LEAST, 2000, plain("light", "per_s"), "one executor: its turn waits for the database and the database for it"),
    ("1", "… by single webhook requests", "executions/s", AT_LEAST, 1000, plain("webhook", "per_s"), "client, web server, executor and database share the cores"),
    ("1", "… CPU of server and database, in batches", "s per 1,000 executions", AT_MOST, 0.8, plain("sustained", "cpu_s_per_1000_executions"), "the rows of history and their indexes"),
    ("1", "… CPU, by webhook requests", "s per 1,000 executions", AT_MOST, 0.8, plain("webhook", "cpu_s_per_1000_executions"), "requests are parsed, answered and stored in small batches"),
    ("1", "… at 100/s, p50 until its end", "ms", AT_MOST, 8, seen_ms("latency_100", "p50"), "two flushes to the disk, one after the other"),
    ("1", "… at 100/s, p99", "ms", AT_MOST, 25, seen_ms("latency_100", "p99"), "flushes that wait for others on this disk"),
    ("2", "tasks on workers in another process, 128 slots", "task runs/s", AT_LEAST, 3000, plain("workers", "task_runs_per_s"), "both cores are busy: CPU per task run decides"),
    ("2", "… to DBOS' steps/s", "×", AT_LEAST, 10, steps_to("dbos"), ""),
    ("2", "… to openworkflow's steps/s", "×", AT_LEAST, 10, steps_to("openworkflow"), ""),
    ("2", "… to Restate's steps/s", "×", AT_LEAST, 3, steps_to("restate"), "Restate has a log of its own instead of a database"),
    ("2", "… CPU per task run to graphile-worker's per job", "×", AT_MOST, 5, lambda run: over(run.cpu("workers"), run.peer_cpu("graphile-worker", 1)),
     Profiled("ten rows are written for a task run (job, claim and event put and taken, its row twice, its execution) against one of a job, by "
              "eight statements of which none has more than a fifth of the time; the rest is batches: 0.77 s per 1,000 with 16 slots, 0.36 with 128")),
    ("2", "… to the batched limit of the database (stretch)", "×", AT_LEAST, 0.5, lambda run: over(run.value("workers", "task_runs_per_s"), run.limit("task_runs_per_s")),
     "the limit runs one statement for 100 task runs, in tables without a second index"),
    ("3", "two tasks on a worker in another process, p50 until the end, at 20/s", "ms", AT_MOST, 12, seen_ms("latency_workers_20", "p50"),
     "five transactions, one after the other, each with a flush"),
    ("4", "ForEach over 100", "ms", AT_MOST, 150, lambda run: times(run.value("foreach_100", "seconds"), 1000), ""),
    ("4", "ForEach over 10,000", "s", AT_MOST, 8, plain("foreach_10000", "seconds"), ""),
    ("4", "ForEach over 100,000: time per value to that of 10,000", "×", AT_MOST, 1.15, plain("foreach_growth_100000", "beyond_linear"), ""),
    ("4", "sequence of 2,000: time per task to that of 500", "×", AT_MOST, 1.15, plain("sequence_growth_2000", "beyond_linear"), ""),
    ("5", "backlog: rate to that of a short queue", "×", AT_LEAST, 0.9, plain("backlog", "ratio"), ""),
    ("5", "history behind: light tasks to a fresh database", "×", AT_LEAST, 0.9, lambda run: with_history(run, "history_light"), "pages of indexes that are not in memory"),
    ("5", "… tasks on workers", "×", AT_LEAST, 0.9, lambda run: with_history(run, "history_workers"), "pages of indexes that are not in memory"),
    ("5", "xmin held: last window to before", "×", AT_LEAST, 0.9, plain("xmin", "last_to_free"), "dead rows of the queues, which nobody may remove, lie in the way of index scans"),
    ("5", "1 ms to the database: light tasks to local", "×", AT_LEAST, 0.7, plain("round_trip_1ms_light", "ratio"), ""),
    ("5", "… tasks on workers", "×", AT_LEAST, 0.7, plain("round_trip_1ms_workers", "ratio"),
     "slots are as many as processors want; a task that asks the database waits for its answer meanwhile"),
    ("6", "idle: statements of a process", "per s", AT_MOST, 2, plain("idle", "statements_per_s"), "all roles in one process"),
    ("6", "idle: CPU", "% of a core", AT_MOST, 0.5, plain("idle", "cpu_percent"), ""),
    ("6", "idle: memory", "MiB", AT_MOST, 40, plain("idle", "rss_mib"), ""),
    ("6", "start, until the first answer", "s", AT_MOST, 0.2, plain("start_standalone", "seconds"), ""),
    ("6", "first `server local`", "s", AT_MOST, 3, plain("start_local_first", "seconds"), "initdb"),
    ("7", "WAL of a light task run", "bytes", AT_MOST, 2048, plain("sustained", "wal_bytes_per_task_run"), "full pages after a checkpoint, and the request itself"),
    ("7", "WAL of a task run on a worker", "bytes", AT_MOST, 4096, plain("workers", "wal_bytes_per_task_run"), "full pages after a checkpoint"),
]


def times(value, factor):
    return None if value is None else value * factor


def with_history(run, metric):
    found = [row for row in run.rows if row["metric"] == metric and row.get("behind")]
    return found[-1]["ratio"] if found else None


# (what, unit, is more better?, ours, peer, theirs)
COMPARISONS = [
    *(("ten light tasks beside a workflow of ten steps", "steps/s", True, plain("ten", "task_runs_per_s"), peer,
       lambda run, peer=peer: run.value("drain", "steps_per_s", peer, steps=10)) for peer in ("dbos", "openworkflow", "restate")),
    *(("… CPU s per 1,000 steps", "s", False, lambda run: run.cpu("ten"), peer,
       lambda run, peer=peer: run.peer_cpu(peer, 10)) for peer in ("dbos", "openworkflow")),
    *(("tasks on workers beside steps", "task runs/s", True, plain("workers", "task_runs_per_s"), peer,
       lambda run, peer=peer: run.value("drain", "steps_per_s", peer, steps=10)) for peer in ("dbos", "openworkflow", "restate")),
    *(("tasks on workers beside jobs of a bare queue", "task runs/s", True, plain("workers", "task_runs_per_s"), peer,
       lambda run, peer=peer: run.value("drain", "per_s", peer, steps=1)) for peer in ("graphile-worker", "pg-boss")),
    *(("… CPU s per 1,000", "s", False, lambda run: run.cpu("workers"), peer,
       lambda run, peer=peer: run.peer_cpu(peer, 1)) for peer in ("graphile-worker", "pg-boss")),
    *(("two tasks on a worker beside one job, p50 until the end", "ms", False, seen_ms("latency_workers_20", "p50"), peer,
       lambda run, peer=peer: run.value("latency_low", "to_finished.p50_ms", peer, steps=1)) for peer in ("graphile-worker", "pg-boss", "dbos")),
    ("ten light tasks beside the least rows in batches of 100", "task runs/s", True, plain("ten", "task_runs_per_s"), "limit",
     lambda run: run.limit("task_runs_per_s")),
    ("tasks on workers beside the same", "task runs/s", True, plain("workers", "task_runs_per_s"), "limit", lambda run: run.limit("task_runs_per_s")),
    ("… CPU s of the database per 1,000", "s", False, plain("workers", "database_cpu_s_per_1000_task_runs"), "limit", lambda run: run.limit("pg_cpu_s_per_1000")),
    ("… WAL of a task run", "bytes", False, plain("workers", "wal_bytes_per_task_run"), "limit", lambda run: run.limit("wal_bytes_per_task_run")),
]

# What Kestra's makers published: (metric, what, version, on average from start to end of an execution)
PUBLISHED = [
    ("published_1_1000", "1: webhook, two tasks", "2.0 development", "135 ms"), ("published_1_2000", "1: webhook, two tasks", "2.0 development", "138 ms"),
    ("published_1_4000", "1: webhook, two tasks", "2.0 development", "19,200 ms"), ("published_2_200", "2: ten task runs", "0.23", "1,700 ms"),
    ("published_2_500", "2: ten task runs", "0.23", "25,000 ms"), ("published_3", "3: ForEach over 100", "0.23", "11,000 ms"),
    ("published_4_1600", "4: payloads of 1.6 kB", "0.23", "20,000 ms"), ("published_4_16000", "4: payloads of 16 kB", "0.23", "9,800 ms"),
    ("published_4_160000", "4: payloads of 160 kB", "0.23", "8,600 ms"),
]
