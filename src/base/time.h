#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sluice {

using Duration = std::chrono::microseconds;
/// An instant of the database's clock (P8), in PostgreSQL's own precision.
using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;

using namespace std::chrono_literals;

/// "2026-11-24T05:10:00.123456Z"; the fraction has 0, 3 or 6 digits, as few as are needed.
std::string to_iso(Timestamp at);

/// Reads what to_iso writes, and any offset instead of Z, up to nanosecond digits (cut to microseconds).
/// Errors  Invalid, with the text
Result<Timestamp> parse_iso(std::string_view text);

/// "PT1M30.5S", in hours at most: "PT36H"
std::string to_iso(Duration duration);

/// ISO-8601 ("PT10S", "P1D", "P1DT2H", case-insensitive), a bare number of seconds, or a number with one of
/// ms s m h d ("25ms", "5m"). Months and years have no fixed length and are refused.
/// Errors  Invalid, with the text
Result<Duration> parse_duration(std::string_view text);

/// For log lines and people: "850 ms", "12.4 s", "3 min 20 s", "2 h 5 min", "4 d 3 h"
std::string for_people(Duration duration);

/// "00:00:10.000", the form of durations in Kestra's messages
std::string as_clock(Duration duration);

inline double in_ms(Duration duration) {
    return static_cast<double>(duration.count()) / 1000.0;
}
inline double in_seconds(Duration duration) {
    return static_cast<double>(duration.count()) / 1e6;
}
inline Duration seconds_of(double seconds) {
    return Duration{static_cast<std::int64_t>(seconds * 1e6)};
}

}  // namespace sluice
