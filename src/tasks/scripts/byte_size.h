#pragma once
#include <cstdint>
#include <string_view>

#include "base/error.h"

namespace sluice::tasks {

/// "512MB", "1g", "64KiB", "1024": as container engines read them, a unit is a power of 1024.
/// Errors  Invalid
Result<std::uint64_t> parse_bytes(std::string_view text);

}  // namespace sluice::tasks
