#pragma once
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "flow/catalog.h"
#include "schedule/schedule.h"
#include "support/test.h"

namespace doctest {
template <>
struct StringMaker<std::vector<std::string>> {
    static String convert(const std::vector<std::string>& texts) {
        return fmt::format("[{}]", fmt::join(texts, ", ")).c_str();
    }
};
}  // namespace doctest

namespace sluice::test {

/// The types of the language, as a server has them.
inline const flow::Catalog& language() {
    static const flow::Catalog catalog = flow::Catalog::with_language_types();
    return catalog;
}

/// a_condition("DayWeek", {{"dayOfWeek", "MONDAY"}})
inline flow::Condition a_condition(const std::string& name, Map properties = {},
                                   std::vector<flow::Condition> nested = {}) {
    flow::Condition out;
    out.type = "io.kestra.plugin.core.condition." + name;
    out.info = language().find(out.type);
    REQUIRE_MESSAGE(out.info != nullptr, name);
    out.properties = Value(std::move(properties));
    for (std::size_t i = 0; i < nested.size(); ++i) out.nested.emplace_back(std::to_string(i), std::move(nested[i]));
    return out;
}

/// a_trigger("Schedule", {{"cron", "0 9 * * *"}, {"timezone", "Europe/Berlin"}})
inline flow::Trigger a_trigger(const std::string& name, Map properties = {},
                               std::vector<flow::Condition> conditions = {}) {
    flow::Trigger out;
    out.id = "trigger";
    out.type = "io.kestra.plugin.core.trigger." + name;
    out.info = language().find(out.type);
    REQUIRE_MESSAGE(out.info != nullptr, name);
    out.properties = Value(std::move(properties));
    out.conditions = std::move(conditions);
    return out;
}

inline schedule::Timetable a_timetable(const flow::Trigger& trigger, const schedule::RenderFor& render = {}) {
    static const schedule::Zones zones;
    return ok(schedule::Timetable::of(trigger, zones, {}, render));
}

/// A timetable of a cron expression, with further properties of a Schedule.
inline schedule::Timetable cron_timetable(const std::string& cron, Map more = {},
                                          std::vector<flow::Condition> conditions = {},
                                          const schedule::RenderFor& render = {}) {
    more.set("cron", Value(cron));
    return a_timetable(a_trigger("Schedule", std::move(more), std::move(conditions)), render);
}

/// "2026-03-29T01:00:00Z", "2026-03-29T03:00:00+02:00"
inline Timestamp moment(const std::string& iso) {
    return ok(parse_iso(iso));
}

inline schedule::CronInZone cron_in(const std::string& cron, const std::string& zone,
                                    schedule::Dst dst = schedule::Dst::RunAfterGap) {
    const bool with_seconds = std::count(cron.begin(), cron.end(), ' ') == 5;
    return {ok(schedule::parse_cron(cron, with_seconds)), ok(schedule::find_zone(zone)), dst};
}

/// Local times with offsets of the dates later than `from` and not later than `until`.
inline std::vector<std::string> dates_of(const schedule::CronInZone& cron, const std::string& from,
                                         const std::string& until) {
    std::vector<std::string> out;
    const Timestamp end = moment(until);
    for (auto at = cron.next(moment(from)); at && *at <= end && out.size() < 1000; at = cron.next(*at)) {
        out.push_back(to_iso(schedule::ZonedTime::in(cron.zone(), *at)));
    }
    return out;
}

}  // namespace sluice::test
