#include "expr/aes_gcm.h"
#include "expr/builtin_tables.h"
#include "expr/session.h"

namespace sluice::expr {
namespace {

template <class T>
T opened(Result<T> result) {
    if (!result) throw failure(FailureKind::CryptoError, "{}", result.error().message);
    return std::move(*result);
}

/// Whether there is nothing to encrypt or decrypt: such a text is answered as it is.
bool is_nothing(Call& call) {
    if (!call.has(1)) throw bad_argument("function '{}': the second argument is missing", call.name());
    return call[1].is_null() || call.text(1).empty();
}

Value encrypt(Call& call) {
    call.required(0);
    if (is_nothing(call)) return call[1];
    const std::string key = opened(aes_key_of(call.text(0)));
    std::string iv;
    for (std::size_t i = 0; i < kAesIvBytes; ++i) {
        iv += static_cast<char>(call.session().environment().random() & 255U);
    }
    return Value(aes_gcm_sealed(key, iv, call.text(1)));
}

Value decrypt(Call& call) {
    call.required(0);
    if (is_nothing(call)) return call[1];
    return Value(opened(aes_gcm_opened(opened(aes_key_of(call.text(0))), call.text(1))));
}

constexpr BuiltinRow kFunctionsCrypto[] = {
    {"encrypt", "key, plaintext", encrypt, "The text encrypted by AES-GCM, in base64; the key is base64 too"},
    {"decrypt", "key, encrypted", decrypt, "The text that encrypt() was given"},
};

}  // namespace

const std::span<const BuiltinRow> kCryptoFunctions = kFunctionsCrypto;

}  // namespace sluice::expr
