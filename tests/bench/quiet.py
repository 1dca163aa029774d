"""A server with nothing to do, its start, and what it costs to have very many schedules."""
import datetime
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import flows
import load
from cluster import PASSWORD, USER, Process, free_port, wait_for
from measure import Meter, cpu_of, quantile, rss_mib, spread_ms
from suite import built


def render(suite):
    """Renders of expressions in a second, on one core. In memory: no server."""
    for line in subprocess.run([built(suite.binary, "render_rate"), "1"], check=True, capture_output=True, text=True).stdout.splitlines():
        print(f"render             {line}", flush=True)


def disk(suite):
    """A page of a file that is there already is written and flushed, over and over: what each commit waits for at least."""
    seconds, pages = [], 2048
    with tempfile.TemporaryFile() as file:
        file.write(bytes(8192 * pages))
        os.fsync(file.fileno())
        for i in range(300 if suite.quick else 2000):
            began = time.monotonic()
            os.pwrite(file.fileno(), os.urandom(8192), 8192 * (i % pages))
            os.fdatasync(file.fileno())
            seconds.append(time.monotonic() - began)
    suite.emit("disk", flush=spread_ms(seconds))


def idle(suite):
    """A standalone server with nothing to do."""
    with suite.bed() as bed:
        process = bed.standalone()
        seconds = 10 if suite.quick else 60
        bed.ask("select pg_stat_statements_reset()")
        before = cpu_of([process.pid])
        time.sleep(seconds)  # the measure itself: a stretch of time in which nothing happens
        used = cpu_of([process.pid]) - before
        told = bed.ask("select calls || ' ' || regexp_replace(left(query, 90), '\\s+', ' ', 'g') from pg_stat_statements order by calls desc")
        calls = sum(int(line.split()[0]) for line in told.splitlines())
        suite.emit("idle", rss_mib=round(rss_mib(process.pid), 1), statements_per_s=round(calls / seconds, 2),
                   cpu_percent=round(100 * used / seconds, 2))
        print("".join(f"    {int(l.split()[0]) / seconds:6.2f}/s {l.split(' ', 1)[1]}\n" for l in told.splitlines()[:12]))


def start(suite):
    """From exec to the first answer: a server on a database that is there, and the very first `server local`."""
    with suite.bed() as bed:
        bed.standalone().end()
        seconds = []
        for _ in range(5):
            bed.port = free_port()
            began = time.monotonic()
            process = bed.start("standalone", "--port", str(bed.port))
            first_answer(bed.port)
            seconds.append(time.monotonic() - began)
            process.end()
        suite.emit("start_standalone", seconds=round(quantile(seconds, 0.5), 3), worst=round(max(seconds), 3))
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sluice-bench-"))
    folder.chmod(0o755)
    port = free_port()
    began = time.monotonic()
    process = Process([suite.binary, "server", "local", "--port", str(port), "--data", str(folder / "data")],
                      folder / "log", dict(os.environ, SLUICE_ADMIN_USER=USER, SLUICE_ADMIN_PASSWORD=PASSWORD))
    try:
        first_answer(port)
        suite.emit("start_local_first", seconds=round(time.monotonic() - began, 3))
    finally:
        process.end()
        shutil.rmtree(folder, ignore_errors=True)


