#pragma once
#include <memory>
#include <vector>

#include "http/io/loop.h"

namespace sluice::http {

/// An address that is listened at.
struct Listening {
    OwnedFd socket{};
    std::uint16_t port = 0;
};

/// Errors  Unavailable: the address is in use, not ours, or malformed
Result<Listening> listen_at(const std::string& address, std::uint16_t port);

/// Takes connections and deals them out to the loops in turn. Out of file descriptors it pauses for a tick instead of
/// asking again and again.
/// Threads  the loop's that watches it
class Acceptor final : public Watched, public std::enable_shared_from_this<Acceptor> {
  public:
    Acceptor(std::shared_ptr<ServerState> state, std::shared_ptr<Loop> loop, std::vector<std::shared_ptr<Loop>> loops,
             OwnedFd socket);

    void open();
    void on_ready(Readiness readiness) override;
    void on_tick(Clock::time_point now) override;
    void on_drain() override { on_stop(); }
    void on_stop() override;

  private:
    bool accept_one();
    void pause();
    void welcome(OwnedFd socket, std::string remote);

    const std::shared_ptr<ServerState> state_;
    const std::shared_ptr<Loop> loop_;
    const std::vector<std::shared_ptr<Loop>> loops_;
    OwnedFd socket_;
    std::size_t next_ = 0;
    Clock::time_point last_complaint_{};
};

}  // namespace sluice::http
