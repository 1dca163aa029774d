// How nodes move on when a child is over. A node is the execution itself or the task run of a flowable task.
#include "engine/stepper.h"

namespace sluice::engine {
namespace {
const flow::Tasks kNoTasks;
constexpr std::int64_t kNoMore = INT64_MAX / 2;  // position behind every list: nothing more is started
}  // namespace

Stepper::Node Stepper::node_of(const TaskRunId& id) {
    if (id.empty()) return {id, nullptr, &execution_.progress};
    TaskRun* one = run(id);
    if (one == nullptr) return {};
    return {id, &task_of(*one), &one->progress};
}

const flow::Tasks& Stepper::branch_tasks(const Node& node, std::string_view name) const {
    if (node.task == nullptr) {
        for (const flow::Branch& branch : flow_.root) {
            if (branch.name == name) return branch.tasks;
        }
        return kNoTasks;
    }
    const flow::Branch* branch = node.task->branch(name);
    return branch != nullptr ? branch->tasks : kNoTasks;
}

const flow::Tasks& Stepper::main_tasks(const Node& node) const {
    return branch_tasks(node, node.progress->branch.empty() ? std::string_view("tasks") : node.progress->branch);
}

Phase Stepper::phase_of(const TaskRun& one) const {
    const flow::TaskPlace* place = flow_.place(one.task_id);
    ensure(place != nullptr, "task {} is not in flow {}", one.task_id, flow_.id.text());
    const std::string& branch = place->parent != nullptr ? place->parent->branches[place->branch].name
                                                         : flow_.root[std::min(place->branch, std::size_t{3})].name;
    if (branch == "errors") return Phase::Errors;
    if (branch == "finally") return Phase::Finally;
    if (place->parent == nullptr && place->branch >= 3) return Phase::AfterExecution;
    return Phase::Tasks;
}

/// Counts what became of a child, and lets its parent go on.
void Stepper::child_over(const TaskRun& child) {
    if (is_on_pause_task(child)) return;
    Node node = node_of(child.parent_id);
    ensure(node.progress != nullptr, "task run {} has no parent {}", child.id, child.parent_id);
    if (TaskRun* parent = run(child.parent_id))
        touch(*parent);
    else
        out_.execution_changed = true;
    tally(node, child);
    todo_.push_back({Todo::What::Advance, child.parent_id, child.id});
}

void Stepper::tally(Node& node, const TaskRun& child) {
    Progress& p = *node.progress;
    const State state = child.state();
    if (phase_of(child) == Phase::Tasks) {
        --p.active;
        p.failed += state == State::Failed ? 1 : 0;
        p.warned += state == State::Warning ? 1 : 0;
        p.killed += state == State::Killed ? 1 : 0;
        p.cancelled += state == State::Cancelled ? 1 : 0;
        return;
    }
    --p.in_phase;
    const bool stops = state == State::Failed || state == State::Killed || state == State::Cancelled;
    if (stops) p.phase_next = kNoMore;
    if (stops && phase_of(child) == Phase::Finally) p.finally_failed = true;
}

void Stepper::advance(const TaskRunId& id, const TaskRun* finished) {
    Node node = node_of(id);
    if (node.progress == nullptr) return;
    if (!id.empty()) {
        const State state = run(id)->state();
        if (is_over(state) || state == State::Paused || is_created(state)) return;
        const Folder folder = node.progress->folder;
        if (folder == Folder::Opening || folder == Folder::Closing)
            return;  // a job is out, and its end comes here again
    } else if (is_over(execution_.state()) && node.progress->phase != Phase::AfterExecution) {
        return;
    }
    if (node.progress->phase == Phase::Tasks)
        advance_tasks(node, finished);
    else
        advance_phase(node);
}

/// An Exit task ended the execution, and this (null: the execution itself) is no part of what comes after the end.
bool Stepper::exits(const TaskRun* one) {
    if (!execution_.progress.exit) return false;
    for (const TaskRun* at = one; at != nullptr; at = run(at->parent_id)) {
        const Phase phase = phase_of(*at);
        if (phase == Phase::Finally || phase == Phase::AfterExecution) return false;
    }
    return true;
}

void Stepper::advance_tasks(Node& node, const TaskRun* finished) {
    Progress& p = *node.progress;
    const bool killing = execution_.state() == State::Killing;
    if (!killing && exits(run(node.id))) {
        if (p.active == 0) leave_tasks(node);
        return;
    }
    if (killing || p.stopped()) {
        if (p.active == 0) close_node(node);
        return;
    }
    if (p.failing()) {
        if (!p.errors_done && !branch_tasks(node, "errors").empty()) return enter_phase(node, Phase::Errors);
        p.errors_done = true;
        if (p.active == 0) leave_tasks(node);
        return;
    }
    if (execution_.progress.held) return;
    const flow::Task* task = node.task;
    if (task == nullptr || task->is("core.flow.Sequential") || task->is("core.flow.AllowFailure")) {
        advance_sequence(node);
    } else if (task->is("core.flow.Parallel")) {
        advance_parallel(node);
    } else if (task->is("core.flow.Dag")) {
        advance_dag(node, finished);
    } else if (task->is("core.flow.ForEach") || task->is("core.flow.EachSequential")) {
        advance_loop(node, finished);
    } else if (task->is("core.flow.EachParallel")) {
        advance_pairs(node);
    } else if (task->is("core.flow.WorkingDirectory") && p.folder == Folder::None) {
        open_folder(*run(node.id));
    } else {
        advance_sequence(node);  // If, Switch, Pause, LoopUntil, ForEachItem: one list, in order
    }
}

bool Stepper::may_create(const Node& node) {
    if (budget_left()) return true;
    if (std::find(continued_.begin(), continued_.end(), node.id) == continued_.end()) continued_.push_back(node.id);
    return false;
}

void Stepper::advance_sequence(Node& node) {
    Progress& p = *node.progress;
    if (p.active > 0) return;
    const flow::Tasks& tasks = main_tasks(node);
    while (p.next < static_cast<std::int64_t>(tasks.size()) && tasks[static_cast<std::size_t>(p.next)].disabled)
        ++p.next;
    if (p.next >= static_cast<std::int64_t>(tasks.size())) return leave_tasks(node);
    if (!may_create(node)) return;
    create(node, tasks[static_cast<std::size_t>(p.next++)]);
}

void Stepper::advance_parallel(Node& node) {
    Progress& p = *node.progress;
    const flow::Tasks& tasks = main_tasks(node);
    const std::int64_t limit = node.task->properties["concurrent"].if_integer().value_or(0);
    const auto size = static_cast<std::int64_t>(tasks.size());
    while (p.next < size && (limit <= 0 || p.active < limit)) {
        const flow::Task& task = tasks[static_cast<std::size_t>(p.next)];
        if (!task.disabled) {
            if (!may_create(node)) return;
            create(node, task);
        }
        ++p.next;
    }
    if (p.next >= size && p.active == 0) leave_tasks(node);
}

/// A child may start when all that it depends on are over.
void Stepper::advance_dag(Node& node, const TaskRun* finished) {
    Progress& p = *node.progress;
    const flow::Tasks& tasks = main_tasks(node);
    const std::int64_t limit = node.task->properties["concurrent"].if_integer().value_or(0);
    p.started.resize(tasks.size());
    p.done.resize(tasks.size());
    std::map<std::string_view, std::size_t> position;
    for (std::size_t i = 0; i < tasks.size(); ++i) position[tasks[i].id] = i;
    if (finished != nullptr && phase_of(*finished) == Phase::Tasks) p.done[position.at(finished->task_id)] = true;
    bool all_started = true;
    for (bool again = true; again;) {
        again = false;
        all_started = true;
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            if (p.started[i]) continue;
            const auto& needed = node.task->depends_on[i];
            const bool ready = std::all_of(needed.begin(), needed.end(),
                                           [&](const std::string& id) { return p.done[position.at(id)]; });
            if (!ready || (limit > 0 && p.active >= limit)) {
                all_started = false;
                continue;
            }
            if (tasks[i].disabled) {
                p.started[i] = p.done[i] = true;
                again = true;  // it may have held others back
                continue;
            }
            if (!may_create(node)) return;
            p.started[i] = true;
            create(node, tasks[i]);
        }
    }
    if (all_started && p.active == 0) leave_tasks(node);
}

