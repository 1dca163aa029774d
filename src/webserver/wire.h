#pragma once
#include "engine/execution.h"
#include "flow/checks.h"
#include "queue/queue.h"
#include "store/find_logs.h"
#include "store/flows.h"
#include "store/trigger_views.h"

namespace sluice::webserver {

// How things stand in JSON on the wire; nowhere else in the server is that known.
// Source  api.md §8

Value state_on_wire(const engine::History& history, bool pause_ends, Timestamp now);
/// `running`: the claim of the task run, when a worker has it
struct RunningClaim {
    std::string worker_id{};
    Timestamp claimed_at{};
};
Value task_run_on_wire(const engine::Execution& execution, const engine::TaskRun& run,
                       const std::optional<RunningClaim>& running, Timestamp now);
/// Without task runs
Map execution_on_wire(const engine::Execution& execution, Timestamp now);
Value labels_on_wire(const std::vector<flow::Label>& labels, const std::string& own_id);

/// The state of a trigger, and a row of the search with its definition.
Map trigger_on_wire(const store::TriggerView& trigger);
Value trigger_row_on_wire(const store::TriggerView& trigger);

/// [{"key", "value"}], or a map
Result<std::vector<flow::Label>> labels_of_wire(const Value& value);

/// LogEntry, and ours: seq
Value log_on_wire(const store::LogRow& row);

/// Flow; with its text when `source`
Value flow_on_wire(const store::FlowRow& row, bool source);

/// The same without what only its authors need: tasks and triggers are reduced to their ids and types.
Value flow_for_execution_on_wire(const store::FlowRow& row);

/// What was found out about inputs.
Value inputs_on_wire(const flow::FlowId& flow, const std::vector<flow::CheckedInput>& inputs,
                     const std::vector<flow::FailedCheck>& checks);

/// ValidateConstraintViolation
Value validation_on_wire(const flow::ParsedFlow& parsed, std::size_t index, bool outdated);

}  // namespace sluice::webserver
