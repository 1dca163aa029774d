#include "scheduler/trigger_book.h"

namespace sluice::scheduler {
namespace {

Outcome keep(const store::TriggerRow& row, schedule::TriggerState after) {
    Outcome out;
    out.write = {.id = row.id, .expected_next = row.state.next, .after = std::move(after)};
    return out;
}

/// What the flow itself switches off has no date, whatever somebody made of its row.
Outcome without_dates(const store::TriggerRow& row) {
    schedule::TriggerState after = row.state;
    after.next.reset();
    return keep(row, std::move(after));
}

store::Fire fire_of(const store::TriggerRow& row, Timestamp date, schedule::Fate fate, std::string reason,
                    std::string run) {
    return {.trigger = row.id, .run = std::move(run), .scheduled_at = date, .fate = fate, .reason = std::move(reason)};
}

/// Dates that will not run; each gets a row.
schedule::TriggerState recovered(const store::TriggerRow& row, schedule::Recovery recovery,
                                 std::vector<store::Fire>& fires) {
    for (const schedule::Instant date : recovery.missed) {
        fires.push_back(fire_of(row, date, schedule::Fate::Missed, recovery.reason, ""));
    }
    if (!recovery.is_complete) fires.back().reason += "; later ones were missed too, and have no row";
    return std::move(recovery.after);
}

/// The dates that conditions left out since the last one; each gets a row.
void tell_skipped(const store::TriggerRow& row, const schedule::Timetable& timetable, schedule::Instant date,
                  const schedule::RenderFor& render, std::vector<store::Fire>& fires) {
    if (!row.state.last) return;
    const schedule::Skipped skipped = schedule::skipped_between(timetable, *row.state.last, date, render);
    for (const auto& [at, reason] : skipped.dates) {
        fires.push_back(fire_of(row, at, schedule::Fate::Skipped, reason, ""));
    }
    if (!skipped.is_complete) fires.back().reason += "; later ones were skipped too, and have no row";
}

/// Labels and inputs as the trigger and its backfill give them.
/// Errors  Expression
Result<void> fill(engine::Execution& out, const flow::Trigger& trigger, const schedule::Decision& decision,
                  const schedule::TriggerState& state, const store::TriggerExpressions& expressions) {
    for (const flow::Label& label : trigger.labels) {
        auto value = expressions.render(label.value, decision.variables);
        if (!value) return tl::unexpected(value.error());
        flow::put_label(out.labels, {label.key, expressions.masked(std::move(*value))});
    }
    Map inputs;
    if (trigger.inputs.is_map()) {
        auto rendered = expressions.render_tree(trigger.inputs, decision.variables);
        if (!rendered) return tl::unexpected(rendered.error());
        inputs = expressions.without_secrets(std::move(*rendered)).as_map();
    }
    if (state.backfill && !decision.backfill.empty()) {
        for (const auto& [name, value] : state.backfill->inputs.as_map()) inputs.set(name, value);
        for (const flow::Label& label : state.backfill->labels) flow::put_label(out.labels, label);
    }
    if (!inputs.empty()) out.inputs = Value(std::move(inputs));
    return {};
}

/// The execution of a date. One whose conditions, labels or inputs can't be evaluated has failed before it began:
/// people look for a failed execution, not for a silent trigger.
void start(const flow::Flow& flow, const flow::Trigger& trigger, const schedule::Decision& decision,
           const schedule::TriggerState& state, const store::TriggerExpressions& expressions, Timestamp now,
           Outcome& out) {
    engine::Execution execution;
    execution.id = ExecutionId{time_ordered_id(now)};
    execution.flow = flow.id;
    execution.flow_revision = flow.revision;
    execution.history.add(State::Created, now);
    execution.trigger = Value{{"id", trigger.id}, {"type", trigger.type}, {"variables", decision.variables}};
    for (const flow::Label& label : flow.labels) {
        if (!label.key.starts_with("system.")) flow::put_label(execution.labels, label);
    }
    std::optional<Error> failed = decision.error;
    if (auto filled = fill(execution, trigger, decision, state, expressions); !filled && !failed)
        failed = filled.error();
    store::Fire& fire = out.fires.back();
    fire.execution_id = execution.id;
    if (failed) {
        execution.history.add(State::Failed, now);
        out.failure = expressions.masked(failed->text());
        fire.fate = schedule::Fate::Failed;
        fire.reason = out.failure;
    } else if (!trigger.allow_concurrent) {
        out.write.execution_id = execution.id;
    }
    execution.progress.check_inputs = !failed;
    if (trigger.is("core.trigger.ScheduleOnDates")) execution.schedule_date = decision.date;
    out.execution = std::move(execution);
}

}  // namespace

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
    const store::TriggerExpressions expressions(connection, tools_.instance, *entry.flow, now);
    auto timetable = store::timetable_of(*entry.trigger, zones_, tools_.instance, expressions);
    if (!timetable) return tl::unexpected(timetable.error());
    entry.timetable = std::move(*timetable);
    entries_[row.id] = {row.flow_revision, entry};
    return entry;
}

Outcome TriggerBook::give_up(const store::TriggerRow& row, std::string reason) {
    schedule::TriggerState after = row.state;
    after.next.reset();
    Outcome out = keep(row, std::move(after));
    out.write.error = std::move(reason);
    return out;
}

