#include "oidc/key_set.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "oidc/base64_url.h"

namespace sluice::oidc {
namespace {

struct Free {
    void operator()(BIGNUM* one) const { BN_free(one); }
    void operator()(OSSL_PARAM_BLD* one) const { OSSL_PARAM_BLD_free(one); }
    void operator()(OSSL_PARAM* one) const { OSSL_PARAM_free(one); }
    void operator()(EVP_PKEY_CTX* one) const { EVP_PKEY_CTX_free(one); }
    void operator()(EVP_MD_CTX* one) const { EVP_MD_CTX_free(one); }
    void operator()(ECDSA_SIG* one) const { ECDSA_SIG_free(one); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

constexpr int kLeastRsaBits = 2048;

struct Algorithm {
    std::string_view name;
    std::string_view type;
    const EVP_MD* (*digest)();
    bool pss = false;
    std::string_view curve = "";
    std::size_t number_bytes = 0;  // of each of the two numbers of an ECDSA signature
};
const Algorithm kAlgorithms[] = {
    {"RS256", "RSA", EVP_sha256},
    {"RS384", "RSA", EVP_sha384},
    {"RS512", "RSA", EVP_sha512},
    {"PS256", "RSA", EVP_sha256, true},
    {"PS384", "RSA", EVP_sha384, true},
    {"PS512", "RSA", EVP_sha512, true},
    {"ES256", "EC", EVP_sha256, false, "P-256", 32},
    {"ES384", "EC", EVP_sha384, false, "P-384", 48},
    {"ES512", "EC", EVP_sha512, false, "P-521", 66},
};

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

Owned<BIGNUM> number_of(std::string_view bytes) {
    return Owned<BIGNUM>(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

std::shared_ptr<EVP_PKEY> key_from(const char* type, OSSL_PARAM_BLD* build) {
    const Owned<OSSL_PARAM> parameters(OSSL_PARAM_BLD_to_param(build));
    const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    const bool made = parameters && context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) == 1;
    ERR_clear_error();
    return made ? std::shared_ptr<EVP_PKEY>(key, EVP_PKEY_free) : nullptr;
}

std::shared_ptr<EVP_PKEY> rsa_key(const Value& one) {
    const auto modulus = number_of(from_base64_url(one.text("n")));
    const auto exponent = number_of(from_base64_url(one.text("e")));
    if (!modulus || !exponent || BN_num_bits(modulus.get()) < kLeastRsaBits) return nullptr;
    const Owned<OSSL_PARAM_BLD> build(OSSL_PARAM_BLD_new());
    if (OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(build.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1)
        return nullptr;
    return key_from("RSA", build.get());
}

std::shared_ptr<EVP_PKEY> curve_key(const Value& one, const std::string& curve) {
    const auto known = std::find_if(std::begin(kAlgorithms), std::end(kAlgorithms),
                                    [&](const Algorithm& a) { return !a.curve.empty() && a.curve == curve; });
    const std::string x = from_base64_url(one.text("x")), y = from_base64_url(one.text("y"));
    if (known == std::end(kAlgorithms) || x.size() != known->number_bytes || y.size() != known->number_bytes)
        return nullptr;
    const std::string point = '\x04' + x + y;
    const Owned<OSSL_PARAM_BLD> build(OSSL_PARAM_BLD_new());
    if (OSSL_PARAM_BLD_push_utf8_string(build.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve.c_str(), 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(build.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1)
        return nullptr;
    return key_from("EC", build.get());
}

/// The two numbers one after the other, as tokens have them, in the form that OpenSSL reads. Empty: they are none
std::string der_of(std::string_view signature, std::size_t number_bytes) {
    if (signature.size() != 2 * number_bytes) return "";
    const Owned<ECDSA_SIG> both(ECDSA_SIG_new());
    auto r = number_of(signature.substr(0, number_bytes)), s = number_of(signature.substr(number_bytes));
    if (!both || ECDSA_SIG_set0(both.get(), r.get(), s.get()) != 1) return "";
    (void)r.release();  // they are `both`'s now
    (void)s.release();
    unsigned char* out = nullptr;
    const int size = i2d_ECDSA_SIG(both.get(), &out);
    if (size <= 0) return "";
    std::string der(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
    OPENSSL_free(out);
    return der;
}

bool is_signed_by(EVP_PKEY* key, const Algorithm& algorithm, std::string_view text, std::string_view signature) {
    const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* details = nullptr;
    bool right = EVP_DigestVerifyInit(context.get(), &details, algorithm.digest(), nullptr, key) == 1;
    if (right && algorithm.pss) {
        right = EVP_PKEY_CTX_set_rsa_padding(details, RSA_PKCS1_PSS_PADDING) == 1 &&
                EVP_PKEY_CTX_set_rsa_pss_saltlen(details, RSA_PSS_SALTLEN_DIGEST) == 1;
    }
    right = right &&
            EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text), text.size()) == 1;
    ERR_clear_error();
    return right;
}

}  // namespace

Result<KeySet::Key> KeySet::parse_key(const Value& one) {
    Key out;
    out.id = one.text("kid");
    out.type = one.text("kty");
    out.curve = one.text("crv");
    out.algorithm = one.text("alg");
    const std::string use = one.text("use");
    if (!use.empty() && use != "sig") return invalid("it is for '{}'", use);
    if (out.type == "RSA") out.key = rsa_key(one);
    if (out.type == "EC") out.key = curve_key(one, out.curve);
    if (!out.key)
        return invalid("it is no RSA key of {} bits or more, and none of a curve that is known", kLeastRsaBits);
    return out;
}

Result<KeySet> KeySet::parse(const Value& set) {
    const auto keys = set.get("keys");
    if (!keys || !keys->is_list()) return invalid("expected {{\"keys\": […]}}");
    KeySet out;
    for (const Value& one : keys->as_list()) {
        if (auto key = parse_key(one)) out.keys_.push_back(std::move(*key));
    }
    return out;
}

Result<void> KeySet::verify(std::string_view algorithm, const std::string& id, std::string_view text,
                            std::string_view signature) const {
    const auto known = std::find_if(std::begin(kAlgorithms), std::end(kAlgorithms),
                                    [&](const Algorithm& one) { return one.name == algorithm; });
    if (known == std::end(kAlgorithms))
        return refuse(ErrorCode::Unauthorized, "the token is signed by '{}', which is not accepted; RS256 or ES256 are",
                      algorithm);
    const auto fits = [&](const Key& key) {
        return (id.empty() || key.id == id) && key.type == known->type && key.curve == known->curve &&
               (key.algorithm.empty() || key.algorithm == algorithm);
    };
    const auto candidates = std::count_if(keys_.begin(), keys_.end(), fits);
    // Without an id there must be no choice: to try one after the other would let any of them pass for any other.
    if (candidates == 0 || (id.empty() && candidates > 1))
        return tl::unexpected(Error{ErrorCode::Unauthorized,
                                    fmt::format("the provider publishes no key '{}' for {}", id, algorithm),
                                    {},
                                    {},
                                    "unknown key"});
    const Key& key = *std::find_if(keys_.begin(), keys_.end(), fits);
    const std::string der = known->number_bytes > 0 ? der_of(signature, known->number_bytes) : std::string(signature);
    if (!der.empty() && is_signed_by(key.key.get(), *known, text, der)) return {};
    return refuse(ErrorCode::Unauthorized, "the token's signature is not by the provider's key '{}'", id);
}

}  // namespace sluice::oidc
