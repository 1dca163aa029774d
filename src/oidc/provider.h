#pragma once
/// Log-in by an OpenID provider: the authorization code flow with PKCE.
///
/// Promises
///  - A token counts only when it came from the provider's own token endpoint, is signed by a key that the provider
///    publishes now, and is about this very log-in of this very browser.
///  - A key that the provider changes is noticed at the first token that it signs; nothing needs a restart.
///  - Nothing is kept between the two halves of a log-in but in the browser (attempt.h).
#include <memory>
#include <optional>

#include "base/guarded.h"
#include "net/client.h"
#include "oidc/attempt.h"
#include "oidc/key_set.h"
#include "oidc/settings.h"

namespace sluice::oidc {

/// Whom a provider vouches for.
struct Person {
    std::string subject{};  // never given to another one; names may be
    std::string name{};
    bool owns_name = true;  // false: an e-mail address of which the provider does not say that it is his
    std::string full_name{};
    std::vector<std::string> groups{};
};

/// The claim, or, "realm_access.roles", the one inside of others. A name with dots may also be a claim's own.
Value claim_of(const Value& claims, std::string_view path);
/// Errors  Unauthorized: no name, or an e-mail address that nobody has verified
Result<Person> person_of(const Value& claims, const Settings& settings);

/// Threads  any; each call may wait for the provider, ten seconds at most for each of its answers
class Provider {
  public:
    /// `kept`: so long the description and the keys are taken from memory.
    explicit Provider(Settings settings, Duration kept = 1h) : settings_(std::move(settings)), kept_(kept) {}

    const Settings& settings() const { return settings_; }

    /// Where the browser goes. Errors  Unavailable: the provider does not answer, or says what it should not
    Result<std::string> address_for(const Attempt& attempt, const std::string& redirect_uri);
    /// Errors  Unauthorized: the provider's word, or the token, is not good enough; Unavailable: as above
    Result<Person> redeem(const std::string& code, const Attempt& attempt, const std::string& redirect_uri,
                          Timestamp now);
    /// Where the browser ends its session at the provider, too. Empty: the provider does not say
    std::string address_of_end(const std::string& return_to);

  private:
    using Instant = std::chrono::steady_clock::time_point;
    struct Known {
        std::shared_ptr<const Value> description{};
        Instant description_until{};
        std::optional<Error> failure{};  // the description can't be had, so far
        Instant failure_until{};
        std::shared_ptr<const KeySet> keys{};
        Instant keys_until{};
    };
    Result<std::shared_ptr<const Value>> description();
    Result<std::shared_ptr<const KeySet>> keys(const Value& description, bool fresh);
    Result<Value> fetch(net::Request request, const char* what);
    Result<Value> tokens_for(const Value& description, const std::string& code, const Attempt& attempt,
                             const std::string& redirect_uri);
    Result<Value> checked_claims(const Value& description, const std::string& token, const Attempt& attempt,
                                 Timestamp now);
    Result<Value> with_user_info(const Value& description, Value claims, const std::string& access_token);

    const Settings settings_;
    const Duration kept_;
    net::Client client_{};
    Guarded<Known> known_{};
};

}  // namespace sluice::oidc
