#pragma once
#include <chrono>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace sluice::schedule {

/// A day without work, and why.
struct Holiday {
    std::chrono::local_days day{};
    std::string_view name{};
};

/// The public holidays of a year, in order. Without a subdivision: those that the whole country has.
///
/// country      ISO 3166-1: "DE"
/// subdivision  ISO 3166-2, with the country or without: "DE-BY", "BY"; "" for the whole country
/// Errors  Invalid: the country or subdivision is not in our tables; the message lists what is
Result<std::vector<Holiday>> public_holidays(std::string_view country, std::string_view subdivision,
                                             std::chrono::year year);

/// The name of the public holiday on that day, or "".
/// Errors  as public_holidays
Result<std::string_view> public_holiday(std::string_view country, std::string_view subdivision,
                                        std::chrono::local_days day);

/// Whether the tables have them.
/// Errors  as public_holidays
Result<void> check_country(std::string_view country, std::string_view subdivision);

}  // namespace sluice::schedule
