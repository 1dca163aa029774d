// http_rate [SECONDS] [CONNECTIONS]: requests per second of a trivial handler with kept connections, client and server
// in this process. The client takes a good part of the machine: compare the figures with each other only.
#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "base/log.h"
#include "http/http.h"

using namespace sluice;
using namespace sluice::http;
using Clock = std::chrono::steady_clock;

namespace {

struct Connection {
    int socket = -1;
    std::size_t missing = 0;  // bytes of the answer
    Clock::time_point sent{};
};

int connect_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int on = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ensure(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "cannot connect to port {}",
           port);
    return socket;
}

/// All answers to one request are of the same length: it is learnt from the first.
std::size_t answer_size(std::uint16_t port, std::string_view request) {
    const int socket = connect_to(port);
    ensure(::send(socket, request.data(), request.size(), 0) > 0, "cannot send");
    char buffer[8192];
    const auto count = ::recv(socket, buffer, sizeof buffer, 0);
    ensure(count > 0 && std::string_view(buffer, 12) == "HTTP/1.1 200", "no good answer");
    ::close(socket);
    return static_cast<std::size_t>(count);
}

class Load {
  public:
    Load(std::uint16_t port, std::string request, std::size_t connections)
        : request_(std::move(request)), size_(answer_size(port, request_)), connections_(connections) {
        poller_ = epoll_create1(EPOLL_CLOEXEC);
        for (auto& connection : connections_) {
            connection.socket = connect_to(port);
            epoll_event event{};
            event.events = EPOLLIN;
            event.data.ptr = &connection;
            epoll_ctl(poller_, EPOLL_CTL_ADD, connection.socket, &event);
        }
    }
    ~Load() {
        for (const auto& connection : connections_) ::close(connection.socket);
        ::close(poller_);
    }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;

    void run(Clock::time_point end) {
        for (auto& connection : connections_) send(connection);
        epoll_event events[64];
        char buffer[8192];
        while (Clock::now() < end) {
            const int count = epoll_wait(poller_, events, 64, 100);
            for (int i = 0; i < count; ++i) {
                auto& connection = *static_cast<Connection*>(events[i].data.ptr);
                const auto got = ::recv(connection.socket, buffer, sizeof buffer, MSG_DONTWAIT);
                ensure(got > 0 && static_cast<std::size_t>(got) <= connection.missing, "the answer is not as expected");
                connection.missing -= static_cast<std::size_t>(got);
                if (connection.missing > 0) continue;
                took_.push_back(std::chrono::duration_cast<Duration>(Clock::now() - connection.sent));
                send(connection);
            }
        }
    }
    std::vector<Duration>& took() { return took_; }

  private:
    void send(Connection& connection) {
        connection.sent = Clock::now();
        connection.missing = size_;
        ensure(::send(connection.socket, request_.data(), request_.size(), MSG_NOSIGNAL) > 0, "cannot send");
    }

    const std::string request_;
    const std::size_t size_;
    std::vector<Connection> connections_;
    int poller_ = -1;
    std::vector<Duration> took_{};
};

void measure(std::string_view name, std::uint16_t port, const std::string& request, std::size_t connections,
             double seconds) {
    Load load(port, request, connections);
    load.run(Clock::now() + seconds_of(seconds));
    auto& took = load.took();
    std::sort(took.begin(), took.end());
    fmt::print("{:28} {:8.0f} requests/s   p50 {:6.2f} ms   p99 {:6.2f} ms\n", name,
               static_cast<double>(took.size()) / seconds, in_ms(took[took.size() / 2]),
               in_ms(took[took.size() * 99 / 100]));
}

}  // namespace

int main(int argc, char** argv) {
    const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
    const std::size_t connections = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 64;
    const auto pong = [](const Request&) { return Response::text("pong"); };
    Router router;
    router.get("/inline", pong).run(Runs::Inline);
    router.get("/pooled", pong);
    router.post("/hook/{namespace}/{id}/{key}", pong);
    Server server({.address = "127.0.0.1", .port = 0, .reactor_threads = 1, .pool_threads = 4}, std::move(router));
    if (const auto started = server.start(); !started) {
        fmt::print("{}\n", started.error().text());
        return 2;
    }
    const std::string headers = "Host: localhost\r\nUser-Agent: http_rate\r\nAccept: */*\r\n";
    const std::string body(1000, 'x');
    fmt::print("{} connections, {} s each, {} processors\n", connections, seconds, std::thread::hardware_concurrency());
    measure("inline GET", server.port(), "GET /inline HTTP/1.1\r\n" + headers + "\r\n", connections, seconds);
    measure("pooled GET", server.port(), "GET /pooled HTTP/1.1\r\n" + headers + "\r\n", connections, seconds);
    measure("pooled POST of 1 kB", server.port(),
            fmt::format("POST /hook/company.team/flow/key HTTP/1.1\r\n{}Content-Type: "
                        "application/json\r\nContent-Length: {}\r\n\r\n{}",
                        headers, body.size(), body),
            connections, seconds);
    server.stop(1s);
    return 0;
}
