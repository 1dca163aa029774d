#pragma once
#include <optional>
#include <string>
#include <vector>

#include "schedule/backfill.h"

namespace sluice::schedule {

/// What became of a date: the fate of its row in `fires`.
enum class Fate {
    Fired,
    Skipped,     // a condition did not let it run
    Overlapped,  // fired, once the execution that held the trigger at that date was over
    Missed,      // too late, or left out by recoverMissedSchedules
    Recovered,   // fired, for a date from before the scheduler's start
    Failed,      // its conditions could not be tested
};
std::string_view to_text(Fate fate);

/// What is decided about one date.
struct Decision {
    Instant date{};
    Fate fate = Fate::Fired;
    std::string reason{};          // for people, when it did not simply fire
    std::optional<Error> error{};  // Failed: make a FAILED execution of it, so that it is seen
    std::string backfill{};        // name of the backfill that it belongs to, "" for an ordinary date
    Value variables{Map()};        // of the execution's `trigger`, when it fires or fails

    bool makes_execution() const { return fate != Fate::Skipped && fate != Fate::Missed; }
};

/// One turn for one trigger: what is decided, and its row afterwards. Write both in one transaction, the row by
/// compare-and-set on `next`.
struct Turn {
    std::optional<Decision> decision{};  // empty: nothing is due
    TriggerState after{};                // may differ from before even without a decision: `next` was no date
};

/// Now, and since when this scheduler has been watching the trigger: dates from before count as recovered.
struct Moment {
    Timestamp now{};
    Timestamp watching_since{};
    /// The execution that held the trigger last, and until when: dates that came meanwhile have waited for it.
    std::string waited_for{};
    std::optional<Timestamp> released_at{};
};

/// The row of a new trigger, or of one whose definition changed: its next date is the first after now. A backfill that
/// was asked for before the first date was known goes first.
///
/// before  the row until now, for `last` and the backfill; empty for a new one
TriggerState begin(const Timetable& timetable, const TriggerState& before, Timestamp now, const RenderFor& render);

/// Decides the date that is due, if one is. Call it again with `after` while it decides something: each date has its
/// own decision, in order. The next date follows from this date, never from now.
///
/// With conditions `next` jumps to the next date that they let run; the dates in between have no decision of their own:
/// skipped_between() tells them.
Turn decide(const Timetable& timetable, const TriggerState& state, const Moment& moment, const RenderFor& render);

struct Recovery {
    TriggerState after{};
    std::vector<Instant> missed{};  // dates that will not run; each gets a row
    std::string reason{};           // for these rows
    bool is_complete = true;        // false: there were more than `limit`
};

/// Applies recoverMissedSchedules: at the scheduler's start, and when a trigger is enabled again (then `next` is
/// empty, and dates are counted from `last`; a trigger that never ran has missed nothing).
///
/// ALL keeps the missed dates: they run one after the other. LAST keeps the last one, NONE none.
/// A backfill goes on where it was.
Recovery recover(const Timetable& timetable, const TriggerState& state, Timestamp now, const RenderFor& render,
                 std::size_t limit = 1000);

/// What follows when a trigger is switched on again: the dates that passed meanwhile are dealt with as
/// recoverMissedSchedules says. A backfill goes on, and they follow it.
Recovery resume(const Timetable& timetable, const TriggerState& state, Timestamp now, const RenderFor& render,
                std::size_t limit = 1000);

/// Dates that are to come, for people who ask the database: those that the conditions let run.
std::vector<Instant> upcoming(const Timetable& timetable, Timestamp after, const RenderFor& render,
                              std::size_t count = 40);

/// Dates after `last` and before `date` that a condition left out, with its reason.
struct Skipped {
    std::vector<std::pair<Instant, std::string>> dates{};
    bool is_complete = true;  // false: there were more than `limit`
};
Skipped skipped_between(const Timetable& timetable, Timestamp last, Instant date, const RenderFor& render,
                        std::size_t limit = 100);

struct Setback {
    std::optional<Instant> date{};  // that failed; empty: `next` was no date
    TriggerState after{};
    std::vector<Instant> missed{};  // while the trigger was left alone; each gets a row
    bool is_complete = true;        // false: there were more than `limit`
};

/// What follows when deciding about the date that is due broke down: it counts as dealt with, and the trigger is left
/// alone until `quiet_until`. Conditions are not asked, as they may be what breaks. A backfill just goes on.
Setback set_back(const Timetable& timetable, const TriggerState& state, Timestamp quiet_until,
                 std::size_t limit = 1000);

}  // namespace sluice::schedule
