"""What cases work with."""
import re
from urllib.parse import quote

from api import YAML
from cluster import wait_for

OVER = {"SUCCESS", "WARNING", "FAILED", "KILLED", "CANCELLED", "RETRIED"}


class Execution:
    """One that is over, with what it left."""

    def __init__(self, api, id):
        self.api, self.id = api, id
        self.body = api.ok("GET", f"/executions/{id}").json
        self.state = self.body["state"]["current"]
        self.runs = self.body["taskRunList"] or []

    def outputs(self, task):
        """Of the task's last run."""
        return [run for run in self.runs if run["taskId"] == task][-1].get("outputs") or {}

    def states(self):
        return {run["taskId"]: run["state"]["current"] for run in self.runs}

    def file(self, uri):
        """Bytes of a file that a task stored."""
        return self.api.ok("GET", f"/executions/{self.id}/file?path={quote(uri, safe='')}").body

    def log(self, level="TRACE"):
        return "\n".join(line["message"] for line in self.api.ok("GET", f"/logs/{self.id}?minLevel={level}").json)


class Rig:
    """What a case works with: a server, a namespace of its own, and a folder for its files."""

    def __init__(self, cluster, api, namespace, folder):
        self.cluster, self.api, self.namespace, self.folder = cluster, api, namespace, folder

    def save(self, flow):
        """Keeps a flow; `company.team` stands for the namespace of the case. Returns its id."""
        source = flow.replace("company.team", self.namespace)
        id = re.search(r"^id: (\S+)", source, re.M).group(1)
        if self.api.get(f"/flows/{self.namespace}/{id}").status == 404:
            self.api.save(source)
        else:
            self.api.ok("PUT", f"/flows/{self.namespace}/{id}", source, headers=YAML)
        return id

    def start(self, flow, **inputs):
        """Begins an execution. Returns its id."""
        return self.api.run(self.namespace, self.save(flow), query="", body={"inputs": inputs})["id"]

    def run(self, flow, state="SUCCESS", seconds=60, **inputs):
        """Runs a flow to its end, which must be this one."""
        return self.ended(self.start(flow, **inputs), state, seconds)

    def ended(self, id, state="SUCCESS", seconds=60):
        wait_for(f"{id} is over", lambda: self.api.state_of(id) in OVER, seconds)
        out = Execution(self.api, id)
        assert out.state == state, f"{out.state} instead of {state}:\n{out.log('INFO')}"
        return out

    def executions(self, flow):
        """Ids of those of a flow, oldest first."""
        path = f"/executions/search?namespace={self.namespace}&flowId={flow}&sort=id:asc&size=200"
        return [row["id"] for row in self.api.ok("GET", path).json["results"]]

    def triggered(self, flow, count, seconds=30):
        """The executions that a trigger has started, when there are so many."""
        ids = wait_for(f"{count} executions of {flow}", lambda: len(found := self.executions(flow)) >= count and found, seconds)
        return [self.ended(id) for id in ids]
