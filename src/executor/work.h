#pragma once
#include <map>
#include <set>

#include "engine/step.h"
#include "executor/runtime.h"
#include "flow/inputs.h"
#include "queue/queue.h"
#include "store/executions.h"
#include "store/task_runs.h"

namespace sluice::executor {

/// One execution in a batch: what its row and its task runs are after the steps so far, and what is to be written.
/// It answers what the engine asks, from its own changes first and then from the transaction.
class Work : public engine::Facts {
  public:
    Work(pg::Transaction& tx, const Runtime& runtime, engine::Execution execution, flow::FlowPtr flow, Timestamp now);

    /// Task runs that were read for this batch.
    void add_known(engine::TaskRun run);

    /// Applies an event. An event that is refused in the present state changes nothing.
    /// Errors  BugError and others (thrown): the event is to be blamed
    void apply(const engine::Event& event, const engine::StepLimits& limits);

    const engine::Execution& execution() const { return execution_; }
    const flow::Flow& flow() const { return *flow_; }
    State state_before() const { return state_before_; }

    // What is to be written.
    bool changed = false;
    bool inputs_changed = false;
    std::set<TaskRunId> created{}, updated{}, deleted{};
    std::vector<engine::Job> jobs{};
    std::vector<engine::Timer> timers{};
    std::vector<TaskRunId> timers_dropped{};
    std::vector<engine::Message> messages{};
    std::vector<engine::Execution> children{};
    std::map<std::pair<TaskRunId, std::int64_t>, engine::LoopValues> new_loop_values{};  // by chunk
    std::vector<engine::LogLine> logs{};
    std::vector<engine::Metric> metrics{};
    std::vector<engine::History::Entry> passed{};  // states that it came into, in their order
    bool queued = false;
    bool finished = false;
    bool kills = false;  // claims were marked for their workers to kill

    void tell_caller();

    const engine::TaskRun& run(const TaskRunId& id) const { return runs_.at(id); }

    // engine::Facts
    std::optional<engine::TaskRun> task_run(const TaskRunId& id) override;
    std::vector<engine::TaskRun> active_task_runs() override;
    std::vector<engine::TaskRun> all_task_runs() override;
    std::vector<engine::TaskRun> task_runs_of(std::string_view task_id) override;
    std::vector<engine::TaskRun> children_of(const TaskRunId& parent) override;
    std::vector<std::string> loop_values(const TaskRunId& id, std::int64_t chunk) override;
    Result<std::vector<std::string>> lines_of(const std::string& uri) override;
    Result<std::string> render(std::string_view text, const Value& context) override;
    Result<Value> render_tree(const Value& tree, const Value& context) override;
    engine::LightResult run_light(const flow::Task& task, const engine::TaskRun& run, const Value& context) override;
    Result<engine::ChildFlow> child_flow(const flow::FlowId& id, std::optional<std::int64_t> revision,
                                         const ExecutionId& child, const Value& inputs) override;
    Result<Value> checked_inputs(const flow::Flow& flow, const std::vector<flow::Input>& wanted,
                                 const Value& given) override;
    Result<Value> typed_outputs(const flow::Flow& flow, const Value& context) override;
    Result<void> hold_checks(const flow::Flow& flow, const Value& inputs) override;
    Result<bool> hears(const flow::Listener& listener, const Value& context) override;
    bool has_worker(const std::string& group) override;
    void fetch_outputs(std::vector<engine::TaskRun>& runs) override;
    bool take_slot(const flow::Flow& flow) override;
    const Map& instance_context() override;
    double chance() override;

  private:
    void note_states_since(const std::optional<engine::History::Entry>& last);
    void hide_secrets(engine::Transition& transition);
    void merge(engine::Transition&& transition);
    std::vector<engine::TaskRun> with_own(std::vector<engine::TaskRun> stored,
                                          const std::function<bool(const engine::TaskRun&)>& belongs) const;
    bool has_stored_runs() const { return execution_at_start_.progress.ordinal > 0; }

    pg::Transaction& tx_;
    const Runtime& runtime_;
    engine::Execution execution_;
    const engine::Execution execution_at_start_;
    const State state_before_;
    flow::FlowPtr flow_;
    const Timestamp now_;
    store::Environment environment_;
    const Map names_;
    std::map<TaskRunId, engine::TaskRun> runs_{};
};

}  // namespace sluice::executor
