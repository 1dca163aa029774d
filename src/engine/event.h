#pragma once
#include <optional>
#include <string>
#include <variant>

#include "engine/execution.h"

namespace sluice::engine {

/// The execution was stored: begin.
struct Started {
    bool check_inputs = false;  // they were given in SQL, and nobody has looked at them yet
};

/// A worker's accepted result of a job.
struct TaskFinished {
    TaskRunId task_run_id{};
    std::int64_t epoch = 0;
    State state = State::Success;
    Value outputs{};
    std::string worker_id{};
    Timestamp started_at{};
    Timestamp ended_at{};
    std::string log_file{};  // logToFile: the address of its lines
    bool operator==(const TaskFinished&) const = default;
};

/// The worker that had claimed the job is gone.
struct WorkerLost {
    TaskRunId task_run_id{};
    std::int64_t epoch = 0;
    std::string worker_id{};
    Timestamp claimed_at{};
};

/// A worker gave a job back that it had not finished.
struct JobReturned {
    TaskRunId task_run_id{};
    std::int64_t epoch = 0;
    std::string worker_id{};
    Timestamp claimed_at{};
    std::string reason{};  // for the history of attempts; empty, from an older worker: it stopped
};

/// A timer of a task run (or of the execution) is due.
struct TimerFired {
    std::string kind{};  // retry, pause, pause-timeout, loop, schedule, retry-execution, sla:<id>
    TaskRunId task_run_id{};
    Value payload{};
};

/// An execution that a task of this one started is over.
struct ChildEnded {
    TaskRunId task_run_id{};
    ExecutionId child_id{};
    State state = State::Success;
    Value outputs{};
    std::optional<std::int64_t> batch{};  // of a ForEachItem: which one
};

/// Goes on where a step stopped to keep its transaction short.
struct Continued {
    TaskRunId task_run_id{};  // empty: the execution itself
};

struct KillRequested {
    bool cascade = true;
    std::string by{};
};

struct ResumeRequested {
    TaskRunId task_run_id{};  // empty: the first that is paused
    Value inputs{};
    std::string by{};
    bool check_inputs = false;  // nobody has held them against the pause's onResume yet
};

struct RestartRequested {
    std::string by{};
    // The Subflow or ForEachItem that asks and waits: it must learn when there is no such execution any more.
    ExecutionId caller_id{};
    TaskRunId caller_task_run_id{};
    std::optional<std::int64_t> batch{};
};

struct PauseRequested {
    std::string by{};
};

/// A person gave a task run another state; the execution goes on from there.
struct TaskStateChanged {
    TaskRunId task_run_id{};
    State state = State::Success;
};

/// QUEUED → the given state, CREATED → RUNNING …: whatever holds it back, it goes on.
struct ForceRunRequested {
    State state = State::Running;
    std::string by{};
};

/// The flow's concurrency has a free slot for this queued execution.
struct SlotGiven {};

struct BreakpointPassed {
    std::vector<std::string> next{};
};

using Event = std::variant<Started, TaskFinished, WorkerLost, JobReturned, TimerFired, ChildEnded, Continued,
                           KillRequested, ResumeRequested, RestartRequested, PauseRequested, TaskStateChanged,
                           ForceRunRequested, SlotGiven, BreakpointPassed>;

/// "task_finished" …: the `kind` of the row that holds it.
std::string_view kind_of(const Event& event);
/// The task run that it is about; empty: the execution.
TaskRunId task_run_of(const Event& event);
Value payload_of(const Event& event);
/// Errors  Invalid: of no known kind, or a payload that does not fit: it came from a newer or a wrong hand
Result<Event> event_of(std::string_view kind, const TaskRunId& task_run_id, const Value& payload);

}  // namespace sluice::engine
