#pragma once
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <openssl/ssl.h>
#include <string>
#include <thread>
#include <vector>

#include "base/file_descriptor.h"
#include "base/guarded.h"

namespace sluice::test {

/// A request as it came over the wire.
struct Seen {
    std::string method{};
    std::string target{};
    std::map<std::string, std::string> headers{};  // names in lower case
    std::string body{};                            // chunks joined
    std::string text{};                            // all of the head
    int connection = 0;                            // which connection it came on, from 1
};

/// What the server does next on a connection.
struct Reply {
    std::string bytes{};      // sent as they are
    bool then_close = false;  // else it waits for the next request
    bool then_hang = false;   // sends nothing more until the server is destroyed
};

/// "HTTP/1.1 <status>" with a Content-Length and these header lines ("A: b\r\n").
std::string response(const std::string& status, const std::string& body, const std::string& header_lines = "");

/// A small HTTP/1.1 server on 127.0.0.1 that answers as the test says.
class LoopbackServer {
  public:
    using Handler = std::function<Reply(const Seen&)>;
    enum class Tls { Off, On };

    explicit LoopbackServer(Handler handler, Tls tls = Tls::Off);
    ~LoopbackServer();
    LoopbackServer(const LoopbackServer&) = delete;
    LoopbackServer& operator=(const LoopbackServer&) = delete;

    int port() const { return port_; }
    std::string url(const std::string& target) const;
    std::vector<Seen> seen() const;
    /// The certificate that it shows, as PEM.
    const std::string& certificate() const { return certificate_; }
    /// Waits until a connection was closed by the client.
    void wait_for_close();

  private:
    class Connection;

    void accept_all();
    void serve(FileDescriptor socket, int number);

    Handler handler_;
    FileDescriptor listener_{};
    int port_ = 0;
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> tls_;
    std::string certificate_{};
    Guarded<std::vector<Seen>> seen_{};
    Guarded<std::vector<int>> open_{};
    std::mutex mutex_{};
    std::condition_variable changed_{};
    int closed_ = 0;
    std::vector<std::jthread> connections_{};
    std::jthread acceptor_{};
};

}  // namespace sluice::test
