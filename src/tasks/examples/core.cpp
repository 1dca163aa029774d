// Examples of tasks.
#include "tasks/examples/examples.h"

namespace sluice::tasks {
namespace {

constexpr SharedExample kCoreExamples[] = {
    {"Log, and give values back", "core.log.Log core.debug.Return core.output.OutputValues", R"(id: hello
namespace: company.team
inputs:
  - {id: name, type: STRING, defaults: World}
tasks:
  - id: greeting
    type: io.kestra.plugin.core.debug.Return
    format: "Hello {{ inputs.name }}"
  - id: values
    type: io.kestra.plugin.core.output.OutputValues
    values:
      text: "{{ outputs.greeting.value }}"
      length: "{{ outputs.greeting.value | length }}"
  - id: say
    type: io.kestra.plugin.core.log.Log
    level: INFO
    message: "{{ outputs.values.values.text }}: {{ outputs.values.values.length }} characters"
)"},
    {"Log in the older way", "core.debug.Echo", R"(id: echo
namespace: company.team
tasks:
  - id: echo
    type: io.kestra.plugin.core.debug.Echo
    format: "Hello from {{ flow.id }}"
)"},
    {"Keep the log of an execution as a file", "core.log.Fetch", R"(id: keep_log
namespace: company.team
tasks:
  - {id: work, type: io.kestra.plugin.core.log.Log, message: working}
  - id: fetch
    type: io.kestra.plugin.core.log.Fetch
    level: INFO
    tasksId: [work]
  - {id: say, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.fetch.size }} lines in {{ outputs.fetch.uri }}"}
)"},
    {"Delete what is older than a month, each night", "core.log.PurgeLogs core.execution.PurgeExecutions", R"(id: purge
namespace: company.team
tasks:
  - id: executions
    type: io.kestra.plugin.core.execution.PurgeExecutions
    endDate: "{{ now() | dateAdd(-1, 'MONTHS') }}"
    states: [SUCCESS, WARNING, FAILED, KILLED, CANCELLED]
  - id: debug_lines
    type: io.kestra.plugin.core.log.PurgeLogs
    logLevels: [TRACE, DEBUG]
    endDate: "{{ now() | dateAdd(-7, 'DAYS') }}"
triggers:
  - {id: nightly, type: io.kestra.plugin.core.trigger.Schedule, cron: "0 2 * * *"}
)"},
    {"Measure something of one's own", "core.metric.Publish", R"(id: metrics
namespace: company.team
tasks:
  - id: publish
    type: io.kestra.plugin.core.metric.Publish
    metrics:
      - {name: rows, type: counter, value: 7, tags: {table: orders}}
)"},
    {"Remember values between executions", "core.kv.Set core.kv.Get core.kv.GetKeys core.kv.Delete", R"(id: remember
namespace: company.team
tasks:
  - id: set
    type: io.kestra.plugin.core.kv.Set
    key: last_run
    value: "{{ now() }}"
    ttl: P7D
  - id: get
    type: io.kestra.plugin.core.kv.Get
    key: last_run
  - id: keys
    type: io.kestra.plugin.core.kv.GetKeys
    prefix: last_
  - {id: say, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.get.value }}, one of {{ outputs.keys.keys }}"}
  - id: delete
    type: io.kestra.plugin.core.kv.Delete
    key: last_run
)"},
    {"Count the executions of a flow with a state", "core.state.Set core.state.Get core.state.Delete", R"(id: states
namespace: company.team
tasks:
  - {id: get, type: io.kestra.plugin.core.state.Get, name: counter}
  - id: set
    type: io.kestra.plugin.core.state.Set
    name: counter
    data: {count: "{{ (outputs.get.data.count ?? 0) + 1 }}"}
  - id: begin_anew
    type: io.kestra.plugin.core.state.Delete
    runIf: "{{ (outputs.get.data.count ?? 0) > 99 }}"
    name: counter
)"},
    {"Share files between flows", "core.namespace.UploadFiles core.namespace.DownloadFiles core.namespace.DeleteFiles",
     R"(id: namespace_files
namespace: company.team
tasks:
  - {id: write, type: io.kestra.plugin.core.storage.Write, content: "a,b\n1,2\n", extension: .csv}
  - id: upload
    type: io.kestra.plugin.core.namespace.UploadFiles
    namespace: "{{ flow.namespace }}"
    filesMap: {"data/today.csv": "{{ outputs.write.uri }}"}
    conflict: OVERWRITE
  - id: download
    type: io.kestra.plugin.core.namespace.DownloadFiles
    namespace: "{{ flow.namespace }}"
    files: ["data/**.csv"]
  - {id: say, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.download.files }}"}
  - id: delete
    type: io.kestra.plugin.core.namespace.DeleteFiles
    namespace: "{{ flow.namespace }}"
    files: ["data/today.csv"]
)"},
    {"Write, split, join and measure files",
     "core.storage.Write core.storage.Split core.storage.Concat core.storage.Reverse core.storage.Size "
     "core.storage.Delete "
     "core.storage.PurgeCurrentExecutionFiles",
     R"(id: files
namespace: company.team
tasks:
  - id: write
    type: io.kestra.plugin.core.storage.Write
    content: "one\ntwo\nthree\nfour\n"
    extension: .txt
  - {id: split, type: io.kestra.plugin.core.storage.Split, from: "{{ outputs.write.uri }}", rows: 2}
  - id: concat
    type: io.kestra.plugin.core.storage.Concat
    files: "{{ outputs.split.uris }}"
    extension: .txt
  - {id: reverse, type: io.kestra.plugin.core.storage.Reverse, from: "{{ outputs.concat.uri }}"}
  - {id: size, type: io.kestra.plugin.core.storage.Size, uri: "{{ outputs.reverse.uri }}"}
  - {id: say, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.size.size }} bytes"}
  - {id: delete, type: io.kestra.plugin.core.storage.Delete, uri: "{{ outputs.write.uri }}"}
  - {id: purge, type: io.kestra.plugin.core.storage.PurgeCurrentExecutionFiles}
)"},
    {"Leave out rows of a file", "core.storage.FilterItems core.storage.DeduplicateItems", R"(id: rows
namespace: company.team
tasks:
  - id: write
    type: io.kestra.plugin.core.storage.Write
    extension: .ion
    content: |
      {"id": 1, "paid": true}
      {"id": 2, "paid": false}
      {"id": 1, "paid": false}
  - id: paid
    type: io.kestra.plugin.core.storage.FilterItems
    from: "{{ outputs.write.uri }}"
    filterCondition: "{{ paid }}"
  - id: latest
    type: io.kestra.plugin.core.storage.DeduplicateItems
    from: "{{ outputs.write.uri }}"
    expr: "{{ id }}"
)"},
    {"Put files into a working directory in the older way", "core.storage.LocalFiles", R"(id: local_files
namespace: company.team
tasks:
  - id: folder
    type: io.kestra.plugin.core.flow.WorkingDirectory
    tasks:
      - id: put
        type: io.kestra.plugin.core.storage.LocalFiles
        inputs: {hello.txt: "Hello"}
      - {id: list, type: io.kestra.plugin.scripts.shell.Commands, commands: [ls], taskRunner: {type: io.kestra.plugin.core.runner.Process}}
)"},
    {"Check what came, and end early",
     "core.execution.Assert core.execution.Exit core.execution.Fail core.execution.Labels",
     R"(id: checks
namespace: company.team
inputs:
  - {id: rows, type: INT, defaults: 7}
tasks:
  - {id: label, type: io.kestra.plugin.core.execution.Labels, labels: {rows: "{{ inputs.rows }}"}}
  - id: check
    type: io.kestra.plugin.core.execution.Assert
    conditions: ["{{ inputs.rows >= 0 }}"]
    errorMessage: "there can't be {{ inputs.rows }} rows"
  - id: nothing_to_do
    type: io.kestra.plugin.core.execution.Exit
    runIf: "{{ inputs.rows == 0 }}"
    state: SUCCESS
  - id: too_many
    type: io.kestra.plugin.core.execution.Fail
    condition: "{{ inputs.rows > 1000 }}"
    errorMessage: "{{ inputs.rows }} rows are too many"
)"},
    {"Gather values while a flow runs", "core.execution.SetVariables core.execution.UnsetVariables", R"(id: variables
namespace: company.team
variables: {total: 0}
tasks:
  - {id: set, type: io.kestra.plugin.core.execution.SetVariables, variables: {total: "{{ vars.total + 7 }}"}}
  - {id: say, type: io.kestra.plugin.core.log.Log, message: "{{ vars.total }}"}
  - {id: unset, type: io.kestra.plugin.core.execution.UnsetVariables, variables: [total]}
)"},
    {"Tell when a flow has not run today", "core.execution.Count", R"(id: watch
namespace: company.team
tasks:
  - id: count
    type: io.kestra.plugin.core.execution.Count
    flows: [{namespace: company.team, flowId: load}]
    states: [SUCCESS]
    startDate: "{{ now() | dateAdd(-1, 'DAYS') }}"
    expression: "{{ count == 0 }}"
  - id: missing
    type: io.kestra.plugin.core.execution.Fail
    condition: "{{ outputs.count.results | length > 0 }}"
    errorMessage: load has not run for a day
)"},
    {"Resume a paused execution from another flow", "core.execution.Resume", R"(id: approve
namespace: company.team
inputs:
  - {id: execution, type: STRING}
tasks:
  - id: resume
    type: io.kestra.plugin.core.execution.Resume
    executionId: "{{ inputs.execution }}"
    namespace: company.team
    flowId: approval
)"},
    {"Switch a schedule off", "core.trigger.Toggle", R"(id: pause_loads
namespace: company.team
tasks:
  - id: off
    type: io.kestra.plugin.core.trigger.Toggle
    namespace: company.team
    flowId: load
    trigger: nightly
    enabled: false
)"},
    {"Wait a little", "core.flow.Sleep", R"(id: sleep
namespace: company.team
tasks:
  - {id: wait, type: io.kestra.plugin.core.flow.Sleep, duration: PT5S}
)"},
};

}  // namespace

std::span<const SharedExample> core_examples() {
    return kCoreExamples;
}

}  // namespace sluice::tasks
