#pragma once
#include <optional>
#include <string>
#include <vector>

#include "flow/flow.h"
#include "schedule/timetable.h"

namespace sluice::schedule {

/// A run over dates of the past (or of the future). While it is there, ordinary dates wait.
struct Backfill {
    std::string name{};  // tells its fires from the ordinary ones, and from those of another backfill
    Timestamp start{};
    Timestamp end{};  // a date equal to it still runs
    Timestamp current{};
    bool paused = false;
    Value inputs{Map()};
    std::vector<flow::Label> labels{};
    std::optional<Timestamp> previous_next{};  // the ordinary next date, for afterwards

    bool operator==(const Backfill&) const = default;
};

/// What the row of a trigger knows.
struct TriggerState {
    std::optional<Timestamp> next{};  // when to look at it again; empty: not by itself
    std::optional<Timestamp> last{};  // the last ordinary date that was dealt with; backfills leave it alone
    std::optional<Backfill> backfill{};

    bool operator==(const TriggerState&) const = default;
};

/// As JSON, by the names of the API: {name, start, end, currentDate, paused, inputs, labels,
/// previousNextExecutionDate}. Dates are written in `zone`.
Value to_value(const Backfill& backfill, const Zone& zone);
/// Errors  Invalid, with the property
Result<Backfill> backfill_of(const Value& value);

/// What somebody asks for.
struct BackfillRequest {
    std::string name{};  // new, unique for the trigger
    Timestamp start{};
    std::optional<Timestamp> end{};  // default: now
    Value inputs{Map()};
    std::vector<flow::Label> labels{};
};

/// The state with a new backfill. Its first date is the first of the timetable at or after its start.
/// Errors  Conflict: there is one already; Invalid: it ends before it starts, or there is no date in it
Result<TriggerState> start_backfill(const Timetable& timetable, const TriggerState& state,
                                    const BackfillRequest& request, Timestamp now);

/// Errors  BadRequest: "No backfill found"
Result<TriggerState> pause_backfill(const TriggerState& state);
Result<TriggerState> unpause_backfill(const TriggerState& state);
/// Ends it at once; the ordinary next date is back.
Result<TriggerState> delete_backfill(const TriggerState& state);

}  // namespace sluice::schedule
