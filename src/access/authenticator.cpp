#include "access/authenticator.h"

#include <cmath>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "access/passwords.h"
#include "base/utf8.h"
#include "sql/access.h"

namespace sluice::access {
namespace {

constexpr Duration kRemembered = 10s;
constexpr std::size_t kMostRemembered = 10'000;
constexpr std::string_view kDefaultUser = "admin@sluice.local";
constexpr int kMostFailures = 30;  // of one address
constexpr auto kFailureSpan = std::chrono::minutes(1);

tl::unexpected<Error> unknown() {
    return refuse(ErrorCode::Unauthorized, "wrong username or password");
}

tl::unexpected<Error> too_many(double seconds) {
    return tl::unexpected(Error{ErrorCode::Unavailable,
                                fmt::format("too many wrong passwords; try again in {:.0f} s", std::ceil(seconds)),
                                {},
                                {},
                                "too many"});
}

bool is_storable(std::string_view text) {
    return text.find('\0') == std::string_view::npos;
}

}  // namespace

Authenticator::Authenticator(pg::Pool& pool, pg::Signals& signals, bool enabled, bool takes_passwords)
    : pool_(pool), enabled_(enabled), takes_passwords_(takes_passwords), key_(random_bytes(32)) {
    signals.subscribe(kAccessChannel, [this](const auto&) { forget(); });
}

std::string Authenticator::digest(std::string_view kind, std::string_view secret) const {
    std::string text(kind);
    text += '\0';
    text += secret;
    unsigned char out[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), reinterpret_cast<const unsigned char*>(text.data()),
         text.size(), out, &size);
    return {reinterpret_cast<const char*>(out), size};
}

std::string Authenticator::ensure_first_user(const std::string& user, const std::string& password) {
    if (!enabled_ || !takes_passwords_) return "";  // nobody could use it
    return pool_.in_transaction([&](pg::Transaction& tx) -> std::string {
        tx.run(sql::lock_users);
        const pg::Rows present = tx.run(sql::first_user);
        const auto put = [&](const std::string& wanted) {
            tx.run(sql::put_user, first_user_, hash_password(wanted));
            tx.run(sql::bind_first_admin, first_user_);
        };
        if (!password.empty()) {
            // Configured credentials hold at every start: changing them in the configuration changes them.
            first_user_ = user.empty() ? std::string(kDefaultUser) : user;
            const pg::Rows rows = tx.run(sql::login_of, first_user_);
            if (rows.empty() || !matches(password, rows[0].text()))
                put(password);
            else
                tx.run(sql::bind_first_admin, first_user_);
            return "";
        }
        if (!present.empty()) {
            first_user_ = present[0].text();
            return "";
        }
        first_user_ = user.empty() ? std::string(kDefaultUser) : user;
        const std::string made = readable_password();
        put(made);
        return made;
    });
}

std::optional<Identity> Authenticator::known(const std::string& key) {
    return known_.with([&](const auto& all) -> std::optional<Identity> {
        const auto found = all.find(key);
        if (found == all.end() || found->second.generation != generation_ ||
            found->second.until <= std::chrono::steady_clock::now())
            return {};
        return found->second.identity;
    });
}

void Authenticator::remember(const std::string& key, const Identity& identity, std::uint64_t generation,
                             Duration at_most) {
    const auto until = std::chrono::steady_clock::now() + std::min(kRemembered, at_most);
    known_.with([&](auto& all) {
        if (all.size() >= kMostRemembered) all.clear();
        all[key] = {identity, generation, until};
    });
}

Result<Identity> Authenticator::identity_of(const std::string& user, Identity::By by) {
    auto account = load_account(pool_, user);
    if (!account || account->disabled) return unknown();
    return Identity{user, by, std::make_shared<const Grants>(std::move(account->grants))};
}

/// Is it the password? Its slow hash is worked out once, until the stored one changes.
Result<void> Authenticator::hold_password(const std::string& key, const std::string& user,
                                          const std::string& password) {
    const pg::Rows rows = pool_.run(sql::login_of, user);
    // An unknown user costs as much time as a wrong password.
    static const std::string kNobody = hash_password("nobody has this password");
    std::string hash = kNobody;
    bool closed = true;
    if (!rows.empty()) {
        pg::Row row = rows[0];
        hash = row.text();
        closed = row.boolean();
        const double wait = row.number();
        if (wait > 0) return too_many(wait);
    }
    const auto was_right = [&] {
        return right_hashes_.with([&](const auto& all) {
            const auto found = all.find(key);
            return found != all.end() && found->second == hash;
        });
    };
    if (!was_right()) {
        // One at a time: each takes 16 MiB, and many callers come back at the same moment.
        const std::lock_guard lock(hashing_);
        if (!was_right()) {
            if (!matches(password, hash) || rows.empty()) {
                if (!rows.empty()) pool_.run(sql::note_failed_login, user);
                return unknown();
            }
            right_hashes_.with([&](auto& all) {
                if (all.size() >= kMostRemembered) all.clear();
                all[key] = hash;
            });
            pool_.run(sql::note_login, user);
        }
    }
    if (closed) return unknown();
    return {};
}

