#pragma once
#include <chrono>
#include <mutex>

#include "pg/password_source.h"
#include "server/config.h"

namespace sluice::server {

/// database.password, or what database.password-command prints: asked for by each new connection, kept for
/// database.password-lifetime, and asked for anew when the server refuses it.
/// Threads  any; while the command runs, others wait for it
class DatabasePassword : public pg::PasswordSource {
  public:
    using Clock = std::chrono::steady_clock;

    explicit DatabasePassword(const Config& config);
    /// From the next connection on; those that are there stay.
    void change(const Config& config);

    std::string password() override { return password_at(Clock::now()); }
    std::string password_at(Clock::time_point now);
    void refused() override;

  private:
    struct State {
        std::string given{};
        std::string command{};
        Duration lifetime{};
        std::string printed{};
        Clock::time_point printed_at{};
    };
    std::mutex mutex_{};  // held while the command runs: it runs once, and all who need it wait for the same answer
    State state_{};
};

/// The first line that a shell's command prints; the environment is this process's.
/// Errors  Unavailable: it failed, printed nothing, or took longer than `limit`
Result<std::string> first_line_of(const std::string& command, Duration limit);

}  // namespace sluice::server
