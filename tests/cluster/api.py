"""The REST API of a cluster's web server, for tests. Only what the standard library has."""
import base64
import http.client
import json

from cluster import PASSWORD, USER, wait_for

ROOT = "/api/v1/main"
YAML = {"Content-Type": "application/x-yaml"}


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self):
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)


class Api:
    def __init__(self, cluster):
        self.cluster = cluster
        self.basic = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()

    def ask(self, method, path, body=None, headers=None, anonymous=False, root=ROOT):
        connection = http.client.HTTPConnection("127.0.0.1", self.cluster.port, timeout=60)
        given = dict(headers or {})
        if not anonymous:
            given.setdefault("Authorization", self.basic)
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            given.setdefault("Content-Type", "application/json")
        connection.request(method, root + path, body=body.encode() if isinstance(body, str) else body, headers=given)
        answer = connection.getresponse()
        out = Answer(answer.status, answer.headers, answer.read())
        connection.close()
        return out

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def ok(self, method, path, body=None, **more):
        answer = self.ask(method, path, body, **more)
        assert 200 <= answer.status < 300, f"{method} {path}: {answer.status} {answer.text}"
        return answer

    def save(self, source):
        return self.ok("POST", "/flows", source, headers=YAML).json

    def run(self, namespace, flow, query="?wait=true", **more):
        return self.ok("POST", f"/executions/{namespace}/{flow}{query}", **more).json

    def state_of(self, execution):
        return self.ok("GET", f"/executions/{execution}").json["state"]["current"]

    def wait_state(self, execution, state):
        wait_for(f"{execution} is {state}", lambda: self.state_of(execution) == state, 30)

    def operation_over(self, operation, **asker):
        """An operation at its end, as somebody sees it."""
        look = lambda: self.ok("GET", f"/operations/{operation}", **asker).json  # noqa: E731
        wait_for(f"operation {operation} is over", lambda: "endedAt" in look(), 30)
        return look()

    def follow(self, path, until, seconds=30):
        """The events of a stream until one has the id `until`: (id, data)."""
        connection = http.client.HTTPConnection("127.0.0.1", self.cluster.port, timeout=seconds)
        connection.request("GET", ROOT + path, headers={"Authorization": self.basic, "Accept": "text/event-stream"})
        answer = connection.getresponse()
        assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/event-stream"), answer.status
        events, name, data = [], "", ""
        while True:
            line = answer.readline().decode().rstrip("\n")
            if line.startswith("id:"):
                name = line[3:].strip()
            elif line.startswith("data:"):
                data += line[5:].strip()
            elif not line and data:
                events.append((name, json.loads(data)))
                data = ""
                if name == until:
                    connection.close()
                    return events


def multipart(fields, files=()):
    """(body, headers) of a form; files: (name, filename, content)"""
    out = []
    for name, value in fields.items():
        out.append(f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for name, filename, content in files:
        out.append(f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
                   f'Content-Type: application/octet-stream\r\n\r\n'.encode() + content + b"\r\n")
    return b"".join(out) + b"--x--\r\n", {"Content-Type": "multipart/form-data; boundary=x"}
