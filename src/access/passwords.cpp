#include "access/passwords.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

namespace sluice::access {
namespace {

constexpr std::uint64_t kCost = 16384;
constexpr std::uint64_t kBlock = 8;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kShortest = 8;
constexpr std::size_t kLongest = 256;

std::string scrypt(const std::string& password, const std::string& salt, std::uint64_t cost, std::uint64_t block) {
    std::string out(kHashBytes, '\0');
    const int done = EVP_PBE_scrypt(password.data(), password.size(),
                                    reinterpret_cast<const unsigned char*>(salt.data()), salt.size(), cost, block, 1,
                                    64 * 1024 * 1024, reinterpret_cast<unsigned char*>(out.data()), out.size());
    ensure(done == 1, "scrypt failed");
    return out;
}

}  // namespace

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    ensure(RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) == 1, "no random bytes");
    return out;
}

std::string readable_password() {
    constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    std::string out;
    for (const char byte : random_bytes(16)) {
        out += kLetters[static_cast<unsigned char>(byte) % kLetters.size()];
    }
    return out + "A7";
}

std::string random_hex(std::size_t bytes) {
    std::string out;
    for (const char byte : random_bytes(bytes)) out += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return out;
}

std::string digest_of(std::string_view secret) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    ensure(EVP_Digest(secret.data(), secret.size(), digest, &size, EVP_sha256(), nullptr) == 1, "SHA-256 failed");
    return to_base64({reinterpret_cast<const char*>(digest), size});
}

bool are_equal(std::string_view left, std::string_view right) {
    return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

Result<void> check_password(const std::string& username, const std::string& password) {
    if (password.size() < kShortest || password.size() > kLongest)
        return invalid("a password has {} to {} characters, found {}", kShortest, kLongest, password.size());
    if (password.find('\0') != std::string::npos) return invalid("a password has no NUL character");
    if (password == username) return invalid("a password must not be the name of the user");
    return {};
}

std::string to_base64(std::string_view bytes) {
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int size =
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(bytes.data()), static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::string from_base64(std::string_view text) {
    std::string padded(text);
    while (padded.size() % 4 != 0) padded += '=';
    std::string out(padded.size() / 4 * 3, '\0');
    const int size =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                        reinterpret_cast<const unsigned char*>(padded.data()), static_cast<int>(padded.size()));
    if (size < 0) return "";
    out.resize(static_cast<std::size_t>(size));
    for (std::size_t i = padded.size(); i > 0 && padded[i - 1] == '=' && !out.empty(); --i) out.pop_back();
    return out;
}

std::string hash_password(const std::string& password) {
    const std::string salt = random_bytes(16);
    return fmt::format("scrypt${}${}${}${}", kCost, kBlock, to_base64(salt),
                       to_base64(scrypt(password, salt, kCost, kBlock)));
}

bool matches(const std::string& password, const std::string& hash) {
    std::vector<std::string> parts;
    std::size_t from = 0;
    while (from <= hash.size()) {
        const std::size_t end = std::min(hash.find('$', from), hash.size());
        parts.push_back(hash.substr(from, end - from));
        from = end + 1;
    }
    if (parts.size() != 5 || parts[0] != "scrypt") return false;
    const std::uint64_t cost = std::strtoull(parts[1].c_str(), nullptr, 10);
    const std::uint64_t block = std::strtoull(parts[2].c_str(), nullptr, 10);
    if (cost < 2 || cost > 1'048'576 || block < 1 || block > 32) return false;
    const std::string wanted = from_base64(parts[4]);
    const std::string found = scrypt(password, from_base64(parts[3]), cost, block);
    return are_equal(wanted, found);
}

}  // namespace sluice::access
