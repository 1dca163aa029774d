// What people ask of an execution: kill, resume, restart, pause, force. These may look at all of its task runs.
#include <set>

#include "engine/stepper.h"
#include "flow/inputs.h"

namespace sluice::engine {

Result<void> accepts(const Execution& execution, const Event& event) {
    const State state = execution.state();
    if (const auto* kill = std::get_if<KillRequested>(&event)) {
        if (is_over(state) && !kill->cascade) return conflict("Execution is already finished, can't kill it");
    } else if (std::holds_alternative<ResumeRequested>(event)) {
        if (state != State::Paused) return conflict("The execution is not paused");
    } else if (std::holds_alternative<PauseRequested>(event)) {
        if (state != State::Running) return conflict("The execution is not running");
    } else if (std::holds_alternative<RestartRequested>(event)) {
        if (!is_over(state) && state != State::Paused) {
            return conflict("Execution must be terminated to be restarted, current state is '{}' !", to_text(state));
        }
    } else if (std::holds_alternative<ForceRunRequested>(event)) {
        if (is_over(state)) {
            return refuse(ErrorCode::Invalid, "Only non terminated executions can be forced run.");
        }
    } else if (std::holds_alternative<BreakpointPassed>(event)) {
        if (state != State::Breakpoint) return conflict("The execution is not at a breakpoint");
    } else if (std::holds_alternative<TaskStateChanged>(event)) {
        if (!is_over(state) && state != State::Paused) {
            return conflict("Execution must be terminated to change a task run, current state is '{}' !",
                            to_text(state));
        }
    }
    return {};
}

// ------------------------------------------------------------------------------------------------------- kill

Result<void> Stepper::on(const KillRequested& kill) {
    if (is_over(execution_.state())) {
        out_.kill_children = kill.cascade;
        return {};
    }
    if (execution_.state() == State::Killing) return {};
    move_execution(State::Killing);
    out_.kill_children = kill.cascade;
    kill_everything();
    later({});
    return {};
}

void Stepper::kill_everything() {
    const std::vector<TaskRun> active = facts_.active_task_runs();
    adopt(active);
    for (const TaskRun& stored : active) {
        TaskRun& one = *run(stored.id);
        if (is_over(one.state())) continue;
        const flow::Task& task = task_of(one);
        if (task.is_flowable() && one.state() != State::Created) {
            out_.timers_dropped.push_back(one.id);
            if (one.state() != State::Killing) move(one, State::Killing);
            const Folder folder = one.progress.folder;
            if (folder == Folder::Opening || folder == Folder::Closing) out_.cancels.push_back(one.id);
            later(one.id);  // closes at once when it has no children
        } else if (task.info->runs == flow::Runs::OnWorker && one.state() != State::Retrying && one.epoch > 0) {
            if (one.state() != State::Killing) move(one, State::Killing);
            out_.cancels.push_back(one.id);
        } else if (task.info->runs == flow::Runs::Child && one.state() == State::Running && out_.kill_children) {
            move(one, State::Killing);  // its own execution is killed too, and tells when it is over
        } else {
            out_.timers_dropped.push_back(one.id);
            complete(one, State::Killed);
        }
    }
}

// ------------------------------------------------------------------------------------------- resume and pause

Result<void> Stepper::on(const ResumeRequested& request) {
    if (!alive()) return {};
    TaskRun* one = run(request.task_run_id);
    if (one == nullptr && execution_.progress.paused > 0) {
        const auto active = facts_.active_task_runs();
        adopt(active);
        for (const TaskRun& stored : active) {
            if (run(stored.id)->state() != State::Paused) continue;
            one = run(stored.id);
            break;
        }
    }
    if (one == nullptr) {
        if (!execution_.progress.held) return {};
        execution_.progress.held = false;
        out_.execution_changed = true;
        for (const TaskRun& stored : facts_.active_task_runs()) {
            if (task_of(stored).is_flowable()) later(stored.id);
        }
        later({});
        return {};
    }
    if (one->state() != State::Paused) return {};
    Value inputs = request.inputs.is_map() ? request.inputs : Value(Map());
    if (request.check_inputs) {
        const auto wanted = flow::inputs_of(task_of(*one).properties["onResume"]);
        auto checked = facts_.checked_inputs(flow_, wanted, inputs);
        if (!checked) {  // it stays paused: whoever asked may ask again
            log(*one, LogLevel::Error, "It was not resumed: " + checked.error().text());
            return {};
        }
        inputs = std::move(*checked);
    }
    Value outputs{{"onResume", std::move(inputs)},
                  {"resumed", Value{{"by", request.by}, {"on", to_iso(now_)}, {"to", "RUNNING"}}}};
    resume(*one, State::Success, std::move(outputs));
    return {};
}

Result<void> Stepper::on(const PauseRequested&) {
    if (execution_.state() != State::Running) return {};
    execution_.progress.held = true;
    out_.execution_changed = true;
    return {};
}

Result<void> Stepper::on(const ForceRunRequested& force) {
    switch (execution_.state()) {
        case State::Created:
            begin();
            break;
        case State::Queued:
            if (force.state != State::Running) {
                move_execution(force.state);
                out_.finished = true;
                break;
            }
            return on(SlotGiven{});
        case State::Paused:
            return on(ResumeRequested{{}, {}, force.by});
        case State::Breakpoint:
            return on(BreakpointPassed{});
        default:
            if (alive()) later({});
            break;
    }
    return {};
}

Result<void> Stepper::on(const BreakpointPassed& passed) {
    if (execution_.state() != State::Breakpoint) return {};
    execution_.progress.stops_at = passed.next;
    out_.execution_changed = true;
    const auto active = facts_.active_task_runs();
    adopt(active);
    for (const TaskRun& stored : active) {
        TaskRun& one = *run(stored.id);
        if (one.state() != State::Breakpoint) continue;
        move(one, State::Created);
        todo_.push_back({Todo::What::Dispatch, one.id});
    }
    return {};
}

// ---------------------------------------------------------------------------------------------------- restart

Result<void> Stepper::on(const RestartRequested&) {
    // RESTARTED: the copy that a restart into another revision made, see restart_anew()
    const State state = execution_.state();
    if (!is_over(state) && state != State::Paused && state != State::Restarted) return {};
    const auto all = facts_.all_task_runs();
    adopt(all);
    std::vector<TaskRunId> wanted;
    std::set<TaskRunId> with_failed_child;
    // A failure that an ancestor allowed is not why the execution failed: it is left as it is.
    const auto again = [this](const TaskRun& one) {
        if ((one.state() != State::Failed && one.state() != State::Paused) || is_aftermath(one)) return false;
        for (const TaskRun* at = run(one.parent_id); at != nullptr; at = run(at->parent_id)) {
            if (is_over(at->state()) && at->state() != State::Failed) return false;
        }
        return true;
    };
    // What shares a folder is run again as a whole.
    std::set<TaskRunId> targets;
    for (const TaskRun& one : all) {
        if (!again(one)) continue;
        const TaskRun* home = home_of(*run(one.id));
        targets.insert(home != nullptr ? home->id : one.id);
    }
    for (const TaskRunId& id : targets) with_failed_child.insert(run(id)->parent_id);
    for (const TaskRun& one : all) {
        if (targets.contains(one.id) && !with_failed_child.contains(one.id)) wanted.push_back(one.id);
    }
    if (wanted.empty()) return refuse(ErrorCode::Invalid, "No task found to restart execution from!");
    ++execution_.attempt;
    const auto restarted = std::find_if(execution_.labels.begin(), execution_.labels.end(),
                                        [](const flow::Label& label) { return label.key == "system.restarted"; });
    if (restarted == execution_.labels.end()) execution_.labels.push_back({"system.restarted", "true"});
    reopen(wanted, State::Restarted);
    return {};
}

Result<void> Stepper::on(const TaskStateChanged& change) {
    const auto all = facts_.all_task_runs();
    adopt(all);
    TaskRun* one = run(change.task_run_id);
    if (one == nullptr) return not_found("there is no task run {}", change.task_run_id);
    reopen({one->id}, change.state);
    return {};
}

bool Stepper::is_aftermath(const TaskRun& one) {
    for (const TaskRun* at = &one; at != nullptr; at = run(at->parent_id)) {
        if (phase_of(*at) != Phase::Tasks) return true;
    }
    return false;
}

/// The wanted task runs get another state (RESTARTED runs them again) and their ancestors go on. What came after a
/// failure (errors, finally, afterExecution) is forgotten.
void Stepper::reopen(const std::vector<TaskRunId>& wanted, State to) {
    std::vector<TaskRunId> forgotten;
    for (const auto& [id, one] : runs_) {
        if (phase_of(one) != Phase::Tasks) forgotten.push_back(id);
    }
    for (const TaskRunId& id : forgotten) {
        if (run(id) == nullptr) continue;
        forget_descendants(id);
        drop(id);
    }
    execution_.outputs = Value();
    execution_.progress.exit.reset();
    if (execution_.state() == State::Paused) execution_.progress.held = false;
    move_execution(State::Restarted);
    for (const TaskRunId& id : wanted) {
        TaskRun* one = run(id);
        if (one == nullptr) continue;
        out_.timers_dropped.push_back(id);
        if (task_of(*one).is_flowable()) {
            forget_descendants(id);
            const std::int64_t round = one->progress.iteration + 1;
            one->progress = Progress{};
            if (task_of(*one).is("core.flow.WorkingDirectory")) one->progress.iteration = round;
        }
        if (one->state() == State::Paused && to == State::Restarted)
            move(*one, State::Restarted);
        else if (one->state() != to)
            move(*one, to);
        if (!one->attempts.empty() && is_over(to)) one->attempts.back().state = to;
        for (TaskRun* at = run(one->parent_id); at != nullptr; at = run(at->parent_id)) {
            if (at->state() != State::Running) move(*at, State::Running);
            if (at->progress.folder != Folder::None) at->progress.folder = Folder::None;  // its tasks get a new one
        }
    }
    std::vector<TaskRun> left;
    for (const auto& [id, one] : runs_) left.push_back(one);
    rebuild_progress(left);
    for (const TaskRunId& id : wanted) {
        TaskRun* one = run(id);
        if (one == nullptr) continue;
        if (to == State::Restarted)
            todo_.push_back({Todo::What::Dispatch, id});
        else
            later(one->parent_id);
    }
    for (const auto& [id, one] : runs_) {
        if (one.state() == State::Running && task_of(one).is_flowable()) later(id);
    }
    later({});
}

/// Counters of the open nodes, made anew from their children. Groups of a loop that were cut short by a failure get
/// their next task.
void Stepper::rebuild_progress(const std::vector<TaskRun>& runs) {
    std::map<TaskRunId, std::vector<const TaskRun*>> children;
    for (const TaskRun& one : runs) {
        if (!is_on_pause_task(one)) children[one.parent_id].push_back(&one);
    }
    const auto rebuild = [&](Node node) {
        const Progress before = *node.progress;
        Progress& p = *node.progress;
        p.phase = Phase::Tasks;
        p.active = p.in_phase = p.phase_next = p.failed = p.warned = p.killed = p.cancelled = 0;
        p.errors_done = p.finally_failed = false;
        p.listeners = 0;
        p.reopened = true;
        p.done.assign(before.done.size(), false);
        std::map<std::int64_t, const TaskRun*> last_of_group;
        for (const TaskRun* child : children[node.id]) {
            const auto position = flow_.place(child->task_id)->position;
            ++p.active;
            if (is_over(child->state())) tally(node, *child);
            if (is_over(child->state()) && position < p.done.size()) p.done[position] = true;
            const TaskRun*& last = last_of_group[child->iteration.value_or(0)];
            if (last == nullptr || flow_.place(last->task_id)->position < position) last = child;
        }
        const bool loop =
            node.task != nullptr && (node.task->is("core.flow.ForEach") || node.task->is("core.flow.EachSequential"));
        if (!loop || p.failing() || p.stopped()) return;
        for (const auto& [index, last] : last_of_group) {
            if (is_over(last->state())) next_of_group(node, *last);
        }
    };
    for (const TaskRun& one : runs) {
        TaskRun* open = run(one.id);
        if (open != nullptr && open->state() == State::Running && task_of(*open).is_flowable()) {
            rebuild(node_of(one.id));
            touch(*open);
        }
    }
    rebuild(node_of({}));
    out_.execution_changed = true;
}

}  // namespace sluice::engine
