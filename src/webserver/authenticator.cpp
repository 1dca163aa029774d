#include "webserver/authenticator.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include "base/utf8.h"
#include "sql/webserver.h"

namespace sluice::webserver {
namespace {

constexpr std::uint64_t kCost = 16384;
constexpr std::uint64_t kBlock = 8;
constexpr std::size_t kHashBytes = 32;
constexpr auto kRemembered = std::chrono::seconds(60);
constexpr std::size_t kMostRemembered = 10'000;
constexpr Duration kSessionLength = 12h;
constexpr std::string_view kDefaultUser = "admin@sluice.local";

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    ensure(RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) == 1, "no random bytes");
    return out;
}

std::string scrypt(const std::string& password, const std::string& salt, std::uint64_t cost, std::uint64_t block) {
    std::string out(kHashBytes, '\0');
    const int done = EVP_PBE_scrypt(password.data(), password.size(),
                                    reinterpret_cast<const unsigned char*>(salt.data()), salt.size(), cost, block, 1,
                                    64 * 1024 * 1024, reinterpret_cast<unsigned char*>(out.data()), out.size());
    ensure(done == 1, "scrypt failed");
    return out;
}

std::string sha256(std::string_view text) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    EVP_Digest(text.data(), text.size(), digest, &size, EVP_sha256(), nullptr);
    return {reinterpret_cast<const char*>(digest), size};
}

/// Easy to read and to type: no 0/O, 1/l/I.
std::string readable_password() {
    constexpr std::string_view kLetters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    std::string out;
    for (const char byte : random_bytes(16)) {
        out += kLetters[static_cast<unsigned char>(byte) % kLetters.size()];
    }
    return out + "A7";
}

}  // namespace

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
    return wanted.size() == found.size() && CRYPTO_memcmp(wanted.data(), found.data(), found.size()) == 0;
}

Authenticator::Authenticator(pg::Pool& pool, bool enabled) : pool_(pool), enabled_(enabled), key_(random_bytes(32)) {}

std::string Authenticator::digest(const std::string& user, const std::string& password) const {
    const std::string text = user + ":" + password;
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), reinterpret_cast<const unsigned char*>(text.data()),
         text.size(), out, &size);
    return {reinterpret_cast<const char*>(out), size};
}

std::string Authenticator::ensure_first_user(const std::string& user, const std::string& password) {
    if (!enabled_) return "";
    return pool_.in_transaction([&](pg::Transaction& tx) -> std::string {
        tx.run(sql::lock_users);
        const pg::Rows present = tx.run(sql::first_user);
        if (!password.empty()) {
            // Configured credentials hold at every start: changing them in the configuration changes them.
            first_user_ = user.empty() ? std::string(kDefaultUser) : user;
            const pg::Rows rows = tx.run(sql::password_of, first_user_);
            if (rows.empty() || !matches(password, rows[0].text())) {
                tx.run(sql::put_user, first_user_, hash_password(password));
            }
            return "";
        }
        if (!present.empty()) {
            first_user_ = present[0].text();
            return "";
        }
        first_user_ = user.empty() ? std::string(kDefaultUser) : user;
        const std::string made = readable_password();
        tx.run(sql::put_user, first_user_, hash_password(made));
        return made;
    });
}

bool Authenticator::is_right(const std::string& user, const std::string& password) {
    const std::string key = digest(user, password);
    const auto remembered = [&]() -> std::optional<Known> {
        return known_.with([&](const auto& all) {
            const auto found = all.find(key);
            return found != all.end() ? std::optional(found->second) : std::nullopt;
        });
    };
    const auto is_fresh = [](const std::optional<Known>& one) {
        return one && one->until > std::chrono::steady_clock::now();
    };
    if (is_fresh(remembered())) return true;
    const pg::Rows rows = pool_.run(sql::password_of, user);
    // An unknown user costs as much time as a wrong password.
    static const std::string kNobody = hash_password("nobody has this password");
    const std::string hash = rows.empty() ? kNobody : rows[0].text();
    auto known = remembered();
    if (!known || known->hash != hash) {
        // One at a time: each takes 16 MiB, and many callers come back at the same moment.
        const std::lock_guard lock(hashing_);
        known = remembered();
        if (!known || known->hash != hash) {
            if (!matches(password, hash) || rows.empty()) return false;
        }
    }
    known_.with([&](auto& all) {
        if (all.size() >= kMostRemembered) all.clear();
        all[key] = {user, hash, std::chrono::steady_clock::now() + kRemembered};
    });
    return true;
}

std::optional<std::string> Authenticator::user_of_header(std::string_view authorization) {
    constexpr std::string_view kBasic = "Basic ";
    if (!authorization.starts_with(kBasic)) return {};
    const std::string plain = from_base64(authorization.substr(kBasic.size()));
    const std::size_t colon = plain.find(':');
    if (colon == std::string::npos || repaired_utf8(plain) != plain) return {};
    std::string user = plain.substr(0, colon);
    if (!is_right(user, plain.substr(colon + 1))) return {};
    return user;
}

std::string Authenticator::open_session(const std::string& user) {
    std::string cookie;
    for (const char byte : random_bytes(32)) cookie += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    pool_.run(sql::put_session, to_base64(sha256(cookie)), user, kSessionLength);
    return cookie;
}

std::optional<std::string> Authenticator::user_of_session(const std::string& cookie) {
    if (cookie.empty() || cookie.find('\0') != std::string::npos) return {};
    const std::string key = "session " + digest("session", cookie);
    const auto now = std::chrono::steady_clock::now();
    const auto known = known_.with([&](auto& all) -> std::optional<std::string> {
        const auto found = all.find(key);
        if (found == all.end() || found->second.until <= now) return {};
        return found->second.user;
    });
    if (known) return known;
    const pg::Rows rows = pool_.run(sql::session_user, to_base64(sha256(cookie)));
    if (rows.empty()) return {};
    std::string user = rows[0].text();
    known_.with([&](auto& all) {
        if (all.size() >= kMostRemembered) all.clear();
        all[key] = {user, "", now + std::chrono::seconds(10)};
    });
    return user;
}

void Authenticator::close_session(const std::string& cookie) {
    known_.with([&](auto& all) { all.erase("session " + digest("session", cookie)); });
    pool_.run(sql::delete_session, to_base64(sha256(cookie)));
}

}  // namespace sluice::webserver
