#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/http.h"
#include "support/test.h"

namespace sluice::http::test {

struct Reply {
    int status = 0;
    Headers headers{};
    std::string body{};

    std::string header(std::string_view name) const { return std::string(headers.find(name).value_or("")); }
};

/// A client that sends what it is told, byte for byte. Every wait has a limit; a test that runs into it fails.
class Client {
  public:
    explicit Client(std::uint16_t port, int receive_buffer = 0);
    ~Client();
    Client(Client&& other) noexcept;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// false: the server has closed
    bool send(std::string_view bytes);
    /// Sends as much as is taken without waiting.
    std::size_t send_some(std::string_view bytes);
    /// The next answer; empty when the connection ended before it was complete.
    std::optional<Reply> reply(bool to_head = false);
    /// What comes until `text` was seen, or the end.
    std::string read_until(std::string_view text);
    /// What comes until the server closes.
    std::string read_to_end();
    /// The server has closed, and nothing is left to read.
    bool at_end();
    void close_sending();
    void close();
    /// Closes so that the server sees a reset.
    void reset();

  private:
    bool fill();
    int socket_ = -1;
    std::string held_{};
};

/// A running server on a free port of this machine.
class TestServer {
  public:
    explicit TestServer(Router router, ServerConfig config = {});
    ~TestServer() { server.stop(0s); }
    TestServer(const TestServer&) = delete;
    TestServer& operator=(const TestServer&) = delete;

    Client connect() const { return Client(server.port()); }
    /// The answer to one request on a connection of its own.
    Reply ask(std::string_view request) const;
    Reply get(std::string_view target, std::string_view more_headers = "") const;

    Server server;
};

/// "GET /x HTTP/1.1\r\nHost: test\r\n\r\n"
std::string get_request(std::string_view target, std::string_view more_headers = "");
std::string post_request(std::string_view target, std::string_view body, std::string_view more_headers = "");

using sluice::test::eventually;

}  // namespace sluice::http::test