void TriggerBook::forget_all() {
    entries_.clear();
    tidy_at_ = kTidyAfter;
}

void TriggerBook::read_ahead(pg::Connection& connection, const std::vector<store::TriggerRow>& rows) {
    std::set<store::FlowRevision> wanted;
    for (const store::TriggerRow& row : rows) {
        const auto known = entries_.find(row.id);
        if (known != entries_.end() && known->second.first == row.flow_revision) continue;
        wanted.emplace(row.id.flow, row.flow_revision);
    }
    tools_.flows.fetch(connection, wanted);
}

void TriggerBook::tidy(pg::Connection& connection) {
    if (entries_.size() < tidy_at_) return;
    for (auto at = entries_.begin(); at != entries_.end();) {
        std::vector<store::TriggerId> some;
        auto end = at;
        for (; end != entries_.end() && some.size() < kTidyAfter; ++end) some.push_back(end->first);
        const auto living = store::living_triggers(connection, some);
        while (at != end) at = living.contains(at->first) ? std::next(at) : entries_.erase(at);
    }
    tidy_at_ = entries_.size() + std::max(kTidyAfter, entries_.size() / 4);
}

Outcome TriggerBook::plan(pg::Connection& connection, const store::TriggerRow& row, Timestamp now) {
    auto entry = open(connection, row, now);
    if (!entry) return give_up(row, entry.error().text());
    if (entry->trigger->disabled) return without_dates(row);
    if (entry->trigger->info->polls) return keep(row, {.next = now, .last = row.state.last});
    if (!entry->timetable) return without_dates(row);
    const store::TriggerExpressions expressions(connection, tools_.instance, *entry->flow, now);
    const schedule::RenderFor render = expressions.for_dates();
    if (!row.resumed) return keep(row, schedule::begin(*entry->timetable, row.state, now, render));
    std::vector<store::Fire> fires;
    Outcome out = keep(row, recovered(row, schedule::resume(*entry->timetable, row.state, now, render), fires));
    out.write.upcoming = schedule::upcoming(*entry->timetable, now, render);
    out.fires = std::move(fires);
    return out;
}

Outcome TriggerBook::decide(pg::Connection& connection, const store::TriggerRow& row, const schedule::Moment& moment) {
    if (!row.problem.empty()) return give_up(row, row.problem);
    auto entry = open(connection, row, moment.now);
    if (!entry) return give_up(row, entry.error().text());
    if (!entry->timetable) return give_up(row, "a trigger of this type has no dates");
    if (entry->trigger->disabled) return without_dates(row);
    const store::TriggerExpressions expressions(connection, tools_.instance, *entry->flow, moment.now);
    const schedule::RenderFor render = expressions.for_dates();

    schedule::TriggerState state = row.state;
    std::vector<store::Fire> fires;
    if (!state.backfill && *state.next < moment.watching_since)
        state = recovered(row, schedule::recover(*entry->timetable, state, moment.now, render), fires);
    schedule::Turn turn = schedule::decide(*entry->timetable, state, moment, render);
    Outcome out = keep(row, turn.after);
    out.fires = std::move(fires);
    if (!turn.decision) {
        if (state.backfill && !turn.after.backfill) {
            out.write.error = fmt::format("the backfill from {} to {} had no date", to_iso(state.backfill->start),
                                          to_iso(state.backfill->end));
        }
        return out;
    }

    schedule::Decision& decision = *turn.decision;
    if (entry->flow->disabled && decision.makes_execution()) {
        decision.fate = schedule::Fate::Skipped;
        decision.reason = "the flow is disabled";
    }
    if (!state.backfill && (!row.renew_at || decision.date >= *row.renew_at))
        out.write.upcoming = schedule::upcoming(*entry->timetable, decision.date, render);
    if (!state.backfill) tell_skipped(row, *entry->timetable, decision.date, render, out.fires);
    out.fires.push_back(fire_of(row, decision.date, decision.fate, decision.reason, decision.backfill));
    if (decision.makes_execution()) {
        start(*entry->flow, *entry->trigger, decision, state, expressions, moment.now, out);
    }
    return out;
}

Outcome TriggerBook::set_back(pg::Connection& connection, const store::TriggerRow& row, Timestamp now,
                              Timestamp quiet_until, const std::string& reason) {
    auto entry = open(connection, row, now);
    if (!entry || !entry->timetable || !row.state.next) return give_up(row, reason);
    const schedule::Setback setback = schedule::set_back(*entry->timetable, row.state, quiet_until);
    Outcome out = keep(row, setback.after);
    out.write.error = reason;
    if (!setback.date) return out;
    const std::string run = row.state.backfill ? row.state.backfill->name : "";
    out.fires.push_back(fire_of(row, *setback.date, schedule::Fate::Failed, reason, run));
    for (const schedule::Instant date : setback.missed) {
        out.fires.push_back(fire_of(row, date, schedule::Fate::Missed, "left alone after a failure: " + reason, run));
    }
    if (!setback.is_complete) out.fires.back().reason += "; later ones were missed too, and have no row";
    return out;
}

}  // namespace sluice::scheduler