/// ForEach: groups of tasks, one group for each value; a group's tasks run one after the other.
void Stepper::advance_loop(Node& node, const TaskRun* finished) {
    Progress& p = *node.progress;
    if (finished != nullptr && phase_of(*finished) == Phase::Tasks) next_of_group(node, *finished);
    const std::int64_t limit = node.task->is("core.flow.EachSequential")
                                   ? 1
                                   : node.task->properties["concurrencyLimit"].if_integer().value_or(1);
    while (p.next < p.values && (limit <= 0 || p.active < limit)) {
        if (!may_create(node)) return;
        start_group(node, p.next++);
    }
    if (p.next >= p.values && p.active == 0) leave_tasks(node);
}

std::string Stepper::loop_value(const TaskRunId& id, std::int64_t index) {
    const std::int64_t chunk = index / kLoopChunk;
    const auto key = std::pair(id, chunk);
    auto found = loop_chunks_.find(key);
    if (found == loop_chunks_.end()) found = loop_chunks_.emplace(key, facts_.loop_values(id, chunk)).first;
    const auto at = static_cast<std::size_t>(index % kLoopChunk);
    ensure(at < found->second.size(), "loop {} has no value {}", id, index);
    return found->second[at];
}

/// Starts the first enabled task for a value. A group without any is over at once.
void Stepper::start_group(Node& node, std::int64_t index) {
    for (const flow::Task& task : main_tasks(node)) {
        if (task.disabled) continue;
        create(node, task, loop_value(node.id, index), index);
        return;
    }
}

