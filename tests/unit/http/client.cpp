#include "unit/http/client.h"

#include <arpa/inet.h>
#include <cerrno>
#include <charconv>
#include <condition_variable>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/test.h"

namespace sluice::http::test {
namespace {

constexpr int kLimitMs = 20'000;

bool wait_for(int socket, short events) {
    pollfd polled{.fd = socket, .events = events, .revents = 0};
    const int ready = ::poll(&polled, 1, kLimitMs);
    if (ready == 0) FAIL("the server does nothing");
    return ready > 0;
}

ServerConfig for_tests(ServerConfig config) {
    config.address = "127.0.0.1";
    config.port = 0;
    config.pool_threads = std::min<std::size_t>(config.pool_threads, 4);
    return config;
}

Reply parse_head(std::string_view head) {
    Reply reply;
    const auto line_end = head.find("\r\n");
    std::from_chars(head.data() + 9, head.data() + 12, reply.status);
    std::string_view rest = line_end == std::string_view::npos ? std::string_view{} : head.substr(line_end + 2);
    while (!rest.empty()) {
        const auto end = rest.find("\r\n");
        const std::string_view line = rest.substr(0, end);
        const auto colon = line.find(": ");
        reply.headers.add(std::string(line.substr(0, colon)), std::string(line.substr(colon + 2)));
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 2);
    }
    return reply;
}

}  // namespace

Client::Client(std::uint16_t port, int receive_buffer) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
}

Client::~Client() {
    close();
}
Client::Client(Client&& other) noexcept : socket_(std::exchange(other.socket_, -1)), held_(std::move(other.held_)) {}

bool Client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        if (!wait_for(socket_, POLLOUT)) return false;
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EAGAIN) continue;
        if (sent < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

std::size_t Client::send_some(std::string_view bytes) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
}

/// false: the server has closed
bool Client::fill() {
    wait_for(socket_, POLLIN);
    char buffer[64 * 1024];
    const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
    if (count <= 0) return false;
    held_.append(buffer, static_cast<std::size_t>(count));
    return true;
}

std::string Client::read_until(std::string_view text) {
    std::size_t found = held_.find(text);
    while (found == std::string::npos) {
        const std::size_t from = held_.size() < text.size() ? 0 : held_.size() - text.size();
        if (!fill()) return std::exchange(held_, {});
        found = held_.find(text, from);
    }
    std::string out = held_.substr(0, found + text.size());
    held_.erase(0, out.size());
    return out;
}

std::string Client::read_to_end() {
    while (fill()) {}
    return std::exchange(held_, {});
}

bool Client::at_end() {
    return held_.empty() && !fill();
}

std::optional<Reply> Client::reply(bool to_head) {
    const std::string head = read_until("\r\n\r\n");
    if (!head.ends_with("\r\n\r\n")) return {};
    Reply reply = parse_head(std::string_view(head).substr(0, head.size() - 4));
    if (to_head || reply.status / 100 == 1 || reply.status == 204 || reply.status == 304) return reply;
    if (reply.headers.has_token("Transfer-Encoding", "chunked")) {
        for (;;) {
            const std::string line = read_until("\r\n");
            std::size_t size = 0;
            if (line.size() < 3 || std::from_chars(line.data(), line.data() + line.size(), size, 16).ec != std::errc{})
                return {};
            while (held_.size() < size + 2) {
                if (!fill()) return {};
            }
            reply.body += held_.substr(0, size);
            held_.erase(0, size + 2);
            if (size == 0) return reply;
        }
    }
    const auto length = reply.headers.find("Content-Length");
    if (!length) {
        reply.body = read_to_end();
        return reply;
    }
    const std::size_t size = std::stoull(std::string(*length));
    while (held_.size() < size) {
        if (!fill()) return {};
    }
    reply.body = held_.substr(0, size);
    held_.erase(0, size);
    return reply;
}

void Client::close_sending() {
    ::shutdown(socket_, SHUT_WR);
}

void Client::close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

void Client::reset() {
    const linger at_once{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

TestServer::TestServer(Router router, ServerConfig config) : server(for_tests(std::move(config)), std::move(router)) {
    sluice::test::ok(server.start());
}

Reply TestServer::ask(std::string_view request) const {
    Client client = connect();
    client.send(request);
    const auto reply = client.reply(request.starts_with("HEAD "));
    if (!reply) FAIL("no answer to " << request.substr(0, 60));
    return *reply;
}

Reply TestServer::get(std::string_view target, std::string_view more_headers) const {
    return ask(get_request(target, more_headers));
}

std::string get_request(std::string_view target, std::string_view more_headers) {
    return fmt::format("GET {} HTTP/1.1\r\nHost: test\r\n{}\r\n", target, more_headers);
}

std::string post_request(std::string_view target, std::string_view body, std::string_view more_headers) {
    return fmt::format("POST {} HTTP/1.1\r\nHost: test\r\nContent-Length: {}\r\n{}\r\n{}", target, body.size(),
                       more_headers, body);
}

}  // namespace sluice::http::test
