#pragma once
#include <string>

#include "base/error.h"

namespace sluice::expr {

/// Whether a regular expression of Java's syntax matches the whole text.
/// Errors  Invalid: the pattern can't be read, or matching it takes too long
Result<bool> matches_whole(const std::string& pattern, const std::string& text);

}  // namespace sluice::expr
