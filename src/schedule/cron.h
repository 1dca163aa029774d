#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "schedule/zone.h"

namespace sluice::schedule {

/// What the fields of a cron expression allow; bit n stands for the number n.
struct CronFields {
    std::uint64_t seconds = 1;
    std::uint64_t minutes = 0;
    std::uint32_t hours = 0;
    std::uint32_t days = 0;
    std::uint32_t days_before_last = 0;  // L: bit 0; L-3: bit 3
    std::uint32_t workdays_near = 0;     // 15W: bit 15; LW: bit 0
    std::uint16_t months = 0;
    std::uint8_t weekdays = 0;                   // bit 0: Sunday
    std::uint8_t last_weekdays = 0;              // 5L
    std::array<std::uint8_t, 5> nth_weekdays{};  // 5#2: [1]
    bool any_day = false;                        // the day of the month is not restricted
    bool any_weekday = false;                    // nor the day of the week
    bool stepped = false;  // seconds or minutes are written as * or with a step, and match more than once
};

/// A cron expression: which times of a wall clock it names. It knows no zone; see CronInZone.
///
/// Five fields (minute, hour, day of month, month, day of week), or six with seconds first. A field holds `*` (or `?`),
/// numbers, ranges `1-5`, steps `*/5`, `2/5`, `1-30/5`, and lists of these; months and days of the week may be named
/// (JAN, mon); Sunday is 0 and 7. Days also: `L` the last, `L-2`, `15W` the working day nearest to the 15th, `LW`; days
/// of the week also: `FRI#2` the second Friday, `FRIL` the last. When both kinds of days are restricted, either is
/// enough.
class Cron {
  public:
    Cron(std::string text, const CronFields& fields) : text_(std::move(text)), fields_(fields) {}

    const std::string& text() const { return text_; }
    bool matches(LocalTime at) const;
    bool matches_day(std::chrono::local_days day) const;
    bool matches_hour(int hour) const { return (fields_.hours >> hour & 1U) != 0; }

    /// The first match at or after `from`; empty when there is none within ten years.
    std::optional<LocalTime> next(LocalTime from) const;
    /// The last match at or before `until`; empty when there is none within ten years.
    std::optional<LocalTime> previous(LocalTime until) const;

    /// Whether it means "every so often" rather than "at these times of the day": it runs in all hours, or its minutes
    /// or seconds are written as `*` or with a step.
    bool is_interval() const { return fields_.hours == 0xFFFFFF || fields_.stepped; }

  private:
    std::uint32_t days_of(std::chrono::year_month month) const;
    std::optional<std::chrono::local_days> next_day(std::chrono::local_days from) const;
    std::optional<std::chrono::local_days> previous_day(std::chrono::local_days until) const;
    std::optional<Seconds> next_time(Seconds from) const;
    std::optional<Seconds> previous_time(Seconds until) const;

    std::string text_;
    CronFields fields_;
};

/// Reads a cron expression, or one of @yearly @annually @monthly @weekly @daily @midnight @hourly.
///
/// with_seconds  six fields, seconds first
/// Errors  Invalid: "invalid cron expression 'X': ", then the field, the word in it that is wrong, and what is allowed
Result<Cron> parse_cron(std::string_view text, bool with_seconds = false);

}  // namespace sluice::schedule
