"""Traces, sent to a collector that the test is."""
import http.server
import json
import threading

from cluster import wait_for


class Collector:
    """Takes spans by OTLP/HTTP; the first request is refused as a collector that is busy would. It also answers GET with the
    traceparent that came along."""

    def __init__(self):
        self.spans, self.headers, self.contexts, self.refused = [], [], [], 0
        lock = threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self, code, body=b"{}"):
                self.send_response(code)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with lock:
                    if outer.refused == 0:
                        outer.refused = 1
                        return self.answer(503)
                    outer.headers.append((self.path, self.headers.get("Authorization"), self.headers.get("Content-Type")))
                    for resource in body["resourceSpans"]:
                        names = {one["key"]: one["value"]["stringValue"] for one in resource["resource"]["attributes"]}
                        assert names["service.name"] == "sluice" and names["service.version"]
                        for scope in resource["scopeSpans"]:
                            outer.spans += scope["spans"]
                return self.answer(200)

            def do_GET(self):
                with lock:
                    outer.contexts.append(self.headers.get("traceparent"))
                self.answer(200)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # a client that was stopped in the middle
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, execution):
        return {span["name"]: span for span in list(self.spans) if attribute(span, "sluice.execution.id") == execution}


def attribute(span, key):
    return next((one["value"]["stringValue"] for one in span["attributes"] if one["key"] == key), None)


FLOW = """\
id: traced
namespace: api.traces
tasks:
  - id: group
    type: core.flow.Sequential
    tasks:
      - {{id: call, type: core.http.Request, uri: '{url}/ping'}}
      - id: shell
        type: scripts.shell.Commands
        taskRunner: {{type: io.kestra.plugin.core.runner.Process}}
        commands:
          - echo '::{{"outputs":{{"context":"'$TRACEPARENT'"}}}}::'
      - {{id: broken, type: core.execution.Fail}}
"""


def executions_are_traces_and_their_context_is_passed_on(api):
    collector = api.collector
    api.save(FLOW.format(url=collector.url))
    execution = api.ok("POST", "/executions/api.traces/traced?wait=true").json
    assert execution["state"]["current"] == "FAILED", execution["state"]
    wait_for("all spans have come", lambda: len(collector.of(execution["id"])) == 5, 30)
    spans = collector.of(execution["id"])
    root, group = spans["api.traces.traced"], spans["group"]
    assert len({span["traceId"] for span in spans.values()}) == 1 and len(root["traceId"]) == 32
    assert "parentSpanId" not in root and group["parentSpanId"] == root["spanId"]
    for name in ("call", "shell", "broken"):
        assert spans[name]["parentSpanId"] == group["spanId"], name
        assert int(root["startTimeUnixNano"]) <= int(spans[name]["startTimeUnixNano"]) <= int(spans[name]["endTimeUnixNano"])
    assert {name: span["status"]["code"] for name, span in spans.items()} == {
        "api.traces.traced": 2, "group": 2, "call": 1, "shell": 1, "broken": 2}
    assert attribute(root, "sluice.flow.id") == "traced" and attribute(root, "sluice.state") == "FAILED"
    path, authorization, kind = collector.headers[-1]
    assert (path, authorization, kind) == ("/v1/traces", "Bearer of-the-test", "application/json")
    assert f"00-{root['traceId']}-{spans['call']['spanId']}-01" in collector.contexts
    outputs = {run["taskId"]: run.get("outputs", {}) for run in execution["taskRunList"]}
    assert outputs["shell"]["vars"]["context"] == f"00-{root['traceId']}-{spans['shell']['spanId']}-01", outputs["shell"]
    assert collector.refused == 1  # what came with it came again


CASES = [executions_are_traces_and_their_context_is_passed_on]
