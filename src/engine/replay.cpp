#include "engine/replay.h"

#include <set>

namespace sluice::engine {
namespace {

constexpr std::string_view kCorrelationLabel = "system.correlationId";

bool is_main_task(const flow::Flow& flow, const flow::TaskPlace& place) {
    const flow::Branch& branch = place.parent != nullptr ? place.parent->branches[place.branch]
                                                         : flow.root[std::min(place.branch, std::size_t{3})];
    return branch.name != "errors" && branch.name != "finally" && branch.name != "afterExecution" &&
           (place.parent != nullptr || place.branch == 0);
}

/// The task runs of an execution as a tree, from which those are taken that run again.
class Tree {
  public:
    Tree(const flow::Flow& flow, const std::vector<TaskRun>& runs) : flow_(flow) {
        for (const TaskRun& one : runs) {
            runs_.emplace(one.id, one);
            order_.push_back(one.id);
            children_[one.parent_id].push_back(one.id);
        }
    }

    TaskRun* find(const TaskRunId& id) {
        const auto found = runs_.find(id);
        return found != runs_.end() ? &found->second : nullptr;
    }

    void drop(const TaskRunId& id) {
        drop_descendants(id);
        runs_.erase(id);
    }

    void drop_descendants(const TaskRunId& id) {
        for (const TaskRunId& child : children_[id]) {
            if (runs_.contains(child)) drop(child);
        }
    }

    /// Tasks that the flow's revision no longer has, and what they did.
    void drop_unknown_tasks() {
        for (const TaskRunId& id : order_) {
            const TaskRun* one = find(id);
            if (one != nullptr && flow_.place(one->task_id) == nullptr) drop(id);
        }
    }

    /// Errors, finally and afterExecution are run anew.
    void drop_aftermath() {
        for (const TaskRunId& id : order_) {
            const TaskRun* one = find(id);
            if (one != nullptr && !is_main_task(flow_, *flow_.place(one->task_id))) drop(id);
        }
    }

    /// What runs after this one in its parent goes; `progress` of the parent is set back to it.
    void drop_followers(const TaskRun& one, Progress& progress) {
        const flow::TaskPlace& place = *flow_.place(one.task_id);
        const flow::Task* parent = place.parent;
        const auto position = static_cast<std::int64_t>(place.position);
        if (parent == nullptr) return drop_later(one, position, progress);
        if (parent->is("core.flow.Parallel") || parent->is("core.flow.EachParallel")) return;
        if (parent->is("core.flow.Dag")) return drop_dependents(one, *parent, progress);
        if (parent->is("core.flow.ForEach") || parent->is("core.flow.EachSequential"))
            return drop_rest_of_loop(one, *parent, progress);
        drop_later(one, position, progress);
    }

    std::vector<TaskRun> in_order() const {
        std::vector<TaskRun> out;
        for (const TaskRunId& id : order_) {
            if (const auto found = runs_.find(id); found != runs_.end()) out.push_back(found->second);
        }
        return out;
    }

    /// Executions that a task run started belong to the original: the copy starts its own.
    void forget_children(const TaskRunId& id) {
        const auto found = runs_.find(id);
        if (found == runs_.end() || flow_.place(found->second.task_id)->task->info->runs != flow::Runs::Child) return;
        found->second.outputs = Value();
        found->second.progress = Progress{};
    }

  private:
    template <class Condition>
    void drop_siblings(const TaskRun& one, const Condition& goes) {
        for (const TaskRunId& id : children_[one.parent_id]) {
            const TaskRun* sibling = find(id);
            if (sibling != nullptr && id != one.id && goes(*sibling, *flow_.place(sibling->task_id))) drop(id);
        }
    }

    void drop_later(const TaskRun& one, std::int64_t position, Progress& progress) {
        drop_siblings(one, [&](const TaskRun&, const flow::TaskPlace& place) {
            return static_cast<std::int64_t>(place.position) > position;
        });
        progress.next = position + 1;
    }

    void drop_dependents(const TaskRun& one, const flow::Task& dag, Progress& progress) {
        const flow::Tasks& tasks = dag.branch("tasks")->tasks;
        std::set<std::string> again{one.task_id};
        for (bool more = true; more;) {
            more = false;
            for (std::size_t i = 0; i < tasks.size(); ++i) {
                const bool depends = std::any_of(dag.depends_on[i].begin(), dag.depends_on[i].end(),
                                                 [&](const std::string& id) { return again.contains(id); });
                if (depends && again.insert(tasks[i].id).second) more = true;
            }
        }
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            if (tasks[i].id == one.task_id || !again.contains(tasks[i].id)) continue;
            if (i < progress.started.size()) progress.started[i] = false;
            if (i < progress.done.size()) progress.done[i] = false;
        }
        drop_siblings(one,
                      [&](const TaskRun& sibling, const flow::TaskPlace&) { return again.contains(sibling.task_id); });
    }

    /// The later tasks for the same value; where values come one after the other, the later values too.
    void drop_rest_of_loop(const TaskRun& one, const flow::Task& loop, Progress& progress) {
        const auto position = flow_.place(one.task_id)->position;
        const std::int64_t iteration = one.iteration.value_or(0);
        const bool in_order =
            loop.is("core.flow.EachSequential") || loop.properties["concurrencyLimit"].if_integer().value_or(1) == 1;
        drop_siblings(one, [&](const TaskRun& sibling, const flow::TaskPlace& place) {
            const std::int64_t other = sibling.iteration.value_or(0);
            return other == iteration ? place.position > position : in_order && other > iteration;
        });
        if (in_order) progress.next = iteration + 1;
    }

