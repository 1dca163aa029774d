#pragma once
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "access/accounts.h"
#include "base/guarded.h"
#include "pg/pg.h"
#include "pg/signals.h"

namespace sluice::access {

/// Users, roles, tokens: for who remembers them.
inline const std::string kAccessChannel = "sluice_access";

/// Who sent a request, and what he may do with it.
struct Identity {
    enum class By { Nobody, Password, Session, Token };
    std::string user{};
    By by = By::Nobody;
    std::shared_ptr<const Grants> grants{};
};

/// Who is it? Passwords are stored as scrypt hashes; sessions and tokens as hashes of what the client keeps.
///
/// A request costs neither a slow hash nor a question to the database: what was right is remembered under a keyed
/// digest for ten seconds, and a password's hash until it changes. A change of users, roles, bindings, tokens or
/// sessions, in SQL too, is told by NOTIFY and counts at once; should that get lost, after those ten seconds. Threads
/// any
class Authenticator {
  public:
    /// Before signals.start()
    /// takes_passwords  false: an OpenID provider and tokens are the only ways in
    Authenticator(pg::Pool& pool, pg::Signals& signals, bool enabled, bool takes_passwords = true);

    /// Sets the first user when there is none. Returns a password that was made; empty: it was given, or is there.
    std::string ensure_first_user(const std::string& user, const std::string& password);
    const std::string& first_user() const { return first_user_; }
    bool enabled() const { return enabled_; }
    bool takes_passwords() const { return takes_passwords_; }

    /// "Basic …" or "Bearer …". `remote`: whose failures are counted
    /// Errors  Unauthorized: wrong, expired, disabled, a password where none are taken; Unavailable "too many": locked
    /// for a while after wrong ones
    Result<Identity> of_header(std::string_view authorization, const std::string& remote);
    Result<Identity> of_password(const std::string& user, const std::string& password, const std::string& remote);
    Result<Identity> of_session(const std::string& cookie);
    /// An address that was refused often in the last minute waits, whatever it was refused: here, or by a provider.
    bool is_patient_with(const std::string& remote);
    void note_failure(const std::string& remote);
    /// Nobody is asked here: anybody may everything.
    static Identity of_anybody();

    /// A new session's cookie value. `by_provider`: an OpenID provider let him in, and may want to know of the end.
    static std::string open_session(pg::Transaction& tx, const std::string& user, bool by_provider = false);
    /// Returns whether a provider had let him in.
    bool close_session(const std::string& cookie);
    /// Forgets all that is remembered.
    void forget() { ++generation_; }

    static constexpr std::string_view kCookie = "SLUICE_SESSION";
    static constexpr Duration kSessionLength = 12h;

  private:
    using Instant = std::chrono::steady_clock::time_point;
    struct Known {
        Identity identity{};
        std::uint64_t generation = 0;
        Instant until{};
    };
    std::string digest(std::string_view kind, std::string_view secret) const;
    std::optional<Identity> known(const std::string& key);
    void remember(const std::string& key, const Identity& identity, std::uint64_t generation, Duration at_most);
    Result<Identity> of_token(const std::string& token);
    Result<Identity> identity_of(const std::string& user, Identity::By by);
    Result<void> hold_password(const std::string& key, const std::string& user, const std::string& password);

    pg::Pool& pool_;
    const bool enabled_;
    const bool takes_passwords_;
    std::string first_user_{};
    const std::string key_;  // of this process: digests say nothing to others
    std::atomic<std::uint64_t> generation_{1};
    Guarded<std::map<std::string, Known>> known_{};
    Guarded<std::map<std::string, std::string>> right_hashes_{};  // by the password's digest: what it matched
    struct Failures {
        int count = 0;
        Instant since{};
    };
    Guarded<std::map<std::string, Failures>> failures_{};  // by the client's address
    std::mutex hashing_{};
};

}  // namespace sluice::access
