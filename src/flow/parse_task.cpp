// Reads tasks: their base properties, their own ones by the type's declaration, and the branches inside them.

#include "flow/reading.h"

namespace sluice::flow {
namespace {

bool is_branch_shape(Shape shape) {
    return shape == Shape::Tasks || shape == Shape::TaskCases || shape == Shape::DagTasks || shape == Shape::Task;
}

void read_base(Reading& reading, Task& task, const Node& node, const std::string& path) {
    const auto flag = [&](const char* name) {
        const Node* found = node.find(name);
        return found != nullptr && read_bool(reading, *found, under(path, name), false);
    };
    task.disabled = flag("disabled");
    task.allow_failure = flag("allowFailure");
    task.allow_warning = flag("allowWarning");
    task.log_to_file = flag("logToFile");
    task.description = node.text_of("description");
    for (const char* name : {"runIf", "when"}) {
        const Node* found = node.find(name);
        if (found == nullptr) continue;
        task.run_if = read_text(reading, *found, under(path, name));
        check_expression(reading, *found, under(path, name));
    }
    if (const Node* timeout = node.find("timeout")) {
        const Property* declared = find_property(task_base_properties(), "timeout");
        const Value value = read_property(reading, *declared, *timeout, under(path, "timeout"));
        if (value.is_string()) task.timeout = value.as_string();
    }
    if (const Node* retry = node.find("retry")) task.retry = read_retry(reading, *retry, under(path, "retry"));
    if (const Node* group = node.find("workerGroup")) {
        task.worker_group = read_worker_group(reading, *group, under(path, "workerGroup"));
    }
    for (const char* name : {"logLevel", "minLogLevel"}) {
        if (const Node* level = node.find(name)) task.log_level = read_log_level(reading, *level, under(path, name));
    }
    if (const Node* cache = node.find("taskCache")) {
        TaskCache read;
        if (const Node* enabled = cache->find("enabled")) {
            read.enabled = read_bool(reading, *enabled, under(path, "taskCache.enabled"), false);
        }
        if (const Node* ttl = cache->find("ttl")) read.ttl = read_duration(reading, *ttl, under(path, "taskCache.ttl"));
        task.cache = read;
    }
    if (const Node* loss = node.find("onWorkerLoss")) {
        if (read_word(reading, *loss, under(path, "onWorkerLoss"), {"RESTART", "FAIL"}) == "FAIL") {
            task.on_worker_loss = OnWorkerLoss::Fail;
        }
    }
}

/// Dag: each item is {task, dependsOn}.
void read_dag(Reading& reading, Task& task, const Node& list, const std::string& path, Branch& branch) {
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        const Node& item = list.items[i];
        const std::string here = under(path, i);
        const Node* inner = item.find("task");
        if (inner == nullptr) {
            reading.error(item, here, "expected {{task: …, dependsOn: [ids]}}");
            continue;
        }
        Node one;
        one.type = Node::Type::List;
        one.items.push_back(*inner);
        Tasks read = read_tasks(reading, one, under(here, "task"));
        if (read.empty()) continue;
        branch.tasks.push_back(std::move(read.front()));
        const Node* depends = item.find("dependsOn");
        task.depends_on.push_back(depends != nullptr ? read_texts(reading, *depends, under(here, "dependsOn"))
                                                     : std::vector<std::string>());
    }
}

void read_branch(Reading& reading, Task& task, const Property& property, const Node& node, const std::string& path) {
    if (property.shape == Shape::TaskCases) {
        for (const Node::Entry& entry : node.entries) {
            task.branches.push_back({"cases." + entry.key, read_tasks(reading, entry.value, under(path, entry.key))});
        }
        return;
    }
    Branch branch{property.name, {}};
    if (property.shape == Shape::DagTasks) {
        read_dag(reading, task, node, path, branch);
    } else if (property.shape == Shape::Task) {
        Node one;
        one.type = Node::Type::List;
        one.items.push_back(node);
        branch.tasks = read_tasks(reading, one, path);
    } else {
        branch.tasks = read_tasks(reading, node, path);
        if (property.required && node.is_list() && node.items.empty()) reading.error(node, path, "must not be empty");
    }
    task.branches.push_back(std::move(branch));
}

/// ForEachItem is three tasks in a row: split the items into files, an execution for each, merge their outputs.
/// Source  flows.md §4.3
void expand_for_each_item(Reading& reading, Task& task) {
    const auto derived = [&](const char* suffix, const char* type, auto takes) {
        Task part;
        part.id = task.id + suffix;
        part.type = type;
        part.info = reading.catalog.find(type);
        for (const auto& [name, value] : task.properties.as_map()) {
            if (takes(name)) part.properties.mutable_map().set(name, value);
        }
        part.output_roots = task.output_roots;
        part.reads_all_outputs = task.reads_all_outputs;
        part.line = task.line;
        part.column = task.column;
        return part;
    };
    // `taskrun.items` exists for the executions only: the other parts must not meet it in their properties.
    const auto of_split = [](const std::string& name) { return name == "items" || name == "batch"; };
    const auto of_executions = [&](const std::string& name) { return !of_split(name); };
    const auto nothing = [](const std::string&) { return false; };
    Branch branch{"tasks", {}};
    branch.tasks.push_back(derived("_split", "io.kestra.plugin.core.flow.ForEachItem$ForEachItemSplit", of_split));
    branch.tasks.push_back(
        derived("_items", "io.kestra.plugin.core.flow.ForEachItem$ForEachItemExecutable", of_executions));
    branch.tasks.push_back(
        derived("_merge", "io.kestra.plugin.core.flow.ForEachItem$ForEachItemMergeOutputs", nothing));
    task.branches.insert(task.branches.begin(), std::move(branch));
}

void warn_of_ignored(Reading& reading, const Task& task, const Node& node, const std::string& path) {
    if (task.info->runs != Runs::Flowable || task.is("core.flow.Pause") || task.is("core.flow.WorkingDirectory"))
        return;
    for (const char* name : {"timeout", "workerGroup", "taskCache"}) {
        if (node.find(name) == nullptr) continue;
        reading.warn(node, path, "The task '{}' cannot use the '{}' property as it's only relevant for runnable tasks.",
                     task.id, name);
    }
}

Task read_task(Reading& reading, const Node& node, const std::string& path) {
    Task task;
    task.line = node.line;
    task.column = node.column;
    task.id = node.text_of("id");
    task.type = node.text_of("type");
    if (task.id.empty())
        reading.error(node, under(path, "id"), "must not be null");
    else if (!is_name(task.id, "_-")) {
        reading.error(*node.find("id"), under(path, "id"), "must match \"^[a-zA-Z0-9][a-zA-Z0-9_-]*\"");
    }
    auto outer_roots = std::exchange(reading.output_roots, {});
    const bool outer_all = std::exchange(reading.reads_all_outputs, false);
    task.info = read_type(reading, node, path, Category::Task);
    read_base(reading, task, node, path);
    if (task.info != nullptr) {
        std::set<std::string> taken;
        for (const Property& property : task_base_properties()) {
            if (task.info->property(property.name) != nullptr) continue;
            taken.insert(property.name);
            taken.insert(property.aliases.begin(), property.aliases.end());
        }
        task.properties = read_properties(reading, task.info->properties, node, path, taken, task.info->name);
        task.output_roots.assign(reading.output_roots.begin(), reading.output_roots.end());
        task.reads_all_outputs = reading.reads_all_outputs;
        for (const Property& property : task.info->properties) {
            const Node* branch = is_branch_shape(property.shape) ? node.find(property.name) : nullptr;
            if (branch != nullptr) read_branch(reading, task, property, *branch, under(path, property.name));
        }
        if (task.is("core.flow.ForEachItem")) expand_for_each_item(reading, task);
        warn_of_ignored(reading, task, node, path);
    }
    reading.output_roots = std::move(outer_roots);
    reading.reads_all_outputs = outer_all;
    return task;
}

}  // namespace

Tasks read_tasks(Reading& reading, const Node& list, const std::string& path) {
    Tasks out;
    if (list.is_null()) return out;
    if (!list.is_list()) {
        reading.error(list, path, "expected a list of tasks, each with an id and a type");
        return out;
    }
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        if (!list.items[i].is_map()) {
            reading.error(list.items[i], under(path, i), "expected a task with an id and a type");
            continue;
        }
        out.push_back(read_task(reading, list.items[i], under(path, i)));
    }
    return out;
}

}  // namespace sluice::flow
