"""What a piece of work costs: processor time, memory, write-ahead log, statements, round trips, commits; and how noisy it was."""
import os
import pathlib
import re
import subprocess
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


def waited_of(pids):
    """Seconds that their threads were ready to run and no processor was free."""
    total = 0
    for pid in pids:
        for file in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"):
            try:
                total += int(file.read_text().split()[1])
            except (OSError, IndexError):  # the thread has ended, or this kernel does not tell
                continue
    return total / 1e9


def children_of(parent):
    return [int(p.name) for p in pathlib.Path("/proc").iterdir()
            if p.name.isdigit() and (f := stat(p.name)) and int(f[1]) == parent]


def on_processor(pid):
    """Seconds that a process had a processor for, exactly; 0 when it is gone."""
    try:
        return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9
    except OSError:
        return 0.0


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
    return out | {"max_ms": round(1000 * max(seconds, default=float("nan")), 2),
                  "mean_ms": round(1000 * sum(seconds) / len(seconds), 2) if seconds else float("nan"), "n": len(seconds)}


def segments(pids, port):
    """{socket: (data segments out, in)} of these processes' connections to a port of this machine."""
    told = subprocess.run(["ss", "-tinpHO", f"dport = :{port}"], capture_output=True, text=True).stdout
    out, wanted = {}, {str(pid) for pid in pids}
    for line in told.splitlines():
        if wanted.intersection(re.findall(r"pid=(\d+)", line)):
            sent, received = (re.search(rf"data_segs_{way}:(\d+)", line) for way in ("out", "in"))
            out[line.split()[3]] = (int(sent.group(1)) if sent else 0, int(received.group(1)) if received else 0)
    return out


class Meter:
    """with Meter(bed) as meter: …; then meter.figures(executions, task_runs)

    Statements are those of pg_stat_statements (BEGIN and COMMIT count), commits are transactions that wrote. A round trip is
    at least one segment of data there and one back, so the smaller of both numbers is not too low. The session by which the
    measuring waits for the end is not the database's work.
    """

    def __init__(self, bed):
        self.bed = bed

    def snapshot(self):
        busy, total = machine_cpu()
        alive = [p.pid for p in self.bed.processes if p.child.poll() is None]
        wal, commits, statements = self.bed.ask(
            "select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint, pg_snapshot_xmax(pg_current_snapshot()), "
            "(select coalesce(sum(calls), 0) from pg_stat_statements)").split("|")
        database = {self.bed.postgres.pid, *children_of(self.bed.postgres.pid)} - {self.bed.watch.backend}
        return {
            "at": time.monotonic(), "busy": busy, "total": total, "own": cpu_of([os.getpid()]), "server": cpu_of(alive),
            "database": cpu_of(database), "waited": waited_of([*alive, *database]),
            "wal": int(wal), "commits": int(commits), "statements": int(statements),
            "segments": segments(alive, self.bed.postgres.port),
            "rss": max((rss_mib(pid) for pid in alive), default=0), "peak_rss": max((rss_mib(pid, True) for pid in alive), default=0),
        }

    def __enter__(self):
        self.before = self.snapshot()
        return self

    def __exit__(self, *_):
        self.after = self.snapshot()

    def used(self, what):
        return self.after[what] - self.before[what]

    def round_trips(self):
        """None: through a proxy, or `ss` is missing."""
        then = self.before["segments"]
        new = [(out - then.get(socket, (0, 0))[0], back - then.get(socket, (0, 0))[1])
               for socket, (out, back) in self.after["segments"].items()]
        return sum(min(one) for one in new) if new else None

    def figures(self, executions, task_runs):
        ours = self.used("own") + self.used("server") + self.used("database")
        round_trips = self.round_trips()
        return {
            "cpu_s_per_1000_executions": round(1000 * (self.used("server") + self.used("database")) / executions, 3),
            "server_cpu_s_per_1000_task_runs": round(1000 * self.used("server") / task_runs, 3),
            "database_cpu_s_per_1000_task_runs": round(1000 * self.used("database") / task_runs, 3),
            "cpu_wait_ms_per_execution": round(1000 * max(0.0, self.used("waited")) / executions, 2),
            "wal_bytes_per_task_run": round(self.used("wal") / task_runs),
            "statements_per_task_run": round(self.used("statements") / task_runs, 3),
            "commits_per_task_run": round(self.used("commits") / task_runs, 3),
            **({} if round_trips is None else {"round_trips_per_task_run": round(round_trips / task_runs, 3)}),
            "dead_tuples": int(self.bed.ask("select coalesce(sum(n_dead_tup), 0) from pg_stat_user_tables where schemaname = 'sluice'")),
            "rss_mib": round(self.after["rss"], 1), "peak_rss_mib": round(self.after["peak_rss"], 1),
            "machine_busy": round(self.used("busy") / max(1e-9, self.used("total")), 2),
            "other_cpu": round(max(0.0, self.used("busy") - ours) / max(1e-9, self.used("total")), 2),
        }
