#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/id.h"
#include "base/log.h"
#include "base/time.h"
#include "flow/flow.h"
#include "plugin/task_context.h"
#include "value/value.h"

namespace sluice::plugin {

/// A key of a namespace.
struct KeyValue {
    std::string key{};
    std::string kind{};  // STRING NUMBER BOOLEAN DATETIME DATE DURATION JSON
    Value value{};
    std::string description{};
    bool expired = false;
};

/// Keys and values of namespaces.
class KeyValues {
  public:
    virtual ~KeyValues() = default;
    /// One that has expired is still found for a while.
    virtual std::optional<KeyValue> find(const std::string& name_space, const std::string& key) = 0;
    /// false: overwrite is false and there is one already
    virtual bool set(const std::string& name_space, const KeyValue& value, std::optional<Duration> ttl,
                     bool overwrite) = 0;
    /// false: there was none
    virtual bool remove(const std::string& name_space, const std::string& key) = 0;
    virtual std::vector<std::string> keys(const std::string& name_space, const std::string& prefix) = 0;
};

/// Which executions, and what of them.
struct RecordFilter {
    std::string name_space{};  // with those below it, when there is no flow
    std::string flow_id{};
    std::string execution_id{};
    std::vector<std::string> task_ids{};
    std::vector<State> states{};
    std::vector<LogLevel> levels{};  // log lines only
    std::optional<Timestamp> from{};
    std::optional<Timestamp> to{};
};

struct LogRecord {
    std::int64_t seq = 0;
    Timestamp at{};
    LogLevel level = LogLevel::Info;
    std::string task_id{};
    std::string task_run_id{};
    std::int64_t attempt = 0;
    std::string message{};
};

/// What an alert tells of an execution.
struct ExecutionSummary {
    flow::FlowId flow{};
    State state = State::Created;
    Timestamp started{};
    Timestamp until{};                  // its end, or the present
    std::string failed_task{};          // the task that failed last; empty: none
    std::vector<std::string> errors{};  // the last ERROR lines of that task, oldest first
};

struct PurgeWhat {
    bool executions = true, logs = true, metrics = true;
};
struct PurgeCount {
    std::int64_t executions = 0, logs = 0, metrics = 0;
};

/// What is known of executions, for tasks that look at others or change them.
class ExecutionRecords {
  public:
    virtual ~ExecutionRecords() = default;
    virtual std::int64_t count(const RecordFilter& filter) = 0;
    /// Ids of executions that are over, in order, after this one; at most `most`.
    virtual std::vector<std::string> ended(const RecordFilter& filter, const std::string& after, std::size_t most) = 0;
    /// The flow that an execution is of; empty: there is no such execution
    virtual std::optional<flow::FlowId> flow_of(const std::string& execution_id) = 0;
    /// Empty: there is no such execution
    virtual std::optional<ExecutionSummary> summary(const std::string& execution_id) = 0;
    /// Errors  NotFound, Conflict: it is not paused
    virtual Result<void> resume(const std::string& execution_id, const Value& inputs) = 0;
    /// Lines of an execution in order, after the line with this number; at most `most`.
    virtual std::vector<LogRecord> logs(const RecordFilter& filter, std::int64_t after, std::size_t most) = 0;
    /// Outputs of the executions that the ForEachItem beside this task run started, in the order of their batches; null
    /// where there are none. They come in pieces; nothing: there is no such piece.
    virtual std::optional<std::vector<Value>> outputs_of_children(const TaskPlace& place, const std::string& task_id,
                                                                  std::int64_t piece) = 0;
    virtual PurgeCount purge(const std::vector<std::string>& execution_ids, const PurgeWhat& what) = 0;
    /// Removes log lines. Returns how many.
    virtual std::int64_t purge_logs(const RecordFilter& filter) = 0;
    /// `by`: who does it, for those who wonder later
    /// Errors  NotFound: no such trigger
    virtual Result<void> set_trigger_disabled(const flow::FlowId& flow, const std::string& trigger, bool disabled,
                                              const std::string& by) = 0;
};

/// The newest revision of a flow.
struct StoredFlow {
    flow::FlowId id{};
    std::int64_t revision = 0;
    std::string source{};
};

/// A flow that was stored.
struct SavedFlow {
    flow::FlowId id{};
    std::int64_t revision = 0;
    bool is_new = false;
    bool changed = false;  // false: the text was the present one already
};

struct FlowChanges {
    std::vector<std::string> sources{};  // to be stored
    std::vector<flow::FlowId> removed{};
    bool dry_run = false;  // say what would happen, and change nothing
};

/// Flows for tasks that bring them in and out.
class FlowRecords {
  public:
    virtual ~FlowRecords() = default;
    /// Flows that are not deleted, by namespace and id. `below`: with those of the namespaces below
    virtual std::vector<StoredFlow> flows(const std::string& name_space, bool below) = 0;
    /// The namespaces that have flows, by name.
    virtual std::vector<std::string> namespaces() = 0;
    /// Whose text it is, checked as the API checks it. Errors  Invalid, with one detail for each mistake
    virtual Result<flow::FlowId> check(const std::string& source) = 0;
    /// All changes or none, in one transaction. What was stored, in the order of the sources.
    /// Errors  Invalid: a source; NotFound: one that is to be removed
    virtual Result<std::vector<SavedFlow>> apply(const FlowChanges& changes) = 0;
};

}  // namespace sluice::plugin
