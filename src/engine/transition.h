#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "engine/event.h"
#include "engine/execution.h"

namespace sluice::engine {

/// Between a worker group and a type of a plugin, in the name of the queue that only workers with the plugin take from.
inline constexpr const char* kPluginMark = "!";

/// A task for a worker.
struct Job {
    TaskRunId task_run_id{};
    std::int64_t epoch = 0;
    std::string worker_group{};
    Value payload{};  // see job_payload() in context.h
};

struct Timer {
    Timestamp due_at{};
    std::string kind{};
    TaskRunId task_run_id{};  // empty: of the execution
    Value payload{};
};

struct LogLine {
    Timestamp at{};
    LogLevel level = LogLevel::Info;
    std::string task_id{};
    TaskRunId task_run_id{};
    int attempt = 0;  // from 0
    std::string message{};
};

struct Metric {
    std::string name{};
    std::string kind{};  // counter, timer, gauge
    double value = 0;    // a timer's in seconds
    Value tags{};
    std::string task_id{};
    TaskRunId task_run_id{};
    Timestamp at{};
};

/// An event for another execution.
struct Message {
    ExecutionId to{};
    Event event{};
};

/// Values of a loop, kept in pieces so that reading the next one does not cost the whole list.
struct LoopValues {
    TaskRunId task_run_id{};
    std::int64_t chunk = 0;
    std::vector<std::string> values{};
};
inline constexpr std::int64_t kLoopChunk = 100;

/// The executions that a ForEachItem started are kept in pieces, too, as "<id>" or "<id> <state at its end>": their
/// chunks have negative numbers.
inline constexpr std::int64_t kChildChunk = 20;
constexpr std::int64_t child_chunk(std::int64_t index) {
    return -1 - index / kChildChunk;
}

/// All that one event changes. Only new and changed rows: the cost must not grow with the execution.
struct Transition {
    bool execution_changed = false;
    bool inputs_changed = false;
    std::vector<TaskRun> created{};
    std::vector<TaskRun> changed{};
    std::vector<TaskRunId> deleted{};
    std::vector<Job> jobs{};
    std::vector<TaskRunId> cancels{};  // task runs whose job or claim is to be ended
    std::vector<Timer> timers{};
    std::vector<TaskRunId> timers_dropped{};  // of these task runs
    std::vector<Event> events{};              // for this execution, in a later transaction
    std::vector<Message> messages{};          // for others
    std::vector<Execution> children{};        // executions to be stored and started
    std::vector<LoopValues> loop_values{};
    std::vector<LogLine> logs{};
    std::vector<Metric> metrics{};
    bool queued = false;         // waits for a slot of the flow's concurrency
    bool finished = false;       // over, after-execution tasks included: slot, trigger lock and timers go
    bool kill_children = false;  // executions that this one started
};

}  // namespace sluice::engine