void Stepper::next_of_group(Node& node, const TaskRun& finished) {
    const flow::Tasks& tasks = main_tasks(node);
    for (std::size_t i = flow_.place(finished.task_id)->position + 1; i < tasks.size(); ++i) {
        if (tasks[i].disabled) continue;
        // After a person changed the state of an early task of the group, its later ones are there already.
        const bool there =
            node.progress->reopened && run(id_at(node, tasks[i], finished.value, finished.iteration)) != nullptr;
        if (!there) {
            create(node, tasks[i], finished.value, finished.iteration);
        }
        return;
    }
}

/// EachParallel: every task for every value, each by itself.
void Stepper::advance_pairs(Node& node) {
    Progress& p = *node.progress;
    const flow::Tasks& tasks = main_tasks(node);
    const auto width = static_cast<std::int64_t>(tasks.size());
    const std::int64_t limit = node.task->properties["concurrent"].if_integer().value_or(0);
    while (p.next < p.values * width && (limit <= 0 || p.active < limit)) {
        const flow::Task& task = tasks[static_cast<std::size_t>(p.next % width)];
        if (!task.disabled) {
            if (!may_create(node)) return;
            create(node, task, loop_value(node.id, p.next / width), p.next / width);
        }
        ++p.next;
    }
    if (p.next >= p.values * width && p.active == 0) leave_tasks(node);
}

// ---------------------------------------------------------------------------------------- errors, finally, end

void Stepper::enter_phase(Node& node, Phase phase) {
    node.progress->phase = phase;
    node.progress->phase_next = 0;
    node.progress->in_phase = 0;
    if (TaskRun* one = run(node.id))
        touch(*one);
    else
        out_.execution_changed = true;
    advance_phase(node);
}

const flow::Tasks& Stepper::phase_tasks(const Node& node) const {
    const Progress& p = *node.progress;
    if (p.listeners > 0) return flow_.listeners[static_cast<std::size_t>(p.listeners - 1)].tasks;
    constexpr std::string_view kNames[] = {"tasks", "errors", "finally", "afterExecution"};
    return branch_tasks(node, kNames[static_cast<std::size_t>(p.phase)]);
}

