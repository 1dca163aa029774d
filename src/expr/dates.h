#pragma once
#include <string>
#include <string_view>

#include "expr/date_names.h"
#include "expr/date_pattern.h"
#include "expr/zone.h"
#include "value/temporal.h"

namespace sluice::expr {

/// A point in time as it is shown somewhere.
struct DateInZone {
    Moment moment{};
    Zone zone = Zone::utc();

    ZonedDateTime shown() const { return zone.at(moment); }
};

/// What a value of the language means as a date. `zone` is where local dates are, `format` how a text is written
/// ("": one of the ISO forms).
/// Throws  Failure: a type error for a value that is no date, a date error for a text that is not read
DateInZone to_date(const Value& value, const Zone& zone, std::string_view format);

/// Throws  Failure: a date error
std::string format_date(const DateInZone& date, const DatePattern& pattern, const DateLocale& locale);

/// `unit` is one of DAYS, HOURS …; calendar units keep the time on the wall, others are exact.
/// Throws  Failure: a date error, for an unknown unit or a date out of range
DateInZone date_plus(const DateInZone& date, std::int64_t amount, std::string_view unit);

// Texts as java.time reads them in ISO format.
ZonedDateTime parse_iso_zoned(std::string_view text);
WallTime parse_iso_wall(std::string_view text);
std::chrono::local_days parse_iso_day(std::string_view text);
std::int64_t parse_iso_time(std::string_view text);  // nanoseconds of the day

/// What a text says by a format: a date, and perhaps a time and a zone.
struct ReadDate {
    std::chrono::local_days day{};
    std::optional<std::int64_t> nano_of_day{};
    std::optional<std::chrono::seconds> offset{};
    std::optional<Zone> region{};
};
/// Throws  Failure: a date error
ReadDate read_date(std::string_view text, const DatePattern& pattern);

}  // namespace sluice::expr
