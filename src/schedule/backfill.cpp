#include "schedule/backfill.h"

#include "schedule/read_trigger.h"

namespace sluice::schedule {
namespace {

Result<Timestamp> instant_in(const Value& value, std::string_view property) {
    auto at = parse_zoned(value.text(property), Zone::utc());
    if (!at) return tl::unexpected(in_property(std::move(at.error()), property));
    return at->at;
}

std::vector<flow::Label> labels_of(const Value& value) {
    std::vector<flow::Label> out;
    if (const List* list = value.if_list()) {
        for (const Value& label : *list) out.push_back({label.text("key"), label.text("value")});
    } else if (const Map* map = value.if_map()) {
        for (const auto& [key, text] : *map) out.push_back({key, text.is_string() ? text.as_string() : std::string()});
    }
    return out;
}

Result<TriggerState> without_backfill() {
    return refuse(ErrorCode::BadRequest, "No backfill found");
}

}  // namespace

Value to_value(const Backfill& backfill, const Zone& zone) {
    const auto text = [&](Timestamp at) { return Value(to_iso(ZonedTime::in(zone, at))); };
    List labels;
    for (const flow::Label& label : backfill.labels) {
        labels.push_back(Value{{"key", Value(label.key)}, {"value", Value(label.value)}});
    }
    Map out{{"name", Value(backfill.name)},          {"start", text(backfill.start)},    {"end", text(backfill.end)},
            {"currentDate", text(backfill.current)}, {"paused", Value(backfill.paused)}, {"inputs", backfill.inputs},
            {"labels", Value(std::move(labels))}};
    if (backfill.previous_next) out.set("previousNextExecutionDate", text(*backfill.previous_next));
    return Value(std::move(out));
}

Result<Backfill> backfill_of(const Value& value) {
    Backfill out;
    out.name = value.text("name");
    for (auto [property, field] :
         {std::pair{"start", &out.start}, std::pair{"end", &out.end}, std::pair{"currentDate", &out.current}}) {
        const auto at = instant_in(value, property);
        if (!at) return tl::unexpected(at.error());
        *field = *at;
    }
    if (!value["previousNextExecutionDate"].is_null()) {
        const auto at = instant_in(value, "previousNextExecutionDate");
        if (!at) return tl::unexpected(at.error());
        out.previous_next = *at;
    }
    out.paused = value["paused"].if_bool().value_or(false);
    if (value["inputs"].is_map()) out.inputs = value["inputs"];
    out.labels = labels_of(value["labels"]);
    return out;
}

Result<TriggerState> start_backfill(const Timetable& timetable, const TriggerState& state,
                                    const BackfillRequest& request, Timestamp now) {
    if (state.backfill) return conflict("a backfill is already running: wait for its end, or delete it");
    const Timestamp end = request.end.value_or(now);
    if (end < request.start) {
        return tl::unexpected(
            in_property(Error{ErrorCode::Invalid, fmt::format("a backfill from {} must not end before it starts, at {}",
                                                              sluice::to_iso(request.start), sluice::to_iso(end))},
                        "backfill.end"));
    }
    const auto first = timetable.at_or_after(request.start);
    if (!first || *first > end) {
        return tl::unexpected(
            in_property(Error{ErrorCode::Invalid, fmt::format("the trigger has no date between {} and {}",
                                                              sluice::to_iso(request.start), sluice::to_iso(end))},
                        "backfill.start"));
    }
    TriggerState out = state;
    out.backfill =
        Backfill{request.name, request.start, end, *first, false, request.inputs, request.labels, state.next};
    out.next = *first;
    return out;
}

Result<TriggerState> pause_backfill(const TriggerState& state) {
    if (!state.backfill) return without_backfill();
    TriggerState out = state;
    out.backfill->paused = true;
    out.next.reset();  // the scheduler needs not look at it
    return out;
}

Result<TriggerState> unpause_backfill(const TriggerState& state) {
    if (!state.backfill) return without_backfill();
    TriggerState out = state;
    out.backfill->paused = false;
    out.next = out.backfill->current;
    return out;
}

Result<TriggerState> delete_backfill(const TriggerState& state) {
    if (!state.backfill) return without_backfill();
    return TriggerState{.next = state.backfill->previous_next, .last = state.last};
}

}  // namespace sluice::schedule
