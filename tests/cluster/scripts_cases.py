"""Scripts on real workers: in containers, and when a worker is killed. Part of tests/cluster/run."""
import pathlib

from cluster import Cluster, free_port, wait_for
from podman import IMAGE, Podman

INFO, ERROR = 2, 4

CONTAINERS = f"""
id: containers
namespace: test
tasks:
  - id: script
    type: io.kestra.plugin.scripts.shell.Script
    containerImage: {IMAGE}
    taskRunner:
      type: io.kestra.plugin.scripts.runner.docker.Docker
      networkMode: none
      pullPolicy: NEVER
    env: {{GREETING: "hello from {{{{ flow.id }}}}"}}
    inputFiles: {{in/a.txt: "seen"}}
    outputFiles: ["out/**"]
    script: |
      test ! -e /usr/bin/env
      test "$PWD" = "{{{{ workingDir }}}}"
      mkdir out
      cat in/a.txt > out/b.txt
      echo "$GREETING" > $OUTPUT_DIR/c.txt
      echo '::{{"outputs":{{"answer":42}}}}::'
      echo a line
      echo an error >&2
  - id: read
    type: core.debug.Return
    format: "{{{{ read(outputs.script.outputFiles['out/b.txt']) }}}} {{{{ read(outputs.script.outputFiles['c.txt']) | trim }}}} {{{{ outputs.script.vars.answer }}}} {{{{ outputs.script.stdErrLineCount }}}}"
  - id: folder
    type: core.flow.WorkingDirectory
    tasks:
      - id: writes
        type: io.kestra.plugin.scripts.shell.Commands
        containerImage: {IMAGE}
        taskRunner: {{type: io.kestra.plugin.scripts.runner.docker.Docker, networkMode: none, user: "1000:1000"}}
        commands: ["id -u > who.txt"]
      - id: reads
        type: io.kestra.plugin.scripts.shell.Commands
        taskRunner: {{type: io.kestra.plugin.core.runner.Process}}
        commands: ['test "$(cat who.txt)" = 1000']
  - id: build
    type: io.kestra.plugin.docker.Build
    pull: false
    tags: ["localhost/sluice-built:1"]
    inputFiles: {{greeting.txt: "built in"}}
    dockerfile: |
      FROM {IMAGE}
      COPY greeting.txt /greeting.txt
      ENTRYPOINT ["/bin/cat"]
  - {{id: tag, type: io.kestra.plugin.docker.Tag, sourceImage: "localhost/sluice-built:1", targetImage: "localhost/sluice-built:2"}}
  - id: run
    type: io.kestra.plugin.docker.Run
    containerImage: localhost/sluice-built:2
    networkMode: none
    pullPolicy: NEVER
    commands: ["/greeting.txt"]
  - id: left
    type: io.kestra.plugin.docker.Run
    containerImage: {IMAGE}
    networkMode: none
    wait: false
    commands: [sleep, "1000"]
  - {{id: remove, type: io.kestra.plugin.docker.Rm, containers: ["{{{{ outputs.left.taskRunner.containerId }}}}"], force: true}}
"""

# Each fails or waits in its own way: (script, runner's properties)
FAILING = f"""
id: failing
namespace: test
tasks:
  - id: all
    type: core.flow.Parallel
    tasks:
      - id: code
        type: io.kestra.plugin.scripts.shell.Commands
        containerImage: {IMAGE}
        taskRunner: {{type: io.kestra.plugin.scripts.runner.docker.Docker, networkMode: none}}
        commands: ["exit 7"]
      - id: image
        type: io.kestra.plugin.scripts.shell.Commands
        containerImage: localhost/there-is-none:1
        taskRunner: {{type: io.kestra.plugin.scripts.runner.docker.Docker, pullPolicy: NEVER}}
        commands: ["true"]
      - id: program
        type: io.kestra.plugin.scripts.python.Script
        containerImage: {IMAGE}
        taskRunner: {{type: io.kestra.plugin.scripts.runner.docker.Docker, networkMode: none}}
        script: print(1)
      - id: volume
        type: io.kestra.plugin.docker.Run
        containerImage: {IMAGE}
        volumes: ["/etc:/etc"]
"""

SLEEPING = f"""
id: sleeping
namespace: test
tasks:
  - id: all
    type: core.flow.Parallel
    tasks:
      - id: process
        type: io.kestra.plugin.scripts.shell.Commands
        taskRunner: {{type: io.kestra.plugin.core.runner.Process}}
        commands: ["setsid sleep 47113 & touch large; echo begun; wait"]
      - id: python
        type: io.kestra.plugin.scripts.python.Script
        taskRunner: {{type: io.kestra.plugin.core.runner.Process}}
        script: |
          import subprocess
          print("begun", flush=True)
          subprocess.run(["sleep", "47113"])
      - id: container
        type: io.kestra.plugin.scripts.shell.Commands
        containerImage: {IMAGE}
        taskRunner: {{type: io.kestra.plugin.scripts.runner.docker.Docker, networkMode: none}}
        commands: ["echo begun; sleep 1000"]
"""


