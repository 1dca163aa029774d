#pragma once
#include <atomic>
#include <memory>
#include <thread>

#include "http/io/channel.h"
#include "http/io/compose.h"
#include "http/io/loop.h"
#include "http/io/state.h"

namespace sluice::http {

class Connection;

enum class StreamKind { Body, Events };

/// One request and the way back to its client. The first answer counts; later ones, and all when the client has gone,
/// do nothing.
/// Threads  any, once the connection has filled in the request
class Exchange : public std::enable_shared_from_this<Exchange> {
  public:
    Exchange(std::shared_ptr<ServerState> state, std::shared_ptr<Loop> loop, std::weak_ptr<Connection> connection);
    ~Exchange();
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    // Filled in by the connection before anybody else sees it.
    Request request{};
    bool request_is_known = false;  // false: it could not be read, and the error renderer gets none
    int version = 11;
    const Route* route = nullptr;
    const Clock::time_point started = Clock::now();

    /// Counts bytes of a body that is kept in memory. false: all clients together have too many there, drop this one
    bool charge_body(std::uint64_t bytes);

    /// Guard and handler, with everything they throw turned into an answer and a log line.
    void run();
    /// The handler alone, when the guard has been asked already.
    void run_handler();
    void handle();
    /// false: the guard has answered
    bool passes_guard();
    void within_boundary(const std::function<void()>& work);

    void answer(Response response);
    void fail(const Error& error) { refuse(status_of(error.code), error); }
    void refuse(Status status, const Error& error, const Headers& extra = {});
    struct Stream {
        std::shared_ptr<Channel> channel;
        bool gzip = false;
    };
    Stream stream(Response head, StreamKind kind, std::optional<std::uint64_t> size = {});
    /// Its responder was destroyed without an answer.
    void drop() noexcept;

    bool client_gone() const { return client_gone_; }
    void mark_client_gone() { client_gone_ = true; }

    const std::shared_ptr<ServerState>& state() const { return state_; }
    const std::shared_ptr<Loop>& loop() const { return loop_; }
    const std::weak_ptr<Connection>& connection() const { return connection_; }

  private:
    bool claim() { return !answered_.exchange(true); }
    void decorate(Response& response) const;
    Response render(Status status, const Error& error) const;
    Wire composed(Response response) const;
    void deliver(Wire wire, const std::shared_ptr<Channel>& channel, StreamKind kind);

    const std::shared_ptr<ServerState> state_;
    const std::shared_ptr<Loop> loop_;
    const std::weak_ptr<Connection> connection_;
    std::atomic<bool> answered_{false};
    std::atomic<bool> client_gone_{false};
    std::atomic<std::thread::id> handler_thread_{};
    std::uint64_t charged_ = 0;
};

}  // namespace sluice::http
