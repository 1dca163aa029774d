// Rules that join several parts of a flow.
#include <charconv>
#include <map>

#include "base/nearest.h"
#include "flow/reading.h"

namespace sluice::flow {
namespace {

bool has_braces(std::string_view text) {
    return text.find("{{") != std::string_view::npos;
}

/// Every task id with the line of its second use.
void collect_ids(const Tasks& tasks, std::map<std::string, int>& seen, std::map<std::string, const Task*>& twice) {
    for (const Task& task : tasks) {
        if (!task.id.empty() && ++seen[task.id] == 2) twice[task.id] = &task;
        for (const Branch& branch : task.branches) collect_ids(branch.tasks, seen, twice);
    }
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) (out += out.empty() ? "" : ", ") += word;
    return out;
}

void check_task_ids(Reading& reading, const Flow& flow) {
    std::map<std::string, int> seen;
    std::map<std::string, const Task*> twice;
    for (const Branch& branch : flow.root) collect_ids(branch.tasks, seen, twice);
    for (const Listener& listener : flow.listeners) collect_ids(listener.tasks, seen, twice);
    for (const auto& [id, task] : twice) {
        reading.error_at(task->line, task->column, "", fmt::format("Duplicate task id with name [{}]", id));
    }
}

template <class Items>
void check_unique(Reading& reading, const Items& items, const Node* list, const char* path, const char* what) {
    std::map<std::string, int> seen;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (items[i].id.empty() || ++seen[items[i].id] != 2) continue;
        const Node& at = list != nullptr && i < list->items.size() ? list->items[i] : *list;
        reading.error(at, under(path, i), "Duplicate {} with name [{}]", what, items[i].id);
    }
}

void check_input_dependencies(Reading& reading, const Flow& flow, const Node* list) {
    std::map<std::string, const Input*> by_id;
    for (const Input& input : flow.inputs) by_id[input.id] = &input;
    for (std::size_t i = 0; i < flow.inputs.size(); ++i) {
        const Input& input = flow.inputs[i];
        const std::string path = under("inputs", i);
        for (const std::string& needed : input.depends_on) {
            if (by_id.contains(needed)) continue;
            reading.error(list->items[i], path, "Input with id '{}' depends on a non-existent input '{}'.", input.id,
                          needed);
        }
        std::vector<std::string> chain{input.id};
        std::set<std::string> visited;
        const std::function<bool(const std::string&)> returns = [&](const std::string& id) {
            const auto found = by_id.find(id);
            if (found == by_id.end()) return false;
            for (const std::string& next : found->second->depends_on) {
                chain.push_back(next);
                if (next == input.id) return true;
                if (visited.insert(next).second && returns(next)) return true;
                chain.pop_back();
            }
            return false;
        };
        if (returns(input.id)) {
            reading.error(list->items[i], path, "Cycle dependency detected for input with id '{}': [{}]", input.id,
                          joined(chain));
        }
    }
}

void check_dag(Reading& reading, const Task& task) {
    const Branch* branch = task.branch("tasks");
    if (branch == nullptr || branch->tasks.empty()) {
        return reading.error_at(task.line, task.column, task.id, "No task defined");
    }
    std::map<std::string, std::vector<std::string>> needs;
    for (std::size_t i = 0; i < branch->tasks.size() && i < task.depends_on.size(); ++i) {
        needs[branch->tasks[i].id] = task.depends_on[i];
    }
    for (const auto& [id, needed] : needs) {
        for (const std::string& one : needed) {
            if (needs.contains(one)) continue;
            reading.error_at(task.line, task.column, task.id,
                             fmt::format("Not existing task id in dependency: {}", one));
        }
    }
    // Take away what needs nothing any more, again and again; what stays is in a cycle.
    std::map<std::string, std::vector<std::string>> left = needs;
    for (bool changed = true; changed;) {
        changed = false;
        for (auto at = left.begin(); at != left.end();) {
            const bool free = std::none_of(at->second.begin(), at->second.end(),
                                           [&](const std::string& one) { return left.contains(one); });
            if (free)
                at = left.erase(at);
            else
                ++at;
            changed = changed || free;
        }
    }
    if (left.empty()) return;
    std::vector<std::string> ids;
    for (const auto& [id, needed] : left) ids.push_back(id);
    reading.error_at(task.line, task.column, task.id, fmt::format("Cyclic dependency detected: {}", joined(ids)));
}

void check_working_directory(Reading& reading, const Task& task) {
    const Branch* branch = task.branch("tasks");
    if (branch == nullptr || branch->tasks.empty()) {
        return reading.error_at(task.line, task.column, task.id, "The 'tasks' property cannot be empty");
    }
    for (const Task& child : branch->tasks) {
        if (child.info != nullptr && (child.info->runs == Runs::Flowable || child.info->runs == Runs::Child)) {
            reading.error_at(child.line, child.column, child.id,
                             "Only runnable tasks are allowed as children of a WorkingDirectory task");
        }
        if (child.worker_group) {
            reading.error_at(child.line, child.column, child.id,
                             "Cannot set a Worker Group in any WorkingDirectory sub-tasks, it is only supported at the "
                             "WorkingDirectory level");
        }
    }
}

