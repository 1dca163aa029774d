"""Plugins in a cluster: who runs them, who knows of them; and where secrets must not be. Tests of tests/cluster/run."""
import base64
import json
import pathlib
import subprocess
import urllib.parse

from cluster import Cluster, wait_for

PLUGINS = pathlib.Path(__file__).resolve().parents[2] / "packaging/plugins"

GREET = """
id: greet
namespace: test
tasks:
  - {id: hello, type: com.example.greet.Hello, name: World}
  - {id: say, type: core.log.Log, message: "{{ outputs.hello.greeting }} {{ read(outputs.hello.uri) }}"}
"""

TOGETHER = """
id: together
namespace: test
tasks:
  - id: folder
    type: core.flow.WorkingDirectory
    tasks:
      - {id: hello, type: com.example.greet.Hello, name: Folder}
      - {id: show, type: scripts.shell.Commands, commands: [cat greeting.txt], taskRunner: {type: core.runner.Process}}
"""


def worker_of(cluster, execution, task):
    return cluster.sql("select s.pid from sluice.task_runs r join sluice.services s on s.service_id = r.worker_id "
                       f"where r.execution_id = '{execution}' and r.task_id = '{task}'")


def a_plugin_runs_where_it_is_and_is_known_everywhere(binary):
    with Cluster(binary) as cluster:
        cluster.web()
        cluster.start("executor")
        cluster.start("worker")
        status, answer = cluster.call("POST", "/flows", GREET)
        assert status == 422 and "com.example.greet.Hello" in str(answer), answer
        has_it = cluster.start("worker", "--plugins", str(PLUGINS))
        wait_for("the web server knows the type",
                 lambda: cluster.call("GET", "/plugins/com.example.greet.Hello")[0] == 200)
        schema = cluster.call("GET", "/plugins/schemas/task")[1]
        assert schema["definitions"]["com.example.greet.Hello"]["required"] == ["id", "type", "name"], schema
        icon = base64.b64decode(cluster.call("GET", "/plugins/icons")[1]["com.example.greet.Hello"]["icon"])
        assert icon.startswith(b"<svg"), icon
        for source in (GREET, TOGETHER):
            cluster.save(source)
        wrong = cluster.call("POST", "/flows", GREET.replace("name: World", "nmae: World").replace("greet\n", "wrong\n"))
        assert wrong[0] == 422 and "did you mean 'name'?" in str(wrong[1]), wrong
        ids = [cluster.run("greet") for _ in range(3)] + [cluster.run("together")]
        for execution in ids:
            cluster.wait_for_sql(f"select state from sluice.executions where id = '{execution}'", "SUCCESS")
            assert worker_of(cluster, execution, "hello") == str(has_it.pid)
        lines = cluster.sql(f"select string_agg(message, '|') from sluice.logs where execution_id = '{ids[0]}'")
        assert "Hello World! Hello World!" in lines, lines
        assert "Hello Folder!" in cluster.sql(f"select string_agg(message, '|') from sluice.logs where execution_id = '{ids[3]}'")

        # Nobody is left who could run it: that is told, and the job waits.
        has_it.end()
        waiting = cluster.run("greet")
        reason = wait_for("it says why", lambda: cluster.sql(
            f"select reason from sluice.why('{waiting}') where code = 'JOB' and reason like '%no living worker%'"))
        assert "com.example.greet.Hello" in reason and "--plugins" in reason, reason
        assert "com.example.greet.Hello" in cluster.sql("select string_agg(why, '|') from sluice.stuck")
        cluster.start("worker", SLUICE_PLUGINS_FOLDER=str(PLUGINS))
        cluster.wait_for_sql(f"select state from sluice.executions where id = '{waiting}'", "SUCCESS")
        assert cluster.sql("select string_agg(finding, E'\\n') from sluice.invariants()") == ""


