#pragma once
#include <memory>
#include <string>

#include "base/error.h"
#include "base/guarded.h"
#include "base/time.h"

struct ssl_ctx_st;  // of OpenSSL

namespace sluice::http {

/// Files in PEM. Without a certificate the server speaks plainly.
struct TlsConfig {
    std::string certificate{};  // with the chain behind it
    std::string key{};
    std::string key_password{};  // of a key that is encrypted
    std::string client_ca{};     // not empty: clients must show a certificate by one of these authorities

    bool is_on() const { return !certificate.empty(); }
};

/// With what new connections are greeted: TLS 1.2 and 1.3, HTTP/1.1. It can be changed at any time; connections that
/// are open keep what they began with.
/// Threads  any
class Tls {
  public:
    /// Errors  Invalid, NotFound: which file is wrong, and how
    static Result<std::shared_ptr<Tls>> load(const TlsConfig& config);
    /// What is wrong changes nothing. Errors  as above
    Result<void> reload(const TlsConfig& config);

    std::shared_ptr<ssl_ctx_st> context() const;
    /// Of the certificate itself, not of its chain.
    Timestamp expires_at() const;

  private:
    struct Loaded {
        std::shared_ptr<ssl_ctx_st> context{};
        Timestamp expires_at{};
    };
    static Result<Loaded> read(const TlsConfig& config);

    Guarded<Loaded> loaded_{};
};

}  // namespace sluice::http
