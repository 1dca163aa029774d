#pragma once
/// Outgoing HTTP.
///
/// Promises
///  - A request ends when its stop token, its deadline or its idle time says so, within milliseconds.
///  - Bodies are streamed in both directions in constant memory.
///  - Proxies, credentials, cookies and protocols are only those of the request: nothing comes from the environment,
///    from ~/.netrc, or from an earlier request.
/// main() must have set SIGPIPE to ignored.
#include <deque>
#include <functional>
#include <stop_token>

#include "base/guarded.h"
#include "net/message.h"

namespace sluice::net {

/// Takes a response while it comes, on the thread of send(). An error ends the request and is its result.
struct Receiver {
    std::function<Result<void>(const Response& head)> on_head{};  // once, before the first bytes; may be empty
    std::function<Result<void>(std::string_view bytes)> on_bytes{};
};

struct ClientConfig {
    std::string user_agent = "sluice";
    std::size_t idle_sessions = 16;  // kept for the next requests, with their open connections
};

class Session;

/// Sends requests, and keeps connections open for the next ones.
/// Threads  any; each request occupies the thread that sends it
class Client {
  public:
    explicit Client(ClientConfig config = {});
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Any status is a success here: what 404 means is the caller's business.
    ///
    /// Errors  Invalid: the URL or a header; Unavailable: no such host, no connection, TLS, a broken answer; Timeout;
    ///         Cancelled: the stop token; TooLarge: Options::longest_body_bytes; Forbidden: Options::reach
    Result<Response> send(const Request& request, std::stop_token stop);
    /// The body goes to the receiver. Errors  as above, and the receiver's own
    Result<Response> send(const Request& request, const Receiver& receiver, std::stop_token stop);

  private:
    struct Idle;
    std::unique_ptr<Session> take_session(const Request& request);
    void give_back(std::unique_ptr<Session> session, const Request& request);

    ClientConfig config_;
    Guarded<std::deque<Idle>> idle_;
};

}  // namespace sluice::net
