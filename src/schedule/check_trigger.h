#pragma once
#include "flow/flow.h"

namespace sluice::schedule {

/// What a trigger's declared properties can't tell by themselves, for saving a flow: cron, zone, dates, delays,
/// conditions, preconditions and their windows. Expressions are left alone.
///
/// Errors  Invalid, one detail for each mistake; its place's property is relative to the trigger: "cron",
///         "conditions[0].country", "preconditions.timeWindow.deadline"
Result<void> check_trigger(const flow::Trigger& trigger);
/// The same for the conditions of a listener.
Result<void> check_listener(const flow::Listener& listener);

}  // namespace sluice::schedule
