#pragma once
// The properties of a schedule trigger, for timetable.cpp and check_trigger.cpp. Errors name the property.
#include "schedule/timetable.h"

namespace sluice::schedule {

bool is_schedule(const flow::Trigger& trigger);
bool is_on_dates(const flow::Trigger& trigger);

Result<Cron> read_cron(const flow::Trigger& trigger);
Result<Zone> read_zone(const flow::Trigger& trigger, const Zones& zones, const Zone& otherwise);
Dst read_dst(const flow::Trigger& trigger);
Result<std::optional<Duration>> read_late_maximum_delay(const flow::Trigger& trigger);

/// The dates in order, each once: a list, or the JSON text of one, or an expression that gives it.
Result<std::vector<Instant>> read_dates(const flow::Trigger& trigger, const Zone& zone, const RenderFor& render);

/// An error with its property.
Error in_property(Error error, std::string_view property);

}  // namespace sluice::schedule
