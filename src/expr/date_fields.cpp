#include "expr/date_fields.h"

#include <algorithm>

namespace sluice::expr {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using Field = DateFields::Field;

bool is_within(const Field& field, std::int64_t least, std::int64_t most) {
    return !field || (*field >= least && *field <= most);
}

bool ranges_hold(const DateFields& f) {
    return is_within(f.month, 1, 12) && is_within(f.day, 1, 31) && is_within(f.hour, 0, 24) &&
           is_within(f.clock_hour, 1, 24) && is_within(f.hour_of_half, 0, 11) &&
           is_within(f.clock_hour_of_half, 1, 12) && is_within(f.minute, 0, 59) && is_within(f.second, 0, 59) &&
           is_within(f.local_weekday, 1, 7) && is_within(f.local_week, 1, 53) && is_within(f.iso_week, 1, 53) &&
           is_within(f.weekday, 1, 7) && is_within(f.year, -kFarthestYear, kFarthestYear) &&
           is_within(f.year_of_era, 1, kFarthestYear) && is_within(f.local_week_year, -kFarthestYear, kFarthestYear) &&
           is_within(f.quarter, 1, 4) && is_within(f.iso_week_year, -kFarthestYear, kFarthestYear) &&
           is_within(f.day_of_year, 1, 366) && is_within(f.milli_of_day, 0, 86'399'999) &&
           is_within(f.nano_of_day, 0, 86'400 * kNanosPerSecond - 1) && is_within(f.nano, 0, kNanosPerSecond - 1);
}

Field year_of(const DateFields& f) {
    if (f.year || !f.year_of_era) return f.year;
    return f.era && *f.era == 0 ? 1 - *f.year_of_era : *f.year_of_era;
}

local_days from_week(std::int64_t year, std::int64_t week, std::int64_t day_of_week, unsigned first_day,
                     int least_days) {
    const local_days new_year{std::chrono::year(static_cast<int>(year)) / 1 / 1};
    const unsigned into_week = (std::chrono::weekday(new_year).c_encoding() + 7 - first_day) % 7;
    const bool counts = 7 - static_cast<int>(into_week) >= least_days;
    return new_year - days{into_week} + days{(counts ? 0 : 7) + (week - 1) * 7 + day_of_week - 1};
}

std::optional<local_days> day_of(const DateFields& f, Resolving how) {
    const Field year = year_of(f);
    if (year && f.month && f.day) {
        const std::chrono::year y(static_cast<int>(*year));
        const auto month = std::chrono::month(static_cast<unsigned>(*f.month));
        const auto last = static_cast<unsigned>((y / month / std::chrono::last).day());
        if (how == Resolving::Strict && *f.day > last) return {};
        return local_days{y / month / std::min(static_cast<unsigned>(*f.day), last)};
    }
    if (year && f.day_of_year) {
        const std::chrono::year y(static_cast<int>(*year));
        if (*f.day_of_year == 366 && !y.is_leap()) return {};
        return local_days{y / 1 / 1} + days{*f.day_of_year - 1};
    }
    if (f.iso_week_year && f.iso_week && f.weekday) {
        return from_week(*f.iso_week_year, *f.iso_week, *f.weekday, 1, 4);
    }
    if (!f.local_week_year || !f.local_week || (!f.local_weekday && !f.weekday)) return {};
    const std::int64_t from_sunday = f.local_weekday ? *f.local_weekday : f.weekday.value_or(0) % 7 + 1;
    return from_week(*f.local_week_year, *f.local_week, from_sunday, 0, 1);
}

Field hour_of(const DateFields& f) {
    if (f.hour) return f.hour;
    if (f.clock_hour) return *f.clock_hour % 24;
    const Field half = f.hour_of_half         ? f.hour_of_half
                       : f.clock_hour_of_half ? Field(*f.clock_hour_of_half % 12)
                                              : Field();
    if (!half || !f.half_of_day) return {};
    return *half + 12 * *f.half_of_day;
}

/// May be a whole day, for hour 24.
Field nano_of_day(const DateFields& f) {
    if (f.nano_of_day) return f.nano_of_day;
    if (f.milli_of_day) return *f.milli_of_day * 1'000'000;
    const Field hour = hour_of(f);
    if (!hour || (!f.minute && (f.second || f.nano)) || (!f.second && f.nano && !f.minute)) return {};
    const std::int64_t seconds = *hour * 3600 + f.minute.value_or(0) * 60 + f.second.value_or(0);
    return seconds * kNanosPerSecond + f.nano.value_or(0);
}

}  // namespace

std::optional<ReadDate> resolved(const DateFields& fields, Resolving how) {
    if (!ranges_hold(fields)) return {};
    const auto day = day_of(fields, how);
    if (!day) return {};
    const std::int64_t weekday = std::chrono::weekday(*day).iso_encoding();
    if (fields.weekday && *fields.weekday != weekday) return {};
    ReadDate date{.day = *day, .offset = fields.offset, .region = fields.region};
    constexpr std::int64_t kDay = 86'400 * kNanosPerSecond;
    if (Field nanos = nano_of_day(fields)) {
        if (*nanos > kDay || (*nanos == kDay && how == Resolving::Strict)) return {};
        if (*nanos == kDay) {
            date.day += days{1};
            nanos = 0;
        }
        date.nano_of_day = nanos;
    }
    return date;
}

}  // namespace sluice::expr