void check_tasks(Reading& reading, const Flow& flow, const Tasks& tasks) {
    for (const Task& task : tasks) {
        if (task.info == nullptr) continue;
        if (task.info->runs == Runs::Child || task.is("core.flow.ForEachItem")) {
            const std::string ns = task.properties.text("namespace");
            const std::string id = task.properties.text("flowId");
            if (!has_braces(ns) && !has_braces(id) && FlowId{ns, id} == flow.id && !task.info->internal) {
                reading.error_at(task.line, task.column, task.id,
                                 fmt::format("Recursive call to flow [{}]", flow.id.text()));
            }
        }
        if (task.is("core.flow.Switch")) {
            const bool none = std::none_of(task.branches.begin(), task.branches.end(), [](const Branch& branch) {
                return branch.name != "errors" && branch.name != "finally" && !branch.tasks.empty();
            });
            if (none) {
                reading.error_at(task.line, task.column, task.id,
                                 "No task defined, neither cases or default have any tasks");
            }
        }
        if (task.is("core.flow.Dag")) check_dag(reading, task);
        if (task.is("core.flow.WorkingDirectory")) check_working_directory(reading, task);
        for (const Branch& branch : task.branches) check_tasks(reading, flow, branch.tasks);
    }
}

/// The node at "conditions[0].country" below another one, or the last one on the way that is there.
const Node& node_at(const Node& from, std::string_view path) {
    const Node* at = &from;
    while (!path.empty()) {
        const std::size_t end = path.find_first_of(".[", 1);
        std::string_view step = path.substr(0, end);
        path = end == std::string_view::npos ? "" : path.substr(end);
        const Node* below = nullptr;
        if (step.front() == '[') {
            std::size_t index = 0;
            std::from_chars(step.data() + 1, step.data() + step.size(), index);
            if (index < at->items.size()) below = &at->items[index];
        } else {
            if (step.front() == '.') step.remove_prefix(1);
            below = at->find(step);
        }
        if (below == nullptr) break;
        at = below;
    }
    return *at;
}

/// Mistakes that a module above found, each at its place below `node`.
void tell_mistakes(Reading& reading, const Result<void>& checked, const Node& node, const std::string& path) {
    if (checked) return;
    for (const Error& mistake : checked.error().details) {
        const std::string& property = mistake.place.property;
        reading.error(node_at(node, property), property.empty() ? path : under(path, property), "{}", mistake.message);
    }
}

void check_by_type(Reading& reading, const Trigger& trigger, const Node& node, const std::string& path) {
    if (!reading.options.check_trigger || trigger.info == nullptr) return;
    tell_mistakes(reading, reading.options.check_trigger(trigger), node, path);
}

void check_listeners(Reading& reading, const Flow& flow, const Node* list) {
    if (!reading.options.check_listener) return;
    for (std::size_t i = 0; i < flow.listeners.size(); ++i) {
        tell_mistakes(reading, reading.options.check_listener(flow.listeners[i]), list->items[i], under("listeners", i));
    }
}

void check_triggers(Reading& reading, const Flow& flow, const Node* list) {
    for (std::size_t i = 0; i < flow.triggers.size(); ++i) {
        const Trigger& trigger = flow.triggers[i];
        check_by_type(reading, trigger, list->items[i], under("triggers", i));
        if (trigger.is("core.trigger.Flow") && trigger.conditions.empty() && !trigger.properties.get("preconditions")) {
            reading.warn(
                list->items[i], under("triggers", i),
                "This flow will be triggered for EVERY execution of EVERY flow: add conditions or preconditions.");
        }
        for (const Condition& condition : trigger.conditions) {
            if (trigger.is("core.trigger.Webhook") &&
                condition.info->short_name() == "core.condition.MultipleCondition") {
                reading.error(list->items[i], under("triggers", i),
                              "invalid webhook: conditions of type MultipleCondition are not supported");
            }
        }
    }
}

void check_output_uses(Reading& reading, const Flow& flow) {
    std::vector<std::string> ids;
    for (const auto& [id, place] : flow.places) ids.push_back(id);
    for (const auto& [id, place] : reading.output_uses) {
        if (flow.places.contains(id)) continue;
        reading.warnings.push_back(
            Error{ErrorCode::Invalid,
                  fmt::format("'outputs.{}' names no task of this flow{}", id, did_you_mean(id, ids)),
                  place,
                  {},
                  ""});
    }
}

}  // namespace

void check_flow(Reading& reading, const Flow& flow, const Node& document) {
    check_task_ids(reading, flow);
    check_unique(reading, flow.triggers, document.find("triggers"), "triggers", "trigger id");
    check_unique(reading, flow.inputs, document.find("inputs"), "inputs", "input");
    check_unique(reading, flow.outputs, document.find("outputs"), "outputs", "output");
    check_input_dependencies(reading, flow, document.find("inputs"));
    for (const Branch& branch : flow.root) check_tasks(reading, flow, branch.tasks);
    check_triggers(reading, flow, document.find("triggers"));
    check_listeners(reading, flow, document.find("listeners"));
    check_output_uses(reading, flow);
}

}  // namespace sluice::flow
