#pragma once
#include <string>
#include <vector>

namespace sluice::expr {

/// The text with every occurrence of a secret replaced by as many stars. A run of nine or more begins with "**masked*".
/// Secrets of fewer than three characters are left: they would blot out everything.
/// Source  flows.md §5.4
std::string masked(std::string text, const std::vector<std::string>& secrets);

}  // namespace sluice::expr