/// One address that guesses costs us a hash each time: after some it waits.
bool Authenticator::is_patient_with(const std::string& remote) {
    const auto now = std::chrono::steady_clock::now();
    return failures_.with([&](auto& all) {
        const auto found = all.find(remote);
        if (found == all.end()) return true;
        if (now - found->second.since < kFailureSpan) return found->second.count < kMostFailures;
        all.erase(found);
        return true;
    });
}

void Authenticator::note_failure(const std::string& remote) {
    failures_.with([&](auto& all) {
        if (all.size() >= kMostRemembered) all.clear();
        Failures& failures = all[remote];
        if (failures.count++ == 0) failures.since = std::chrono::steady_clock::now();
    });
}

Result<Identity> Authenticator::of_password(const std::string& user, const std::string& password,
                                            const std::string& remote) {
    if (!takes_passwords_)
        return refuse(
            ErrorCode::Unauthorized,
            "passwords are not taken here (admin.password-login): log in by the provider, or use an API token");
    if (!is_storable(user) || !is_storable(password)) return unknown();
    const std::string key = digest("password", user + '\n' + password);
    if (auto found = known(key)) return *std::move(found);
    if (!is_patient_with(remote)) return too_many(60);
    const std::uint64_t generation = generation_;
    if (auto right = hold_password(key, user, password); !right) {
        note_failure(remote);
        return tl::unexpected(right.error());
    }
    auto identity = identity_of(user, Identity::By::Password);
    if (identity) remember(key, *identity, generation, kRemembered);
    return identity;
}

Result<Identity> Authenticator::of_token(const std::string& token) {
    if (!token.starts_with(kTokenPrefix) || !is_storable(token)) return unknown();
    const std::string key = digest("token", token);
    if (auto found = known(key)) return *std::move(found);
    const std::uint64_t generation = generation_;
    const pg::Rows rows = pool_.run(sql::token_user, digest_of(token));
    if (rows.empty()) return refuse(ErrorCode::Unauthorized, "the token is not known, was revoked or has expired");
    pg::Row row = rows[0];
    auto identity = identity_of(row.text(), Identity::By::Token);
    if (!identity) return identity;
    const bool has_role = row.maybe_text().has_value();
    const auto capabilities = row.maybe_texts();
    const Capabilities reach = has_role ? Capabilities::known_of(capabilities) : Capabilities::all();
    identity->grants = std::make_shared<const Grants>(identity->grants->narrowed(reach, row.text()));
    const auto left = row.maybe_number();
    const Duration lasts =
        left ? std::chrono::duration_cast<Duration>(std::chrono::duration<double>(std::min(*left, 60.0))) : kRemembered;
    remember(key, *identity, generation, lasts);
    return identity;
}

Result<Identity> Authenticator::of_header(std::string_view authorization, const std::string& remote) {
    constexpr std::string_view kBasic = "Basic ";
    constexpr std::string_view kBearer = "Bearer ";
    if (authorization.starts_with(kBearer)) return of_token(std::string(authorization.substr(kBearer.size())));
    if (!authorization.starts_with(kBasic)) return unknown();
    const std::string plain = from_base64(authorization.substr(kBasic.size()));
    const std::size_t colon = plain.find(':');
    if (colon == std::string::npos || repaired_utf8(plain) != plain) return unknown();
    return of_password(plain.substr(0, colon), plain.substr(colon + 1), remote);
}

Identity Authenticator::of_anybody() {
    static const auto everything = std::make_shared<const Grants>(Grants::of_everything());
    return {"", Identity::By::Nobody, everything};
}

std::string Authenticator::open_session(pg::Transaction& tx, const std::string& user, bool by_provider) {
    const std::string cookie = random_hex(32);
    tx.run(sql::put_session, digest_of(cookie), user, kSessionLength, by_provider);
    return cookie;
}

Result<Identity> Authenticator::of_session(const std::string& cookie) {
    if (cookie.empty() || !is_storable(cookie)) return unknown();
    const std::string key = digest("session", cookie);
    if (auto found = known(key)) return *std::move(found);
    const std::uint64_t generation = generation_;
    const pg::Rows rows = pool_.run(sql::session_user, digest_of(cookie));
    if (rows.empty()) return refuse(ErrorCode::Unauthorized, "the session is over; log in again");
    auto identity = identity_of(rows[0].text(), Identity::By::Session);
    if (identity) remember(key, *identity, generation, kRemembered);
    return identity;
}

bool Authenticator::close_session(const std::string& cookie) {
    const pg::Rows gone = pool_.run(sql::delete_session, digest_of(cookie));
    forget();
    return !gone.empty() && gone[0].boolean();
}

}  // namespace sluice::access
