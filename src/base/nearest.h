#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// The candidate that was probably meant by a misspelt word; empty when none is near.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string_view> candidates);
std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates);

/// "; did you mean 'x'?" or nothing
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace sluice
