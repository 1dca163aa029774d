#include <array>
#include <memory>
#include <openssl/evp.h>

#include "expr/builtin_tables.h"
#include "expr/encoding.h"
#include "expr/session.h"

namespace sluice::expr {
namespace {

constexpr std::size_t kIvBytes = 12;
constexpr std::size_t kTagBytes = 16;

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

Failure crypto_failure(std::string_view what) {
    return failure(FailureKind::CryptoError, "{}", what);
}

const unsigned char* bytes_of(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

std::string key_of(Call& call) {
    auto key = from_base64(call.text(0));
    if (!key) throw crypto_failure("the key is no base64");
    if (key->size() != 16 && key->size() != 24 && key->size() != 32) {
        throw crypto_failure("the key must be base64 of 16, 24 or 32 bytes");
    }
    return std::move(*key);
}

const EVP_CIPHER* cipher_for(const std::string& key) {
    return key.size() == 16 ? EVP_aes_128_gcm() : key.size() == 24 ? EVP_aes_192_gcm() : EVP_aes_256_gcm();
}

/// Whether there is nothing to encrypt or decrypt: such a text is answered as it is.
bool is_nothing(Call& call) {
    if (!call.has(1)) throw bad_argument("function '{}': the second argument is missing", call.name());
    return call[1].is_null() || call.text(1).empty();
}

Value encrypt(Call& call) {
    call.required(0);
    if (is_nothing(call)) return call[1];
    const std::string key = key_of(call);
    const std::string& plain = call.text(1);
    std::string iv;
    for (std::size_t i = 0; i < kIvBytes; ++i) iv += static_cast<char>(call.session().environment().random() & 255U);
    std::string sealed(plain.size(), '\0');
    std::string tag(kTagBytes, '\0');
    const Context context(EVP_CIPHER_CTX_new());
    int written = 0;
    int more = 0;
    const bool done =
        context && EVP_EncryptInit_ex(context.get(), cipher_for(key), nullptr, bytes_of(key), bytes_of(iv)) == 1 &&
        EVP_EncryptUpdate(context.get(), bytes_of(sealed), &written, bytes_of(plain), static_cast<int>(plain.size())) ==
            1 &&
        EVP_EncryptFinal_ex(context.get(), bytes_of(sealed) + written, &more) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(kTagBytes), bytes_of(tag)) == 1;
    if (!done) throw crypto_failure("the text could not be encrypted");
    return Value(base64_of(iv + sealed + tag));
}

Value decrypt(Call& call) {
    call.required(0);
    if (is_nothing(call)) return call[1];
    const std::string key = key_of(call);
    const auto all = from_base64(call.text(1));
    if (!all || all->size() < kIvBytes + kTagBytes)
        throw crypto_failure("the encrypted text is too short, or no base64");
    const std::string sealed = all->substr(kIvBytes, all->size() - kIvBytes - kTagBytes);
    std::string tag = all->substr(all->size() - kTagBytes);
    std::string plain(sealed.size() + kTagBytes, '\0');
    const Context context(EVP_CIPHER_CTX_new());
    int written = 0;
    int more = 0;
    const bool done =
        context && EVP_DecryptInit_ex(context.get(), cipher_for(key), nullptr, bytes_of(key), bytes_of(*all)) == 1 &&
        EVP_DecryptUpdate(context.get(), bytes_of(plain), &written, bytes_of(sealed),
                          static_cast<int>(sealed.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(kTagBytes), bytes_of(tag)) == 1 &&
        EVP_DecryptFinal_ex(context.get(), bytes_of(plain) + written, &more) == 1;
    if (!done) throw crypto_failure("the text could not be decrypted: another key, or another text");
    plain.resize(static_cast<std::size_t>(written + more));
    return Value(std::move(plain));
}

constexpr BuiltinRow kFunctionsCrypto[] = {
    {"encrypt", "key, plaintext", encrypt, "The text encrypted by AES-GCM, in base64; the key is base64 too"},
    {"decrypt", "key, encrypted", decrypt, "The text that encrypt() was given"},
};

}  // namespace

const std::span<const BuiltinRow> kCryptoFunctions = kFunctionsCrypto;

}  // namespace sluice::expr
