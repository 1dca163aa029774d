#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace sluice::expr {

std::string base64_of(std::string_view bytes);
/// Padding may be missing; nothing when it is no base64.
std::optional<std::string> from_base64(std::string_view text);

/// As in forms: a blank is +, and everything but letters, digits and . - * _ is %XX.
std::string url_encoded(std::string_view text);
/// Nothing when a % is not followed by two hexadecimal digits.
std::optional<std::string> url_decoded(std::string_view text);

std::string hexadecimal(std::string_view bytes);
/// In hexadecimal digits
std::string sha256_of(std::string_view bytes);

}  // namespace sluice::expr
