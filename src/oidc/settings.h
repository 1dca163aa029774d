#pragma once
#include <string>

#include "base/time.h"

namespace sluice::oidc {

struct Settings {
    std::string issuer{};  // empty: nobody logs in so
    std::string client_id{};
    std::string client_secret{};  // empty: a public client, which PKCE guards alone
    std::string scopes = "openid profile email";
    std::string user_claim = "preferred_username";
    std::string name_claim = "name";
    std::string groups_claim = "groups";
    bool takes_unverified_email = false;  // a provider that never says email_verified
    std::string ca_file{};
    Duration clock_skew = 30s;
};

}  // namespace sluice::oidc
