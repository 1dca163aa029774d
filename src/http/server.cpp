#include "http/server.h"

#include <csignal>
#include <sys/resource.h>

#include "http/io/acceptor.h"
#include "http/io/reactor.h"

namespace sluice::http {
namespace {

// Descriptors that the rest of the process needs: database, files, child processes.
constexpr std::size_t kOtherDescriptors = 256;

/// Raises the limit as far as we may, and returns it.
std::size_t raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
    if (limit.rlim_cur < limit.rlim_max) {
        const rlimit raised{limit.rlim_max, limit.rlim_max};
        if (setrlimit(RLIMIT_NOFILE, &raised) == 0) return raised.rlim_cur;
    }
    return limit.rlim_cur;
}

/// More connections than descriptors would make the server deaf instead of polite.
void fit_to_descriptors(ServerState& state) {
    const std::size_t descriptors = raise_descriptor_limit();
    std::size_t& wanted = state.config.limits.max_connections;
    const std::size_t possible =
        descriptors > 2 * kOtherDescriptors ? descriptors - kOtherDescriptors : descriptors / 2;
    if (wanted <= possible) return;
    state.log.warn("http.connections_limited",
                   {{"wanted", wanted}, {"possible", possible}, {"descriptors", descriptors}});
    wanted = possible;
}

}  // namespace

class Server::Running {
  public:
    explicit Running(std::shared_ptr<ServerState> state_) : state(std::move(state_)) {}

    std::shared_ptr<ServerState> state;
    std::unique_ptr<Reactor> reactor{};
    std::uint16_t port = 0;
    bool started = false;
    bool stopped = false;
};

Server::Server(ServerConfig config, Router router)
    : running_(std::make_shared<Running>(std::make_shared<ServerState>(std::move(config), std::move(router)))) {}

Server::~Server() {
    stop(Duration{0});
}

Result<void> Server::start() {
    Running& running = *running_;
    ServerState& state = *running.state;
    ensure(!running.started, "the server is started twice");
    std::signal(SIGPIPE, SIG_IGN);
    fit_to_descriptors(state);
    if (state.config.tls.is_on()) {
        auto tls = Tls::load(state.config.tls);
        if (!tls) return tl::unexpected(tls.error());
        state.tls = std::move(*tls);
    }
    auto listening = listen_at(state.config.address, state.config.port);
    if (!listening) return tl::unexpected(listening.error());
    running.port = listening->port;
    running.reactor = std::make_unique<Reactor>(state.config.reactor_threads, running.state);
    const auto& loops = running.reactor->loops();
    auto acceptor = std::make_shared<Acceptor>(running.state, loops.front(), loops, std::move(listening->socket));
    state.pool.start();
    running.reactor->start();
    loops.front()->post([acceptor = std::move(acceptor)] { acceptor->open(); });
    running.started = true;
    state.log.info("http.started",
                   {{"address", state.config.address}, {"port", running.port}, {"tls", state.tls != nullptr}});
    return {};
}

Result<void> Server::reload_tls(const TlsConfig& config) {
    ServerState& state = *running_->state;
    ensure(state.tls != nullptr, "a server without TLS has no certificate to change");
    return state.tls->reload(config);
}

void Server::stop(Duration grace) {
    Running& running = *running_;
    if (!running.started || std::exchange(running.stopped, true)) return;
    ServerState& state = *running.state;
    state.draining = true;
    for (const auto& loop : running.reactor->loops()) loop->post([loop] { loop->drain(); });
    const bool all_answered = state.wait_for_requests(grace);
    if (!all_answered) state.log.warn("http.grace_over", {{"open_requests", state.totals.open_requests.load()}});
    // First the loops: a handler that waits for its client must be told that there is none any more.
    running.reactor->stop();
    state.pool.stop();
    state.log.info("http.stopped", {{"requests", state.totals.requests.load()}});
}

std::uint16_t Server::port() const {
    return running_->port;
}

Counters Server::counters() const {
    const Totals& totals = running_->state->totals;
    Counters out{
        .open_connections = totals.open_connections,
        .open_requests = totals.open_requests,
        .open_event_streams = totals.open_event_streams,
        .waiting_requests = running_->state->pool.waiting(),
        .accepted_connections = totals.accepted_connections,
        .refused_connections = totals.refused_connections,
        .requests = totals.requests,
        .rejected_requests = totals.rejected_requests,
        .malformed_requests = totals.malformed_requests,
        .timed_out_connections = totals.timed_out_connections,
        .slow_clients_closed = totals.slow_clients_closed,
        .dropped_responders = totals.dropped_responders,
        .bytes_in = totals.bytes_in,
        .bytes_out = totals.bytes_out,
    };
    for (std::size_t i = 0; i < totals.responses_by_class.size(); ++i)
        out.responses_by_class[i] = totals.responses_by_class[i];
    return out;
}

}  // namespace sluice::http
