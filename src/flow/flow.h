#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/log.h"
#include "base/time.h"
#include "flow/state.h"
#include "flow/type_info.h"
#include "value/value.h"

namespace sluice::flow {

struct FlowId {
    std::string namespace_name{};
    std::string id{};
    auto operator<=>(const FlowId&) const = default;
    std::string text() const { return namespace_name + "." + id; }
};

struct Label {
    std::string key{};
    std::string value{};
    bool operator==(const Label&) const = default;
};
/// A label that is there already gets the new value.
void put_label(std::vector<Label>& labels, Label label);

struct Retry {
    enum class Kind { Constant, Exponential, Random };
    enum class Behavior { RetryFailedTask, CreateNewExecution };
    Kind kind = Kind::Constant;
    Behavior behavior = Behavior::RetryFailedTask;
    Duration interval{0};               // constant, exponential
    Duration min_interval{0};           // random
    Duration max_interval{0};           // exponential, random
    double factor = 2;                  // exponential
    std::optional<int> max_attempts{};  // with the first one
    std::optional<Duration> max_duration{};
    bool warning_on_retry = false;

    /// When to try again after `attempts` tries of which the first began at `first_start` and the last ended at
    /// `last_end`. `chance` in [0, 1) draws the random kind's pause. Empty: no more tries
    std::optional<Timestamp> next_try(int attempts, Timestamp first_start, Timestamp last_end, double chance) const;
};

struct WorkerGroup {
    std::string key{};
    std::string fallback{};  // FAIL, WAIT, CANCEL
};

struct TaskCache {
    bool enabled = false;
    std::optional<Duration> ttl{};
};

enum class OnWorkerLoss { Restart, Fail };

struct Task;
using Tasks = std::vector<Task>;

/// A list of tasks inside a task: "tasks", "then", "else", "errors", "finally", or a case of a Switch.
struct Branch {
    std::string name{};
    Tasks tasks;
};

/// A node of the definition.
struct Task {
    std::string id{};
    std::string type{};              // as the user wrote it
    const TypeInfo* info = nullptr;  // of the catalog
    std::string description{};
    bool disabled = false;
    bool allow_failure = false;
    bool allow_warning = false;
    bool log_to_file = false;
    std::optional<LogLevel> log_level{};
    std::string run_if{};   // an expression; empty: always
    std::string timeout{};  // a duration or an expression; empty: none
    std::optional<Retry> retry{};
    std::optional<WorkerGroup> worker_group{};
    std::optional<TaskCache> cache{};
    OnWorkerLoss on_worker_loss = OnWorkerLoss::Restart;
    Value properties{Map()};  // its own ones, by their newest names
    std::vector<Branch> branches{};
    std::vector<std::vector<std::string>> depends_on{};  // of a Dag: for each child of its branch "tasks"
    std::vector<std::string> output_roots{};             // tasks whose outputs its expressions name
    bool reads_all_outputs = false;                      // `outputs` is used as a whole, or by a computed name
    int line = 0;
    int column = 0;

