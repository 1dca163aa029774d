#pragma once
// When is a trigger due next? Everything here is a function of its arguments: no clock, no database, no random numbers.
//
// Promises
// - A trigger's dates are those that its expression names in its zone, and nothing else: they don't depend on when the
//   question is asked, on how late the last run was, or on a restart. So (trigger, date) can be a key (P5).
// - next() is strictly later, previous() strictly earlier, and they meet: previous(next(x)) <= x < next(x).
// - A search is bounded: ten years ahead or back, and kMaxRenderings tests of conditions. Nothing found is an answer.
//
// When the clock is changed
// An expression is an interval when its hours are all, or its minutes or seconds are written as * or with a step. It
// follows the real clock. Any other names times of the day, and runs once for each.
//
// | expression                        | an hour comes twice           | an hour is skipped                           |
// |-----------------------------------|-------------------------------|----------------------------------------------|
// | fixed times: 30 2 * * *, 0 */2 …  | the first time only           | once, at the first instant after the gap     |
// | hourly: 30 * * * *                | in both                       | goes on; each real hour has one              |
// | every n minutes: */5 * * * *      | in both                       | goes on; five real minutes apart             |
// | every n seconds: */10 * * * * *   | in both                       | goes on; ten real seconds apart              |
// | */5 2 * * * (within one hour)     | in both                       | once, at the first instant after the gap     |
//
// Several fixed times inside one gap give one run. A gap that is no whole hour (Lord Howe: 30 minutes) moves the minute
// hand: an interval that lost a run to it makes up for it once, too. `dst: SKIP` leaves out all runs "after the gap".
//
// Where to start: timetable.h for one trigger, plan.h for the scheduler's turn, preview.h for people, conditions.h and
// preconditions.h for Flow triggers, check_trigger.h when a flow is saved.
#include "schedule/backfill.h"
#include "schedule/check_trigger.h"
#include "schedule/plan.h"
#include "schedule/preconditions.h"
#include "schedule/preview.h"
