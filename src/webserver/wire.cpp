#include "webserver/wire.h"

#include "value/json.h"

namespace sluice::webserver {
namespace {

void put_text(Map& map, const char* key, const std::string& text) {
    if (!text.empty()) map.set(key, text);
}

void put(Map& map, const char* key, const Value& value) {
    if (!value.is_null()) map.set(key, value);
}

Value attempts_on_wire(const engine::TaskRun& run, const std::optional<RunningClaim>& running, Timestamp now) {
    List list;
    for (const engine::Attempt& attempt : run.attempts) {
        engine::History history({{State::Created, attempt.started_at}, {State::Running, attempt.started_at}});
        if (attempt.ended_at) history.add(attempt.state, *attempt.ended_at);
        Map one;
        put_text(one, "workerId", attempt.worker_id);
        one.set("state", state_on_wire(history, false, now));
        put_text(one, "reason", attempt.reason);
        put_text(one, "logFile", attempt.log_file);
        list.push_back(Value(std::move(one)));
    }
    if (running) {
        const engine::History history({{State::Created, running->claimed_at}, {State::Running, running->claimed_at}});
        list.push_back(Value{{"workerId", running->worker_id}, {"state", state_on_wire(history, false, now)}});
    }
    return Value(std::move(list));
}

}  // namespace

Value state_on_wire(const engine::History& history, bool pause_ends, Timestamp now) {
    List entries;
    for (const auto& entry : history.entries()) {
        entries.push_back(Value{{"state", to_text(entry.state)}, {"date", to_iso(entry.at)}});
    }
    const State state = history.state();
    const bool ended = is_over(state) || (pause_ends && state == State::Paused);
    Map out;
    out.set("current", to_text(state));
    out.set("histories", Value(std::move(entries)));
    out.set("startDate", to_iso(history.created_at()));
    if (ended) out.set("endDate", to_iso(history.since()));
    const Timestamp until = ended || history.entries().size() > 1 ? (ended ? history.since() : now) : now;
    out.set("duration", to_iso(std::max(Duration{0}, until - history.created_at())));
    return Value(std::move(out));
}

Value labels_on_wire(const std::vector<flow::Label>& labels, const std::string& own_id) {
    List list;
    bool correlated = false;
    for (const flow::Label& label : labels) {
        list.push_back(Value{{"key", label.key}, {"value", label.value}});
        correlated = correlated || label.key == "system.correlationId";
    }
    if (!correlated && !own_id.empty()) list.push_back(Value{{"key", "system.correlationId"}, {"value", own_id}});
    return Value(std::move(list));
}

Value task_run_on_wire(const engine::Execution& execution, const engine::TaskRun& run,
                       const std::optional<RunningClaim>& running, Timestamp now) {
    Map out;
    out.set("id", run.id.text());
    out.set("tenantId", "main");
    out.set("executionId", execution.id.text());
    out.set("namespace", execution.flow.namespace_name);
    out.set("flowId", execution.flow.id);
    out.set("taskId", run.task_id);
    put_text(out, "parentTaskRunId", run.parent_id.text());
    if (run.value) out.set("value", *run.value);
    if (run.iteration) out.set("iteration", *run.iteration);
    // A claim is what makes a task run RUNNING: its row tells only when the result is there.
    const bool runs = running && is_created(run.state());
    const auto claim = runs ? running : std::nullopt;
    if (!run.attempts.empty() || claim) out.set("attempts", attempts_on_wire(run, claim, now));
    out.set("outputs", run.outputs.is_null() ? Value(Map()) : run.outputs);
    engine::History history = run.history;
    if (claim) history.add(State::Running, claim->claimed_at);
    out.set("state", state_on_wire(history, false, now));
    return Value(std::move(out));
}

Map execution_on_wire(const engine::Execution& execution, Timestamp now) {
    Map out;
    out.set("id", execution.id.text());
    out.set("tenantId", "main");
    out.set("namespace", execution.flow.namespace_name);
    out.set("flowId", execution.flow.id);
    out.set("flowRevision", execution.flow_revision);
    put(out, "inputs", execution.inputs);
    put(out, "outputs", execution.outputs);
    out.set("labels", labels_on_wire(execution.labels, execution.id.text()));
    put(out, "variables", execution.variables);
    out.set("state", state_on_wire(execution.history, true, now));
    put_text(out, "parentId", execution.parent_id.text());
    out.set("originalId", execution.original());
    put(out, "trigger", execution.trigger);
    out.set("deleted", false);
    out.set("metadata", Value{{"attemptNumber", execution.attempt},
                              {"originalCreatedDate", to_iso(execution.history.created_at())}});
    if (execution.schedule_date) out.set("scheduleDate", to_iso(*execution.schedule_date));
    put_text(out, "kind", execution.kind);
    if (!execution.progress.stops_at.empty()) {
        List stops;
        for (const std::string& stop : execution.progress.stops_at) {
            const auto dot = stop.find('.');
            Map one;
            one.set("id", stop.substr(0, dot));
            if (dot != std::string::npos) one.set("value", stop.substr(dot + 1));
            stops.push_back(Value(std::move(one)));
        }
        out.set("breakpoints", Value(std::move(stops)));
    }
    return out;
}

Result<std::vector<flow::Label>> labels_of_wire(const Value& value) {
    std::vector<flow::Label> out;
    if (const Map* map = value.if_map()) {
        for (const auto& [key, one] : *map) out.push_back({key, one.is_string() ? one.as_string() : to_json(one)});
        return out;
    }
    if (!value.is_list()) return invalid("Invalid json mapping: expected a list of {{\"key\", \"value\"}}");
    for (const Value& one : value.as_list()) {
        if (!one.is_map()) return invalid("Invalid json mapping: expected a list of {{\"key\", \"value\"}}");
        out.push_back({one.text("key"), one.text("value")});
    }
    return out;
}

Map trigger_on_wire(const store::TriggerView& trigger) {
    Map out;
    out.set("tenantId", "main");
    out.set("namespace", trigger.id.flow.namespace_name);
    out.set("flowId", trigger.id.flow.id);
    out.set("triggerId", trigger.id.id);
    if (trigger.state.last) out.set("date", to_iso(*trigger.state.last));
    if (trigger.state.next) out.set("nextExecutionDate", to_iso(*trigger.state.next));
    if (trigger.state.backfill) out.set("backfill", schedule::to_value(*trigger.state.backfill, schedule::Zone::utc()));
    out.set("disabled", trigger.disabled);
    if (trigger.disabled_at) out.set("disabledDate", to_iso(*trigger.disabled_at));
    put_text(out, "disabledBy", trigger.disabled_by);
    put_text(out, "executionId", trigger.execution_id.text());
    out.set("updatedDate", to_iso(trigger.updated_at));
    if (trigger.evaluating_at) out.set("evaluateRunningDate", to_iso(*trigger.evaluating_at));
    put_text(out, "workerId", trigger.worker_id);
    put_text(out, "error", trigger.error);
    return out;
}

Value trigger_row_on_wire(const store::TriggerView& trigger) {
    const Map context = trigger_on_wire(trigger);
    Map state;
    for (const auto& [ours, theirs] :
         {std::pair("namespace", "namespace"), std::pair("flowId", "flowId"), std::pair("triggerId", "triggerId"),
          std::pair("updatedDate", "updatedAt"), std::pair("evaluateRunningDate", "evaluatedAt"),
          std::pair("nextExecutionDate", "nextEvaluationDate"), std::pair("backfill", "backfill"),
          std::pair("disabled", "disabled"), std::pair("workerId", "workerId"), std::pair("date", "lastTriggeredDate"),
          std::pair("executionId", "executionId"), std::pair("disabledDate", "disabledAt"),
          std::pair("disabledBy", "disabledBy")}) {
        if (const Value* value = context.find(ours)) state.set(theirs, *value);
    }
    state.set("locked", trigger.is_locked());
    Map out;
    if (!trigger.definition.is_null()) {
        out.set("abstractTrigger", trigger.definition);
        out.set("trigger", trigger.definition);
    }
    out.set("triggerContext", Value(context));
    out.set("state", Value(std::move(state)));
    return Value(std::move(out));
}

Value log_on_wire(const store::LogRow& row) {
    Map out;
    out.set("seq", row.seq);
    out.set("tenantId", "main");
    out.set("namespace", row.flow.namespace_name);
    out.set("flowId", row.flow.id);
    // The lines of a trigger bear an id that is only there to place them in time.
    if (row.trigger_id.empty() || !row.task_id.empty()) out.set("executionId", row.execution_id.text());
    put_text(out, "taskId", row.task_id);
    put_text(out, "taskRunId", row.task_run_id.text());
    if (row.attempt) out.set("attemptNumber", *row.attempt);
    put_text(out, "triggerId", row.trigger_id);
    out.set("timestamp", to_iso(row.at));
    out.set("level", to_text(row.level));
    out.set("message", row.message);
    return Value(std::move(out));
}

Value flow_on_wire(const store::FlowRow& row, bool source) {
    Value out = row.definition.is_map() ? row.definition : Value(Map());
    Map& map = out.mutable_map();
    map.set("id", row.id.id);
    map.set("namespace", row.id.namespace_name);
    map.set("tenantId", "main");
    map.set("revision", row.revision);
    map.set("disabled", row.disabled);
    map.set("deleted", row.deleted);
    map.set("updated", to_iso(row.created_at));
    if (const Value* labels = map.find("labels"); labels != nullptr && labels->is_map()) {
        List list;
        for (const auto& [key, value] : labels->as_map()) list.push_back(Value{{"key", key}, {"value", value}});
        map.set("labels", Value(std::move(list)));
    }
    if (!row.problem.empty()) map.set("exception", row.problem);
    if (source) map.set("source", row.source);
    return out;
}

namespace {

/// {"id", "type"} of each task, with those inside it under the names under which they stand.
Value reduced(const Value& node) {
    if (const List* list = node.if_list()) {
        List out;
        for (const Value& one : *list) out.push_back(reduced(one));
        return Value(std::move(out));
    }
    if (!node.is_map()) return node;
    Map out;
    for (const auto& [name, value] : node.as_map()) {
        const bool is_branch = name == "tasks" || name == "then" || name == "else" || name == "errors" ||
                               name == "finally" || name == "task" || name == "defaults" || name == "cases";
        if (name == "id" || name == "type")
            out.set(name, value);
        else if (is_branch && name == "cases" && value.is_map()) {
            Map cases;
            for (const auto& [label, tasks] : value.as_map()) cases.set(label, reduced(tasks));
            out.set(name, Value(std::move(cases)));
        } else if (is_branch && (value.is_list() || value.is_map()))
            out.set(name, reduced(value));
    }
    return Value(std::move(out));
}

}  // namespace

Value flow_for_execution_on_wire(const store::FlowRow& row) {
    Value out = flow_on_wire(row, false);
    Map& map = out.mutable_map();
    for (const char* branch : {"tasks", "errors", "finally", "afterExecution", "triggers"}) {
        if (const Value* found = map.find(branch)) map.set(branch, reduced(*found));
    }
    for (const char* internal : {"variables", "pluginDefaults", "outputs"}) map.erase(internal);
    return out;
}

Value inputs_on_wire(const flow::FlowId& flow, const std::vector<flow::CheckedInput>& inputs,
                     const std::vector<flow::FailedCheck>& checks) {
    List list, checks_list;
    for (const flow::FailedCheck& failed : checks) {
        checks_list.push_back(Value{{"condition", failed.check->condition},
                                    {"message", failed.message},
                                    {"style", failed.check->style},
                                    {"behavior", flow::to_text(failed.check->behavior)}});
    }
    for (const flow::CheckedInput& checked : inputs) {
        List errors;
        for (const std::string& problem : checked.problems) errors.push_back(Value{{"message", problem}});
        Map one;
        one.set("input", checked.input->definition);
        put(one, "value", checked.input->type == flow::InputType::Secret ? Value() : checked.value);
        one.set("enabled", checked.enabled);
        one.set("isDefault", checked.is_default);
        one.set("errors", Value(std::move(errors)));
        list.push_back(Value(std::move(one)));
    }
    return Value{{"id", flow.id},
                 {"namespace", flow.namespace_name},
                 {"inputs", Value(std::move(list))},
                 {"checks", Value(std::move(checks_list))}};
}

Value validation_on_wire(const flow::ParsedFlow& parsed, std::size_t index, bool outdated) {
    const auto texts = [](const std::vector<std::string>& from) {
        List list;
        for (const std::string& text : from) list.emplace_back(text);
        return Value(std::move(list));
    };
    Map out;
    out.set("index", index);
    put_text(out, "flow", parsed.id.id);
    put_text(out, "namespace", parsed.id.namespace_name);
    if (!parsed.errors.empty()) {
        std::string all;
        List places;
        for (const Error& error : parsed.errors) {
            const Place& at = error.place;
            (all += all.empty() ? "" : "\n") +=
                at.property.empty() ? error.message : at.property + ": " + error.message;
            places.push_back(
                Value{{"line", at.line}, {"column", at.column}, {"path", at.property}, {"message", error.message}});
        }
        out.set("constraints", all);
        out.set("violations", Value(std::move(places)));
    }
    out.set("outdated", outdated);
    out.set("deprecationPaths", texts(parsed.deprecations));
    List warnings, places;
    for (const Error& warning : parsed.warnings) {
        warnings.emplace_back(warning.message);
        places.push_back(Value{{"line", warning.place.line},
                               {"column", warning.place.column},
                               {"path", warning.place.property},
                               {"message", warning.message}});
    }
    out.set("warnings", Value(std::move(warnings)));
    out.set("warningPlaces", Value(std::move(places)));
    out.set("infos", texts(parsed.infos));
    return Value(std::move(out));
}

}  // namespace sluice::webserver
