"""Many rows through files."""
import datetime
import time

import flows
from api import Api
from measure import rss_mib


def copy(suite):
    """Rows out to a CSV file and in again, by tasks and by psql on the same server; and what memory the worker took."""
    rows = 200_000 if suite.quick else 5_000_000
    with suite.bed() as bed:
        server = bed.standalone()
        database, file = bed.postgres, bed.folder / "psql.csv"
        bed.sql("create table bench_source as select n::bigint as id, md5(n::text) as name, n * 1.25 as amount, "
                f"timestamptz '2025-01-01' + n * interval '1 second' as at from generate_series(1, {rows}) n")
        bed.sql("create table bench_copy (like bench_source)")
        api = Api(bed)
        api.save(flows.copy_round_trip(f"jdbc:postgresql://127.0.0.1:{database.port}/sluice"))
        before = rss_mib(server.pid)
        seconds = {}
        for what, command in (("out", "\\copy (select * from bench_source) to '%s' with (format csv)"),
                              ("in", "\\copy bench_copy from '%s' with (format csv)")):
            bed.sql("truncate bench_copy")
            bed.sql("checkpoint")
            began = time.monotonic()
            database.sql(command % file)
            seconds[f"psql_{what}_s"] = round(time.monotonic() - began, 2)
        size = file.stat().st_size
        file.unlink()
        bed.sql("truncate bench_copy")
        bed.sql("checkpoint")
        execution = api.run("bench", "copy", query="?wait=true")
        assert execution["state"]["current"] == "SUCCESS", execution
        for run in api.ok("GET", f"/executions/{execution['id']}").json["taskRunList"]:
            began, ended = (datetime.datetime.fromisoformat(run["state"][key].replace("Z", "+00:00")) for key in ("startDate", "endDate"))
            seconds[f"{run['taskId']}_s"] = round((ended - began).total_seconds(), 2)
        assert bed.sql("select count(*) from bench_copy") == str(rows)
        suite.emit("copy", rows=rows, file_mib=round(size / 2**20), **seconds,
                   out_to_psql=round(seconds["psql_out_s"] / seconds["out_s"], 2),
                   in_to_psql=round(seconds["psql_in_s"] / seconds["in_s"], 2),
                   rss_before_mib=round(before, 1), rss_peak_mib=round(rss_mib(server.pid, peak=True), 1))
