#pragma once
#include <string>
#include <vector>

#include "http/request.h"

namespace sluice::webserver {

/// An address, or a network such as 10.0.0.0/8 or fd00::/8.
struct Network {
    std::vector<unsigned char> address{};  // 4 or 16 bytes
    unsigned bits = 0;

    /// Errors  Invalid: no such text
    static Result<Network> parse(const std::string& text);
    bool has(const std::string& address) const;
};

/// The proxies that may tell for whom they ask. What anybody else says of that is not believed.
class TrustedProxies {
  public:
    explicit TrustedProxies(std::vector<Network> networks = {}) : networks_(std::move(networks)) {}

    /// Of X-Forwarded-For the last address that is none of ours; without a trusted proxy, who is connected.
    std::string client_of(const http::Request& request) const;
    /// The browser talks TLS to the proxy.
    bool is_secure(const http::Request& request) const;

  private:
    bool trust(const std::string& address) const;
    std::vector<Network> networks_;
};

}  // namespace sluice::webserver
