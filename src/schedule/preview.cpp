#include "schedule/preview.h"

namespace sluice::schedule {
namespace {

/// What the clock showed before it changed for the period of `date`.
std::string note_of(const Zone& zone, Instant date, ClockChange change) {
    const auto clock = [](Instant at, Seconds offset) {
        const LocalTime local{(at + offset).time_since_epoch()};
        return clock_text(local - std::chrono::floor<std::chrono::days>(local));
    };
    const auto periods = zone.periods();
    const std::size_t period = zone.period_at(date);
    switch (change) {
        case ClockChange::None:
            return "";
        case ClockChange::AfterGap:
            return fmt::format("right after the clock went from {} to {}", clock(date, periods[period - 1].offset),
                               clock(date, periods[period].offset));
        case ClockChange::FirstOfTwo:
            return "the clock shows this time twice: the first time";
        case ClockChange::SecondOfTwo:
            return "the clock shows this time twice: the second time";
    }
    return "";
}

PreviewedDate previewed(const Timetable& timetable, Instant date, const RenderFor& render) {
    PreviewedDate out{.date = date, .local = timetable.text(date), .offset = timetable.zone().offset_at(date)};
    out.change = timetable.zone().change_at(date);
    out.note = note_of(timetable.zone(), date, out.change);
    const auto verdict = timetable.test(date, render);
    if (!verdict) {
        out.reason = verdict.error().message;
    } else if (!verdict->holds) {
        out.runs = false;
        out.reason = verdict->reason;
    }
    return out;
}

}  // namespace

std::vector<PreviewedDate> preview(const Timetable& timetable, Timestamp from, std::size_t count,
                                   const RenderFor& render) {
    std::vector<PreviewedDate> out;
    for (auto date = timetable.next(from); date && out.size() < count; date = timetable.next(*date)) {
        out.push_back(previewed(timetable, *date, render));
    }
    return out;
}

std::vector<PreviewedDate> dates_between(const Timetable& timetable, Timestamp from, Timestamp until, std::size_t limit,
                                         const RenderFor& render) {
    std::vector<PreviewedDate> out;
    for (auto date = timetable.next(from); date && *date <= until && out.size() < limit; date = timetable.next(*date)) {
        out.push_back(previewed(timetable, *date, render));
    }
    return out;
}

}  // namespace sluice::schedule
