// Examples of flowable tasks, triggers, conditions and task runners.
#include "tasks/examples/examples.h"

namespace sluice::tasks {
namespace {

constexpr SharedExample kLanguageExamples[] = {
    {"One after the other, and at the same time", "core.flow.Sequential core.flow.Parallel core.flow.AllowFailure",
     R"(id: order
namespace: company.team
tasks:
  - id: both
    type: io.kestra.plugin.core.flow.Parallel
    concurrent: 2
    tasks:
      - id: left
        type: io.kestra.plugin.core.flow.Sequential
        tasks:
          - {id: first, type: io.kestra.plugin.core.log.Log, message: first}
          - {id: second, type: io.kestra.plugin.core.log.Log, message: second}
      - id: right
        type: io.kestra.plugin.core.flow.AllowFailure
        tasks:
          - {id: fails, type: io.kestra.plugin.core.execution.Fail}
)"},
    {"Tasks that depend on each other", "core.flow.Dag", R"(id: dag
namespace: company.team
tasks:
  - id: graph
    type: io.kestra.plugin.core.flow.Dag
    tasks:
      - task: {id: orders, type: io.kestra.plugin.core.log.Log, message: orders}
      - task: {id: customers, type: io.kestra.plugin.core.log.Log, message: customers}
      - task: {id: report, type: io.kestra.plugin.core.log.Log, message: report}
        dependsOn: [orders, customers]
)"},
    {"Choose what is done", "core.flow.If core.flow.Switch", R"(id: choose
namespace: company.team
inputs:
  - {id: kind, type: SELECT, values: [full, delta], defaults: full}
tasks:
  - id: by_kind
    type: io.kestra.plugin.core.flow.Switch
    value: "{{ inputs.kind }}"
    cases:
      full:
        - {id: all, type: io.kestra.plugin.core.log.Log, message: everything}
    defaults:
      - {id: some, type: io.kestra.plugin.core.log.Log, message: what is new}
  - id: if_full
    type: io.kestra.plugin.core.flow.If
    condition: "{{ inputs.kind == 'full' }}"
    then:
      - {id: long, type: io.kestra.plugin.core.log.Log, message: this may take a while}
    else:
      - {id: short, type: io.kestra.plugin.core.log.Log, message: this is quick}
)"},
    {"Do something for each value", "core.flow.ForEach", R"(id: for_each
namespace: company.team
tasks:
  - id: tables
    type: io.kestra.plugin.core.flow.ForEach
    values: [orders, customers, products]
    concurrencyLimit: 2
    tasks:
      - {id: load, type: io.kestra.plugin.core.debug.Return, format: "{{ taskrun.value }}"}
  - {id: say, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.load.orders.value }}"}
)"},
    {"Loops in the older way", "core.flow.EachSequential core.flow.EachParallel", R"(id: each
namespace: company.team
tasks:
  - id: in_order
    type: io.kestra.plugin.core.flow.EachSequential
    value: [1, 2]
    tasks:
      - {id: one, type: io.kestra.plugin.core.log.Log, message: "{{ taskrun.value }}"}
  - id: at_once
    type: io.kestra.plugin.core.flow.EachParallel
    value: [1, 2]
    tasks:
      - {id: other, type: io.kestra.plugin.core.log.Log, message: "{{ taskrun.value }}"}
)"},
    {"Ask again until something is ready", "core.flow.LoopUntil", R"(id: until
namespace: company.team
tasks:
  - id: poll
    type: io.kestra.plugin.core.flow.LoopUntil
    condition: "{{ outputs.status.code == 200 }}"
    checkFrequency: {interval: PT10S, maxDuration: PT1H}
    failOnMaxReached: true
    tasks:
      - id: status
        type: io.kestra.plugin.core.http.Request
        uri: https://api.example.com/jobs/17
        options: {allowFailed: true}
)"},
    {"Wait for a person", "core.flow.Pause", R"(id: approval
namespace: company.team
tasks:
  - id: approve
    type: io.kestra.plugin.core.flow.Pause
    timeout: P1D
    onResume:
      - {id: reason, type: STRING}
  - {id: say, type: io.kestra.plugin.core.log.Log, message: "approved: {{ outputs.approve.onResume.reason }}"}
)"},
    {"Scripts that share a folder", "core.flow.WorkingDirectory core.runner.Process scripts.runner.docker.Docker",
     R"(id: folder
namespace: company.team
tasks:
  - id: work
    type: io.kestra.plugin.core.flow.WorkingDirectory
    inputFiles: {names.txt: "Ada\nGrace\n"}
    outputFiles: ["*.count"]
    tasks:
      - id: count
        type: io.kestra.plugin.scripts.shell.Commands
        taskRunner: {type: io.kestra.plugin.core.runner.Process}
        commands: ["wc -l < names.txt > names.count"]
      - id: show
        type: io.kestra.plugin.scripts.shell.Commands
        taskRunner: {type: io.kestra.plugin.scripts.runner.docker.Docker}
        commands: ["cat names.count"]
)"},
    {"Start another flow, and use what it gave", "core.flow.Subflow", R"(id: parent
namespace: company.team
tasks:
  - id: load
    type: io.kestra.plugin.core.flow.Subflow
    namespace: company.team
    flowId: load_table
    inputs: {table: orders}
    wait: true
    transmitFailed: true
  - {id: say, type: io.kestra.plugin.core.log.Log, message: "{{ outputs.load.outputs }}"}
)"},
    {"An execution for each hundred lines of a file", "core.flow.ForEachItem", R"(id: batches
namespace: company.team
inputs:
  - {id: lines, type: FILE}
tasks:
  - id: each
    type: io.kestra.plugin.core.flow.ForEachItem
    items: "{{ inputs.lines }}"
    batch: {rows: 100}
    namespace: company.team
    flowId: load_batch
    inputs: {file: "{{ taskrun.items }}"}
    wait: true
    transmitFailed: true
)"},
    {"Every working day, but for holidays",
     "core.trigger.Schedule core.condition.Weekend core.condition.Not core.condition.PublicHoliday "
     "core.condition.DayWeek "
     "core.condition.Or core.condition.TimeBetween",
     R"(id: working_days
namespace: company.team
tasks:
  - {id: say, type: io.kestra.plugin.core.log.Log, message: "for {{ trigger.date }}"}
triggers:
  - id: hourly
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "0 * * * *"
    timezone: Europe/Paris
    conditions:
      - {type: io.kestra.plugin.core.condition.TimeBetween, after: "08:00:00+01:00", before: "18:00:00+01:00"}
      - type: io.kestra.plugin.core.condition.Not
        conditions:
          - {type: io.kestra.plugin.core.condition.Weekend}
      - type: io.kestra.plugin.core.condition.Not
        conditions:
          - {type: io.kestra.plugin.core.condition.PublicHoliday, country: FR}
      - type: io.kestra.plugin.core.condition.Or
        conditions:
          - {type: io.kestra.plugin.core.condition.DayWeek, dayOfWeek: MONDAY}
          - {type: io.kestra.plugin.core.condition.DayWeek, dayOfWeek: THURSDAY}
)"},
    {"The first Monday of each month, this year",
     "core.condition.DayWeekInMonth core.condition.DateTimeBetween core.condition.Expression", R"(id: first_monday
namespace: company.team
tasks:
  - {id: say, type: io.kestra.plugin.core.log.Log, message: "for {{ trigger.date }}"}
triggers:
  - id: monthly
    type: io.kestra.plugin.core.trigger.Schedule
    cron: "0 9 * * *"
    conditions:
      - {type: io.kestra.plugin.core.condition.DayWeekInMonth, dayOfWeek: MONDAY, dayInMonth: FIRST}
      - {type: io.kestra.plugin.core.condition.DateTimeBetween, after: "2026-01-01T00:00:00Z", before: "2027-01-01T00:00:00Z"}
      - {type: io.kestra.plugin.core.condition.Expression, expression: "{{ trigger.date | date('MM') != '08' }}"}
)"},
    {"At given dates", "core.trigger.ScheduleOnDates", R"(id: releases
namespace: company.team
tasks:
  - {id: say, type: io.kestra.plugin.core.log.Log, message: release}
triggers:
  - id: dates
    type: io.kestra.plugin.core.trigger.ScheduleOnDates
    dates: ["2030-03-01T09:00:00Z", "2030-06-01T09:00:00Z"]
)"},
    {"By an HTTP request", "core.trigger.Webhook", R"(id: by_request
namespace: company.team
tasks:
  - {id: say, type: io.kestra.plugin.core.log.Log, message: "{{ trigger.body }}"}
triggers:
  - id: hook
    type: io.kestra.plugin.core.trigger.Webhook
    key: "{{ secret('WEBHOOK_KEY') }}"
)"},
    {"When another flow has failed",
     "core.trigger.Flow core.condition.ExecutionFlow core.condition.ExecutionNamespace core.condition.ExecutionStatus "
     "core.condition.ExecutionLabels core.condition.ExecutionOutputs core.condition.HasRetryAttempt",
     R"(id: on_failure
namespace: company.team
tasks:
  - {id: say, type: io.kestra.plugin.core.log.Log, message: "{{ trigger.executionId }} of {{ trigger.flowId }} ended"}
triggers:
  - id: failed
    type: io.kestra.plugin.core.trigger.Flow
    conditions:
      - {type: io.kestra.plugin.core.condition.ExecutionFlow, namespace: company.team, flowId: load}
      - {type: io.kestra.plugin.core.condition.ExecutionNamespace, namespace: company, comparison: PREFIX}
      - {type: io.kestra.plugin.core.condition.ExecutionStatus, in: [FAILED, WARNING]}
      - {type: io.kestra.plugin.core.condition.ExecutionLabels, labels: {team: data}}
      - {type: io.kestra.plugin.core.condition.HasRetryAttempt, in: [FAILED]}
  - id: many_rows
    type: io.kestra.plugin.core.trigger.Flow
    conditions:
      - {type: io.kestra.plugin.core.condition.ExecutionFlow, namespace: company.team, flowId: load}
      - {type: io.kestra.plugin.core.condition.ExecutionOutputs, expression: "{{ trigger.outputs.rows > 1000 }}"}
)"},
    {"When two flows have run within a day, in the older way",
     "core.condition.MultipleCondition core.condition.FlowCondition core.condition.FlowNamespaceCondition",
     R"(id: after_both
namespace: company.team
tasks:
  - {id: say, type: io.kestra.plugin.core.log.Log, message: both are done}
triggers:
  - id: both
    type: io.kestra.plugin.core.trigger.Flow
    conditions:
      - {type: io.kestra.plugin.core.condition.FlowNamespaceCondition, namespace: company.team}
      - {type: io.kestra.plugin.core.condition.FlowCondition, namespace: company.team, flowId: after_both}
      - type: io.kestra.plugin.core.condition.MultipleCondition
        id: loads
        window: P1D
        conditions:
          orders: {type: io.kestra.plugin.core.condition.ExecutionFlow, namespace: company.team, flowId: load_orders}
          customers: {type: io.kestra.plugin.core.condition.ExecutionFlow, namespace: company.team, flowId: load_customers}
)"},
};

}  // namespace

std::span<const SharedExample> language_examples() {
    return kLanguageExamples;
}

}  // namespace sluice::tasks
