#include "remote/connect.h"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice::remote {
namespace {

using Clock = std::chrono::steady_clock;

void set_keepalive(int socket) {
    constexpr int kOn = 1;
    constexpr int kIdleSeconds = 30;
    constexpr unsigned kUnansweredMs = 60'000;
    ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &kOn, sizeof kOn);
    ::setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &kIdleSeconds, sizeof kIdleSeconds);
    ::setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUnansweredMs, sizeof kUnansweredMs);
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &kOn, sizeof kOn);
}

/// Waits until the socket can be written. 0, or the error; ETIMEDOUT, ECANCELED
int wait_connected(int socket, int stopped, Clock::time_point end) {
    while (true) {
        pollfd watched[] = {{socket, POLLOUT, 0}, {stopped, POLLIN, 0}};
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
        if (left <= 0) return ETIMEDOUT;
        const int ready = ::poll(watched, 2, static_cast<int>(left));
        if (ready < 0 && errno != EINTR) return errno;
        if (ready <= 0) continue;
        if (watched[1].revents != 0) return ECANCELED;
        int error = 0;
        socklen_t size = sizeof error;
        ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
        return error;
    }
}

}  // namespace

Result<FileDescriptor> connect_to(const Address& address, Duration patience, const std::stop_token& stop) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(address.host.c_str(), std::to_string(address.port).c_str(), &hints, &found);
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned(found, [](addrinfo* list) {
        if (list != nullptr) ::freeaddrinfo(list);
    });
    if (failed != 0) {
        return refuse(ErrorCode::Unavailable, "the host '{}' can't be found ({}): is the name right?", address.host,
                      ::gai_strerror(failed));
    }
    const FileDescriptor stopped(::eventfd(0, EFD_CLOEXEC));
    const std::stop_callback wake(stop, [&] { static_cast<void>(::eventfd_write(stopped.get(), 1)); });
    const auto end = Clock::now() + patience;
    int error = 0;
    for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
        FileDescriptor socket(::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, at->ai_protocol));
        if (!socket) continue;
        error = ::connect(socket.get(), at->ai_addr, at->ai_addrlen) == 0 ? 0 : errno;
        if (error == EINPROGRESS) error = wait_connected(socket.get(), stopped.get(), end);
        if (error == ECANCELED) return refuse(ErrorCode::Cancelled, "stopped while connecting to {}", address.text());
        if (error != 0) continue;
        set_keepalive(socket.get());
        return socket;
    }
    if (error == ETIMEDOUT) {
        return refuse(ErrorCode::Timeout, "no connection to {} within {}", address.text(), for_people(patience));
    }
    return refuse(ErrorCode::Unavailable, "no connection to {}: {}", address.text(), std::strerror(error));
}

}  // namespace sluice::remote
