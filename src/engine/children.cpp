// Executions that a task starts: Subflow and the items of ForEachItem.
#include "engine/stepper.h"

namespace sluice::engine {
namespace {

std::string label_of(const std::vector<flow::Label>& labels, std::string_view key) {
    for (const flow::Label& label : labels) {
        if (label.key == key) return label.value;
    }
    return "";
}

constexpr const char* kCorrelation = "system.correlationId";

}  // namespace

std::optional<Execution> Stepper::child_execution(TaskRun& one, const flow::Task& task,
                                                  const std::optional<Batch>& batch) {
    Value seen = context(&task, &one);
    if (batch) {
        Map& names = seen.mutable_map();
        Value taskrun = names["taskrun"];
        taskrun.mutable_map().set("items", batch->items);
        taskrun.mutable_map().set("iteration", Value(static_cast<std::int32_t>(batch->index)));
        names.set("taskrun", std::move(taskrun));
    }
    const auto rendered = facts_.render_tree(task.properties, seen);
    if (!rendered) {
        fail(one, rendered.error().text());
        return {};
    }
    Execution child;
    const std::string which = batch ? fmt::format("/{}", batch->index) : "";
    child.id = ExecutionId{derived_id(now_, one.id.text(), fmt::format("child/{}{}", one.attempts.size(), which))};
    child.flow = {rendered->text("namespace"), rendered->text("flowId")};
    const auto revision = task.properties["revision"].if_integer();
    const Value inputs = rendered->get("inputs").value_or(Value(Map()));
    auto wanted = facts_.child_flow(child.flow, revision, child.id, inputs);
    if (!wanted) {
        fail(one, wanted.error().text());
        return {};
    }
    child.flow_revision = wanted->flow->revision;
    child.inputs = std::move(wanted->inputs);
    child.history.add(State::Created, now_);
    child.caller_id = execution_.id;
    if (task.properties["wait"].if_bool().value_or(true)) child.caller_task_run_id = one.id;
    Map variables{{"executionId", execution_.id.text()},
                  {"namespace", flow_.id.namespace_name},
                  {"flowId", flow_.id.id},
                  {"flowRevision", flow_.revision}};
    if (batch) variables.set("taskRunIteration", Value(batch->index));
    child.trigger = Value{{"id", task.id}, {"type", task.type}, {"variables", Value(std::move(variables))}};
    if (const auto date = parse_iso(rendered->text("scheduleDate"))) child.schedule_date = *date;

    child.labels = wanted->flow->labels;
    std::erase_if(child.labels, [](const flow::Label& label) { return label.key.starts_with("system."); });
    const bool inherits = task.properties["inheritLabels"].if_bool().value_or(false);
    for (const flow::Label& label : execution_.labels) {
        if (inherits || label.key.starts_with("system.")) flow::put_label(child.labels, {label.key, label.value});
    }
    if (const auto labels = rendered->get("labels"); labels && labels->is_map()) {
        for (const auto& [key, value] : labels->as_map()) {
            if (const std::string* text = value.if_string()) flow::put_label(child.labels, {key, *text});
        }
    }
    if (label_of(child.labels, kCorrelation).empty()) flow::put_label(child.labels, {kCorrelation, execution_.id.text()});
    return child;
}

/// A restart goes on in the execution that failed. false: there is none, or a new one is wanted
bool Stepper::restart_child(TaskRun& one, const flow::Task& task) {
    const std::string started = one.outputs.text("executionId");
    if (one.state() != State::Restarted || started.empty()) return false;
    if (task.properties.text("restartBehavior") == "NEW_EXECUTION") return false;
    move(one, State::Running);
    log(one, LogLevel::Info, fmt::format("Restarted execution {}", started));
    one.outputs = Value{{"executionId", started}};
    out_.messages.push_back({ExecutionId{started}, RestartRequested{"", execution_.id, one.id, {}}});
    return true;
}

void Stepper::dispatch_child(TaskRun& one, const flow::Task& task) {
    if (restart_child(one, task)) return;
    move(one, State::Running);
    auto child = child_execution(one, task);
    if (!child) return;
    log(one, LogLevel::Info,
        fmt::format("Created new execution [[link execution=\"{}\" flowId=\"{}\" namespace=\"{}\"]]", child->id,
                    child->flow.id, child->flow.namespace_name));
    const bool waits = !child->caller_task_run_id.empty();
    one.outputs = Value{{"executionId", child->id.text()}};
    out_.children.push_back(std::move(*child));
    if (waits) return;
    one.outputs.mutable_map().set("state", to_text(State::Created));
    one.attempts.push_back({State::Success, "", now_, now_, ""});
    complete(one, State::Success);
}

/// Source  flows.md §4.3: how the state of a child becomes that of the task
void Stepper::child_is_over(TaskRun& one, const ChildEnded& ended) {
    const flow::Task& task = task_of(one);
    const bool transmits = task.properties["transmitFailed"].if_bool().value_or(true);
    State state = State::Success;
    if (transmits) {
        state = ended.state == State::Retried ? State::Failed : ended.state;
        const bool known = state == State::Failed || state == State::Killed || state == State::Warning ||
                           state == State::Cancelled || state == State::Paused;
        if (!known) state = State::Success;
    }
    if (execution_.state() == State::Killing) state = State::Killed;
    one.outputs.mutable_map().set("state", to_text(ended.state));
    if (!ended.outputs.is_null()) one.outputs.mutable_map().set("outputs", ended.outputs);
    one.attempts.push_back({state, "", one.history.since(), now_, ""});
    complete(one, state);
}

/// behavior: CREATE_NEW_EXECUTION: the same once more, as an execution of its own.
void Stepper::repeat_execution() {
    Execution next;
    next.id = ExecutionId{derived_id(now_, execution_.id.text(), fmt::format("retry/{}", execution_.attempt))};
    next.flow = execution_.flow;
    next.flow_revision = execution_.flow_revision;
    next.history.add(State::Created, now_);
    next.kind = execution_.kind;
    next.labels = execution_.labels;
    if (label_of(next.labels, kCorrelation).empty()) flow::put_label(next.labels, {kCorrelation, execution_.id.text()});
    next.inputs = execution_.inputs;
    next.trigger = execution_.trigger;
    next.parent_id = execution_.id;
    next.original_id = ExecutionId{execution_.original()};
    next.attempt = execution_.attempt + 1;
    out_.children.push_back(std::move(next));
}

}  // namespace sluice::engine
