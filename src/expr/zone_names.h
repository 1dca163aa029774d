#pragma once
#include <string_view>

namespace sluice::expr {

enum class ZoneNameLength { Short, Long };
enum class ZoneNameSeason { Winter, Summer, Both };

/// "CEST", "Central European Summer Time"; empty for a zone without a name
std::string_view zone_name(std::string_view id, ZoneNameLength length, ZoneNameSeason season);

}  // namespace sluice::expr
