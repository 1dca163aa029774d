#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "engine/history.h"
#include "engine/progress.h"
#include "flow/flow.h"
#include "value/value.h"

namespace sluice::engine {

/// One try of a task run.
struct Attempt {
    State state = State::Created;
    std::string worker_id{};  // empty: the executor ran it
    Timestamp started_at{};
    std::optional<Timestamp> ended_at{};
    std::string reason{};    // why it ended, when not by itself: "worker lost"
    std::string log_file{};  // logToFile: where its lines are
    bool operator==(const Attempt&) const = default;
};

/// One instance of a task in an execution.
struct TaskRun {
    TaskRunId id{};
    TaskRunId parent_id{};  // empty: the execution itself
    std::string task_id{};
    std::optional<std::string> value{};        // on direct children of a loop
    std::vector<std::string> parent_values{};  // of its ancestors, outermost first
    std::optional<std::int64_t> iteration{};
    std::int64_t ordinal = 0;  // order of creation in the execution
    History history{};
    std::int64_t epoch = 0;  // fencing token of its latest job
    std::vector<Attempt> attempts{};
    Value outputs{};      // null: none
    Progress progress{};  // of a flowable task

    State state() const { return history.state(); }
    /// The values that its outputs are filed under: its ancestors' and its own.
    std::vector<std::string> value_chain() const;
    /// Checks the move against the table.
    /// Errors  BugError
    void move_to(State state, Timestamp at);
};

/// One run of a flow, without its task runs.
struct Execution {
    ExecutionId id{};
    flow::FlowId flow{};
    std::int64_t flow_revision = 0;
    std::int64_t version = 0;  // of the row that was read
    History history{};
    std::string kind{};  // empty: NORMAL
    std::vector<flow::Label> labels{};
    Value inputs{};  // null: none were given
    Value outputs{};
    Value variables{};               // what SetVariables set; null: nothing
    Value trigger{};                 // {id, type, variables}; null: started by hand
    ExecutionId parent_id{};         // replayed or retried from
    ExecutionId original_id{};       // the first of that chain; empty: this one
    ExecutionId caller_id{};         // whose task started this one
    TaskRunId caller_task_run_id{};  // that waits for it; empty: nobody waits
    int attempt = 1;
    std::optional<Timestamp> schedule_date{};
    Progress progress{};

    State state() const { return history.state(); }
    void move_to(State state, Timestamp at);
    std::string original() const { return original_id.empty() ? id.text() : original_id.text(); }
};

}  // namespace sluice::engine
