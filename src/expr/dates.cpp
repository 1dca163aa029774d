#include "expr/dates.h"

#include <array>

#include "expr/date_fields.h"
#include "expr/failure.h"
#include "expr/operators.h"
#include "expr/text_forms.h"
#include "value/extension.h"

namespace sluice::expr {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;

// The calendar of the standard library ends at the year 32767.
constexpr seconds kFarthest = seconds{std::int64_t{940'000'000'000}};

ReadDate read_preset(std::string_view text, std::string_view preset) {
    return read_date(text, DatePattern::of(preset, DateLocale::english()));
}

WallTime wall_of(local_days day, std::int64_t nano_of_day) {
    return {local_seconds{day} + seconds{nano_of_day / kNanosPerSecond},
            static_cast<std::int32_t>(nano_of_day % kNanosPerSecond)};
}

Moment in_range(const Moment& moment) {
    const seconds at = moment.seconds.time_since_epoch();
    if (at > kFarthest || at < -kFarthest) throw failure(FailureKind::DateError, "the date is too far away");
    return moment;
}

DateInZone placed(const ReadDate& read, const Zone& zone) {
    const WallTime wall = wall_of(read.day, read.nano_of_day.value_or(0));
    const bool has_zone = read.nano_of_day && (read.offset || read.region);
    if (!has_zone) return {zone.at(wall).moment(), zone};
    const Zone own = read.region ? *read.region : Zone::of_offset(*read.offset);
    if (!read.offset) return {own.at(wall).moment(), own};
    return {Moment{std::chrono::sys_seconds{wall.seconds.time_since_epoch() - *read.offset}, wall.nanos}, own};
}

DateInZone from_text(const std::string& text, const Zone& zone, std::string_view format) {
    if (!format.empty()) return placed(read_date(text, DatePattern::of(format, DateLocale::english())), zone);
    for (const std::string_view preset : {"iso_zoned_date_time", "iso_local_date_time", "iso_local_date"}) {
        try {
            return placed(read_preset(text, preset), zone);
        } catch (const Failure&) {  // the next form may fit; the last word is below
        }
    }
    throw failure(FailureKind::DateError,
                  "the text '{}' is no ISO date such as 2024-02-29 or 2024-02-29T10:00:00Z; tell its format with "
                  "existingFormat",
                  text);
}

enum class Unit { Nanos, Seconds, Days, Months, Eras };

struct UnitName {
    std::string_view name;
    Unit unit;
    std::int64_t size;
};
constexpr UnitName kUnits[] = {
    {"NANOS", Unit::Nanos, 1},
    {"MICROS", Unit::Nanos, 1'000},
    {"MILLIS", Unit::Nanos, 1'000'000},
    {"SECONDS", Unit::Seconds, 1},
    {"MINUTES", Unit::Seconds, 60},
    {"HOURS", Unit::Seconds, 3'600},
    {"HALF_DAYS", Unit::Seconds, 43'200},
    {"DAYS", Unit::Days, 1},
    {"WEEKS", Unit::Days, 7},
    {"MONTHS", Unit::Months, 1},
    {"YEARS", Unit::Months, 12},
    {"DECADES", Unit::Months, 120},
    {"CENTURIES", Unit::Months, 1'200},
    {"MILLENNIA", Unit::Months, 12'000},
    {"ERAS", Unit::Eras, 1},
};

const UnitName& unit_named(std::string_view name) {
    for (const UnitName& unit : kUnits) {
        if (unit.name == name) return unit;
    }
    throw failure(FailureKind::DateError,
                  "there is no unit '{}'; expected DAYS, HOURS, MINUTES, MONTHS …, in upper case", name);
}

/// amount × size, where both are meant to stay within what dates can hold.
std::int64_t scaled(std::int64_t amount, std::int64_t size) {
    std::int64_t product = 0;
    if (__builtin_mul_overflow(amount, size, &product))
        throw failure(FailureKind::DateError, "the date is too far away");
    return product;
}

/// Where the sum would be far out of range, so that nothing overflows.
void check_step(std::int64_t size, std::int64_t most) {
    if (size > most || size < -most) throw failure(FailureKind::DateError, "the date is too far away");
}

local_days months_later(local_days day, std::int64_t months) {
    const std::chrono::year_month_day date(day);
    const std::int64_t month =
        static_cast<int>(date.year()) * std::int64_t{12} + static_cast<unsigned>(date.month()) - 1;
    check_step(months, kFarthestYear * 12);
    const std::int64_t later = month + months;
    const std::int64_t year = later >= 0 ? later / 12 : (later - 11) / 12;
    if (std::abs(year) > kFarthestYear) throw failure(FailureKind::DateError, "the date is too far away");
    const std::chrono::year_month target =
        std::chrono::year(static_cast<int>(year)) / std::chrono::month(static_cast<unsigned>(later - year * 12 + 1));
    const std::chrono::day last = (target / std::chrono::last).day();
    return local_days{target / std::min(date.day(), last)};
}

/// The same time on the wall, on another day
DateInZone on_day(const DateInZone& date, local_days day) {
    const WallTime wall = wall_of(day, date.shown().wall().nano_of_day());
    in_range({std::chrono::sys_seconds{wall.seconds.time_since_epoch()}, 0});
    return {date.zone.at(wall).moment(), date.zone};
}

DateInZone nanos_later(const DateInZone& date, std::int64_t nanos) {
    const std::int64_t total = date.moment.nanos + nanos % kNanosPerSecond;
    const std::int64_t carry = total < 0 ? -1 : total >= kNanosPerSecond ? 1 : 0;
    const Moment later{date.moment.seconds + seconds{nanos / kNanosPerSecond + carry},
                       static_cast<std::int32_t>(total - carry * kNanosPerSecond)};
    return {in_range(later), date.zone};
}

}  // namespace

DateInZone to_date(const Value& value, const Zone& zone, std::string_view format) {
    if (const std::string* text = if_text(value)) return from_text(*text, zone, format);
    if (value.kind() == Kind::Long) {
        return {in_range({std::chrono::sys_seconds{seconds{value.as_integer()}}, 0}), zone};
    }
    if (const auto* instant = if_a<Instant>(value)) return {instant->at(), zone};
    if (const auto* zoned = if_a<ZonedDateTime>(value)) {
        const bool has_region = !zoned->region().empty();
        return {zoned->moment(), has_region ? Zone::named(zoned->region()) : Zone::of_offset(zoned->offset())};
    }
    if (const auto* at = if_a<LocalDateTime>(value)) return {zone.at(at->at()).moment(), zone};
    if (const auto* date = if_a<LocalDate>(value)) {
        constexpr std::int64_t kNoon = 12 * 3600 * kNanosPerSecond;
        return {zone.at(wall_of(date->day(), kNoon)).moment(), zone};
    }
    throw type_error("expected a date, a text or seconds since 1970, not {}", type_name(value));
}

DateInZone date_plus(const DateInZone& date, std::int64_t amount, std::string_view unit) {
    const UnitName& named = unit_named(unit);
    const std::int64_t size = scaled(amount, named.size);
    const local_days day = date.shown().wall().day();
    switch (named.unit) {
        case Unit::Nanos:
            return nanos_later(date, size);
        case Unit::Seconds:
            check_step(size, 2 * kFarthest.count());
            return {in_range({date.moment.seconds + seconds{size}, date.moment.nanos}), date.zone};
        case Unit::Days:
            check_step(size, 2 * kFarthestYear * 366);
            return on_day(date, day + days{size});
        case Unit::Months:
            return on_day(date, months_later(day, size));
        case Unit::Eras: {
            const std::chrono::year_month_day present(day);
            const int year = static_cast<int>(present.year());
            const int era = year > 0 ? 1 : 0;
            check_step(size, 1);
            if (era + size < 0 || era + size > 1) throw failure(FailureKind::DateError, "there is no such era");
            if (size == 0) return date;
            return on_day(date, local_days{std::chrono::year(1 - year) / present.month() / present.day()});
        }
    }
    return date;
}

ZonedDateTime parse_iso_zoned(std::string_view text) {
    const ReadDate read = read_preset(text, "iso_zoned_date_time");
    const std::string region = read.region ? read.region->id() : "";
    return {wall_of(read.day, *read.nano_of_day), read.offset.value_or(seconds{0}), region};
}

WallTime parse_iso_wall(std::string_view text) {
    const ReadDate read = read_preset(text, "iso_local_date_time");
    return wall_of(read.day, *read.nano_of_day);
}

local_days parse_iso_day(std::string_view text) {
    return read_preset(text, "iso_local_date").day;
}

std::int64_t parse_iso_time(std::string_view text) {
    return *read_preset("1970-01-01T" + std::string(text), "iso_local_date_time").nano_of_day;
}

}  // namespace sluice::expr
