"""Flows as people write them, run through the API: real/NAME.yaml and what becomes of it, real/NAME.expected; etl/ the same,
with a warehouse, an empty PostgreSQL database: {{ envs.warehouse }} is its JDBC URL.

A file's first comment says how it is run: `# run: {"inputs": {…}, "then": [{"at": "PAUSED", "do": "resume"}]}`
(JSON, may be left out); "executions": 3, where further ones come after all that are there are over; "warehouse": SQL that is run before; "backfill": {flow, trigger,
start, end, executions}, which is waited for before the flow is run. Documents after
the first are further flows. company.team stands for a namespace of the case's own. {{ envs.site }} is the address of a small web
site, see Site. The expected text is written by `run BINARY --write NAME`, and read by people before it is kept.
"""
import collections
import gzip
import http.server
import io
import json
import pathlib
import re
import threading
import zipfile

from cluster import wait_for

HERE = pathlib.Path(__file__).resolve().parent
OVER = {"SUCCESS", "WARNING", "FAILED", "KILLED", "CANCELLED", "RETRIED"}


def trips_of(month):
    """A month of trips as CSV, the same each time."""
    lines = ["picked_up,zone,amount"]
    for n in range(200 + int(month[-2:])):
        lines.append(f"{month}-{n % 28 + 1:02} {n % 24:02}:{n % 60:02}:00,{n % 50},{n % 97}.{n % 100:02}")
    return "\n".join(lines) + "\n"


def shop_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as shop:
        shop.writestr("zones.csv", "zone,name\n1,North\n2,South\n")
        shop.writestr("data/orders.csv", "zone,amount\n1,10.50\n2,7\n1,2.25\n")
    return out.getvalue()


RATES = """<?xml version="1.0"?>
<rates day="2025-01-01"><rate><currency>USD</currency><rate>1.04</rate></rate>
<rate><currency>JPY</currency><rate>163.06</rate></rate></rates>
"""


