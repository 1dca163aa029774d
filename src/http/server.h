#pragma once
#include <memory>

#include "base/error.h"
#include "http/config.h"
#include "http/router.h"

namespace sluice::http {

/// Accepts connections, reads requests, hands them to the router's handlers and sends the answers.
///
/// Threads  start(), reload_tls() and stop() by one; the rest any
class Server {
  public:
    Server(ServerConfig config, Router router);
    /// stop()s without grace.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Listens, and returns when connections are accepted. Ignores SIGPIPE and raises RLIMIT_NOFILE for the process.
    /// Errors  Unavailable: the address is in use or not ours; Invalid, NotFound: the files of TLS
    Result<void> start();

    /// New connections get another certificate; open ones go on. Of a server that was started with TLS.
    /// Errors  Invalid, NotFound: which file is wrong, and how; then all stays as it was
    Result<void> reload_tls(const TlsConfig& config);

    /// Takes no more connections, closes idle ones, ends event streams, and lets requests that were read be answered
    /// for up to `grace`; then closes everything and waits for handlers that still run. Responders that outlive the
    /// server answer nobody. A stopped server cannot be started again.
    void stop(Duration grace);

    std::uint16_t port() const;
    Counters counters() const;

  private:
    class Running;
    std::shared_ptr<Running> running_;
};

}  // namespace sluice::http