    const flow::Flow& flow_;
    std::map<TaskRunId, TaskRun> runs_{};
    std::vector<TaskRunId> order_{};
    std::map<TaskRunId, std::vector<TaskRunId>> children_{};
};

/// The loop around it all, when there is one: its rounds can't be told apart afterwards.
TaskRunId outermost_loop(const flow::Flow& flow, Tree& tree, const TaskRunId& from) {
    TaskRunId out = from;
    for (const TaskRun* at = tree.find(from); at != nullptr; at = tree.find(at->parent_id)) {
        const flow::TaskPlace* place = flow.place(at->task_id);
        if (place != nullptr && place->task->is("core.flow.LoopUntil")) out = at->id;
    }
    return out;
}

/// New ids for a copy, parents first.
void rename(const std::vector<TaskRun>& kept, Replay& out) {
    std::set<TaskRunId> taken;
    std::map<TaskRunId, std::int64_t> rounds;
    for (const TaskRun& one : kept) rounds[one.id] = one.progress.iteration;
    for (TaskRun one : kept) {
        const TaskRunId old = one.id;
        const std::int64_t round = rounds[one.parent_id];
        if (!one.parent_id.empty()) one.parent_id = out.ids.at(one.parent_id);
        one.id = id_of_place(out.execution.id, one.parent_id, one.task_id, one.value, one.iteration, round);
        // Earlier rounds of a loop: they are history, and nothing asks for their place again.
        if (!taken.insert(one.id).second)
            one.id = TaskRunId{derived_id(out.execution.id.text(), "replay/" + old.text())};
        taken.insert(one.id);
        out.ids.emplace(old, one.id);
        out.runs.push_back(std::move(one));
    }
}

void finish(Tree& tree, const Execution& original, Timestamp now, Replay& out) {
    out.execution.history.add(State::Restarted, now);
    out.execution.progress = original.progress;
    out.execution.progress.held = false;
    out.execution.progress.slot = false;
    out.execution.progress.exit.reset();
    out.execution.progress.stops_at.clear();
    out.execution.variables = original.variables;
    rename(tree.in_order(), out);
}

}  // namespace

TaskRunId id_of_place(const ExecutionId& execution, const TaskRunId& parent, const std::string& task,
                      const std::optional<std::string>& value, std::optional<std::int64_t> iteration,
                      std::int64_t round) {
    return TaskRunId{derived_id(execution.text(), fmt::format("{}/{}/{}/{}/{}", parent, task, value.value_or(""),
                                                              iteration.value_or(-1), round))};
}

Replay replay(const flow::Flow& flow, const Execution& original, const ExecutionId& id, Timestamp now) {
    Replay out;
    Execution& next = out.execution;
    next.id = id;
    next.flow = flow.id;
    next.flow_revision = flow.revision;
    next.history.add(State::Created, now);
    next.kind = original.kind;
    next.labels = original.labels;
    const bool correlated = std::any_of(next.labels.begin(), next.labels.end(),
                                        [](const flow::Label& one) { return one.key == kCorrelationLabel; });
    if (!correlated) next.labels.push_back({std::string(kCorrelationLabel), original.id.text()});
    next.inputs = original.inputs;
    next.trigger = original.trigger;
    next.parent_id = original.id;
    next.original_id = ExecutionId{original.original()};
    out.first = Started{};
    return out;
}

Result<Replay> replay_from(const flow::Flow& flow, const Execution& original, const std::vector<TaskRun>& runs,
                           const TaskRunId& from, const ExecutionId& id, Timestamp now) {
    Tree tree(flow, runs);
    const TaskRunId start = outermost_loop(flow, tree, from);
    const TaskRun* wanted = tree.find(start);
    if (wanted == nullptr) return not_found("Not Found: the execution has no task run {}", from);
    const flow::TaskPlace* place = flow.place(wanted->task_id);
    if (place == nullptr)
        return invalid("Illegal argument: revision {} of the flow has no task '{}'", flow.revision, wanted->task_id);
    for (const flow::TaskPlace* at = place; at != nullptr;
         at = at->parent != nullptr ? flow.place(at->parent->id) : nullptr) {
        if (!is_main_task(flow, *at)) {
            return invalid(
                "Illegal argument: '{}' runs after a failure or at the end: replay from one of the tasks before",
                wanted->task_id);
        }
    }
    Replay out = replay(flow, original, id, now);
    Execution before = original;
    tree.drop_unknown_tasks();
    tree.drop_aftermath();
    tree.drop_descendants(start);
    tree.forget_children(start);
    for (const TaskRun* at = tree.find(start); at != nullptr; at = tree.find(at->parent_id)) {
        TaskRun* parent = tree.find(at->parent_id);
        tree.drop_followers(*at, parent != nullptr ? parent->progress : before.progress);
    }
    finish(tree, before, now, out);
    out.first = TaskStateChanged{out.ids.at(start), State::Restarted};
    return out;
}

Result<Replay> restart_anew(const flow::Flow& flow, const Execution& original, const std::vector<TaskRun>& runs,
                            const ExecutionId& id, Timestamp now) {
    Tree tree(flow, runs);
    bool any = false;
    for (const TaskRun& one : runs) {
        if (one.state() != State::Failed && one.state() != State::Paused) continue;
        any = true;
        if (flow.place(one.task_id) == nullptr) {
            return invalid("Illegal argument: revision {} of the flow has no task '{}', which failed", flow.revision,
                           one.task_id);
        }
    }
    if (!any) return invalid("No task found to restart execution from!");
    Replay out = replay(flow, original, id, now);
    tree.drop_unknown_tasks();
    tree.drop_aftermath();
    for (const TaskRun& one : tree.in_order()) {
        if (one.state() == State::Failed || one.state() == State::Paused) tree.forget_children(one.id);
    }
    finish(tree, original, now, out);
    out.first = RestartRequested{};
    return out;
}

}  // namespace sluice::engine
