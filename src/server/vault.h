#pragma once
#include <map>
#include <optional>
#include <string>

#include "base/guarded.h"
#include "base/service.h"
#include "net/client.h"

namespace sluice::server {

struct VaultConfig {
    std::string address{};  // "https://vault.example.com:8200"
    std::string mount = "secret";
    std::int64_t kv_version = 2;
    std::string path = "{namespace}";  // below the mount
    std::string name_space{};          // of Vault's own, in the header X-Vault-Namespace; empty: none
    std::string token{};
    std::string token_file{};  // read whenever a token is needed: an agent may write a new one
    std::string role_id{};     // AppRole
    std::string secret_id{};
    std::string approle_mount = "approle";
    std::string ca_file{};
    Duration timeout = 5s;
    Duration cache = 60s;
};

/// Secrets of a Vault, or of what speaks like one (KV, versions 1 and 2). What was read is kept for a while; that there
/// is nothing, for a shorter one. The token is renewed while the process lives, and drawn anew where an AppRole is
/// configured. Threads  find(): any
class Vault : public Service {
  public:
    Vault(net::Client& http, VaultConfig config);
    ~Vault() override { stop(); }

    /// That of `name_space`, else of the nearest one above it. Empty: nobody has it
    /// Errors  Unavailable: no answer, sealed; Timeout; Forbidden: no token, or its policy does not reach there
    Result<std::optional<std::string>> find(const std::string& name_space, const std::string& key);

  protected:
    /// Renews the token.
    Turn turn(std::stop_token stop) override;

  private:
    using Fields = std::map<std::string, std::string>;
    using Clock = std::chrono::steady_clock;
    struct Token {
        std::string text{};
        bool renewable = false;
        std::optional<Clock::time_point> renew_at{};
    };
    struct Known {
        std::optional<Fields> fields{};  // empty: there is nothing at that path
        Clock::time_point until{};
    };

    Result<std::optional<Fields>> read(const std::string& path);
    Result<std::optional<Fields>> ask(const std::string& path, bool again);
    bool is_valid(const std::string& token);
    Result<std::string> token();
    Result<Token> fresh_token();
    Result<Token> log_in();
    Result<net::Response> send(const char* method, const std::string& path, const std::string& token, std::string body);
    Error refused(const net::Response& answer, const std::string& path) const;

    net::Client& http_;
    const VaultConfig config_;
    Guarded<Token> token_{};
    Guarded<std::map<std::string, Known>> known_{};
};

}  // namespace sluice::server
