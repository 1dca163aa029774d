#include "http/io/acceptor.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstring>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "http/io/connection.h"

namespace sluice::http {
namespace {

constexpr int kBacklog = 4096;
constexpr int kMostAtOnce = 64;
// Connections over the limit are told so; over this many more they are closed without a word.
constexpr std::uint64_t kRefusedAtOnce = 128;

struct AddressList {
    addrinfo* first = nullptr;
    ~AddressList() {
        if (first != nullptr) freeaddrinfo(first);
    }
};

std::string text_of(const sockaddr_storage& address) {
    char text[INET6_ADDRSTRLEN] = {};
    // The interface of sockets is older than type safety.
    if (address.ss_family == AF_INET) {
        inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in&>(address).sin_addr, text, sizeof text);
    } else if (address.ss_family == AF_INET6) {
        inet_ntop(AF_INET6, &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, text, sizeof text);
    }
    const std::string_view whole(text);
    constexpr std::string_view kMapped = "::ffff:";
    return std::string(whole.starts_with(kMapped) ? whole.substr(kMapped.size()) : whole);
}

std::uint16_t port_of(int socket) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    if (getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0) return 0;
    if (address.ss_family == AF_INET) return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
}

void switch_option(int socket, int level, int option, int value) {
    // An option that is refused costs speed or comfort, nothing more.
    (void)setsockopt(socket, level, option, &value, sizeof value);
}

}  // namespace

Result<Listening> listen_at(const std::string& address, std::uint16_t port) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
    AddressList found;
    const int failed =
        getaddrinfo(address.empty() ? nullptr : address.c_str(), fmt::format("{}", port).c_str(), &hints, &found.first);
    if (failed != 0) return refuse(ErrorCode::Unavailable, "cannot listen at {}: {}", address, gai_strerror(failed));
    const addrinfo& at = *found.first;
    OwnedFd socket(::socket(at.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    switch_option(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    if (at.ai_family == AF_INET6) switch_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 0);
    if (socket.get() < 0 || ::bind(socket.get(), at.ai_addr, at.ai_addrlen) != 0 ||
        ::listen(socket.get(), kBacklog) != 0) {
        return refuse(ErrorCode::Unavailable, "cannot listen at {} port {}: {}", address, port, std::strerror(errno));
    }
    const std::uint16_t bound = port_of(socket.get());
    return Listening{std::move(socket), bound};
}

Acceptor::Acceptor(std::shared_ptr<ServerState> state, std::shared_ptr<Loop> loop,
                   std::vector<std::shared_ptr<Loop>> loops, OwnedFd socket)
    : state_(std::move(state)), loop_(std::move(loop)), loops_(std::move(loops)), socket_(std::move(socket)) {}

void Acceptor::open() {
    loop_->watch(shared_from_this(), socket_.get(), Trigger::Level);
}

void Acceptor::on_ready(Readiness) {
    for (int i = 0; i < kMostAtOnce && accept_one(); ++i) {}
}

/// false: nobody else waits, or nobody else can be taken
bool Acceptor::accept_one() {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    OwnedFd socket(
        ::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&address), &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (socket.get() >= 0) {
        welcome(std::move(socket), text_of(address));
        return true;
    }
    switch (errno) {
        case EAGAIN:
            return false;
        case EMFILE:
        case ENFILE:
        case ENOBUFS:
        case ENOMEM:
            pause();
            return false;
        default:
            return true;  // this client went away while it waited, or its network failed
    }
}

void Acceptor::pause() {
    ++state_->totals.refused_connections;
    const auto now = Clock::now();
    if (since(last_complaint_, now) > 10s) {
        last_complaint_ = now;
        state_->log.warn("accept.paused", {{"reason", std::string_view(std::strerror(errno))}});
    }
    loop_->suspend(socket_.get());
}

void Acceptor::on_tick(Clock::time_point) {
    loop_->resume(socket_.get());
}

void Acceptor::welcome(OwnedFd socket, std::string remote) {
    switch_option(socket.get(), IPPROTO_TCP, TCP_NODELAY, 1);
    Totals& totals = state_->totals;
    const std::uint64_t open = ++totals.open_connections;
    const std::uint64_t most = state_->config.limits.max_connections;
    const bool too_many = open > most;
    ++(too_many ? totals.refused_connections : totals.accepted_connections);
    // To tell it by TLS would take a handshake, and that is what the limit is there to save.
    if (open > most + (state_->tls ? 0 : kRefusedAtOnce)) {
        --totals.open_connections;
        return;
    }
    const auto& loop = loops_[next_++ % loops_.size()];
    loop->post([state = state_, loop, too_many, socket = std::move(socket), remote = std::move(remote)]() mutable {
        const auto connection = std::make_shared<Connection>(state, loop, std::move(socket), std::move(remote));
        if (too_many)
            connection->open_to_refuse();
        else
            connection->open();
    });
}

void Acceptor::on_stop() {
    if (socket_.get() < 0) return;
    const auto self = shared_from_this();
    loop_->unwatch(socket_.get());
    socket_.reset();
}

}  // namespace sluice::http
