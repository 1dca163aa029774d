#include <algorithm>
#include <array>

#include "expr/builtin_tables.h"
#include "expr/dates.h"
#include "expr/session.h"
#include "expr/text_forms.h"
#include "expr/unicode.h"
#include "value/extension.h"

namespace sluice::expr {
namespace {

using std::chrono::local_days;

// In the order of ISO weeks: Monday is 1.
constexpr std::string_view kDays[] = {"MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"};
constexpr std::string_view kPositions[] = {"FIRST", "SECOND", "THIRD", "FOURTH", "LAST"};

std::string date_text(Call& call, std::size_t index) {
    return java_text_of(call.required(index), call.session());
}

/// The date as it stands in the text, whatever the zone.
ReadDate read_as_written(Call& call, std::size_t index) {
    const std::string text = date_text(call, index);
    for (const std::string_view preset : {"iso_zoned_date_time", "iso_local_date_time", "iso_local_date"}) {
        try {
            return read_date(text, DatePattern::of(preset, DateLocale::english()));
        } catch (const Failure&) {  // the next form may fit; the last word is below
        }
    }
    throw failure(FailureKind::DateError, "function '{}': the text '{}' is no ISO date", call.name(), text);
}

local_days day_of(Call& call) {
    return read_as_written(call, 0).day;
}
unsigned weekday_of(local_days day) {
    return std::chrono::weekday(day).iso_encoding();
}

Value is_weekend(Call& call) {
    return Value(weekday_of(day_of(call)) >= 6);
}
Value day_of_week(Call& call) {
    return Value(kDays[weekday_of(day_of(call)) - 1]);
}

Value day_of_month(Call& call) {
    const std::chrono::year_month_day date(day_of(call));
    return Value(static_cast<std::int32_t>(static_cast<unsigned>(date.day())));
}

Value month_of_year(Call& call) {
    const std::chrono::year_month_day date(day_of(call));
    return Value(static_cast<std::int32_t>(static_cast<unsigned>(date.month())));
}

Value hour_of_day(Call& call) {
    constexpr std::int64_t kNanosPerHour = 3'600'000'000'000;
    return Value(static_cast<std::int32_t>(read_as_written(call, 0).nano_of_day.value_or(0) / kNanosPerHour));
}

/// The number of the day in ISO weeks
unsigned weekday_named(Call& call, std::string_view name) {
    const auto found = std::find(std::begin(kDays), std::end(kDays), upper_case(name));
    if (found == std::end(kDays))
        throw bad_argument("function '{}': '{}' is no day of the week, such as MONDAY", call.name(), name);
    return static_cast<unsigned>(found - std::begin(kDays)) + 1;
}

local_days last_of_month(local_days day) {
    const std::chrono::year_month_day date(day);
    return local_days{date.year() / date.month() / std::chrono::last};
}

Value is_day_week_in_month(Call& call) {
    const local_days day = day_of(call);
    const unsigned wanted = weekday_named(call, call.text(1));
    const auto position = std::find(std::begin(kPositions), std::end(kPositions), upper_case(call.text(2)));
    if (position == std::end(kPositions)) call.refuse(2, "FIRST, SECOND, THIRD, FOURTH or LAST");
    if (weekday_of(day) != wanted) return Value(false);
    if (*position == "LAST") return Value(last_of_month(day) - day < std::chrono::days{7});
    const auto of_month = static_cast<unsigned>(std::chrono::year_month_day(day).day());
    return Value((of_month - 1) / 7 == static_cast<unsigned>(position - std::begin(kPositions)));
}

/// "MONDAY, TUESDAY" or "MONDAY TUESDAY"
std::array<bool, 8> working_days(Call& call) {
    std::array<bool, 8> works{};
    const std::string names = call.text_or(1, "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY");
    for (std::size_t from = 0; (from = names.find_first_not_of(", ", from)) != std::string::npos;) {
        const std::size_t end = std::min(names.find_first_of(", ", from), names.size());
        works[weekday_named(call, std::string_view(names).substr(from, end - from))] = true;
        from = end;
    }
    return works;
}

Value is_last_working_day(Call& call) {
    const local_days day = day_of(call);
    const auto works = working_days(call);
    local_days last = last_of_month(day);
    while (last > day && !works[weekday_of(last)]) last -= std::chrono::days{1};
    return Value(last == day && works[weekday_of(day)]);
}

Value is_public_holiday(Call& call) {
    const local_days day = day_of(call);
    const std::string country = call.text_or(1, "");
    const auto answer = call.session().environment().is_public_holiday(day, country, call.text_or(2, ""));
    if (!answer) throw from_outside(answer.error());
    return Value(*answer);
}

/// Without a zone it is UTC.
Moment moment_of(Call& call, std::size_t index) {
    return to_date(Value(date_text(call, index)), Zone::utc(), "").moment;
}

Value is_date_before(Call& call) {
    return Value(moment_of(call, 0) < moment_of(call, 1));
}
Value is_date_after(Call& call) {
    return Value(moment_of(call, 0) > moment_of(call, 1));
}

Moment moment_with_offset(Call& call, std::size_t index) {
    const ReadDate read = read_as_written(call, index);
    if (!read.offset) {
        throw failure(FailureKind::DateError,
                      "function '{}': the date '{}' must tell its offset, as in 2024-02-29T10:00:00Z", call.name(),
                      date_text(call, index));
    }
    return moment_of(call, index);
}

Value is_date_between(Call& call) {
    const Moment date = moment_with_offset(call, 0);
    return Value(moment_with_offset(call, 1) < date && date < moment_with_offset(call, 2));
}

constexpr BuiltinRow kFunctionsCalendar[] = {
    {"isWeekend", "date", is_weekend, "Whether the date is a Saturday or a Sunday"},
    {"dayOfWeek", "date", day_of_week, "MONDAY, TUESDAY …"},
    {"dayOfMonth", "date", day_of_month, "1 to 31"},
    {"monthOfYear", "date", month_of_year, "1 to 12"},
    {"hourOfDay", "date", hour_of_day, "0 to 23"},
    {"isDayWeekInMonth", "date, dayOfWeek, position", is_day_week_in_month,
     "Whether the date is the FIRST, SECOND, THIRD, FOURTH or LAST such day of its month"},
    {"isLastWorkingDay", "date, workingDays='MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY'", is_last_working_day,
     "Whether no working day of the month is later"},
    {"isPublicHoliday", "date, countryCode, subDivision", is_public_holiday,
     "Whether the date is a public holiday there"},
    {"isDateBefore", "date, reference", is_date_before, "Whether the date is earlier than the other"},
    {"isDateAfter", "date, reference", is_date_after, "Whether the date is later than the other"},
    {"isDateBetween", "date, after, before", is_date_between,
     "Whether the date is later than one and earlier than the other"},
};

}  // namespace

const std::span<const BuiltinRow> kCalendarFunctions = kFunctionsCalendar;

}  // namespace sluice::expr