def sleepers():
    """Processes of the flow above, wherever they hang."""
    out = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "cmdline").read_bytes() == b"sleep\x0047113\x00":
                out.append(int(entry.name))
        except OSError:
            pass  # it ended meanwhile
    return out


def worker_folders(cluster):
    return {one.name for one in (cluster.folder / "work").iterdir() if one.name.startswith("worker-")}


def messages(cluster, execution, level):
    return cluster.sql(f"select string_agg(message, E'\\n') from sluice.logs where execution_id = '{execution}' "
                       f"and level = {level}")


def ended(cluster, execution, state, seconds=60):
    over = wait_for(f"{execution} is over", lambda: cluster.sql(
        f"select state from sluice.executions where id = '{execution}' and ended_at is not null"), seconds)
    assert over == state, (over, messages(cluster, execution, ERROR))


def scripts_run_in_containers_and_leave_none(binary):
    if why := Podman.missing():
        print(f"    left out: {why}")
        return
    with Cluster(binary) as cluster, Podman(cluster.folder / "podman") as engine:
        cluster.port = free_port()
        cluster.wait_for_ping(cluster.start("standalone", "--port", str(cluster.port),
                                            SLUICE_TASKS_DOCKER_HOST=engine.address))
        cluster.save(CONTAINERS)
        execution = cluster.run("containers")
        ended(cluster, execution, "SUCCESS")
        value = cluster.sql("select outputs->>'value' from sluice.task_runs where task_id = 'read'")
        assert value == "seen hello from containers 42 1", value
        told = messages(cluster, execution, INFO).splitlines()
        assert "a line" in told and "built in" in told, told
        assert "an error" in messages(cluster, execution, ERROR)
        assert cluster.sql("select outputs->'imageId' is not null from sluice.task_runs where task_id = 'build'") == "t"
        assert engine.containers() == {}

        cluster.save(FAILING)
        execution = cluster.run("failing")
        ended(cluster, execution, "FAILED")
        told = messages(cluster, execution, ERROR)
        for words in ("exit code 7", "pullPolicy is NEVER", "exit code 127: a program was not found in the image",
                      "tasks.docker.volumes"):
            assert words in told, (words, told)

        cluster.save(SLEEPING)
        execution = cluster.run("sleeping")
        wait_for("the container runs", lambda: messages(cluster, execution, INFO).count("begun") == 3)
        assert cluster.call("DELETE", f"/executions/{execution}/kill")[0] in (200, 202)
        ended(cluster, execution, "KILLED")
        wait_for("nothing is left", lambda: engine.containers() == {} and sleepers() == [], 20)


def a_killed_worker_leaves_no_process_container_or_folder_behind(binary):
    """Whenever it is killed: while it runs tasks, and while it begins them."""
    why = Podman.missing()
    if why:
        print(f"    without containers: {why}")
    with Cluster(binary) as cluster:
        if why:
            return leaves_nothing(cluster, SLEEPING.replace(f"containerImage: {IMAGE}", "").replace(
                "scripts.runner.docker.Docker, networkMode: none", "core.runner.Process"), None)
        with Podman(cluster.folder / "podman") as engine:
            leaves_nothing(cluster, SLEEPING, engine)


def leaves_nothing(cluster, flow, engine):
    address = {"SLUICE_TASKS_DOCKER_HOST": engine.address} if engine else {}
    containers = engine.containers if engine else dict
    cluster.web()
    cluster.start("executor")
    cluster.save(flow)
    for moment in (3, 1):  # when so many tasks have begun
        worker = cluster.start("worker", **address)
        execution = cluster.run("sleeping")
        wait_for("tasks have begun", lambda: messages(cluster, execution, INFO).count("begun") >= moment)
        of_the_first, folders = set(containers()), worker_folders(cluster)
        assert sleepers() and folders
        worker.kill()
        wait_for("its processes are gone", lambda: sleepers() == [], 10)
        second = cluster.start("worker", **address)
        wait_for("its containers are gone", lambda: not of_the_first & set(containers()), 20)
        wait_for("its folders are gone", lambda: not folders & worker_folders(cluster), 20)
        assert cluster.call("DELETE", f"/executions/{execution}/kill")[0] in (200, 202)
        ended(cluster, execution, "KILLED")
        wait_for("nothing is left", lambda: containers() == {} and sleepers() == [], 20)
        second.end()
        assert worker_folders(cluster) == set(), worker_folders(cluster)
        for one in (worker, second):
            cluster.processes.remove(one)


TESTS = [scripts_run_in_containers_and_leave_none, a_killed_worker_leaves_no_process_container_or_folder_behind]