def a_worker_refuses_plugins_with_mistakes(binary):
    with Cluster(binary, durable=False) as cluster:
        folder = cluster.folder / "plugins"
        folder.mkdir()
        (folder / "plugin.yaml").write_text("protocol: 1\ncommand: [x]\ntypes:\n"
                                            "  - {type: io.kestra.plugin.core.log.Log, title: Mine}\n")
        refused = cluster.start("worker", "--plugins", str(folder))
        assert refused.child.wait(20) == 1
        assert "taken by the built-in type io.kestra.plugin.core.log.Log" in refused.log.read_text()


SECRET = "s3cr3t/V4lue+of \"Token\""
LINES = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqh\nkiG9w0BAQEFAASCBK\n-----END KEY-----\n"
FORMS = [SECRET, json.dumps(SECRET)[1:-1], urllib.parse.quote(SECRET, safe=""), urllib.parse.quote_plus(SECRET),
         *(base64.b64encode(("x" * n + SECRET).encode()).decode()[4:-4] for n in range(3)),
         "MIIEvQIBADANBgkqh", "kiG9w0BAQEFAASCBK"]

CHILD = """
id: child
namespace: test
inputs: [{id: token, type: STRING}]
tasks:
  - {id: say, type: core.log.Log, message: "child {{ inputs.token }} of {{ inputs.token | length }}"}
outputs: [{id: token, type: STRING, value: "{{ inputs.token }}"}]
"""

EVERYWHERE = """
id: everywhere
namespace: test
inputs: [{id: of_default, type: STRING, defaults: "{{ secret('TOKEN') }}"}]
variables: {a: 1}
tasks:
  - {id: log, type: core.log.Log, message: "log {{ secret('TOKEN') }} {{ secret('TOKEN') | urlencode }} {{ inputs.of_default }}"}
  - {id: value, type: core.debug.Return, format: "Bearer {{ secret('TOKEN') }}"}
  - {id: length, type: core.debug.Return, format: "{{ outputs.value.value | length }} {{ inputs.of_default | length }}"}
  - {id: values, type: core.output.OutputValues, values: {list: ["{{ secret('TOKEN') }}", 1]}}
  - {id: vars, type: core.execution.SetVariables, variables: {token: "{{ secret('TOKEN') }}"}}
  - {id: of_vars, type: core.debug.Return, format: "{{ vars.token | length }}"}
  - {id: labels, type: core.execution.Labels, labels: {token: "{{ secret('TOKEN') }}"}}
  - id: metric
    type: core.metric.Publish
    metrics: [{name: m, type: counter, value: 1, tags: {token: "{{ secret('TOKEN') }}"}}]
  - id: choice
    type: core.flow.Switch
    value: "{{ secret('TOKEN') }}"
    defaults: [{id: chosen, type: core.log.Log, message: "{{ secret('TOKEN') | base64encode }}"}]
  - {id: child, type: core.flow.Subflow, namespace: test, flowId: child, inputs: {token: "{{ secret('TOKEN') }}"}, labels: {l: "{{ secret('TOKEN') }}"}}
  - {id: of_child, type: core.debug.Return, format: "{{ outputs.child.outputs.token | length }}"}
  - id: script
    type: scripts.python.Script
    taskRunner: {type: core.runner.Process}
    env: {TOKEN: "{{ secret('TOKEN') }}", KEY: "{{ secret('KEY') }}"}
    script: |
      import base64, json, os, sys, urllib.parse
      token = os.environ["TOKEN"]
      sys.stdout.write("parts " + token[:5]); sys.stdout.flush(); sys.stdout.write(token[5:] + " end\\n")
      print(base64.b64encode(("user:" + token).encode()).decode(), urllib.parse.quote(token, safe=""), json.dumps(token))
      print(os.environ["KEY"], file=sys.stderr)
      print("::" + json.dumps({"outputs": {"token": token, "length": len(token)},
                               "metrics": [{"name": "s", "type": "counter", "value": 1, "tags": {"t": token}}],
                               "logs": [{"level": "WARN", "message": "protocol " + token}]}) + "::")
  - {id: of_script, type: core.debug.Return, format: "{{ outputs.script.vars.token | length }} {{ outputs.script.vars.length }}"}
  - {id: plugin, type: com.example.greet.Hello, name: "{{ secret('TOKEN') }}"}
  - id: shown
    type: scripts.shell.Commands
    taskRunner: {type: core.runner.Process}
    commands: ["echo shown {{ secret('PLAIN') }}", "until [ -e %(go)s ]; do sleep 0.05; done"]
  - {id: unreachable, type: core.http.Request, uri: "http://127.0.0.1:1/{{ secret('TOKEN') | urlencode }}", allowFailure: true}
  - {id: bad_expression, type: core.log.Log, message: "{{ secret('TOKEN') | number }}", allowFailure: true}
  - {id: bad_condition, type: core.log.Log, message: x, runIf: "{{ secret('TOKEN') | number }}", allowFailure: true}
  - {id: fail, type: core.execution.Fail, errorMessage: "failed with {{ secret('TOKEN') }}", allowFailure: true}
outputs: [{id: token, type: STRING, value: "{{ secret('TOKEN') }}"}]
"""


