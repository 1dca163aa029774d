#pragma once
#include <string>

#include "base/error.h"
#include "base/time.h"

namespace sluice::oidc {

/// One try to log in, from the redirect to the provider until the way back.
///
/// Nothing of it is kept by us, so nobody can fill a table by beginning many, and any web server may answer the second
/// half. The browser keeps a secret in a cookie; state, nonce and PKCE verifier are keyed digests by it, so who has not
/// that cookie can neither finish somebody's try nor make somebody finish his.
class Attempt {
  public:
    /// `secret`: what the browser keeps. `return_to`: where it goes in the end; an address of another site becomes
    /// "/ui/".
    static Attempt begin(const std::string& secret, const std::string& return_to, Timestamp now);
    /// Errors  Invalid: the state is not of this browser, or older than kLongest
    static Result<Attempt> resume(const std::string& secret, const std::string& state, Timestamp now);

    const std::string& return_to() const { return return_to_; }
    const std::string& state() const { return state_; }
    std::string nonce() const;
    /// 43 characters, of which only we know what their digest is made of.
    std::string verifier() const;
    std::string challenge() const;

    static constexpr std::chrono::seconds kLongest{600};

  private:
    Attempt() = default;
    std::string secret_{};
    std::string state_{};
    std::string return_to_{};
};

}  // namespace sluice::oidc
