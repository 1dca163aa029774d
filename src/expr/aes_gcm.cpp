#include "expr/aes_gcm.h"

#include <memory>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "expr/encoding.h"

namespace sluice::expr {
namespace {

constexpr std::size_t kTagBytes = 16;
constexpr std::string_view kSealedType = "io.kestra.datatype:aes_encrypted";

struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

const unsigned char* bytes_of(const std::string& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

const EVP_CIPHER* cipher_for(const std::string& key) {
    return key.size() == 16 ? EVP_aes_128_gcm() : key.size() == 24 ? EVP_aes_192_gcm() : EVP_aes_256_gcm();
}

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    ensure(RAND_bytes(bytes_of(out), static_cast<int>(count)) == 1, "the system has no random numbers");
    return out;
}

}  // namespace

std::string new_aes_key() {
    return base64_of(random_bytes(32));
}

Result<std::string> aes_key_of(std::string_view base64) {
    auto key = from_base64(base64);
    if (!key) return invalid("the key is no base64");
    if (key->size() != 16 && key->size() != 24 && key->size() != 32) {
        return invalid("the key must be base64 of 16, 24 or 32 bytes");
    }
    return std::move(*key);
}

std::string aes_gcm_sealed(const std::string& key, const std::string& iv, const std::string& plain) {
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
    ensure(done, "a text could not be encrypted");
    return base64_of(iv + sealed + tag);
}

Result<std::string> aes_gcm_opened(const std::string& key, std::string_view base64) {
    const auto all = from_base64(base64);
    if (!all || all->size() < kAesIvBytes + kTagBytes) return invalid("the encrypted text is too short, or no base64");
    const std::string sealed = all->substr(kAesIvBytes, all->size() - kAesIvBytes - kTagBytes);
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
    if (!done) return invalid("the text could not be decrypted: another key, or another text");
    plain.resize(static_cast<std::size_t>(written + more));
    return plain;
}

Value sealed_value(const std::string& key, const std::string& plain) {
    return Value{{"type", std::string(kSealedType)},
                 {"value", aes_gcm_sealed(key, random_bytes(kAesIvBytes), plain)}};
}

const std::string* sealed_text(const Value& value) {
    const Map* map = value.if_map();
    if (map == nullptr || map->size() != 2) return nullptr;
    const Value* type = map->find("type");
    const Value* text = map->find("value");
    if (type == nullptr || text == nullptr || type->if_string() == nullptr) return nullptr;
    return *type->if_string() == kSealedType ? text->if_string() : nullptr;
}

}  // namespace sluice::expr
