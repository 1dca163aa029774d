#pragma once
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "base/log.h"
#include "http/io/task.h"

namespace sluice::http {

/// The threads on which handlers and body sinks may block.
/// Threads  start() and stop() by one; the rest any
class RequestPool {
  public:
    RequestPool(std::size_t threads, std::size_t capacity) : thread_count_(threads), capacity_(capacity) {}
    ~RequestPool() { stop(); }
    RequestPool(const RequestPool&) = delete;
    RequestPool& operator=(const RequestPool&) = delete;

    void start();
    /// Waits for what runs; what has not begun is thrown away.
    void stop();

    /// Begins the work for a request. false: as many wait as may, tell the client to come back
    bool try_begin(Task task);
    /// Goes on with a request that has begun: never refused. There is at most one per connection.
    void go_on(Task task);

    std::size_t waiting() const;

  private:
    void work();
    Task next();

    const std::size_t thread_count_;
    const std::size_t capacity_;
    const Logger log_{"http"};
    mutable std::mutex mutex_{};
    std::condition_variable ready_{};
    std::deque<Task> begun_{};
    std::deque<Task> fresh_{};
    bool turn_of_begun_ = true;  // they take turns, so that many uploads leave room for short requests
    bool stopped_ = false;
    std::vector<std::jthread> threads_{};
};

}  // namespace sluice::http
