#pragma once
#include <string>
#include <string_view>

#include "base/time.h"
#include "oidc/key_set.h"

namespace sluice::oidc {

/// What a token must say to be about this log-in.
struct Expected {
    std::string issuer{};
    std::string client_id{};
    std::string nonce{};
    Timestamp now{};
    Duration clock_skew = 30s;
};

/// The claims of a signed ID token, every one of them checked that says whether it is meant for us, now.
/// Errors  Unauthorized: what is wrong with it; kind "unknown key" as KeySet::verify
Result<Value> claims_of(std::string_view token, const KeySet& keys, const Expected& expected);

}  // namespace sluice::oidc
