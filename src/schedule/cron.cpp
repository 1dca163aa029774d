#include "schedule/cron.h"

#include <bit>

namespace sluice::schedule {
namespace {

using namespace std::chrono;

constexpr int kSearchedYears = 10;

/// The lowest bit at or above `from`, or -1
template <class Bits>
int bit_from(Bits bits, int from) {
    constexpr int width = static_cast<int>(sizeof(Bits) * 8);
    if (from >= width) return -1;
    bits = static_cast<Bits>(bits >> from << from);
    return bits == 0 ? -1 : std::countr_zero(bits);
}

/// The highest bit at or below `until`, or -1
template <class Bits>
int bit_until(Bits bits, int until) {
    constexpr int width = static_cast<int>(sizeof(Bits) * 8);
    if (until < 0) return -1;
    if (until < width - 1) bits = static_cast<Bits>(bits & ((Bits{1} << (until + 1)) - 1));
    return width - 1 - std::countl_zero(bits);
}

template <class Bits>
int first_bit(Bits bits) {
    return bit_from(bits, 0);
}
template <class Bits>
int last_bit(Bits bits) {
    return bit_until(bits, static_cast<int>(sizeof(Bits) * 8) - 1);
}

Seconds time_of(int hour, int minute, int second) {
    return Seconds{hour * 3600 + minute * 60 + second};
}

int last_day_of(year_month month) {
    return static_cast<int>(static_cast<unsigned>((month / last).day()));
}

/// The day of the month that is a working day and nearest to `day`, without leaving the month; 0: no such day.
int workday_near(int day, int first_weekday, int last_day) {
    if (day > last_day) return 0;
    const int of_week = (first_weekday + day - 1) % 7;
    if (of_week == 6) return day > 1 ? day - 1 : day + 2;
    if (of_week == 0) return day < last_day ? day + 1 : day - 2;
    return day;
}

/// Days of the week (bit 0: Sunday), turned so that bit 0 is the day on which the month begins.
std::uint32_t from_first(std::uint8_t weekdays, int first_weekday) {
    return ((std::uint32_t{weekdays} | std::uint32_t{weekdays} << 7) >> first_weekday) & 0x7F;
}

/// Such a week repeated over a month; bit 1: the first day.
std::uint64_t each_week(std::uint32_t week) {
    constexpr std::uint64_t kEach = 1 | 1 << 7 | 1 << 14 | 1 << 21 | 1 << 28;
    return week * kEach << 1;
}

}  // namespace

/// Bit n: day n of that month matches.
std::uint32_t Cron::days_of(year_month month) const {
    const int last_day = last_day_of(month);
    const std::uint32_t all = 0xFFFFFFFEU & ((std::uint64_t{1} << (last_day + 1)) - 1);
    if (fields_.any_day && fields_.any_weekday) return all;

    const int first = static_cast<int>(weekday{local_days{month / 1}}.c_encoding());
    std::uint32_t days = 0;
    if (!fields_.any_day) {
        days = fields_.days;
        for (int back = 0; back < 31 && fields_.days_before_last >> back != 0; ++back) {
            if ((fields_.days_before_last >> back & 1U) != 0 && last_day > back) days |= 1U << (last_day - back);
        }
        for (int near = 0; near < 32 && fields_.workdays_near >> near != 0; ++near) {
            if ((fields_.workdays_near >> near & 1U) == 0) continue;
            days |= 1U << workday_near(near == 0 ? last_day : near, first, last_day);
        }
    }
    if (!fields_.any_weekday) {
        std::uint64_t weeks = each_week(from_first(fields_.weekdays, first));
        for (std::size_t week = 0; week < fields_.nth_weekdays.size(); ++week) {
            weeks |= std::uint64_t{from_first(fields_.nth_weekdays[week], first)} << (7 * week + 1);
        }
        weeks |= each_week(from_first(fields_.last_weekdays, first)) & (std::uint64_t{0x7F} << (last_day - 6));
        days |= static_cast<std::uint32_t>(weeks & all);
    }
    return days & all;
}

bool Cron::matches_day(local_days day) const {
    const year_month_day date{day};
    if ((fields_.months >> static_cast<unsigned>(date.month()) & 1U) == 0) return false;
    return (days_of(date.year() / date.month()) >> static_cast<unsigned>(date.day()) & 1U) != 0;
}

bool Cron::matches(LocalTime at) const {
    const local_days day = floor<days>(at);
    const hh_mm_ss time{at - day};
    return (fields_.hours >> time.hours().count() & 1U) != 0 && (fields_.minutes >> time.minutes().count() & 1U) != 0 &&
           (fields_.seconds >> time.seconds().count() & 1U) != 0 && matches_day(day);
}

std::optional<Seconds> Cron::next_time(Seconds from) const {
    const hh_mm_ss time{from};
    const int hour = static_cast<int>(time.hours().count());
    const int minute = static_cast<int>(time.minutes().count());
    if ((fields_.hours >> hour & 1U) != 0) {
        if ((fields_.minutes >> minute & 1U) != 0) {
            const int second = bit_from(fields_.seconds, static_cast<int>(time.seconds().count()));
            if (second >= 0) return time_of(hour, minute, second);
        }
        const int later = bit_from(fields_.minutes, minute + 1);
        if (later >= 0) return time_of(hour, later, first_bit(fields_.seconds));
    }
    const int later = bit_from(fields_.hours, hour + 1);
    if (later < 0) return {};
    return time_of(later, first_bit(fields_.minutes), first_bit(fields_.seconds));
}

std::optional<Seconds> Cron::previous_time(Seconds until) const {
    const hh_mm_ss time{until};
    const int hour = static_cast<int>(time.hours().count());
    const int minute = static_cast<int>(time.minutes().count());
    if ((fields_.hours >> hour & 1U) != 0) {
        if ((fields_.minutes >> minute & 1U) != 0) {
            const int second = bit_until(fields_.seconds, static_cast<int>(time.seconds().count()));
            if (second >= 0) return time_of(hour, minute, second);
        }
        const int earlier = bit_until(fields_.minutes, minute - 1);
        if (earlier >= 0) return time_of(hour, earlier, last_bit(fields_.seconds));
    }
    const int earlier = bit_until(fields_.hours, hour - 1);
    if (earlier < 0) return {};
    return time_of(earlier, last_bit(fields_.minutes), last_bit(fields_.seconds));
}

std::optional<local_days> Cron::next_day(local_days from) const {
    const year_month_day date{from};
    year_month month = date.year() / date.month();
    int day = static_cast<int>(static_cast<unsigned>(date.day()));
    for (const year_month end = month + years{kSearchedYears}; month <= end; month += months{1}) {
        if ((fields_.months >> static_cast<unsigned>(month.month()) & 1U) != 0) {
            const int found = bit_from(days_of(month), day);
            if (found > 0) return local_days{month / found};
        }
        day = 1;
    }
    return {};
}

std::optional<local_days> Cron::previous_day(local_days until) const {
    const year_month_day date{until};
    year_month month = date.year() / date.month();
    int day = static_cast<int>(static_cast<unsigned>(date.day()));
    for (const year_month end = month - years{kSearchedYears}; month >= end; month -= months{1}) {
        if ((fields_.months >> static_cast<unsigned>(month.month()) & 1U) != 0) {
            const int found = bit_until(days_of(month), day);
            if (found > 0) return local_days{month / found};
        }
        day = 31;
    }
    return {};
}

std::optional<LocalTime> Cron::next(LocalTime from) const {
    const local_days day = floor<days>(from);
    if (const auto time = next_time(from - day); time && matches_day(day)) return day + *time;
    const auto found = next_day(day + days{1});
    if (!found) return {};
    return *found + time_of(first_bit(fields_.hours), first_bit(fields_.minutes), first_bit(fields_.seconds));
}

std::optional<LocalTime> Cron::previous(LocalTime until) const {
    const local_days day = floor<days>(until);
    if (const auto time = previous_time(until - day); time && matches_day(day)) return day + *time;
    const auto found = previous_day(day - days{1});
    if (!found) return {};
    return *found + time_of(last_bit(fields_.hours), last_bit(fields_.minutes), last_bit(fields_.seconds));
}

}  // namespace sluice::schedule
