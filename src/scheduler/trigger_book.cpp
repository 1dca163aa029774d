#include "scheduler/trigger_book.h"

#include "expr/render.h"
#include "expr/template.h"

namespace sluice::scheduler {
namespace {

/// Later ones of the same key win.
void put_label(std::vector<flow::Label>& labels, flow::Label label) {
    const auto same = std::find_if(labels.begin(), labels.end(), [&](const auto& one) { return one.key == label.key; });
    if (same != labels.end())
        *same = std::move(label);
    else
        labels.push_back(std::move(label));
}

Outcome keep(const store::TriggerRow& row, schedule::TriggerState after) {
    Outcome out;
    out.write = {.id = row.id, .expected_next = row.state.next, .after = std::move(after)};
    return out;
}

/// It gets no date before its flow is saved anew; the row tells why.
Outcome give_up(const store::TriggerRow& row, std::string reason) {
    schedule::TriggerState after = row.state;
    after.next.reset();
    Outcome out = keep(row, std::move(after));
    out.write.error = std::move(reason);
    return out;
}

store::Fire fire_of(const store::TriggerRow& row, Timestamp date, schedule::Fate fate, std::string reason,
                    std::string run) {
    return {.trigger = row.id, .run = std::move(run), .scheduled_at = date, .fate = fate, .reason = std::move(reason)};
}

}  // namespace

/// Names that expressions of triggers see: the flow, its variables, and the trigger's date.
schedule::RenderFor TriggerBook::renderer(pg::Connection& connection, const flow::Flow& flow, Timestamp now) const {
    auto environment = std::make_shared<store::Environment>([&connection](const auto& use) { use(connection); },
                                                            tools_.instance, flow.id.namespace_name, "", now);
    Map names = tools_.instance.context;
    names.set("flow", Value{{"id", flow.id.id}, {"namespace", flow.id.namespace_name}, {"revision", flow.revision}});
    names.set("vars", flow.variables);
    return [environment, names](std::string_view text, const Value& trigger) -> Result<std::string> {
        if (!expr::has_expression(text)) return std::string(text);
        Map seen = names;
        seen.set("trigger", trigger);
        return expr::render(text, Value(std::move(seen)), *environment, environment->limits());
    };
}

Result<TriggerBook::Entry> TriggerBook::open(pg::Connection& connection, const store::TriggerRow& row, Timestamp now) {
    const auto known = entries_.find(row.id);
    if (known != entries_.end() && known->second.first == row.flow_revision) return known->second.second;

    auto flow = tools_.flows.get(connection, row.id.flow, row.flow_revision);
    if (!flow) return tl::unexpected(flow.error());
    Entry entry;
    entry.flow = *flow;
    for (const flow::Trigger& one : entry.flow->triggers) {
        if (one.id == row.id.id) entry.trigger = &one;
    }
    if (entry.trigger == nullptr)
        return not_found("revision {} of the flow has no trigger '{}'", row.flow_revision, row.id.id);
    const bool has_dates =
        entry.trigger->is("core.trigger.Schedule") || entry.trigger->is("core.trigger.ScheduleOnDates");
    if (has_dates) {
        auto zone = zones_.find(tools_.instance.time_zone);
        if (!zone) return tl::unexpected(zone.error());
        auto timetable =
            schedule::Timetable::of(*entry.trigger, zones_, {.zone = *zone}, renderer(connection, *entry.flow, now));
        if (!timetable) return tl::unexpected(timetable.error());
        entry.timetable = std::make_shared<const schedule::Timetable>(std::move(*timetable));
    }
    entries_[row.id] = {row.flow_revision, entry};
    return entry;
}

Outcome TriggerBook::plan(pg::Connection& connection, const store::TriggerRow& row, Timestamp now) {
    auto entry = open(connection, row, now);
    if (!entry) return give_up(row, entry.error().text());
    schedule::TriggerState without_dates{.next = {}, .last = row.state.last};
    if (!entry->timetable || entry->trigger->disabled) return keep(row, std::move(without_dates));
    return keep(row, schedule::begin(*entry->timetable, row.state, now, renderer(connection, *entry->flow, now)));
}

Outcome TriggerBook::decide(pg::Connection& connection, const store::TriggerRow& row, const schedule::Moment& moment) {
    if (!row.problem.empty()) return give_up(row, row.problem);
    auto entry = open(connection, row, moment.now);
    if (!entry) return give_up(row, entry.error().text());
    if (!entry->timetable) return give_up(row, "a trigger of this type has no dates");
    const schedule::RenderFor render = renderer(connection, *entry->flow, moment.now);

    schedule::TriggerState state = row.state;
    std::vector<store::Fire> fires;
    if (!state.backfill && *state.next < moment.watching_since) {
        schedule::Recovery recovery = schedule::recover(*entry->timetable, state, moment.now, render);
        for (const schedule::Instant date : recovery.missed) {
            fires.push_back(fire_of(row, date, schedule::Fate::Missed, recovery.reason, ""));
        }
        state = std::move(recovery.after);
    }
    schedule::Turn turn = schedule::decide(*entry->timetable, state, moment, render);
    Outcome out = keep(row, turn.after);
    out.fires = std::move(fires);
    if (!turn.decision) return out;

    schedule::Decision& decision = *turn.decision;
    if (entry->flow->disabled && decision.makes_execution()) {
        decision.fate = schedule::Fate::Skipped;
        decision.reason = "the flow is disabled";
    }
    out.fires.push_back(fire_of(row, decision.date, decision.fate, decision.reason, decision.backfill));
    if (!decision.makes_execution()) return out;
    auto execution = execution_of(connection, *entry, decision, state, moment.now);
    if (!execution) {
        // Its inputs or labels can't be rendered: people look for a failed execution, not for a silent trigger.
        decision.fate = schedule::Fate::Failed;
        decision.error = execution.error();
        out.fires.back().fate = schedule::Fate::Failed;
        out.fires.back().reason = execution.error().text();
        schedule::Decision bare = decision;
        execution = execution_of(connection, {entry->flow, nullptr, nullptr}, bare, {}, moment.now);
    }
    if (decision.error) {
        execution->history.add(State::Failed, moment.now);
        out.failure = decision.error->text();
    }
    out.fires.back().execution_id = execution->id;
    const bool holds = !entry->trigger->allow_concurrent && !decision.error;
    if (holds) out.write.execution_id = execution->id;
    out.execution = std::move(*execution);
    return out;
}

Result<engine::Execution> TriggerBook::execution_of(pg::Connection& connection, const Entry& entry,
                                                    const schedule::Decision& decision,
                                                    const schedule::TriggerState& state, Timestamp now) const {
    engine::Execution out;
    out.id = ExecutionId{time_ordered_id(now)};
    out.flow = entry.flow->id;
    out.flow_revision = entry.flow->revision;
    out.history.add(State::Created, now);
    for (const flow::Label& label : entry.flow->labels) {
        if (!label.key.starts_with("system.")) put_label(out.labels, label);
    }
    if (entry.trigger == nullptr) return out;

    const flow::Trigger& trigger = *entry.trigger;
    out.trigger = Value{{"id", trigger.id}, {"type", trigger.type}, {"variables", decision.variables}};
    const schedule::RenderFor render = renderer(connection, *entry.flow, now);
    for (const flow::Label& label : trigger.labels) {
        auto value = render(label.value, decision.variables);
        if (!value) return tl::unexpected(value.error());
        put_label(out.labels, {label.key, std::move(*value)});
    }
    Map inputs;
    if (trigger.inputs.is_map()) {
        store::Environment environment([&connection](const auto& use) { use(connection); }, tools_.instance,
                                       entry.flow->id.namespace_name, out.id.text(), now);
        Map names = tools_.instance.context;
        names.set("flow", Value{{"id", entry.flow->id.id}, {"namespace", entry.flow->id.namespace_name}});
        names.set("vars", entry.flow->variables);
        names.set("trigger", decision.variables);
        auto rendered = expr::render_tree(trigger.inputs, Value(std::move(names)), environment, environment.limits());
        if (!rendered) return tl::unexpected(rendered.error());
        inputs = rendered->as_map();
    }
    if (state.backfill && !decision.backfill.empty()) {
        for (const auto& [name, value] : state.backfill->inputs.as_map()) inputs.set(name, value);
        for (const flow::Label& label : state.backfill->labels) put_label(out.labels, label);
    }
    if (!inputs.empty()) out.inputs = Value(std::move(inputs));
    return out;
}

}  // namespace sluice::scheduler
