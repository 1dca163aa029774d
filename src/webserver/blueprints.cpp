#include "webserver/blueprints.h"

namespace sluice::webserver {

const std::vector<BlueprintText>& blueprint_texts() {
    static const std::vector<BlueprintText> kTexts{
        {"hello-world",
         "Say hello with an input",
         "The smallest flow that takes an input.",
         {"first steps"},
         R"(id: hello_world
namespace: company.team

inputs:
  - id: name
    type: STRING
    defaults: World

tasks:
  - id: hello
    type: core.log.Log
    message: Hello {{ inputs.name }}
)"},
        {"daily-schedule",
         "Run a script every morning",
         "A schedule in a time zone of its own, a script, and what it put out.",
         {"first steps", "schedule"},
         R"(id: every_morning
namespace: company.team

tasks:
  - id: count
    type: scripts.shell.Commands
    commands:
      - echo "::{\"outputs\":{\"files\":$(ls | wc -l)}}::"
  - id: tell
    type: core.log.Log
    message: "{{ outputs.count.vars.files }} files on {{ trigger.date ?? execution.startDate }}"

triggers:
  - id: morning
    type: core.trigger.Schedule
    cron: "0 6 * * 1-5"
    timezone: Europe/Berlin
)"},
        {"parallel-branches",
         "Do independent tasks at the same time",
         "Two branches, and a task that waits for both.",
         {"control"},
         R"(id: parallel_branches
namespace: company.team

tasks:
  - id: both
    type: core.flow.Parallel
    tasks:
      - id: left
        type: core.debug.Return
        format: left
      - id: right
        type: core.debug.Return
        format: right
  - id: join
    type: core.log.Log
    message: "{{ outputs.left.value }} and {{ outputs.right.value }}"
)"},
        {"for-each-value",
         "Repeat tasks for each value of a list",
         "A loop with a limit of how many rounds run at once.",
         {"control"},
         R"(id: for_each_value
namespace: company.team

inputs:
  - id: regions
    type: ARRAY
    itemType: STRING
    defaults: ["north", "south", "west"]

tasks:
  - id: each_region
    type: core.flow.ForEach
    values: "{{ inputs.regions }}"
    concurrencyLimit: 2
    tasks:
      - id: report
        type: core.debug.Return
        format: "report of {{ taskrun.value }}"
  - id: all
    type: core.log.Log
    message: "{{ outputs.report | keys }}"
)"},
        {"choose-by-value",
         "Choose a branch by a value",
         "A Switch with a default, and an If with a condition.",
         {"control"},
         R"(id: choose_by_value
namespace: company.team

inputs:
  - id: environment
    type: SELECT
    values: [test, production]
    defaults: test

tasks:
  - id: where
    type: core.flow.Switch
    value: "{{ inputs.environment }}"
    cases:
      production:
        - id: careful
          type: core.log.Log
          level: WARN
          message: This is production.
    defaults:
      - id: relaxed
        type: core.log.Log
        message: Nothing can go wrong here.
)"},
        {"approval",
         "Wait for somebody's approval",
         "The execution pauses; whoever resumes it says why.",
         {"people"},
         R"(id: approval
namespace: company.team

tasks:
  - id: approve
    type: core.flow.Pause
    onResume:
      - id: reason
        type: STRING
  - id: go_on
    type: core.log.Log
    message: "Approved: {{ outputs.approve.onResume.reason }}"
)"},
        {"retry-and-errors",
         "Retry what fails, and tell when it fails for good",
         "Retries with growing pauses; the tasks below errors run when all of them failed.",
         {"errors"},
         R"(id: retry_and_errors
namespace: company.team

tasks:
  - id: call
    type: core.http.Request
    uri: https://api.example.com/orders
    timeout: PT30S
    retry:
      type: exponential
      interval: PT5S
      maxInterval: PT2M
      maxAttempts: 5

errors:
  - id: tell
    type: core.log.Log
    level: ERROR
    message: "{{ flow.id }} failed: {{ errorLogs() }}"
)"},
        {"webhook",
         "Start a flow by a webhook",
         "Another system sends JSON; the flow sees it as trigger.body.",
         {"triggers"},
         R"(id: webhook
namespace: company.team

tasks:
  - id: received
    type: core.log.Log
    message: "{{ trigger.body }}"

triggers:
  - id: hook
    type: core.trigger.Webhook
    key: change-me-to-something-nobody-guesses
)"},
        {"after-another-flow",
         "Run a flow after another one",
         "A trigger that listens to the end of executions of another flow.",
         {"triggers"},
         R"(id: after_another_flow
namespace: company.team

tasks:
  - id: tell
    type: core.log.Log
    message: "{{ trigger.executionId }} ended"

triggers:
  - id: after
    type: core.trigger.Flow
    states: [SUCCESS, WARNING]
    preconditions:
      id: upstream
      flows:
        - namespace: company.team
          flowId: hello_world
)"},
        {"one-at-a-time",
         "Never run twice at the same time",
         "Further executions wait for their turn; one that hangs is ended by its SLA.",
         {"control"},
         R"(id: one_at_a_time
namespace: company.team

concurrency:
  limit: 1
  behavior: QUEUE

sla:
  - id: at_most_an_hour
    type: MAX_DURATION
    duration: PT1H
    behavior: FAIL

tasks:
  - id: work
    type: core.flow.Sleep
    duration: PT10S
)"},
        {"remember-a-value",
         "Remember a value from run to run",
         "Reads the last value from the key-value store, and writes the new one.",
         {"data"},
         R"(id: remember_a_value
namespace: company.team

tasks:
  - id: before
    type: core.log.Log
    message: "The last run was {{ kv('last_run', errorOnMissing=false) ?? 'never' }}"
  - id: remember
    type: core.kv.Set
    key: last_run
    value: "{{ execution.startDate }}"
)"},
        {"python-script",
         "Compute with Python, and hand the result on",
         "A script with outputs that later tasks read.",
         {"scripts"},
         R"(id: python_script
namespace: company.team

tasks:
  - id: compute
    type: scripts.python.Script
    script: |
      import json
      print("::" + json.dumps({"outputs": {"answer": 6 * 7}}) + "::")
  - id: tell
    type: core.log.Log
    message: "The answer is {{ outputs.compute.vars.answer }}"
)"}};
    return kTexts;
}

}  // namespace sluice::webserver
