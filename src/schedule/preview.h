#pragma once
#include <string>
#include <vector>

#include "schedule/timetable.h"

namespace sluice::schedule {

/// One date as people want to see it.
struct PreviewedDate {
    Instant date{};
    std::string local{};   // "2026-03-29T03:00:00+02:00", in the trigger's zone
    Seconds offset{};      // of the zone then
    bool runs = true;      // no condition would skip it
    std::string reason{};  // of the condition that skips it, or that can't be tested (then it runs, and fails)
    ClockChange change = ClockChange::None;
    std::string note{};  // "right after the clock went from 02:00:00 to 03:00:00"
};

/// The next `count` dates after `from`, whether they run or not.
std::vector<PreviewedDate> preview(const Timetable& timetable, Timestamp from, std::size_t count,
                                   const RenderFor& render = {});

/// All dates later than `from` and not later than `until`, at most `limit`: what a calendar shows, or what happened
/// between two runs.
std::vector<PreviewedDate> dates_between(const Timetable& timetable, Timestamp from, Timestamp until, std::size_t limit,
                                         const RenderFor& render = {});

}  // namespace sluice::schedule
