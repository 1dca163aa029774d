"""What strangers and users try: text that is SQL, a pattern or a path, in every place of the server's own description."""
import concurrent.futures
import http.client
import re
import socket
import urllib.parse

SQL = "x' or '1'='1'; drop table sluice.flows; -- \\ \" $1 {a,b} é\u0301"
WILDCARDS = ["%", "_%", "%25", "x' or true --", "\\%"]
FIELDS = ["q", "scope", "namespace", "flowId", "startDate", "endDate", "timeRange", "state", "labels", "triggerExecutionId",
          "childFilter", "minLevel", "level", "triggerId", "executionId", "workerId", "taskId", "taskRunId", "kind", "id", "user",
          "resource", "act", "key", "inputs", "cursor", "sort", "page", "size", "total", "filters", "name", "description"]
# Those that a text narrows: no name has a '%' in it, so they find nothing, or refuse.
NARROWING = {"q", "namespace", "flowId", "labels", "triggerExecutionId", "triggerId", "executionId", "workerId", "taskId", "taskRunId"}
BRACKETS = NARROWING | {"id", "user", "act", "key", "name"}
OPERATIONS = ["EQUALS", "NOT_EQUALS", "IN", "NOT_IN", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "REGEX", "PREFIX", "GREATER_THAN",
              "LESS_THAN_OR_EQUAL_TO"]
POSITIVE = {"EQUALS", "IN", "STARTS_WITH", "ENDS_WITH", "CONTAINS", "PREFIX"}


class Asker:
    """Requests over one connection."""

    def __init__(self, api):
        self.api, self.connection = api, http.client.HTTPConnection("127.0.0.1", api.cluster.port, timeout=30)

    def get(self, path, method="GET"):
        self.connection.request(method, path, headers={"Authorization": self.api.basic})
        answer = self.connection.getresponse()
        if answer.headers.get("Content-Type", "").startswith("text/event-stream"):
            self.connection.close()
            return answer.status, b""
        body = answer.read()
        if answer.will_close:
            self.connection.close()
        return answer.status, body


def described(api, method="get"):
    """(path, what) of all routes of that method"""
    paths = api.ok("GET", "/openapi.json", root="/api/v1").json["paths"]
    return [(path, one[method]) for path, one in sorted(paths.items()) if method in one and path.startswith("/api/v1/main")]


def parameters(what, place):
    return [one["name"] for one in what.get("parameters", []) if one["in"] == place]


def filled(path, value="nowhere"):
    return re.sub(r"\{\w+\}", value, path)


def in_turn(api, jobs):
    """All that went wrong of the jobs, (path, check(status, body)) each, by three askers."""
    def run(part):
        asker, wrong = Asker(api), []
        for path, check in part:
            status, body = asker.get(path)
            if why := check(status, body):
                wrong.append(f"{path}: {status} {why} {body[:200]!r}")
        return wrong
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        return [one for part in pool.map(run, [jobs[i::3] for i in range(3)]) for one in part]


def no_failure(status, _):
    return "failed" if status >= 500 else None


def nothing_found(status, body):
    if status >= 500:
        return "failed"
    found = re.search(rb'"results"\s*:\s*\[\s*(\S)', body) if status == 200 else None
    return "found something" if found and found[1] != b"]" else None


def injections(api):
    """Every parameter of every GET route; of lists, every field and operation of their filters, too."""
    jobs, count = [], 0
    for path, what in described(api):
        names = parameters(what, "query")
        is_list = "filters" in names
        where = filled(path)
        for name in names + (FIELDS if is_list else []):
            jobs.append((f"{where}?{name}={urllib.parse.quote(SQL)}", no_failure))
            if is_list and name in NARROWING:
                jobs += [(f"{where}?{name}={urllib.parse.quote(text)}", nothing_found) for text in WILDCARDS[:2]]
        count += is_list
        for number, field in enumerate(FIELDS if is_list else []):
            for operation in OPERATIONS if field in BRACKETS else ("EQUALS", "IN", "REGEX", "GREATER_THAN"):
                key = f"filters%5B{field}%5D%5B{operation}%5D"
                check = nothing_found if field in BRACKETS and operation in POSITIVE else no_failure
                text = SQL if check is no_failure else WILDCARDS[number % len(WILDCARDS)]
                jobs.append((f"{where}?{key}={urllib.parse.quote(text)}", check))
            jobs.append((f"{where}?filters%5B{field}%5D%5BEQUALS%5D%5B{urllib.parse.quote(SQL)}%5D=x", no_failure))
    assert count >= 6, f"only {count} lists are described"
    return in_turn(api, jobs), len(jobs)


