#include "oidc/attempt.h"

#include <charconv>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "access/passwords.h"
#include "oidc/base64_url.h"

namespace sluice::oidc {
namespace {

constexpr std::size_t kLongestReturn = 1024;
constexpr std::string_view kPage = "/ui/";

std::string keyed_digest(const std::string& secret, std::string_view purpose, std::string_view text) {
    const std::string all = fmt::format("{}\n{}", purpose, text);
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    const auto* bytes = reinterpret_cast<const unsigned char*>(all.data());
    ensure(HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes, all.size(), out, &size) != nullptr,
           "HMAC failed");
    return to_base64_url({reinterpret_cast<const char*>(out), size});
}

std::int64_t seconds_since_epoch(Timestamp at) {
    return std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count();
}

/// "/a" is here; "//a" and "/\a" are other hosts to a browser.
bool is_our_own(const std::string& address) {
    const bool has_controls = std::any_of(address.begin(), address.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x21 || static_cast<unsigned char>(c) > 0x7e || c == '\\';
    });
    return address.size() <= kLongestReturn && address.starts_with('/') && !address.starts_with("//") && !has_controls;
}

}  // namespace

Attempt Attempt::begin(const std::string& secret, const std::string& return_to, Timestamp now) {
    Attempt out;
    out.secret_ = secret;
    out.return_to_ = is_our_own(return_to) ? return_to : std::string(kPage);
    const std::string what =
        fmt::format("{}.{}.{}", seconds_since_epoch(now), access::random_hex(8), to_base64_url(out.return_to_));
    out.state_ = what + '.' + keyed_digest(secret, "state", what);
    return out;
}

Result<Attempt> Attempt::resume(const std::string& secret, const std::string& state, Timestamp now) {
    const auto dot = state.rfind('.');
    const bool is_signed =
        !secret.empty() && dot != std::string::npos &&
        access::are_equal(state.substr(dot + 1), keyed_digest(secret, "state", state.substr(0, dot)));
    if (!is_signed) return invalid("the state is not of a log-in that this browser began");
    std::int64_t begun = 0;
    std::from_chars(state.data(), state.data() + state.size(), begun);
    const std::int64_t age = seconds_since_epoch(now) - begun;
    if (age > kLongest.count()) return invalid("the log-in took {} s, {} are allowed", age, kLongest.count());
    Attempt out;
    out.secret_ = secret;
    out.state_ = state;
    const auto from = state.rfind('.', dot - 1) + 1;
    out.return_to_ = from_base64_url(std::string_view(state).substr(from, dot - from));
    return out;
}

std::string Attempt::nonce() const {
    return keyed_digest(secret_, "nonce", state_);
}

std::string Attempt::verifier() const {
    return keyed_digest(secret_, "verifier", state_);
}

std::string Attempt::challenge() const {
    return to_base64_url(access::from_base64(access::digest_of(verifier())));
}

}  // namespace sluice::oidc