def command_lines():
    for file in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it has ended


def found_in(text):
    return [form for form in FORMS if form in text]


def a_secret_is_nowhere_and_works_everywhere(binary):
    secrets = {"SECRET_TOKEN": SECRET, "SECRET_KEY": LINES, "SECRET_PLAIN": "PlainPassw0rd"}
    secrets = {name: base64.b64encode(value.encode()).decode() for name, value in secrets.items()}
    with Cluster(binary, durable=False) as cluster:
        cluster.environment |= secrets
        cluster.web()
        cluster.start("executor")
        cluster.start("worker", "--plugins", str(PLUGINS), "--log-level", "DEBUG")
        wait_for("the type is known", lambda: cluster.call("GET", "/plugins/com.example.greet.Hello")[0] == 200)
        go = cluster.folder / "go"
        cluster.save(CHILD)
        cluster.save(EVERYWHERE % {"go": go})
        execution = cluster.run("everywhere")
        cluster.wait_for_sql(f"select count(*) from sluice.logs where execution_id = '{execution}' and message like 'shown %'", "1")
        listed = [line for line in command_lines() if "PlainPassw0rd" in line]
        assert not listed, listed
        go.touch()
        cluster.wait_for_sql(f"select state from sluice.executions where id = '{execution}'", "WARNING")

        answers = json.dumps([cluster.call("GET", path)[1] for path in (
            f"/executions/{execution}", f"/logs/{execution}", f"/metrics/{execution}", "/executions/search",
            "/executions?flowId=child", "/logs/search")], ensure_ascii=False)
        dump = subprocess.run([cluster.postgres.bin / "pg_dump", "--data-only", "--inserts", cluster.postgres.url],
                              capture_output=True, text=True, check=True).stdout
        logs = "".join(one.log.read_text() for one in cluster.processes)
        for where, text in (("the API", answers), ("the database", dump), ("the servers' logs", logs)):
            for line in text.splitlines():
                assert not found_in(line), f"{where} shows {found_in(line)}: {line[:2000]}"
        assert "PlainPassw0rd" not in dump + answers + logs

        def output(task, path="value"):
            return cluster.sql(f"select outputs ->> '{path}' from sluice.task_runs where execution_id = '{execution}' "
                               f"and task_id = '{task}'")
        size = len(SECRET)
        assert output("length") == f"{7 + size} {size}", output("length")
        assert output("of_vars") == str(size)
        assert output("of_child") == str(size)
        assert output("of_script") == f"{size} {size}"
        assert "aes_encrypted" in output("value")
        lines = cluster.sql(f"select string_agg(task_id || ' ' || message, E'\\n' order by seq) from sluice.logs where execution_id = '{execution}'")
        for task in ("log", "chosen", "script", "plugin", "bad_expression", "fail"):
            assert any(line.startswith(task + " ") and "**masked*" in line for line in lines.splitlines()), (task, lines)


TESTS = [a_plugin_runs_where_it_is_and_is_known_everywhere, a_worker_refuses_plugins_with_mistakes,
         a_secret_is_nowhere_and_works_everywhere]
