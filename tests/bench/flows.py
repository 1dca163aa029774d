"""The flows that are measured: the benchmarks that others publish, and the same work on workers."""

WEBHOOK_TWO_TASKS = """
id: two
namespace: bench
inputs:
  - {id: greeting, type: STRING, defaults: Hello}
tasks:
  - id: output
    type: io.kestra.plugin.core.output.OutputValues
    values: {text: "{{ inputs.greeting }} World"}
  - {id: log, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.output.values.text }}"}
triggers:
  - {id: hook, type: io.kestra.plugin.core.trigger.Webhook, key: bench}
"""

TEN_TASKS = """
id: ten
namespace: bench
tasks:
""" + "".join(f"""  - id: if{i}
    type: io.kestra.plugin.core.flow.If
    condition: "{{{{ true }}}}"
    then:
      - {{id: log{i}, type: io.kestra.plugin.core.log.Log, message: "step {i}"}}
""" for i in range(5))


def for_each(count):
    return f"""
id: each{count}
namespace: bench
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEach
    values: "{{{{ range(1, {count}) }}}}"
    concurrencyLimit: 0
    tasks:
      - {{id: value, type: io.kestra.plugin.core.debug.Return, format: "{{{{ taskrun.value }}}}"}}
"""


def sequence(count):
    return f"id: row{count}\nnamespace: bench\ntasks:\n" + "".join(
        f"  - {{id: t{i}, type: io.kestra.plugin.core.debug.Return, format: step}}\n" for i in range(count))


def nested(depth):
    """A Sequential in a Sequential …, a light task in each, and the innermost reads what the outermost put out."""
    lines = [f"id: deep{depth}", "namespace: bench", "tasks:"]
    for level in range(depth):
        space = "  " * (2 * level + 1)
        text = "'{{ outputs.t0.value }}'" if level == depth - 1 and level > 0 else "step"
        lines.append(f"{space}- {{id: t{level}, type: io.kestra.plugin.core.debug.Return, format: {text}}}")
        if level < depth - 1:
            lines += [f"{space}- id: s{level}", f"{space}  type: io.kestra.plugin.core.flow.Sequential", f"{space}  tasks:"]
    return "\n".join(lines) + "\n"


# Tasks that a worker runs in a process of its own: each is claimed, started, told and recorded.
TWO_ON_WORKERS = """
id: workers
namespace: bench
tasks:
  - {id: first, type: io.kestra.plugin.core.kv.Get, key: nothing}
  - {id: second, type: io.kestra.plugin.core.kv.Get, key: nothing}
"""


# A process that does nothing, and one that writes a line.
SCRIPTS = """
id: scripts
namespace: bench
tasks:
  - {id: nothing, type: io.kestra.plugin.scripts.shell.Commands, commands: ["true"]}
  - {id: says, type: io.kestra.plugin.scripts.shell.Commands, commands: ["echo a line"]}
"""


def scheduled(name, triggers, crons):
    """Schedules with seconds; `crons` of them by turns."""
    return f"""
id: {name}
namespace: bench
tasks:
  - {{id: log, type: io.kestra.plugin.core.log.Log, message: "{{{{ trigger.date }}}}"}}
triggers:
""" + "".join(f"  - {{id: s{i}, type: io.kestra.plugin.core.trigger.Schedule, withSeconds: true, "
              f"cron: '{crons[i % len(crons)]}', allowConcurrent: true}}\n" for i in range(triggers))


def copy_round_trip(url):
    """A table out to a CSV file, and in again to another table."""
    connection = f"url: {url}\n    username: sluice\n    format: CSV"
    return f"""
id: copy
namespace: bench
tasks:
  - id: out
    type: io.kestra.plugin.jdbc.postgresql.CopyOut
    {connection}
    sql: select * from bench_source
  - id: in
    type: io.kestra.plugin.jdbc.postgresql.CopyIn
    {connection}
    from: "{{{{ outputs.out.uri }}}}"
    table: bench_copy
  - id: purge
    type: io.kestra.plugin.core.storage.PurgeCurrentExecutionFiles
"""


# What a message carries is logged, up to a line's length.
PAYLOAD = """
id: payload
namespace: bench
tasks:
  - id: output
    type: io.kestra.plugin.core.output.OutputValues
    values: {size: "{{ trigger.body.text | length }}"}
  - {id: log, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.output.values.size }}"}
triggers:
  - {id: hook, type: io.kestra.plugin.core.trigger.Webhook, key: bench}
"""
