#include "tasks/scripts/byte_size.h"

#include <array>
#include <charconv>
#include <cmath>

namespace sluice::tasks {
namespace byte_size {

constexpr std::string_view kUnits = "bkmgt";
constexpr double kLargest = 9e18;

/// What stands behind the number: "", "b", "k", "kb", "kib"
std::optional<int> power_of(std::string_view unit) {
    std::string lower;
    for (const char c : unit) {
        if (c != ' ') lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    if (lower.empty()) return 0;
    const auto power = kUnits.find(lower.front());
    const std::string_view rest = std::string_view(lower).substr(1);
    const bool known = rest.empty() || (power > 0 && (rest == "b" || rest == "ib"));
    if (power == std::string_view::npos || !known) return {};
    return static_cast<int>(power);
}

}  // namespace byte_size

Result<std::uint64_t> parse_bytes(std::string_view text) {
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const auto power = byte_size::power_of(text.substr(static_cast<std::size_t>(end - text.data())));
    const double bytes = power ? std::floor(number * std::pow(1024.0, *power)) : -1;
    if (error != std::errc() || !(bytes >= 0) || bytes > byte_size::kLargest) {
        return invalid("expected a size such as 512MB, 1GB or a number of bytes, found '{}'", text);
    }
    return static_cast<std::uint64_t>(bytes);
}

}  // namespace sluice::tasks