    const Branch* branch(std::string_view name) const;
    bool is(std::string_view short_name) const { return info != nullptr && info->short_name() == short_name; }
    bool is_flowable() const { return info != nullptr && info->runs == Runs::Flowable; }
};

enum class InputType {
    String,
    Int,
    Float,
    Boolean,
    Bool,
    DateTime,
    Date,
    Time,
    Duration,
    File,
    Json,
    Yaml,
    Uri,
    Secret,
    Enum,
    Select,
    MultiSelect,
    Array,
    Email,
};
std::string_view to_text(InputType type);
std::optional<InputType> input_type_of(std::string_view text);

struct Input {
    std::string id{};
    InputType type = InputType::String;
    std::string description{};
    std::string display_name{};
    bool required = true;
    std::optional<Value> defaults{};
    std::optional<Value> prefill{};
    std::string validator{};            // STRING, SECRET: a regular expression for the whole value
    std::optional<Value> min{}, max{};  // INT, FLOAT: numbers; DURATION: text
    std::string after{}, before{};      // DATETIME, DATE, TIME
    std::vector<std::string> values{};  // SELECT, MULTISELECT, ENUM
    std::string expression{};           // SELECT, MULTISELECT: gives the values
    bool allow_custom_value = false;
    bool auto_select_first = false;
    std::optional<InputType> item_type{};  // ARRAY, MULTISELECT
    std::string extension{};               // FILE
    std::vector<std::string> allowed_extensions{};
    std::vector<std::string> depends_on{};
    std::string condition{};
    Value definition{};  // as it was written: for the API and the page
};

struct FlowOutput {
    std::string id{};
    std::optional<InputType> type{};
    Value value{};
    bool required = true;
    std::string description{};
    std::string display_name{};
    std::optional<InputType> item_type{};
};

struct Condition {
    std::string type{};
    const TypeInfo* info = nullptr;
    Value properties{Map()};
    std::vector<std::pair<std::string, Condition>> nested{};  // of Not, Or (keys "0", "1" …) and MultipleCondition
};

struct Trigger {
    std::string id{};
    std::string type{};
    const TypeInfo* info = nullptr;
    std::string description{};
    bool disabled = false;
    bool allow_concurrent = false;
    bool fail_on_trigger_error = false;
    std::vector<Condition> conditions{};
    std::vector<Label> labels{};
    Value inputs{};
    std::vector<State> stop_after{};
    std::optional<LogLevel> log_level{};
    Value properties{Map()};
    std::string checksum{};  // of its text: has it changed?
    int line = 0;

    bool is(std::string_view short_name) const { return info != nullptr && info->short_name() == short_name; }
};

struct Concurrency {
    enum class Behavior { Queue, Cancel, Fail };
    int limit = 0;
    Behavior behavior = Behavior::Queue;
};

struct Sla {
    enum class Kind { MaxDuration, ExecutionAssertion };
    enum class Behavior { Fail, Cancel, None };
    std::string id{};
    Kind kind = Kind::MaxDuration;
    Behavior behavior = Behavior::None;
    std::vector<Label> labels{};
    Duration duration{0};
    std::string assertion{};
};

struct Check {
    enum class Behavior { BlockExecution, FailExecution, CreateExecution };
    std::string condition{};
    std::string message{};
    std::string style{};
    Behavior behavior = Behavior::BlockExecution;
};
std::string_view to_text(Check::Behavior behavior);

struct Listener {
    std::vector<Condition> conditions{};
    Tasks tasks{};
};

/// Where a task stands.
struct TaskPlace {
    const Task* task = nullptr;
    const Task* parent = nullptr;  // null: the flow itself
    std::size_t branch = 0;        // of the parent's branches (of the flow: see Flow::root)
    std::size_t position = 0;      // in the branch
};

/// A checked flow. It is immutable and shared between threads.
struct Flow {
    FlowId id{};
    std::int64_t revision = 0;
    std::string description{};
    std::vector<Label> labels{};
    std::vector<Input> inputs{};
    Value variables{Map()};
    /// "tasks", "errors", "finally", "afterExecution", in this order; a branch that the flow lacks is empty.
    std::vector<Branch> root{};
    std::vector<Listener> listeners{};
    std::vector<Trigger> triggers{};
    std::vector<FlowOutput> outputs{};
    std::optional<Concurrency> concurrency{};
    std::optional<Retry> retry{};
    std::vector<Sla> sla{};
    std::vector<Check> checks{};
    std::optional<WorkerGroup> worker_group{};
    bool disabled = false;
    std::vector<std::string> output_roots{};  // tasks whose outputs the flow's own expressions name
    bool reads_all_outputs = false;

    std::unordered_map<std::string, TaskPlace> places{};  // by task id

    const TaskPlace* place(std::string_view task_id) const;
    const Tasks& tasks() const { return root[0].tasks; }
    const Tasks& errors() const { return root[1].tasks; }
    const Tasks& finally_tasks() const { return root[2].tasks; }
    const Tasks& after_execution() const { return root[3].tasks; }
    /// The retry that applies to a task: its own, the nearest ancestor's, the flow's.
    const Retry* retry_of(std::string_view task_id) const;
};

using FlowPtr = std::shared_ptr<const Flow>;

}  // namespace sluice::flow
