#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "schedule/zone.h"

namespace sluice::schedule {

/// An instant, and by how much the clock on the wall was ahead of UTC there.
struct ZonedTime {
    Timestamp at{};
    Seconds offset{};

    static ZonedTime in(const Zone& zone, Timestamp at) { return {at, zone.offset_at(at)}; }
    std::chrono::local_time<Duration> local() const {
        return std::chrono::local_time<Duration>{(at + offset).time_since_epoch()};
    }
    std::chrono::local_days day() const { return std::chrono::floor<std::chrono::days>(local()); }
    Duration time_of_day() const { return local() - day(); }
    bool operator==(const ZonedTime&) const = default;
};

/// "2024-01-01T11:00:00+01:00"; in UTC it ends in Z. This is the form of trigger.date.
std::string to_iso(const ZonedTime& time);

/// An ISO date with time and offset, without offset, or without a time: what is missing is midnight, and `zone`.
/// A zone's name in brackets at the end is accepted, and counts where there is no offset.
/// Errors  Invalid, with the text
Result<ZonedTime> parse_zoned(std::string_view text, const Zone& zone);

/// A time of day, with an offset or without.
struct OffsetTime {
    Duration time{};
    std::optional<Seconds> offset{};
};

/// "10:00", "10:00:00", "10:00:00+01:00"
/// Errors  Invalid, with the text
Result<OffsetTime> parse_offset_time(std::string_view text);

/// "MONDAY"
std::string_view name_of(std::chrono::weekday day);
/// Errors  Invalid, with the nearest name
Result<std::chrono::weekday> weekday_of(std::string_view name);
/// "2026-01-05"
std::string to_text(std::chrono::local_days day);
/// "10:00:00"
std::string clock_text(Duration time_of_day);

}  // namespace sluice::schedule
