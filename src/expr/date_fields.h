#pragma once
#include <chrono>
#include <cstdint>
#include <optional>

#include "expr/dates.h"

namespace sluice::expr {

// Dates farther away are refused: the calendar of the standard library ends at the year 32767.
constexpr std::int64_t kFarthestYear = 30'000;
constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

/// The fields that a text gave, before they make a date.
struct DateFields {
    using Field = std::optional<std::int64_t>;
    Field era{};  // 0 is BC
    Field year_of_era{};
    Field year{};
    Field quarter{};
    Field month{};
    Field day{};
    Field day_of_year{};
    Field weekday{};        // Monday is 1
    Field local_weekday{};  // of en_US: Sunday is 1
    Field local_week{};
    Field local_week_year{};
    Field iso_week{};
    Field iso_week_year{};
    Field half_of_day{};  // 1 is PM
    Field hour{};
    Field clock_hour{};    // 1 to 24
    Field hour_of_half{};  // 0 to 11
    Field clock_hour_of_half{};
    Field minute{};
    Field second{};
    Field nano{};
    Field milli_of_day{};
    Field nano_of_day{};
    std::optional<std::chrono::seconds> offset{};
    std::optional<Zone> region{};
};

enum class Resolving { Smart, Strict };

/// The date that the fields make; nothing when they make none, or contradict each other. Smart: a day beyond the end of
/// its month is its last day, and hour 24 is the next midnight.
std::optional<ReadDate> resolved(const DateFields& fields, Resolving how);

}  // namespace sluice::expr
