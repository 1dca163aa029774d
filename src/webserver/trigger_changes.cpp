#include "webserver/trigger_changes.h"

#include "schedule/plan.h"
#include "store/trigger_expressions.h"
#include "store/triggers.h"

namespace sluice::webserver {
namespace {

bool has_dates(const store::TriggerView& trigger) {
    return trigger.type == "io.kestra.plugin.core.trigger.Schedule" ||
           trigger.type == "io.kestra.plugin.core.trigger.ScheduleOnDates";
}

Result<schedule::BackfillRequest> backfill_request(const Value& value) {
    schedule::BackfillRequest out;
    out.name = fmt::format("{:016x}", random_bits());
    const auto date = [&](const char* name) -> Result<std::optional<Timestamp>> {
        const std::string text = value.text(name);
        if (text.empty()) return std::optional<Timestamp>();
        const auto at = parse_iso(text);
        if (!at) return invalid("Invalid format: backfill.{}: {}", name, at.error().message);
        return std::optional(*at);
    };
    const auto start = date("start");
    if (!start) return tl::unexpected(start.error());
    if (!*start) return invalid("Illegal argument: a backfill needs a start");
    out.start = **start;
    const auto end = date("end");
    if (!end) return tl::unexpected(end.error());
    out.end = *end;
    if (const auto inputs = value.get("inputs"); inputs && inputs->is_map()) out.inputs = *inputs;
    if (const auto labels = value.get("labels"); labels && labels->is_list()) {
        for (const Value& label : labels->as_list()) out.labels.push_back({label.text("key"), label.text("value")});
    }
    return out;
}

bool polls(const Api& api, const store::TriggerView& trigger) {
    const flow::TypeInfo* type = api.services.flows.catalog().find(trigger.type);
    return type != nullptr && type->polls;
}

/// Which of the dates that passed meanwhile still run is told by recoverMissedSchedules; the others have a row each.
Result<void> resume_dates(Api& api, pg::Transaction& tx, store::TriggerView& trigger) {
    const auto dates = dates_of(api, tx.connection(), trigger);
    if (!dates) return tl::unexpected(dates.error());
    schedule::Recovery recovery = schedule::resume(*dates->timetable, trigger.state, tx.now(), dates->render);
    std::vector<store::Fire> fires;
    for (const schedule::Instant date : recovery.missed) {
        fires.push_back({.trigger = trigger.id,
                         .scheduled_at = date,
                         .fate = schedule::Fate::Missed,
                         .reason = "it was switched off; " + recovery.reason});
    }
    if (!recovery.is_complete) fires.back().reason += "; later ones were missed too, and have no row";
    store::insert_fires(tx, 0, fires);
    trigger.state = std::move(recovery.after);
    return {};
}

/// Takes over what became of the state.
Result<void> take(store::TriggerView& trigger, Result<schedule::TriggerState> state) {
    if (!state) return tl::unexpected(state.error());
    trigger.state = std::move(*state);
    return {};
}

std::string text_of(const store::TriggerId& id) {
    return id.flow.text() + "." + id.id;
}

}  // namespace

Result<Dates> dates_of(Api& api, pg::Connection& connection, const store::TriggerView& view) {
    if (!has_dates(view)) {
        return invalid("Illegal argument: only schedules have dates to run through; {} is a {}", view.id.id, view.type);
    }
    auto flow = api.services.flows.get(connection, view.id.flow, view.flow_revision);
    if (!flow) return tl::unexpected(flow.error());
    const auto found = std::find_if((*flow)->triggers.begin(), (*flow)->triggers.end(),
                                    [&](const flow::Trigger& one) { return one.id == view.id.id; });
    if (found == (*flow)->triggers.end())
        return not_found("Not Found: the flow has no trigger '{}' any more", view.id.id);
    const store::TriggerExpressions expressions(connection, api.services.instance, **flow,
                                                api.services.pool.clock().now());
    auto timetable = store::timetable_of(*found, schedule::Zones(), api.services.instance, expressions);
    if (!timetable) return tl::unexpected(timetable.error());
    return Dates{*flow, std::move(*timetable), expressions.for_dates()};
}

Result<void> set_disabled(Api& api, pg::Transaction& tx, store::TriggerView& trigger, bool disabled,
                          const std::string& by) {
    if (trigger.disabled == disabled) return {};
    trigger.disabled = disabled;
    trigger.disabled_at = disabled ? std::optional(tx.now()) : std::nullopt;
    trigger.disabled_by = disabled ? by : "";
    if (disabled) return {};
    if (polls(api, trigger)) trigger.state.next = tx.now();
    return has_dates(trigger) ? resume_dates(api, tx, trigger) : Result<void>();
}

Result<void> unlock(store::TriggerView& trigger) {
    if (!trigger.is_locked()) return conflict("Illegal state: Trigger is not locked");
    trigger.execution_id = ExecutionId();
    trigger.evaluating_at.reset();
    return {};
}

Result<void> restart_evaluation(Api& api, store::TriggerView& trigger, Timestamp now) {
    trigger.evaluating_at.reset();
    if (polls(api, trigger)) trigger.state.next = now;
    return {};
}

Result<void> create_backfill(Api& api, pg::Transaction& tx, store::TriggerView& trigger, const Value& request) {
    const auto wanted = backfill_request(request);
    if (!wanted) return tl::unexpected(wanted.error());
    const auto dates = dates_of(api, tx.connection(), trigger);
    if (!dates) return tl::unexpected(dates.error());
    return take(trigger, schedule::start_backfill(*dates->timetable, trigger.state, *wanted, tx.now()));
}

Result<void> pause_backfill(store::TriggerView& trigger) {
    return take(trigger, schedule::pause_backfill(trigger.state));
}
Result<void> unpause_backfill(store::TriggerView& trigger) {
    return take(trigger, schedule::unpause_backfill(trigger.state));
}
Result<void> delete_backfill(store::TriggerView& trigger) {
    return take(trigger, schedule::delete_backfill(trigger.state));
}

Result<store::TriggerView> change_trigger(pg::Transaction& tx, const store::TriggerId& id, const TriggerChange& by) {
    auto trigger = store::lock_trigger(tx, id);
    if (!trigger) return not_found("Not Found: trigger {} does not exist", text_of(id));
    if (auto done = by(tx, *trigger); !done) return tl::unexpected(done.error());
    store::write_trigger(tx, *trigger);
    trigger->updated_at = tx.now();
    return std::move(*trigger);
}

Result<void> remove_trigger(pg::Transaction& tx, const store::TriggerId& id) {
    const auto trigger = store::lock_trigger(tx, id);
    if (!trigger) return not_found("Not Found: trigger {} does not exist", text_of(id));
    if (!trigger->definition.is_null())
        return conflict("Illegal state: the flow still has the trigger {}; remove it there", id.id);
    store::delete_trigger(tx, id);
    return {};
}

std::string asker(const std::string& user) {
    return user.empty() ? "somebody by the API" : "user " + user;
}

}  // namespace sluice::webserver
