#pragma once
#include "engine/facts.h"

namespace sluice::engine {

/// Task runs of an execution, in the order of their creation: of one task, or all. The way to them is the caller's (a
/// transaction, a worker's query, a test's memory); it is taken when an expression asks for `outputs` or `tasks`.
struct TaskRunReader {
    std::function<std::vector<TaskRun>(std::string_view task_id)> of{};
    std::function<std::vector<TaskRun>()> all{};
};

/// Outputs of task runs, in the order given, as the map that expressions see: {task: {value: {key: …}}}.
/// Source  flows.md §5.11
Value merged_outputs(const std::vector<TaskRun>& runs);
/// Their states in the same way: {task: {state: …}} or {task: {value: {state: …}}}
Value merged_states(const std::vector<TaskRun>& runs);

/// An ancestor as the context shows it.
struct Parent {
    std::optional<std::string> value{};
    Value outputs{};
};

/// The names that expressions of a task see. `parents`: nearest first. `run` null: outside any task.
/// Source  flows.md §5.4
Value context_of(const flow::Flow& flow, const Execution& execution, const flow::Task* task, const TaskRun* run,
                 const std::vector<Parent>& parents, const TaskRunReader& runs, const Map& instance);

/// What a worker must know of a task run to build the same context: it reads the rest.
Value job_payload(const Execution& execution, const TaskRun& run, const std::vector<Parent>& parents);
/// A folder that tasks share on a worker.
struct SharedFolder {
    TaskRunId task_run_id{};  // of the WorkingDirectory
    std::int64_t epoch = 0;   // of the job that made it
    auto operator<=>(const SharedFolder&) const = default;
};
struct JobInfo {
    flow::FlowId flow{};
    std::int64_t flow_revision = 0;
    TaskRun run{};
    std::vector<Parent> parents{};
    std::optional<SharedFolder> folder{};
    std::string folder_step{};  // of a WorkingDirectory's own jobs: "open" or "close"
};
JobInfo job_info(const Value& payload);

}  // namespace sluice::engine
