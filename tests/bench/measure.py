"""What a piece of work costs: processor time, memory, write-ahead log, statements, commits; and how noisy it was."""
import os
import pathlib
import time

TICK = os.sysconf("SC_CLK_TCK")


def stat(pid):
    """Fields of /proc/PID/stat after the name, or None when it is gone."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return text[text.rindex(")") + 2:].split()


def cpu_of(pids):
    """Seconds used by these and by their children that ended."""
    total = 0
    for pid in pids:
        fields = stat(pid)
        if fields:
            total += sum(int(x) for x in fields[11:15])
    return total / TICK


def children_of(parent):
    return [int(p.name) for p in pathlib.Path("/proc").iterdir()
            if p.name.isdigit() and (f := stat(p.name)) and int(f[1]) == parent]


def rss_mib(pid, peak=False):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM" if peak else "VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def machine_cpu():
    """(seconds busy, seconds in all), of all processors together"""
    fields = [int(x) for x in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    idle = fields[3] + fields[4]
    return (sum(fields) - idle) / TICK, sum(fields) / TICK


def quantile(values, q):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, int(-(-q * len(ordered) // 1)) - 1))] if ordered else float("nan")


def spread_ms(seconds):
    out = {f"p{q}_ms": round(1000 * quantile(seconds, q / 100), 2) for q in (50, 95, 99)}
    return out | {"max_ms": round(1000 * max(seconds, default=float("nan")), 2), "n": len(seconds)}


class Meter:
    """with Meter(cluster) as meter: …; then meter.figures(task_runs)"""

    def __init__(self, cluster):
        self.cluster = cluster

    def snapshot(self):
        busy, total = machine_cpu()
        return {
            "at": time.monotonic(), "busy": busy, "total": total, "own": cpu_of([os.getpid()]),
            "server": cpu_of(p.pid for p in self.cluster.processes if p.child.poll() is None),
            "database": cpu_of([self.cluster.postgres.pid, *children_of(self.cluster.postgres.pid)]),
            "wal": int(self.cluster.sql("select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint")),
            "commits": int(self.cluster.sql("select xact_commit from pg_stat_database where datname = 'sluice'")),
        }

    def __enter__(self):
        self.before = self.snapshot()
        return self

    def __exit__(self, *_):
        self.after = self.snapshot()

    def used(self, what):
        return self.after[what] - self.before[what]

    def figures(self, executions, task_runs):
        ours = self.used("own") + self.used("server") + self.used("database")
        return {
            "cpu_s_per_1000_executions": round(1000 * (self.used("server") + self.used("database")) / executions, 3),
            "server_cpu_s_per_1000_task_runs": round(1000 * self.used("server") / task_runs, 3),
            "database_cpu_s_per_1000_task_runs": round(1000 * self.used("database") / task_runs, 3),
            "wal_bytes_per_task_run": round(self.used("wal") / task_runs),
            "commits_per_execution": round(self.used("commits") / executions, 2),
            "rss_mib": round(max(rss_mib(p.pid) for p in self.cluster.processes), 1),
            "machine_busy": round(self.used("busy") / max(1e-9, self.used("total")), 2),
            "other_cpu": round(max(0.0, self.used("busy") - ours) / max(1e-9, self.used("total")), 2),
        }
