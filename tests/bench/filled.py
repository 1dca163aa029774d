"""Databases that hold much already: a long history, or a long queue."""
import concurrent.futures
import os
import pathlib
import subprocess
import time

from cluster import wait_for

HERE = pathlib.Path(__file__).resolve().parent


def psql(cluster, *arguments):
    command = ["psql", "-Xq", "-h", "127.0.0.1", "-p", str(cluster.postgres.port), "-U", "sluice", "sluice", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def fill(cluster, executions, days, task_runs, lines):
    """A history as history.sql makes it, on a cluster that has had no executions yet."""
    began = time.monotonic()
    variables = [f"-v{name}={value}" for name, value in (("executions", executions), ("days", days), ("task_runs", task_runs),
                                                          ("lines", lines))]
    psql(cluster, *variables, "-f", str(HERE / "history.sql"))
    weeks = int(cluster.sql("select count(*) from bench.weeks"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as both:
        list(both.map(lambda week: psql(cluster, "-c", f"call bench.fill({week})"), range(weeks)))
    psql(cluster, "-c", "drop schema bench cascade", "-c", "select sluice.ensure_partitions()",
         "-c", "vacuum (analyze) sluice.executions, sluice.task_runs, sluice.logs")
    size = cluster.sql("select pg_size_pretty(pg_database_size('sluice'))")
    print(f"filled in {time.monotonic() - began:.0f} s: {executions:,} executions, "
          f"{executions * task_runs:,} task runs, {executions * lines:,} lines, {size}", flush=True)


def wait_until_counted(cluster):
    began = time.monotonic()
    wait_for("history is counted", lambda: cluster.sql(
        "select p.counted_from <= (select created_at - interval '23 hours' from sluice.executions order by id limit 1) "
        "from sluice.count_progress p") == "t", 3600)
    wait_for("what is counted is summed", lambda: cluster.sql("select sluice.has_sums()") == "t", 600)
    wait_for("lines are counted", lambda: cluster.sql("select counted_from = 0 from sluice.log_count_progress") == "t", 3600)
    psql(cluster, "-c", "vacuum (analyze) sluice.execution_counts, sluice.execution_totals, sluice.task_run_counts, "
                        "sluice.task_run_totals, sluice.flow_sums, sluice.log_counts")
    print(f"counted in {time.monotonic() - began:.0f} s: {cluster.sql('select count(*) from sluice.execution_counts')} rows, "
          f"{cluster.sql('select pg_size_pretty(pg_total_relation_size($$sluice.execution_counts$$))')}", flush=True)


def fill_queue(bed, flow, count):
    """What start_execution() would write for so many, without its audit: executions that wait, and their events."""
    for first in range(0, count, 100_000):
        bed.ask(
            "with made as (insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, labels, progress) "
            "select sluice.new_id(), f.namespace, f.flow_id, f.revision, 'CREATED', clock_timestamp(), '{}', '{\"checkInputs\": true}' "
            f"from sluice.flows f, generate_series(1, {min(100_000, count - first)}) where f.flow_id = '{flow}' and f.latest returning id) "
            "insert into sluice.execution_events (execution_id, kind, payload) "
            "select id, 'started', '{\"checkInputs\": true}' from made")
    bed.ask("vacuum analyze sluice.executions, sluice.execution_events")
    bed.ask("checkpoint")
