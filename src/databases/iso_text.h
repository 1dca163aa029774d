#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "value/value.h"

namespace sluice::databases {

// Dates as databases write them: 2024-02-29, 10:00:00.5, 2024-02-29 10:00:00+02. Nothing when it is none of these, for
// example because the year has more digits.
std::optional<Value> date_of(std::string_view text);
std::optional<Value> time_of(std::string_view text);
std::optional<Value> wall_time_of(std::string_view text);
std::optional<Value> zoned_time_of(std::string_view text, const std::string& zone);

/// "P1Y2M3DT4H5M6.5S" of "1 year 2 mons 3 days 04:05:06.5"
std::optional<std::string> iso_interval_of(std::string_view text);

}  // namespace sluice::databases
