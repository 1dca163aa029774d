#include "engine/context.h"

namespace sluice::engine {
namespace {

Value nested(const std::vector<std::string>& chain, std::size_t from, const Value& outputs) {
    if (from == chain.size()) return outputs;
    Map map;
    map.set(chain[from], nested(chain, from + 1, outputs));
    return Value(std::move(map));
}

/// What is made of task runs, by task: read when an expression asks for a task, or for all of them.
class ByTask final : public LazyMap {
  public:
    using Merge = Value (*)(const std::vector<TaskRun>&);
    ByTask(TaskRunReader read, Merge merge) : read_(std::move(read)), merge_(merge) {}

    std::optional<Value> find(std::string_view key) const override {
        if (const Value* known = fetched_.find(key)) {
            return known->is_null() ? std::nullopt : std::optional(*known);
        }
        const Value merged = merge_(read_.of(key));
        const Value found = merged[key];
        fetched_.set(key, found);
        return found.is_null() ? std::nullopt : std::optional(found);
    }

    Value force() const override { return merge_(read_.all()); }

  private:
    TaskRunReader read_;
    Merge merge_;
    mutable Map fetched_{};  // one render, one thread
};

Value by_task(const TaskRunReader& read, ByTask::Merge merge) {
    return Value(std::shared_ptr<const LazyMap>(std::make_shared<ByTask>(read, merge)));
}

/// `system.x` keys are nested: labels.system.x
Value labels_value(const std::vector<flow::Label>& labels) {
    Value out{Map()};
    for (const flow::Label& label : labels) {
        constexpr std::string_view kSystem = "system.";
        if (label.key.starts_with(kSystem)) {
            Map& map = out.mutable_map();
            Value system = map.find("system") != nullptr ? *map.find("system") : Value(Map());
            const std::string key = label.key.substr(kSystem.size());
            if (!system.as_map().contains(key)) system.mutable_map().set(key, label.value);
            map.set("system", system);
        } else if (!out.as_map().contains(label.key)) {
            out.mutable_map().set(label.key, label.value);
        }
    }
    return out;
}

/// Triggers other than Schedule give no defaults: expressions see them all the same. An input that depends on others was
/// left out for a reason.
Value inputs_value(const flow::Flow& flow, const Execution& execution) {
    Value out = execution.inputs.is_map() ? execution.inputs : Value(Map());
    for (const flow::Input& input : flow.inputs) {
        if (!input.defaults || !input.depends_on.empty() || out.as_map().contains(input.id)) continue;
        if (input.id.find('.') == std::string::npos) out.mutable_map().set(input.id, *input.defaults);
    }
    return out;
}

Value taskrun_value(const TaskRun& run) {
    Map map;
    map.set("id", run.id.text());
    map.set("startDate", to_iso(run.history.created_at()));
    const auto before = static_cast<std::int64_t>(run.attempts.size());
    const bool running = !run.attempts.empty() && !run.attempts.back().ended_at;
    map.set("attemptsCount", Value(static_cast<std::int32_t>(running ? before - 1 : before)));
    if (!run.parent_id.empty()) map.set("parentId", run.parent_id.text());
    if (run.value) map.set("value", *run.value);
    if (run.iteration) map.set("iteration", Value(static_cast<std::int32_t>(*run.iteration)));
    return Value(std::move(map));
}

/// Entries with neither value nor outputs are left out.
Value parents_value(const std::vector<Parent>& parents) {
    List list;
    for (const Parent& parent : parents) {
        Map map;
        if (parent.value) map.set("taskrun", Value{{"value", Value(*parent.value)}});
        if (parent.outputs.is_map() && !parent.outputs.as_map().empty()) map.set("outputs", parent.outputs);
        if (!map.empty()) list.push_back(Value(std::move(map)));
    }
    return Value(std::move(list));
}

}  // namespace

namespace {
/// Files `value` of a task run under its task and its loop values.
void file(Value& out, const TaskRun& run, const Value& value) {
    const Value filed = nested(run.value_chain(), 0, value);
    Map& map = out.mutable_map();
    Value* present = map.find(run.task_id);
    if (present == nullptr)
        map.set(run.task_id, filed);
    else
        *present = deep_merge(std::exchange(*present, Value()), filed);
}
}  // namespace

Value merged_outputs(const std::vector<TaskRun>& runs) {
    Value out{Map()};
    for (const TaskRun& run : runs) {
        // Two task runs of one task share no place but by a replay: only then something is merged.
        if (!run.outputs.is_null()) file(out, run, run.outputs);
    }
    return out;
}

Value merged_states(const std::vector<TaskRun>& runs) {
    Value out{Map()};
    for (const TaskRun& run : runs) file(out, run, Value{{"state", to_text(run.state())}});
    return out;
}

Value context_of(const flow::Flow& flow, const Execution& execution, const flow::Task* task, const TaskRun* run,
                 const std::vector<Parent>& parents, const TaskRunReader& runs, const Map& instance) {
    Map context = instance;
    context.set("flow", Value{{"id", flow.id.id},
                              {"namespace", flow.id.namespace_name},
                              {"revision", flow.revision},
                              {"tenantId", "main"}});
    context.set("execution", Value{{"id", execution.id.text()},
                                   {"startDate", to_iso(execution.history.created_at())},
                                   {"originalId", execution.original()},
                                   {"state", to_text(execution.state())}});
    if (Value inputs = inputs_value(flow, execution); !inputs.as_map().empty()) context.set("inputs", std::move(inputs));
    context.set("vars",
                execution.variables.is_map() ? deep_merge(flow.variables, execution.variables) : flow.variables);
    context.set("outputs", by_task(runs, merged_outputs));
    context.set("tasks", by_task(runs, merged_states));
    context.set("labels", labels_value(execution.labels));
    if (execution.trigger.is_map()) {
        const Value variables = execution.trigger["variables"];
        context.set("trigger", variables.is_map() ? variables : Value(Map()));
        if (execution.trigger.text("type").ends_with("core.trigger.Schedule"))
            context.set("schedule", Value(context["trigger"]));
    }
    if (task != nullptr) context.set("task", Value{{"id", task->id}, {"type", task->type}});
    if (run != nullptr) {
        context.set("taskrun", taskrun_value(*run));
        const Value all = parents_value(parents);
        if (!all.as_list().empty()) context.set("parent", all.as_list().front());
        context.set("parents", all);
    }
    return Value(std::move(context));
}

Value job_payload(const Execution& execution, const TaskRun& run, const std::vector<Parent>& parents) {
    Map map;
    map.set("namespace", execution.flow.namespace_name);
    map.set("flow", execution.flow.id);
    map.set("revision", execution.flow_revision);
    map.set("task", run.task_id);
    map.set("attempt", Value(static_cast<std::int64_t>(run.attempts.size())));
    map.set("createdAt", to_iso(run.history.created_at()));
    if (!run.parent_id.empty()) map.set("parent", run.parent_id.text());
    if (run.value) map.set("value", *run.value);
    if (run.iteration) map.set("iteration", *run.iteration);
    if (!run.parent_values.empty()) {
        List values;
        for (const std::string& value : run.parent_values) values.emplace_back(value);
        map.set("parentValues", Value(std::move(values)));
    }
    if (!parents.empty()) {
        const Value all = parents_value(parents);
        if (!all.as_list().empty()) map.set("parents", all);
    }
    if (!run.attempts.empty()) {
        map.set("firstStart", to_iso(run.attempts.front().started_at));
    }
    return Value(std::move(map));
}

JobInfo job_info(const Value& payload) {
    JobInfo info;
    info.flow = {payload.text("namespace"), payload.text("flow")};
    info.flow_revision = payload["revision"].if_integer().value_or(0);
    TaskRun& run = info.run;
    run.task_id = payload.text("task");
    run.parent_id = TaskRunId{payload.text("parent")};
    if (const auto value = payload.get("value"); value && value->is_string()) run.value = value->as_string();
    if (const auto iteration = payload.get("iteration")) run.iteration = iteration->if_integer();
    if (const auto values = payload.get("parentValues"); values && values->is_list()) {
        for (const Value& value : values->as_list()) run.parent_values.push_back(value.as_string());
    }
    run.history.add(State::Created, parse_iso(payload.text("createdAt")).value_or(Timestamp{}));
    run.attempts.resize(static_cast<std::size_t>(payload["attempt"].if_integer().value_or(0)));
    const Timestamp first = parse_iso(payload.text("firstStart")).value_or(Timestamp{});
    for (Attempt& attempt : run.attempts) {
        attempt.started_at = first;
        attempt.ended_at = first;
    }
    if (const auto folder = payload.get("folder")) {
        info.folder = SharedFolder{TaskRunId{folder->text("run")}, (*folder)["epoch"].if_integer().value_or(0)};
        info.folder_step = payload.text("folderStep");
    }
    if (const auto parents = payload.get("parents"); parents && parents->is_list()) {
        for (const Value& one : parents->as_list()) {
            Parent parent;
            if (const auto value = one.get("taskrun", "value"); value && value->is_string()) {
                parent.value = value->as_string();
            }
            parent.outputs = one["outputs"];
            info.parents.push_back(std::move(parent));
        }
    }
    return info;
}

}  // namespace sluice::engine