CLIMBS = ["..%2f..%2f..%2f..%2fetc%2fpasswd", "%252e%252e%252f%252e%252e%252fetc%252fpasswd", "%2Fetc%2Fpasswd", "....%2F%2F....%2F%2Fetc",
          "..;%2f..;%2fetc%2fpasswd", "%c0%ae%c0%ae%c0%afetc", "a%00b", "file:%2F%2F%2Fetc%2Fpasswd", "..%5c..%5cetc%5cpasswd"]


def climbs(api, run):
    """Every parameter of every path; and every parameter that is a path, of files and executions."""
    def stays(status, body):
        return "failed" if status >= 500 else "left its place" if b"root:" in body else None
    # Whoever follows an execution that is not there waits for it, ten seconds long: its id leads to no file.
    jobs = [(filled(path, value), stays) for path, what in described(api)
            if parameters(what, "path") and not path.endswith("/executions/{id}/follow") for value in CLIMBS]
    storage = f"kestra:///hard/files/one/executions/{run}"
    more = [*CLIMBS, f"{storage}/../../../../../../etc/passwd", f"{storage}/%252e%252e/%252e%252e/etc/passwd", "kestra:////etc/passwd",
            "file:///etc/passwd", "/etc/passwd", "nsfile:///../../etc/passwd", "kestra://host/etc/passwd"]
    for path, what in described(api):
        for name in set(parameters(what, "query")) & {"path", "from", "to", "uri"}:
            where = filled(path).replace("executions/nowhere", f"executions/{run}")
            jobs += [(f"{where}?{name}={value}", stays) for value in more]
    return in_turn(api, jobs), len(jobs)


def answers(api, text, wait=2.0):
    """The status lines of all answers to bytes as they are, until the server closes or is silent."""
    with socket.create_connection(("127.0.0.1", api.cluster.port), timeout=wait) as connection:
        connection.sendall(text)
        data = b""
        try:
            while piece := connection.recv(65536):
                data += piece
        except (TimeoutError, ConnectionResetError):
            pass
    return [line.decode() for line in re.findall(rb"HTTP/1\.1 \d{3}", data)]


HIDDEN = b"GET /ping HTTP/1.1\r\nHost: x\r\n\r\n"
HEAD = b"POST /api/v1/login HTTP/1.1\r\nHost: x\r\n"
# Each could be read as one request, or as two: the second must never be answered.
DIVIDED = {
    "CL and TE": HEAD + b"Content-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "TE and CL": HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n5c\r\n" + HIDDEN,
    "two lengths": HEAD + b"Content-Length: 0\r\nContent-Length: 33\r\n\r\n" + HIDDEN,
    "a list of lengths": HEAD + b"Content-Length: 0, 33\r\n\r\n" + HIDDEN,
    "a negative length": HEAD + b"Content-Length: -1\r\n\r\n" + HIDDEN,
    "a length in hex": HEAD + b"Content-Length: 0x0\r\n\r\n" + HIDDEN,
    "a folded line": HEAD + b"X: a\r\n Content-Length: 33\r\n\r\n" + HIDDEN,
    "a folded encoding": HEAD + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "bare line feeds": HEAD.replace(b"\r\n", b"\n") + b"Content-Length: 0\n\n" + HIDDEN,
    "a bare line feed in a value": HEAD + b"X: a\nContent-Length: 33\r\n\r\n" + HIDDEN,
    "a bare carriage return": HEAD + b"X: a\rTransfer-Encoding: chunked\r\n\r\n" + HIDDEN,
    "a blank before the colon": HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "an unknown encoding": HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two encodings": HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" + HIDDEN,
    "a NUL": HEAD + b"X: a\x00b\r\nContent-Length: 0\r\n\r\n" + HIDDEN,
    "a chunk's size that is none": HEAD + b"Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n" + HIDDEN,
    "a chunk that is longer than it says": HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n" + HIDDEN,
    "two hosts": b"GET /ping HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" + HIDDEN,
    "no host": b"GET /ping HTTP/1.1\r\n\r\n" + HIDDEN,
}


def divided(api):
    """What is answered to each: [] when all are refused with one answer."""
    wrong = []
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for name, got in zip(DIVIDED, pool.map(lambda text: answers(api, text), DIVIDED.values())):
            if len(got) > 1 or any(int(line.split()[1]) not in (400, 411, 413, 501, 505) for line in got):
                wrong.append(f"{name}: {got}")
    return wrong
