#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/execution.h"
#include "engine/transition.h"
#include "flow/flow.h"
#include "value/value.h"

namespace sluice::engine {

/// What a task without I/O did, in the executor's own transaction.
struct LightResult {
    State state = State::Success;
    Value outputs{};
    std::vector<std::pair<LogLevel, std::string>> logs{};
    std::vector<Metric> metrics{};
    std::vector<flow::Label> labels{};  // to be merged into the execution's
    Value variables{};                  // to be merged into the execution's
    std::vector<std::string> unset{};   // variables to be removed
    std::optional<State> exit{};        // the execution ends with this state
};

/// A flow that a task wants to start, and the inputs it would run with.
struct ChildFlow {
    flow::FlowPtr flow{};
    Value inputs{};
};

/// What step() may ask for besides its arguments. All answers are fixed for the length of the step, so that it stays a
/// function: the executor answers from its transaction, tests from memory.
class Facts {
  public:
    virtual ~Facts() = default;

    /// A task run of the execution; empty: there is none
    virtual std::optional<TaskRun> task_run(const TaskRunId& id) = 0;
    /// Those that are not over, in the order of their creation
    virtual std::vector<TaskRun> active_task_runs() = 0;
    /// All of them, in the order of their creation: for what people do by hand
    virtual std::vector<TaskRun> all_task_runs() = 0;
    /// Those of one task, in the order of their creation
    virtual std::vector<TaskRun> task_runs_of(std::string_view task_id) = 0;
    /// Children of a task run
    virtual std::vector<TaskRun> children_of(const TaskRunId& parent) = 0;
    /// Values of a loop
    virtual std::vector<std::string> loop_values(const TaskRunId& id, std::int64_t chunk) = 0;

    /// Lines of a file of the internal storage, without empty ones.
    virtual Result<std::vector<std::string>> lines_of(const std::string& uri) = 0;

    /// Renders an expression (or a text without one) in a context.
    virtual Result<std::string> render(std::string_view text, const Value& context) = 0;
    virtual Result<Value> render_tree(const Value& tree, const Value& context) = 0;
    /// Runs a task of kind Light or Updating.
    virtual LightResult run_light(const flow::Task& task, const TaskRun& run, const Value& context) = 0;

    /// The flow to start and its checked inputs.
    /// Errors  NotFound, Conflict (disabled), Invalid (inputs): the text is the task run's error
    virtual Result<ChildFlow> child_flow(const flow::FlowId& id, std::optional<std::int64_t> revision,
                                         const ExecutionId& child, const Value& inputs) = 0;
    /// The inputs of this execution, with defaults and checked.
    virtual Result<Value> checked_inputs(const flow::Flow& flow, const std::vector<flow::Input>& wanted,
                                         const Value& given) = 0;
    /// Types and defaults flow outputs and resumed inputs.
    virtual Result<Value> typed_outputs(const flow::Flow& flow, const Value& context) = 0;

    /// Whether this execution may run with its inputs.
    /// Errors  Invalid: the messages of the checks that forbid it
    virtual Result<void> hold_checks(const flow::Flow& flow, const Value& inputs) = 0;
    /// Whether the conditions of a listener hold for the execution as it is now.
    virtual Result<bool> hears(const flow::Listener& listener, const Value& context) = 0;

    /// Whether a worker of this group is alive.
    virtual bool has_worker(const std::string& group) = 0;

    /// Takes a slot of the flow's concurrency for this execution. false: all are taken
    virtual bool take_slot(const flow::Flow& flow) = 0;

    /// Outputs that were too large for a row, where one has them in a file.
    virtual void fetch_outputs(std::vector<TaskRun>& runs) = 0;

    /// Parts of the context that belong to the instance: envs, globals, kestra, namespace.
    virtual const Map& instance_context() = 0;
    /// In [0, 1), for pauses that are random
    virtual double chance() = 0;
};

}  // namespace sluice::engine
