"""What scenarios stand on: a cluster that is measured, its sessions, and the run that keeps the figures."""
import base64
import datetime
import json
import os
import pathlib
import platform
import re
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FOLDER = ROOT / "build" / "bench"
sys.path[:0] = [str(HERE), str(HERE.parent / "cluster")]
import load  # noqa: E402
from cluster import PASSWORD, USER, Cluster, free_port, wait_for  # noqa: E402
from measure import Meter, spread_ms  # noqa: E402

# As the peers' throwaway server has it: durable, and no checkpoint that falls into some measurements only.
DATABASE_SETTINGS = ("shared_buffers = 1GB", "max_wal_size = 8GB", "checkpoint_timeout = 15min",
                     "shared_preload_libraries = pg_stat_statements", "pg_stat_statements.track = none")


class Session:
    """One open psql: asking costs a round trip, not a process. What it asks is not among the statements that are counted."""

    def __init__(self, postgres, database="sluice"):
        self.child = subprocess.Popen(
            ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", str(postgres.port), "-U", "sluice", database],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.ask("set pg_stat_statements.track = none")
        self.backend = int(self.ask("select pg_backend_pid()"))

    def ask(self, statement):
        self.child.stdin.write(statement + ";\n\\echo =end=\n")
        self.child.stdin.flush()
        lines = []
        while True:
            line = self.child.stdout.readline()
            if not line:
                raise AssertionError(f"psql ended at: {statement}")
            if line == "=end=\n":
                return "".join(lines).strip()
            lines.append(line.rstrip("\n") + "\n")

    def close(self):
        self.child.stdin.close()
        self.child.wait(10)


class Bed(Cluster):
    """A cluster on a durable database, with a session of the one who measures."""

    def __init__(self, binary, more=()):
        super().__init__(binary, durable=True, database_settings=(*DATABASE_SETTINGS, *more))
        self.session = Session(self.postgres)
        self.watch = Session(self.postgres)
        self.ask("create extension pg_stat_statements")
        self.ask("alter database sluice set pg_stat_statements.track = 'top'")  # of sessions that begin from here on

    def __exit__(self, *failure):
        self.session.close()
        self.watch.close()
        super().__exit__(*failure)

    def ask(self, statement):
        return self.session.ask(statement)

    def standalone(self):
        self.port = free_port()
        process = self.start("standalone", "--port", str(self.port))
        self.wait_for_ping(process)
        return process

    def end(self, process):
        process.end()
        self.processes.remove(process)

    def save_all(self, *sources):
        """By a web server that ends again."""
        web = self.web()
        for source in sources:
            self.save(source)
        self.end(web)

    def put(self, flow, count):
        """Executions that wait, started in batches of a transaction each. Returns the seconds it took."""
        began = time.monotonic()
        for first in range(0, count, 1000):
            self.ask(f"select count(sluice.start_execution('bench', '{flow}')) from generate_series(1, {min(1000, count - first)})")
        return time.monotonic() - began

    def finished(self, seconds=120):
        """Waits until nothing is queued and nothing runs. Returns when that was."""
        end = time.monotonic() + seconds
        while self.watch.ask("select not exists (select from sluice.execution_events) and not exists (select from sluice.jobs) and "
                       "not exists (select from sluice.claims) and not exists (select from sluice.timers)") != "t":
            assert time.monotonic() < end, f"not within {seconds:g} s: all executions are over"
            time.sleep(0.01)
        return time.time()

    def newest(self):
        return self.ask("select coalesce(max(id), '') from sluice.executions")

    def latencies(self, outcome):
        """Seconds from the moment each execution was asked for until its end (one machine, one clock)."""
        out = []
        for line in self.ask("select id, extract(epoch from ended_at), state from sluice.executions").splitlines():
            execution, ended, state = line.split("|")
            if execution in outcome.started:
                assert state == "SUCCESS", line
                out.append(float(ended) - outcome.started[execution])
        assert len(out) == len(outcome.started), "executions were lost"
        return out

    def request(self, method, path, body=b"{}"):
        key = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        return load.request_of(self.port, method, "/api/v1/main" + path,
                               [f"Authorization: Basic {key}", "Content-Type: application/json"], body)

    def webhook(self, flow="two", body=b"{}"):
        return self.request("POST", f"/executions/webhook/bench/{flow}/bench", body)


class Suite:
    """One run: figures are printed as they come, and kept with what they were measured on."""

    def __init__(self, binary, quick, statements=0):
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.binary, self.quick, self.statements = str(pathlib.Path(binary).resolve()), quick, statements
        now = datetime.datetime.now(datetime.timezone.utc)
        self.path = FOLDER / f"{now:%Y%m%d-%H%M%S}.json"
        self.document = {
            "version": subprocess.run([self.binary, "--version"], capture_output=True, text=True, check=True).stdout.strip(),
            "date": now.isoformat(timespec="seconds"), "quick": quick, "machine": machine(), "rows": []}

    @property
    def rows(self):
        return self.document["rows"]

    def emit(self, metric, **figures):
        self.keep({"peer": "sluice", "metric": metric, **figures, "load1": round(os.getloadavg()[0], 2)})
        told = " ".join(f"{k}={v}" for k, v in figures.items() if not isinstance(v, dict))
        spreads = " ".join(f"{k}: {v['p50_ms']}/{v['p95_ms']}/{v['p99_ms']}/{v['max_ms']} ms" for k, v in figures.items()
                           if isinstance(v, dict) and "p50_ms" in v)
        print(f"{metric:18} {told} {spreads}", flush=True)

    def keep(self, row):
        self.rows.append(row)
        half = self.path.with_suffix(".half")
        half.write_text(json.dumps(self.document, indent=1))
        half.replace(self.path)

    def bed(self, more=()):
        return Bed(self.binary, more)

    def drain(self, bed, flow, task_runs, count, roles=("executor", "worker"), **environment):
        """Executions that wait already, then the servers start: figures from the first start to the last end. What processes
        cost until they begin is not among them, nor with peers; `start` has it."""
        before, put_s = bed.newest(), bed.put(flow, count)
        bed.ask("checkpoint")
        bed.ask("select pg_stat_statements_reset()")
        processes = [bed.start(role, **environment) for role in roles]
        of_these = f"from sluice.executions where id > '{before}' and flow_id = '{flow}'"
        wait_for("the first execution begins", lambda: bed.watch.ask(f"select exists (select {of_these} and started_at is not null)") == "t", 60)
        done = int(bed.watch.ask(f"select count(*) from sluice.task_runs where execution_id > '{before}' and ended_at is not null"))
        with Meter(bed) as meter:
            finished_at = bed.finished(60 + count / 10)
        started_at, over = bed.ask(f"select extract(epoch from min(started_at)), count(*) filter (where state = 'SUCCESS') {of_these}").split("|")
        assert over == str(count), f"{over} of {count} executions succeeded"
        took = [float(x) for x in bed.ask(f"select extract(epoch from ended_at - started_at) {of_these}").split()]
        self.tell_statements(bed, task_runs * count)
        figures = meter.figures(count - done / task_runs, task_runs * count - done)
        for process in processes:
            bed.end(process)
        rate = count / (finished_at - float(started_at))
        return {"executions": count, "per_s": round(rate, 1), "task_runs_per_s": round(task_runs * rate, 1),
                "put_per_s": round(count / put_s, 1), "start_to_end": spread_ms(took), **figures}

    def tell_statements(self, bed, task_runs):
        """With --statements: what the database did, dearest first: calls, rows and time per 1,000 task runs."""
        if not self.statements:
            return
        print(f"{'calls':>9} {'rows':>9} {'ms':>9} {'plan ms':>9} {'wal KiB':>9}   per 1,000 task runs")
        for line in bed.ask(
                "select calls, rows, total_exec_time, total_plan_time, wal_bytes / 1024, "
                r"left(regexp_replace(regexp_replace(query, '(^|\n)--[^\n]*', '', 'g'), '\s+', ' ', 'g'), 110) "
                f"from pg_stat_statements order by total_exec_time + total_plan_time desc limit {self.statements}").splitlines():
            *figures, query = line.split("|", 5)
            print("".join(f"{1000 * float(x) / task_runs:10.1f}" for x in figures) + "   " + query)

    def one(self, peer, metric, **where):
        """The last such row, or None."""
        found = [r for r in self.rows if r.get("peer") == peer and r["metric"] == metric and all(r.get(k) == v for k, v in where.items())]
        return found[-1] if found else None


def machine():
    cpus = re.findall(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())
    postgres = subprocess.run(["pg_config", "--version"], capture_output=True, text=True).stdout.strip() or "PostgreSQL"
    return {"cpu": cpus[0].strip() if cpus else platform.machine(), "cores": os.cpu_count(), "kernel": platform.release(),
            "memory_gib": round(int(memory.group(1)) / 2**20, 1) if memory else None, "postgres": postgres}


def built(binary, name):
    """A program that lies beside the server, made when it is not there."""
    path = pathlib.Path(binary).resolve().parent / name
    if not path.exists() and (path.parent / "build.ninja").exists():
        subprocess.run(["cmake", "--build", str(path.parent), "--target", name], check=True, stdout=subprocess.DEVNULL)
    assert path.exists(), f"{path} is missing: build the target {name}"
    return path
