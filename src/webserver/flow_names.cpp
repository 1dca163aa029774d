#include "webserver/flow_names.h"

#include <algorithm>
#include <array>

namespace sluice::webserver {
namespace {

constexpr std::array kEverywhere{"flow.id",
                                 "flow.namespace",
                                 "flow.revision",
                                 "execution.id",
                                 "execution.startDate",
                                 "execution.originalId",
                                 "execution.state",
                                 "namespace",
                                 "envs",
                                 "globals",
                                 "labels.system.correlationId"};
constexpr std::array kInTasks{"task.id", "task.type", "taskrun.id", "taskrun.startDate", "taskrun.attemptsCount"};
constexpr std::array kLoops{"core.flow.ForEach", "core.flow.EachSequential", "core.flow.EachParallel",
                            "core.flow.LoopUntil"};

/// Tasks that give their branches' children a value.
bool is_loop(const flow::Task& task) {
    return std::any_of(kLoops.begin(), kLoops.end(), [&](const char* name) { return task.is(name); });
}

/// The tasks of a branch run beside each other.
bool runs_all_at_once(const flow::Task& task) {
    return task.is("core.flow.Parallel") || task.is("core.flow.Dag");
}

class NamesAt {
  public:
    NamesAt(const flow::Flow& flow, std::string_view task_id) : flow_(flow), task_id_(task_id) {}

    std::vector<std::string> collect() {
        names_.assign(kEverywhere.begin(), kEverywhere.end());
        for (const flow::Input& input : flow_.inputs) names_.push_back("inputs." + input.id);
        for (const auto& [key, value] : flow_.variables.as_map()) names_.push_back("vars." + key);
        for (const flow::Label& label : flow_.labels) names_.push_back("labels." + label.key);
        for (const flow::Trigger& trigger : flow_.triggers) {
            for (const flow::Output& output : trigger.info->outputs) names_.push_back("trigger." + output.name);
        }
        if (!task_id_.empty()) names_.insert(names_.end(), kInTasks.begin(), kInTasks.end());
        for (const flow::Branch& branch : flow_.root) {
            if (walk(branch.tasks, false)) break;
        }
        std::sort(names_.begin(), names_.end());
        names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
        return std::move(names_);
    }

  private:
    void add_outputs(const flow::Task& task) {
        names_.push_back("outputs." + task.id);
        for (const flow::Output& output : task.info->outputs)
            names_.push_back("outputs." + task.id + "." + output.name);
        for (const flow::Branch& branch : task.branches) {
            for (const flow::Task& child : branch.tasks) add_outputs(child);
        }
    }

    void step_into(const flow::Task& task) {
        if (!is_loop(task)) return;
        names_.insert(names_.end(), {"taskrun.value", "taskrun.iteration", "parent.taskrun.value", "parents"});
    }

    /// true: the task is among these, or below them
    bool walk(const flow::Tasks& tasks, bool at_once) {
        for (const flow::Task& task : tasks) {
            if (task.id == task_id_) return true;
            const std::size_t before = names_.size();
            step_into(task);
            for (const flow::Branch& branch : task.branches) {
                const std::size_t outside = names_.size();
                if (walk(branch.tasks, runs_all_at_once(task))) return true;
                names_.resize(outside);  // the branches of a task don't see each other
            }
            names_.resize(before);
            if (!at_once) add_outputs(task);
        }
        return false;
    }

    const flow::Flow& flow_;
    const std::string_view task_id_;
    std::vector<std::string> names_{};
};

}  // namespace

std::vector<std::string> names_at(const flow::Flow& flow, std::string_view task_id) {
    return NamesAt(flow, task_id).collect();
}

}  // namespace sluice::webserver
