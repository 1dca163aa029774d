#pragma once
#include <deque>
#include <map>
#include <set>

#include "engine/step.h"
#include "flow/parse_flow.h"
#include "support/test.h"

namespace sluice::test {

/// A flow of the given tasks part ("tasks:\n  - …"), with test types beside those of the language:
/// `t.Light` (property `result`, default SUCCESS; `value`; `exit`) and `t.Work` (a job for a worker).
flow::FlowPtr flow_of(const std::string& yaml);
const flow::Catalog& test_catalog();

/// A database in memory: keeps what transitions write, answers what the engine asks. Its expressions are only
/// `{{ path.to.value }}`.
class EngineRig : public engine::Facts {
  public:
    explicit EngineRig(const std::string& tasks_yaml);
    EngineRig(flow::FlowPtr flow);

    /// Applies an event and everything that the engine itself sends after it.
    void apply(const engine::Event& event);
    /// Whether a restart would find a task to restart from.
    bool accepts_restart();
    void start() { apply(engine::Started{}); }

    /// Ends the oldest job (or the one of a task) as a worker would.
    void finish(const std::string& task_id, State state = State::Success, Value outputs = {});
    void finish_all();
    /// Lets the timers fire that are due at the present time.
    void fire_timers();
    void pass(Duration time) {
        now += time;
        fire_timers();
    }

    std::vector<engine::TaskRun> runs() const;
    engine::TaskRun run_of(const std::string& task_id, const std::string& value = "") const;
    bool has_run(const std::string& task_id) const;
    State state() const { return execution.state(); }
    std::string states_of(const std::string& task_id, const std::string& value = "") const;
    std::string execution_states() const;
    std::vector<std::string> waiting_jobs() const;

    /// What must hold after every step, whatever happened.
    void check_invariants(bool more_events = false) const;

    flow::FlowPtr flow;
    engine::Execution execution{};
    Timestamp now = at("10:00:00");
    std::map<TaskRunId, engine::TaskRun> stored{};
    std::deque<engine::Job> jobs{};
    std::vector<engine::Timer> timers{};
    std::vector<engine::LogLine> logs{};
    std::vector<engine::Execution> children{};
    std::vector<engine::Message> messages{};
    std::map<TaskRunId, std::map<std::int64_t, std::vector<std::string>>> loops{};
    std::map<std::string, std::vector<std::string>> files{};  // of the internal storage, by address
    bool finished = false;
    bool slot_free = true;
    int steps = 0;
    std::size_t most_rows_in_a_step = 0;
    std::size_t most_children_in_a_step = 0;
    engine::StepLimits limits{};
    std::map<std::string, State> light_results{};  // by task id
    int light_runs = 0;
    int inputs_checked = 0;
    int claimed = 0;  // jobs that the test took away, as a worker would

    // Facts
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
    Result<engine::ChildFlow> child_flow(const sluice::flow::FlowId& id, std::optional<std::int64_t> revision,
                                         const ExecutionId& child, const Value& inputs) override;
    Result<Value> checked_inputs(const sluice::flow::Flow&, const std::vector<sluice::flow::Input>& wanted,
                                 const Value& given) override {
        ++inputs_checked;
        for (const sluice::flow::Input& input : wanted) {
            if (input.required && !input.defaults && !given.get(input.id))
                return invalid("Invalid input for `{}`, missing required input", input.id);
        }
        return given;
    }
    Result<Value> typed_outputs(const flow::Flow& flow, const Value& context) override;
    Result<void> hold_checks(const flow::Flow& flow, const Value& inputs) override;
    Result<bool> hears(const flow::Listener& listener, const Value& context) override;
    bool has_worker(const std::string& group) override { return group != "nobody"; }
    void fetch_outputs(std::vector<engine::TaskRun>&) override {}
    bool take_slot(const flow::Flow&) override { return slot_free; }
    const Map& instance_context() override { return instance_; }
    double chance() override { return 0.5; }

  private:
    void write(engine::Transition&& transition);
    Map instance_{};
};

}  // namespace sluice::test
