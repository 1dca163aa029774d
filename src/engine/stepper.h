#pragma once
#include <deque>
#include <map>
#include <set>

#include "engine/context.h"
#include "engine/step.h"
#include "value/truthiness.h"

namespace sluice::engine {

/// The work of one step: the rows that it touches, what remains to be looked at, and what follows.
/// step.cpp applies events, nodes.cpp moves nodes on, dispatch.cpp starts task runs, commands.cpp does what people ask,
/// children.cpp and for_each_item.cpp start executions, working_directory.cpp keeps tasks together on one worker.
class Stepper {
  public:
    Stepper(const flow::Flow& flow, Execution& execution, Timestamp now, Facts& facts, const StepLimits& limits);

    Result<void> apply(const Event& event);
    Transition finish();

  private:
    // ---- events: step.cpp
    Result<void> on(const Started& started);
    Result<void> on(const TaskFinished& finished);
    Result<void> on(const WorkerLost& lost);
    Result<void> on(const JobReturned& returned);
    Result<void> on(const TimerFired& timer);
    Result<void> on(const ChildEnded& ended);
    Result<void> on(const Continued& continued);
    Result<void> on(const SlotGiven&);
    void begin();
    bool has_work() const;
    void end_attempt(TaskRun& one, const TaskFinished& finished);
    void pause_is_over(TaskRun& one, const TimerFired& timer);
    void next_round(TaskRun& one);
    void child_is_over(TaskRun& one, const ChildEnded& ended);
    void repeat_execution();

    // ---- commands of people: commands.cpp
    Result<void> on(const KillRequested& kill);
    Result<void> on(const ResumeRequested& resume);
    Result<void> on(const RestartRequested& restart);
    Result<void> on(const PauseRequested& pause);
    Result<void> on(const TaskStateChanged& change);
    Result<void> on(const ForceRunRequested& force);
    Result<void> on(const BreakpointPassed& passed);
    void kill_everything();
    void rebuild_progress(const std::vector<TaskRun>& runs);
    void reopen(const std::vector<TaskRunId>& wanted, State to);

    // ---- nodes: nodes.cpp. A node is the execution (no id) or the task run of a flowable task.
    struct Node {
        TaskRunId id{};
        const flow::Task* task = nullptr;  // null: the execution
        Progress* progress = nullptr;
    };
    Node node_of(const TaskRunId& id);
    const flow::Tasks& main_tasks(const Node& node) const;
    const flow::Tasks& branch_tasks(const Node& node, std::string_view name) const;
    void child_over(const TaskRun& child);
    void tally(Node& node, const TaskRun& child);
    void advance(const TaskRunId& id, const TaskRun* finished);
    bool exits(const TaskRun* one);
    void advance_tasks(Node& node, const TaskRun* finished);
    void advance_sequence(Node& node);
    void advance_parallel(Node& node);
    void advance_dag(Node& node, const TaskRun* finished);
    void advance_loop(Node& node, const TaskRun* finished);
    void advance_pairs(Node& node);
    void start_group(Node& node, std::int64_t index);
    void next_of_group(Node& node, const TaskRun& finished);
    std::string loop_value(const TaskRunId& id, std::int64_t index);
    void enter_phase(Node& node, Phase phase);
    void advance_phase(Node& node);
    const flow::Tasks& phase_tasks(const Node& node) const;
    bool next_listener();
    void leave_tasks(Node& node);
    void close_node(Node& node);
    bool is_last_round(TaskRun& one);
    void close_execution();
    State outcome(const Node& node) const;
    bool may_create(const Node& node);

