#pragma once
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "http/io/compose.h"
#include "http/io/loop.h"

namespace sluice::http {

class Connection;

/// The way of a streamed answer from the threads that make it to the loop that sends it.
///
/// It knows how much is on the way and not yet taken by the client: writers wait for it or give up.
/// Threads  any, but for the calls marked with "loop"
class Channel : public std::enable_shared_from_this<Channel> {
  public:
    enum class End { None, Complete, Broken };

    Channel(std::shared_ptr<Loop> loop, std::weak_ptr<Connection> connection, Framing framing, std::size_t window)
        : loop_(std::move(loop)), connection_(std::move(connection)), framing_(framing), window_(window) {}

    /// Waits while more than the window is on the way. false: closed
    bool write(std::string piece);
    /// Never waits, however much is on the way: whoever uses it asks when_room() first. false: closed
    bool push(std::string piece);
    /// Calls `call` once when there is room, or the channel closed: on a loop, or at once.
    void when_room(std::function<void()> call);
    /// Never waits: with more than the window on the way the client is given up. false: closed
    bool offer(std::shared_ptr<const std::string> piece);
    void finish(End end);
    bool closed() const;
    /// Bytes that the client has not taken yet.
    std::uint64_t on_the_way() const;
    void on_close(std::function<void()> call);

    // loop
    /// What was written since the last call, and whether that is all.
    End take(std::vector<Body>& pieces);
    void set_unsent(std::uint64_t bytes);
    /// No more is sent; wakes whoever waits.
    void close();
    bool gave_up() const;

  private:
    bool is_full() const { return queued_ + unsent_ > window_; }
    void put(Body piece);
    void notify_loop(std::unique_lock<std::mutex>& lock);

    const std::shared_ptr<Loop> loop_;
    const std::weak_ptr<Connection> connection_;
    const Framing framing_;
    const std::size_t window_;
    mutable std::mutex mutex_{};
    std::condition_variable room_{};
    std::vector<Body> queue_{};
    std::uint64_t queued_ = 0;
    std::uint64_t unsent_ = 0;
    End end_ = End::None;
    bool announced_ = false;  // the loop has been told to look
    bool closed_ = false;
    bool gave_up_ = false;
    std::vector<std::function<void()>> on_close_{};
    std::function<void()> on_room_{};
};

}  // namespace sluice::http
