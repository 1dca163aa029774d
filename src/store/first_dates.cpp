#include "store/first_dates.h"

#include "schedule/plan.h"

namespace sluice::store {
namespace {

FirstDate first_date(const flow::Trigger& trigger, const schedule::Zones& zones, const Instance& instance,
                     const TriggerExpressions& expressions, Timestamp now) {
    if (trigger.disabled) return {};
    if (trigger.info->polls) return {.next = now};
    const auto timetable = timetable_of(trigger, zones, instance, expressions);
    if (!timetable) return {.error = timetable.error().text()};
    if (!*timetable) return {};
    FirstDate out{.upcoming = schedule::upcoming(**timetable, now, expressions.for_dates())};
    if (!out.upcoming.empty()) out.next = out.upcoming.front();
    return out;
}

}  // namespace

std::vector<FirstDate> first_dates(pg::Connection& connection, const Instance& instance, const flow::Flow& flow,
                                   std::int64_t revision, Timestamp now) {
    std::vector<FirstDate> out;
    if (flow.triggers.empty()) return out;
    flow::Flow named;  // what expressions see of it
    named.id = flow.id;
    named.revision = revision;
    named.variables = flow.variables;
    const TriggerExpressions expressions(connection, instance, named, now);
    const schedule::Zones zones;
    out.reserve(flow.triggers.size());
    for (const flow::Trigger& trigger : flow.triggers) {
        out.push_back(first_date(trigger, zones, instance, expressions, now));
    }
    return out;
}

}  // namespace sluice::store
