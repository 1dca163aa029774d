#pragma once
#include <string>
#include <string_view>

namespace sluice::oidc {

/// Base64 with - and _ and without padding, as tokens and addresses have it.
std::string to_base64_url(std::string_view bytes);
/// Empty: it is none, or of nothing
std::string from_base64_url(std::string_view text);

}  // namespace sluice::oidc
