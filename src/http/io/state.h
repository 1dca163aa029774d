#pragma once
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>

#include "base/log.h"
#include "http/config.h"
#include "http/io/request_pool.h"
#include "http/router.h"
#include "http/tls.h"

namespace sluice::http {

using Clock = std::chrono::steady_clock;

inline Duration since(Clock::time_point start, Clock::time_point now) {
    return std::chrono::duration_cast<Duration>(now - start);
}

/// See Counters.
struct Totals {
    using Count = std::atomic<std::uint64_t>;
    Count open_connections{0};
    Count open_requests{0};
    Count open_event_streams{0};
    Count accepted_connections{0};
    Count refused_connections{0};
    Count requests{0};
    Count rejected_requests{0};
    Count malformed_requests{0};
    Count timed_out_connections{0};
    Count slow_clients_closed{0};
    Count dropped_responders{0};
    std::array<Count, 6> responses_by_class{};
    Count bytes_in{0};
    Count bytes_out{0};
    Count bodies_in_memory{0};  // bytes of request bodies, for Limits::max_bodies_in_memory
};

/// What the loops, connections and requests of one server share. It outlives the server while a responder is kept.
struct ServerState {
    ServerState(ServerConfig config_, Router router_)
        : config(std::move(config_)), router(std::move(router_)), pool(config.pool_threads, config.pool_queue) {}

    ServerConfig config;
    const Router router;
    std::shared_ptr<Tls> tls{};  // null: everybody speaks plainly; set before anybody is taken
    RequestPool pool;
    Totals totals{};
    std::atomic<bool> draining{false};
    const Logger log{"http"};

    void begin_request() { ++totals.open_requests; }
    void end_request() {
        if (--totals.open_requests > 0 || !draining) return;
        const std::lock_guard lock(mutex_);
        none_open_.notify_all();
    }
    /// false: requests were still open at the end of the wait
    bool wait_for_requests(Duration limit) {
        std::unique_lock lock(mutex_);
        return none_open_.wait_for(lock, limit, [&] { return totals.open_requests == 0; });
    }

  private:
    std::mutex mutex_{};
    std::condition_variable none_open_{};
};

}  // namespace sluice::http
