#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/guarded.h"
#include "pg/pg.h"

namespace sluice::webserver {

/// Who is it? Passwords are stored as scrypt hashes, sessions as hashes of their cookie.
///
/// A hash takes a twentieth of a second by design, so what was right is remembered, as a keyed digest, until the user's
/// hash changes; that is asked for every minute.
/// Threads  any
class Authenticator {
  public:
    Authenticator(pg::Pool& pool, bool enabled);

    /// Sets the first user when there is none. Returns a password that was made; empty: it was given, or is there.
    std::string ensure_first_user(const std::string& user, const std::string& password);
    const std::string& first_user() const { return first_user_; }
    bool enabled() const { return enabled_; }

    /// Of "Basic …". Empty: wrong, or no such header
    std::optional<std::string> user_of_header(std::string_view authorization);
    bool is_right(const std::string& user, const std::string& password);

    /// A new session's cookie value.
    std::string open_session(const std::string& user);
    std::optional<std::string> user_of_session(const std::string& cookie);
    void close_session(const std::string& cookie);

    static constexpr std::string_view kCookie = "SLUICE_SESSION";

  private:
    std::string digest(const std::string& user, const std::string& password) const;

    pg::Pool& pool_;
    const bool enabled_;
    std::string first_user_{};
    const std::string key_;  // of this process: digests say nothing to others
    struct Known {
        std::string user{};
        std::string hash{};  // that the password was held against: while it stays, so does the answer
        std::chrono::steady_clock::time_point until{};
    };
    Guarded<std::map<std::string, Known>> known_{};
    std::mutex hashing_{};
};

/// "scrypt$N$r$p$salt$hash", in base64
std::string hash_password(const std::string& password);
bool matches(const std::string& password, const std::string& hash);
std::string from_base64(std::string_view text);
std::string to_base64(std::string_view bytes);

}  // namespace sluice::webserver