    // ---- task runs: dispatch.cpp
    TaskRunId id_at(const Node& node, const flow::Task& task, const std::optional<std::string>& value,
                    std::optional<std::int64_t> iteration) const;
    void create(Node& node, const flow::Task& task, std::optional<std::string> value = {},
                std::optional<std::int64_t> iteration = {});
    void dispatch(const TaskRunId& id);
    void dispatch_flowable(TaskRun& one, const flow::Task& task);
    void dispatch_light(TaskRun& one, const flow::Task& task);
    void exit_execution(TaskRun& one, State state);
    void dispatch_job(TaskRun& one, const flow::Task& task);
    void dispatch_child(TaskRun& one, const flow::Task& task);
    bool restart_child(TaskRun& one, const flow::Task& task);
    void start_choice(TaskRun& one, const flow::Task& task);
    void start_loop(TaskRun& one, const flow::Task& task);
    void start_pause(TaskRun& one, const flow::Task& task);
    Result<std::vector<std::string>> loop_values_of(const TaskRun& one, const flow::Task& task);
    bool stops_here(const TaskRun& one) const;
    bool is_on_pause_task(const TaskRun& one) const;
    void resume(TaskRun& one, State outcome, Value outputs);
    Result<std::optional<Duration>> duration_of(const TaskRun& one, const flow::Task& task, const char* property);
    struct Batch {
        std::string items{};  // its address
        std::int64_t index = 0;
    };
    std::optional<Execution> child_execution(TaskRun& one, const flow::Task& task,
                                             const std::optional<Batch>& batch = {});
    void keep_loop_values(TaskRun& one, std::vector<std::string>&& values);
    void forget_descendants(const TaskRunId& id);
    /// The task run is over (or waits for another try): its state, its parent, the execution.
    void complete(TaskRun& one, State state);
    bool retry(TaskRun& one, const flow::Task& task);
    void fail(TaskRun& one, const std::string& message);
    void log(const TaskRun& one, LogLevel level, std::string message);
    void log_execution(LogLevel level, std::string message);

    // ---- executions of a ForEachItem: for_each_item.cpp
    static bool starts_batches(const flow::Task& task);
    std::vector<std::string>& batch_piece(const TaskRun& one, std::int64_t index);
    void keep_batch(const TaskRun& one, std::int64_t index, std::string entry);
    void start_batches(TaskRun& one, const flow::Task& task);
    void more_batches(TaskRun& one);
    void repeat_batches(TaskRun& one);
    void batch_is_over(TaskRun& one, const ChildEnded& ended);
    void show_batches(TaskRun& one);
    void close_batches(TaskRun& one);

    // ---- folders that tasks share on one worker: working_directory.cpp
    TaskRun* home_of(TaskRun& one);
    void open_folder(TaskRun& home);
    void close_folder(TaskRun& home);
    void folder_job_over(TaskRun& home, const TaskFinished& finished);
    void put_into_folder(Job& job, const TaskRun& one, const TaskRun& home);
    std::optional<std::string> seen_value(const TaskRun& one);
    bool worker_of_folder_lost(TaskRun& one);
    void begin_folder_anew(TaskRun& home);

    // ---- rows
    TaskRun* run(const TaskRunId& id);
    TaskRun& touch(TaskRun& one);
    void adopt(const std::vector<TaskRun>& runs);
    void drop(const TaskRunId& id);
    void move(TaskRun& one, State to);
    void move_execution(State to);
    void settle_execution_state();
    void check_assertions();
    void duration_exceeded(std::string_view id);
    bool is_missed(const flow::Sla& sla) const;
    void violate(const flow::Sla& sla, const std::string& reason);
    const flow::Task& task_of(const TaskRun& one) const;
    Phase phase_of(const TaskRun& one) const;
    bool is_aftermath(const TaskRun& one);  // stands in errors, finally or afterExecution, at any level
    std::vector<Parent> parents_of(const TaskRun& one);
    Value context(const flow::Task* task, const TaskRun* one);
    TaskRunReader reader();
    bool budget_left() const { return created_ < limits_.task_runs; }
    bool alive() const;  // something may still be started
    void later(const TaskRunId& node);
    void drain();

    struct Todo {
        enum class What { Dispatch, Advance } what;
        TaskRunId id{};
        TaskRunId finished{};  // the child that is over
    };

    const flow::Flow& flow_;
    Execution& execution_;
    const Timestamp now_;
    Facts& facts_;
    const StepLimits limits_;
    Transition out_{};
    std::map<TaskRunId, TaskRun> runs_{};
    std::map<TaskRunId, bool> touched_{};  // true: new
    std::vector<Todo> todo_{};             // a stack: depth first keeps what is left over small
    std::vector<TaskRunId> continued_{};
    std::map<std::pair<TaskRunId, std::int64_t>, std::vector<std::string>> loop_chunks_{};
    std::set<std::pair<TaskRunId, std::int64_t>> changed_pieces_{};  // of ForEachItems
    int created_ = 0;
};

}  // namespace sluice::engine
