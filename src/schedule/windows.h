#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "schedule/zoned_time.h"
#include "value/value.h"

namespace sluice::schedule {

/// Within which time several executions must satisfy a trigger's preconditions.
struct TimeWindow {
    enum class Kind {
        Duration,       // one after the other, multiples of `window` from midnight, moved by `advance`
        Sliding,        // the last `window`
        DailyDeadline,  // each day from midnight until `deadline`
        DailyWindow,    // each day from `start` until `end`; over midnight when `end` is not later than `start`
    };
    Kind kind = Kind::Duration;
    Duration window = std::chrono::days{1};
    Duration advance{0};
    OffsetTime deadline{};
    OffsetTime start{};
    OffsetTime end{};
};

/// Reads `timeWindow` ({type, window, windowAdvance, deadline, startTime, endTime}), and the older flat `window` and
/// `windowAdvance`. Null gives the default: days.
/// Errors  Invalid: "Time window of type `SLIDING_WINDOW` cannot have a deadline." …; details have the property
Result<TimeWindow> read_time_window(const Value& time_window, const Value& flat_window = {},
                                    const Value& flat_advance = {});

struct WindowSpan {
    Timestamp start{};
    Timestamp end{};  // no longer in it
    bool operator==(const WindowSpan&) const = default;
};

/// The window in which `at` lies. Windows of more than a day begin at midnight, whole days after Monday 1970-01-05
/// (so weeks begin on Mondays); shorter ones begin anew at each midnight, where the last one may be cut.
///
/// zone  for times without an offset
/// Returns nothing when `at` is outside: after the deadline, or between two daily windows
std::optional<WindowSpan> window_at(const TimeWindow& window, Timestamp at, const Zone& zone);

/// What has been satisfied so far: the row of one trigger's window.
struct WindowState {
    WindowSpan span{};
    std::map<std::string, Timestamp> satisfied{};  // by the key of the condition: when last
    bool operator==(const WindowState&) const = default;
};

/// A state for JSON: {start, end, results: {key: instant}}
Value to_value(const WindowState& state);
/// Reads what to_value writes, and `true` instead of an instant, which then is the window's start.
/// Errors  Invalid
Result<WindowState> window_state_of(const Value& value);

struct WindowStep {
    bool fires = false;
    std::optional<WindowState> after{};  // empty: the row goes
};

/// What an execution's event does to a window.
///
/// before     the row, if there is one; an expired one counts as none
/// now_true   keys of the conditions that this execution satisfies
/// all        keys of all conditions
/// reset      start afresh after it fired, as `resetOnSuccess` says; otherwise each further match fires again
WindowStep step_window(const TimeWindow& window, const std::optional<WindowState>& before,
                       const std::vector<std::string>& now_true, const std::vector<std::string>& all, bool reset,
                       Timestamp now, const Zone& zone);

}  // namespace sluice::schedule
