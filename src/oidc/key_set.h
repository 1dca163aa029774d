#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "value/value.h"

struct evp_pkey_st;  // of OpenSSL

namespace sluice::oidc {

/// The public keys by which a provider's signatures are checked.
class KeySet {
  public:
    /// What is no key for signatures, or of a kind that we don't know, is left out: others may still fit.
    /// Errors  Invalid: it is no set of keys
    static Result<KeySet> parse(const Value& set);

    /// Is `signature` by the key `id` over `text`? Algorithms: RS, PS and ES with 256, 384 and 512. Not `none`, and
    /// none with a shared secret (HS…): such a "signature" anybody could make with a key that is public. Errors
    /// Unauthorized: it is not, or the algorithm is another (kind "unknown key": there is no such key here)
    Result<void> verify(std::string_view algorithm, const std::string& id, std::string_view text,
                        std::string_view signature) const;
    std::size_t size() const { return keys_.size(); }

  private:
    struct Key {
        std::string id{};
        std::string type{};       // RSA, EC
        std::string curve{};      // P-256 …
        std::string algorithm{};  // it is for this one only; empty: any of its type
        std::shared_ptr<evp_pkey_st> key{};
    };
    static Result<Key> parse_key(const Value& one);

    std::vector<Key> keys_{};
};

}  // namespace sluice::oidc
