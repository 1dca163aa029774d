#pragma once
#include <memory>
#include <vector>

#include "http/io/loop.h"

namespace sluice::http {

/// The threads that wait for descriptors: Pistache's reactor, with a Loop in each of its threads.
///
/// Of Pistache only `Aio::Reactor` is used. Its `Tcp::Transport` above that was tried and given up: writes are queued
/// by descriptor number, so that bytes sent to a peer that has just gone reach the next client which got the same
/// number (seen with 0.0.5: one client read another one's answer); it reads until the socket is dry, so that a slow
/// consumer cannot slow its client down; and its listener can neither stop accepting by itself nor pause when the
/// process is out of descriptors. Of the reactor, one descriptor for each thread is not given back at its end.
class Reactor {
  public:
    /// Errors  OutsideError: out of file descriptors
    Reactor(std::size_t threads, const std::shared_ptr<ServerState>& state);
    ~Reactor();

    void start();
    /// Closes all that the loops watch, and waits for the threads.
    void stop();
    const std::vector<std::shared_ptr<Loop>>& loops() const { return loops_; }

  private:
    struct Pistache;
    std::unique_ptr<Pistache> pistache_;
    std::vector<std::shared_ptr<Loop>> loops_{};
    bool started_ = false;
};

}  // namespace sluice::http