class Site(http.server.BaseHTTPRequestHandler):
    """/orders.csv and /orders.json; /trips/YYYY-MM.csv.gz; /shop.zip; /rates.xml; /page/N of three pages; /flaky/NAME fails twice; /echo answers what it was sent;
    /private asks for ada:lovelace; anything else is not found."""
    seen = collections.Counter()

    def answer(self, status, body, kind="application/json"):
        data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/orders.csv":
            return self.answer(200, "id,city,amount\n1,Paris,10\n2,Rome,25\n3,Paris,7\n4,Oslo,40\n", "text/csv")
        if path == "/orders.json":
            return self.answer(200, [{"id": 1, "city": "Paris", "amount": 10}, {"id": 2, "city": "Rome", "amount": 25},
                                     {"id": 3, "city": "Paris", "amount": 7}])
        if path == "/trips/broken.csv.gz":
            return self.answer(200, gzip.compress((trips_of("2025-01") + "2025-01-01 00:00:00,none,1\n").encode()), "application/gzip")
        if path.startswith("/trips/"):
            return self.answer(200, gzip.compress(trips_of(path[7:14]).encode()), "application/gzip")
        if path == "/shop.zip":
            return self.answer(200, shop_zip(), "application/zip")
        if path == "/rates.xml":
            return self.answer(200, RATES, "application/xml")
        if path.startswith("/page/"):
            page = int(path.rsplit("/", 1)[1])
            return self.answer(200, {"items": [f"p{page}-{i}" for i in range(2)], "next": page + 1 if page < 3 else None})
        if path.startswith("/flaky/"):
            Site.seen[path] += 1
            return self.answer(200, {"tries": Site.seen[path]}) if Site.seen[path] > 2 else self.answer(503, {"error": "busy"})
        if path == "/private":
            if self.headers.get("Authorization") == "Basic YWRhOmxvdmVsYWNl":
                return self.answer(200, {"secret": 42})
            return self.answer(401, {"error": "who are you?"})
        return self.answer(404, {"error": "there is nothing here"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.answer(200, {"method": self.command, "body": body, "type": self.headers.get("Content-Type"),
                          "x": self.headers.get("X-Test")})

    do_PUT = do_PATCH = do_POST

    def log_message(self, *_):
        pass


def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}"


def order_of(run):
    return (run.get("iteration") if run.get("iteration") is not None else -1, run["ordinal"])


def tree(runs):
    """A line a task run, those inside a task below it; of a loop by value, else in the order of their creation."""
    for number, run in enumerate(runs):
        run["ordinal"] = number
    lines = []

    def below(parent, depth):
        for run in sorted((r for r in runs if r.get("parentTaskRunId") == parent), key=order_of):
            value = f" [{run['value']}]" if run.get("value") is not None else ""
            tries = len(run.get("attempts") or [])
            again = f" after {tries} attempts" if tries > 1 else ""
            lines.append("  " * depth + f"{run['taskId']}{value} {run['state']['current']}{again}")
            below(run["id"], depth + 1)

    below(None, 1)
    return lines


class RealFlow:
    def __init__(self, api, site, file, number):
        self.api, self.site, self.file, self.namespace = api, site, file, f"real.n{number}"
        text = file.read_text().replace("company.team", self.namespace)
        first = re.match(r"# run: (.*)\n", text)
        self.how = json.loads(first.group(1)) if first else {}
        self.flows = [doc.strip("\n") + "\n" for doc in re.split(r"^---\n", text, flags=re.M)]
        self.main = re.search(r"^id: (\S+)", self.flows[0], re.M).group(1)

    def become(self):
        if "warehouse" in self.how:
            self.api.cluster.postgres.sql(self.how["warehouse"], database="warehouse")
        for source in [*self.flows[1:], self.flows[0]]:
            self.api.save(source)
        if "backfill" in self.how:
            self.fill_back(**self.how["backfill"])
        started = self.api.run(self.namespace, self.main, query="", body={"inputs": self.how.get("inputs", {})})
        id = started["id"]
        read = lambda: self.api.ok("GET", f"/executions/{id}").json  # noqa: E731
        for step in self.how.get("then", []):
            wait_for(f"{self.file.stem} is {step['at']}", lambda: read()["state"]["current"] == step["at"], 30)
            self.api.ok("POST", f"/executions/{id}/{step['do']}", step.get("body"))
        wait_for(f"{self.file.stem} is over", lambda: read()["state"]["current"] in OVER, 60)
        least = self.how.get("executions", 1)
        wait_for("all executions are over", lambda: len(found := self.executions()) >= least and
                 all(e["state"]["current"] in OVER for e in found), 60)
        return self.told(read())

    def fill_back(self, flow, trigger, start, end, executions):
        key = {"namespace": self.namespace, "flowId": flow, "triggerId": trigger}
        wait_for("the trigger is known", lambda: self.api.ok("GET", f"/triggers/search?namespace={self.namespace}").json["results"], 20)
        self.api.ok("PUT", "/triggers", {**key, "backfill": {"start": start, "end": end}})
        wait_for("all dates are filled back", lambda: len(found := self.executions()) >= executions and
                 all(e["state"]["current"] in OVER for e in found), 60)

    def executions(self):
        return self.api.ok("GET", f"/executions/search?namespace={self.namespace}&size=200").json["results"]

    def told(self, execution):
        lines = [f"{self.main} {execution['state']['current']}", *tree(execution["taskRunList"] or [])]
        for name, value in sorted((execution.get("outputs") or {}).items()):
            lines.append(f"output {name}: {json.dumps(value, sort_keys=True)}")
        labels = [f"{one['key']}={one['value']}" for one in execution["labels"] if not one["key"].startswith("system.")]
        if labels:
            lines.append("labels " + " ".join(sorted(labels)))
        others = collections.Counter((e["flowId"], e["state"]["current"]) for e in self.executions() if e["id"] != execution["id"])
        lines += [f"also {flow} {state} x {count}" for (flow, state), count in sorted(others.items())]
        logs = self.api.ok("GET", f"/logs/{execution['id']}?minLevel=WARN").json
        lines += sorted(f"{line['level']} {line.get('taskId') or '-'}: {line['message'].splitlines()[0]}" for line in logs)
        text = "\n".join(lines) + "\n"
        return text.replace(self.namespace, "company.team").replace(execution["id"], "EXECUTION").replace(
            self.site, "SITE").replace(f"port {self.api.cluster.postgres.port}", "port PORT")


def run_real(api, address, wanted, write):
    passed = failed = 0
    for number, file in enumerate(sorted([*HERE.glob("real/*.yaml"), *HERE.glob("etl/*.yaml")])):
        name = f"{file.parent.name}/{file.stem}"
        if wanted not in name:
            continue
        kept = file.with_suffix(".expected")
        try:
            found = RealFlow(api, address, file, number).become()
        except (AssertionError, OSError) as problem:
            failed += 1
            print(f"FAILED {name}: {problem}", flush=True)
            continue
        if write:
            kept.write_text(found)
        expected = kept.read_text() if kept.exists() else ""
        if found == expected:
            passed += 1
            print(f"ok     {name}", flush=True)
            continue
        failed += 1
        print(f"FAILED {name}\n  expected:\n{expected}\n  found:\n{found}", flush=True)
    return passed, failed