/// After afterExecution, one listener after the other. false: there is none left that hears this execution
bool Stepper::next_listener() {
    Progress& p = execution_.progress;
    while (p.listeners < static_cast<std::int64_t>(flow_.listeners.size())) {
        const flow::Listener& listener = flow_.listeners[static_cast<std::size_t>(p.listeners++)];
        out_.execution_changed = true;
        const auto heard = facts_.hears(listener, context(nullptr, nullptr));
        if (!heard) log_execution(LogLevel::Warn, "A listener was left out: " + heard.error().text());
        if (!heard || !*heard) continue;
        p.phase_next = 0;
        return true;
    }
    return false;
}

void Stepper::advance_phase(Node& node) {
    Progress& p = *node.progress;
    if (p.in_phase > 0) return;
    const bool killing = execution_.state() == State::Killing;
    const bool leaves = p.phase == Phase::Errors && exits(run(node.id));
    const flow::Tasks& tasks = phase_tasks(node);
    const auto size = static_cast<std::int64_t>(tasks.size());
    while (!killing && p.phase_next < size && tasks[static_cast<std::size_t>(p.phase_next)].disabled) ++p.phase_next;
    if (!killing && !leaves && p.phase_next < size) {
        if (may_create(node)) create(node, tasks[static_cast<std::size_t>(p.phase_next++)]);
        return;
    }
    switch (p.phase) {
        case Phase::Tasks:
            break;
        case Phase::Errors:
            p.errors_done = true;
            if (p.active > 0) return;  // siblings of the failed task still run: they are not killed, but awaited
            if (killing)
                close_node(node);
            else
                leave_tasks(node);
            break;
        case Phase::Finally:
            close_node(node);
            break;
        case Phase::AfterExecution:
            if (next_listener()) return advance_phase(node);
            out_.finished = true;
            break;
    }
}

void Stepper::leave_tasks(Node& node) {
    const bool loops = node.task != nullptr && node.task->is("core.flow.LoopUntil") && !node.progress->failing() &&
                       !exits(run(node.id));
    if (loops && !is_last_round(*run(node.id))) return;
    if (loops && node.progress->failing()) return later(node.id);
    const bool killed = execution_.progress.exit == State::Killed;
    if (!killed && !branch_tasks(node, "finally").empty()) return enter_phase(node, Phase::Finally);
    close_node(node);
}

/// The state that follows from the children.
/// Source  flows.md §5.5
State Stepper::outcome(const Node& node) const {
    const Progress& p = *node.progress;
    if (execution_.state() == State::Killing || p.killed > 0) return State::Killed;
    if (p.cancelled > 0) return State::Cancelled;
    if (p.failed > 0 || p.finally_failed) return State::Failed;
    return p.warned > 0 ? State::Warning : State::Success;
}

void Stepper::close_node(Node& node) {
    if (node.task == nullptr) return close_execution();
    TaskRun& one = *run(node.id);
    if (one.progress.folder == Folder::Open) {
        if (execution_.state() != State::Killing) return close_folder(one);
        touch(one).progress.folder = Folder::Gone;  // its worker looks for folders that nobody needs
    }
    State state = outcome(node);
    if (node.task->is("core.flow.AllowFailure") && node.progress->failed > 0 && state == State::Failed) {
        state = State::Warning;
    }
    if (node.task->is("core.flow.Pause") && state == State::Success) {
        // What the pause itself became (behavior: WARN …) was kept when it ended.
        state = one.progress.pause_outcome.value_or(State::Success);
    }
    complete(one, state);
}

void Stepper::close_execution() {
    Progress& root = execution_.progress;
    State state = outcome({{}, nullptr, &root});
    if (root.exit && execution_.state() != State::Killing) state = *root.exit;
    if (state != State::Killed && !flow_.outputs.empty()) {
        auto rendered = facts_.typed_outputs(flow_, context(nullptr, nullptr));
        if (rendered) {
            execution_.outputs = std::move(*rendered);
        } else {
            log_execution(LogLevel::Error, "Failed to render output values: " + rendered.error().text());
            if (state == State::Success || state == State::Warning) state = State::Failed;
        }
    }
    move_execution(state);
    if (!flow_.after_execution().empty() || !flow_.listeners.empty()) {
        Node node{{}, nullptr, &root};
        enter_phase(node, Phase::AfterExecution);
        return;
    }
    out_.finished = true;
}

}  // namespace sluice::engine
