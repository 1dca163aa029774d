#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "base/time.h"
#include "http/error_body.h"
#include "http/multipart.h"
#include "http/tls.h"

namespace sluice::http {

/// What one client may cost. Over a limit the request is refused; the connection is closed where what follows on it
/// could be mistaken for another request.
struct Limits {
    std::size_t max_connections = 10'000;  // over it: 503; lowered when the process may not open that many files
    std::size_t max_header_bytes = 32 * 1024;
    std::size_t max_headers = 100;
    std::size_t max_target_bytes = 16 * 1024;
    std::uint64_t max_body = 10 * 1024 * 1024;               // of a body that is kept in memory
    std::uint64_t max_bodies_in_memory = 512 * 1024 * 1024;  // of all clients together; over it: 503
    std::uint64_t max_upload = 10ULL * 1024 * 1024 * 1024;   // of a body that is streamed to sinks
    std::size_t upload_window = 512 * 1024;                  // bytes of an upload that wait for its sink
    std::size_t stream_window = 256 * 1024;   // bytes of an answer that wait for the client before write() waits
    std::size_t event_backlog = 1024 * 1024;  // bytes of events that wait for the client before it is closed
    MultipartLimits multipart{};
};

struct Timeouts {
    Duration idle = 75s;    // between requests
    Duration header = 10s;  // from the first byte of a request (or the connection's start) to the end of its header
    Duration stall = 60s;   // a client that takes nothing of an answer, or sends nothing of a body
    Duration linger = 2s;   // for a client to read a last answer before the connection is closed
    std::uint64_t min_body_rate = 1024;  // bytes per second of a body, on average after body_grace
    Duration body_grace = 10s;
};

/// One finished request, for the access log.
struct Access {
    Method method = Method::Get;
    std::string_view path{};     // decoded, without the query
    std::string_view pattern{};  // of the route; empty when none matched
    std::string_view remote{};
    std::string_view request_id{};
    int status = 0;           // 0: the client went away before it was answered
    std::uint64_t bytes = 0;  // of the answer, head and body, that the system took
    Duration took{};          // from the end of the header to the last byte handed to the system
    bool complete = false;    // false: broken off
};

class EventStream;

struct ServerConfig {
    std::string address = "0.0.0.0";  // an address, "localhost", or "::" for both families
    std::uint16_t port = 8080;        // 0: any free one, see Server::port()
    TlsConfig tls{};
    std::size_t reactor_threads = 2;
    std::size_t pool_threads = 16;
    std::size_t pool_queue = 1024;  // requests that wait for a pool thread; over it: 503
    Limits limits{};
    Timeouts timeouts{};
    Duration event_keep_alive = 15s;
    ErrorRenderer error_renderer = plain_error_body;
    /// The last touch to every answer before it is sent: CORS, security headers. Any thread; it must not block.
    std::function<void(const Request&, Response&)> decorate{};
    /// A stream of events begins: for who wants to end it one day. Any thread; it must not block.
    std::function<void(const Request&, const EventStream&)> on_events{};
    /// Called once for each request that was read, on a reactor thread; it must not block.
    std::function<void(const Access&)> on_access{};
};

/// Totals since the start, and present values. They are read one after the other: sums may be off by a few.
struct Counters {
    std::uint64_t open_connections = 0;
    std::uint64_t open_requests = 0;  // read and not yet answered in full, streams included
    std::uint64_t open_event_streams = 0;
    std::uint64_t waiting_requests = 0;  // for a thread of the pool
    std::uint64_t accepted_connections = 0;
    std::uint64_t refused_connections = 0;  // over max_connections, or out of file descriptors
    std::uint64_t requests = 0;
    std::uint64_t rejected_requests = 0;   // 503 because the pool's queue was full
    std::uint64_t malformed_requests = 0;  // 4xx and 5xx of the protocol itself
    std::uint64_t timed_out_connections = 0;
    std::uint64_t slow_clients_closed = 0;
    std::uint64_t dropped_responders = 0;
    std::uint64_t responses_by_class[6] = {};  // [2]: 2xx
    std::uint64_t bytes_in = 0;
    std::uint64_t bytes_out = 0;
};

}  // namespace sluice::http