def schedules(suite):
    """100,000 enabled schedules: a scheduler's start, nothing due, 10,000 due in one second, one each second. Most
    share a flow with 99 others; those that come due have one each, which the scheduler has not read since its start."""
    due, shared, triggers = (1000, 90, 100) if suite.quick else (10_000, 900, 100)
    count = due + shared * triggers
    with suite.bed() as bed:
        # None of these comes within half a year, give or take a month.
        far = (datetime.datetime.now().month + 5) % 12 + 1
        crons = [f"{i % 60} {i % 59} {i % 24} {i % 28 + 1} {far} *" for i in range(triggers)]
        bed.save_all(flows.scheduled("many0", triggers, crons), flows.scheduled("few0", 1, crons))
        copy_flows(bed, "many", shared)
        copy_flows(bed, "few", due)
        assert bed.ask("select count(*) from sluice.triggers where not disabled") == str(count)
        bed.ask("vacuum analyze sluice.triggers")

        first, leads = scheduler_start(bed)
        bed.end(first)
        suite.emit("schedules_planned", schedules=count, seconds_to_lead=round(leads[0], 3), seconds=round(leads[1], 3))
        scheduler, leads = scheduler_start(bed)
        suite.emit("schedules_start", schedules=count, seconds_to_lead=round(leads[0], 3), seconds=round(leads[1], 3),
                   rss_mib=round(rss_mib(scheduler.pid), 1))

        seconds = 10
        bed.ask("select pg_stat_statements_reset()")
        with Meter(bed) as meter:
            time.sleep(seconds)  # the measure itself: a stretch of time in which nothing happens
        calls = bed.ask("select coalesce(sum(calls), 0) from pg_stat_statements")
        suite.emit("schedules_idle", schedules=count, cpu_percent=round(100 * meter.used("server") / seconds, 2),
                   database_cpu_percent=round(100 * meter.used("database") / seconds, 2), statements_per_s=round(int(calls) / seconds, 2))

        bed.start("executor")
        at = datetime.datetime.fromisoformat(bed.ask("select date_trunc('second', now() at time zone 'UTC' + interval '15 s')"))
        again(bed, "few[0-9]+", f"{at.second} {at.minute} {at.hour} {at.day} {at.month} *", f"'{at}Z'::timestamptz")
        bed.end(scheduler)
        scheduler_start(bed)
        assert bed.ask(f"select now() < '{at}Z'") == "t", "the start took too long for this measure"
        wait_for("all have fired", lambda: bed.ask("select count(*) from sluice.fires") == str(due), 120)
        late = [float(x) for x in bed.ask("select extract(epoch from decided_at - scheduled_at) from sluice.fires").split()]
        assert bed.ask("select count(distinct execution_id) from sluice.fires where fate = 'FIRED'") == str(due)
        bed.finished(120)
        over = float(bed.ask("select extract(epoch from max(ended_at)) from sluice.executions")) - at.replace(
            tzinfo=datetime.timezone.utc).timestamp()
        suite.emit("schedules_burst", schedules=count, due=due, all_fired_s=round(max(late), 2), all_over_s=round(over, 2),
                   fires_per_s=round(due / max(late)), late=spread_ms(late))

        again(bed, "many1", "* * * * * *", "date_trunc('second', now() + interval '1 s')")
        more = 5 if suite.quick else 15
        wait_for("dates of every second fire", lambda: int(bed.ask(
            "select count(*) from sluice.fires where flow_id = 'many1'")) >= more, 60)
        late = [float(x) for x in bed.ask("select extract(epoch from decided_at - scheduled_at) from sluice.fires "
                                          "where flow_id = 'many1'").split()]
        suite.emit("schedules_each_second", schedules=count, late=spread_ms(late))

        # Rows of an older version, or switched on again in SQL: their flows must be read.
        began = time.monotonic()
        bed.ask("update sluice.triggers set planned = false")
        bed.ask("notify sluice_triggers")
        wait_for("all are planned anew", lambda: bed.ask("select not exists (select from sluice.triggers where not planned)") == "t", 120)
        suite.emit("schedules_planned_anew", schedules=count, seconds=round(time.monotonic() - began, 2))


def scheduler_start(bed):
    """Returns it, and the seconds until it leads and until no date is left to be computed."""
    epoch = bed.ask("select coalesce(max(epoch), 0) from sluice.leadership")
    began = time.monotonic()
    process = bed.start("scheduler")
    seconds = []
    for done in (f"select epoch > {epoch} from sluice.leadership", "select not exists (select from sluice.triggers where not planned)"):
        while bed.ask(done) != "t":
            assert process.child.poll() is None and time.monotonic() - began < 120, process.log.read_text()[-2000:]
            time.sleep(0.005)
        seconds.append(time.monotonic() - began)
    return process, seconds


def copy_flows(bed, flow, count):
    """What saving the flow {flow}0 under other names would write: {flow}1, …"""
    name = f"'{flow}' || i"
    other = f"regexp_replace(%s, '{flow}0\\M', {name})"
    copies = f"generate_series(1, {count - 1}) i where flow_id = '{flow}0'"
    bed.ask("insert into sluice.flows (namespace, flow_id, revision, source, definition, labels) "
            f"select namespace, {name}, 1, {other % 'source'}, {other % 'definition::text'}::jsonb, labels from sluice.flows, {copies}")
    bed.ask("insert into sluice.triggers (namespace, flow_id, trigger_id, flow_revision, type, definition, planned, next_at, upcoming) "
            f"select namespace, {name}, trigger_id, 1, type, definition, planned, next_at, upcoming from sluice.triggers, {copies}")


def again(bed, flow, cron, date):
    """What saving these flows with another cron of their first trigger, and with it this next date, would write."""
    other = "regexp_replace(%s, $$cron(\"?): ?(['\"])[^'\"]*$$, $$cron\\1: \\2" + cron + "$$)"
    bed.ask(f"with old as (update sluice.flows set latest = false where latest and flow_id ~ '^{flow}$' returning *) "
            "insert into sluice.flows (namespace, flow_id, revision, source, definition, labels) "
            f"select namespace, flow_id, 2, {other % 'source'}, {other % 'definition::text'}::jsonb, labels from old")
    bed.ask(f"update sluice.triggers set flow_revision = 2, next_at = case trigger_id when 's0' then {date} else next_at end "
            f"where flow_id ~ '^{flow}$'")
    bed.ask("notify sluice_triggers")


def first_answer(port):
    """Asks /ping without a pause until it is answered."""
    request = load.request_of(port, "GET", "/ping")
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            one = load.Connection(port)
        except OSError:
            time.sleep(0.002)
            continue
        one.socket.setblocking(True)
        one.socket.sendall(request)
        while (answer := one.answer()) is None:
            pass
        one.socket.close()
        if answer.startswith(b"HTTP/1.1 200"):
            return
    raise AssertionError("no answer within 60 s")
