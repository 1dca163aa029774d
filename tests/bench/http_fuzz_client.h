#pragma once
#include <arpa/inet.h>
#include <atomic>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <random>
#include <stop_token>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice::http::fuzz {

/// What the clients saw, and what of their requests is still held by the server.
struct Report {
    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::uint64_t> answers{0};
    std::atomic<std::uint64_t> foreign_answers{0};
    std::atomic<std::uint64_t> missing_answers{0};
    std::atomic<int> open_bodies{0};
};

/// Sends valid, malformed and broken-off requests as its random numbers say.
class Client {
  public:
    Client(std::uint64_t seed, std::uint16_t port, Report& report) : random_(seed), port_(port), report_(report) {}

    void run(std::stop_token stop) {
        while (!stop.stop_requested()) {
            connect();
            const std::size_t rounds = below(4) + 1;
            for (std::size_t i = 0; i < rounds && socket_ >= 0; ++i) one_round();
            leave();
        }
    }

  private:
    static constexpr int kPatienceMs = 100;

    std::size_t below(std::size_t limit) { return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random_); }
    template <class T, std::size_t N>
    const T& one_of(const T (&choices)[N]) {
        return choices[below(N)];
    }

    void connect() {
        socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port_);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) leave();
        ++report_.connections;
    }

    /// Sometimes so that the server sees a reset: thousands of connections would use up the ports otherwise, too.
    void leave() {
        if (socket_ < 0) return;
        const linger at_once{1, 0};
        if (below(4) > 0) setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        ::close(socket_);
        socket_ = -1;
    }

    void one_round() {
        switch (below(8)) {
            case 0:
            case 1:
                return checked_request();
            case 2:
                return in_pieces(valid_request(), below(3) == 0);
            case 3:
                return in_pieces(mutated(valid_request()), below(2) == 0);
            case 4:
                return in_pieces(random_bytes(), false);
            case 5:
                return in_pieces(valid_request() + valid_request() + mutated(valid_request()), false);
            case 6:
                return in_pieces(upload(), below(2) == 0);
            case 7:
                send(valid_request());
                ::shutdown(socket_, SHUT_WR);
                drain(kPatienceMs);
                return leave();
        }
    }

    std::string token() { return fmt::format("t{:016x}", random_()); }

    std::string valid_request() {
        static constexpr std::string_view kPaths[] = {"/inline",    "/pooled/a%20b", "/late", "/events",
                                                      "/stream",    "/pull",         "/big",  "/none",
                                                      "/pooled/x/", "/pooled/%zz",   "*",     "http://h/inline"};
        const std::string path = fmt::format("{}?token={}&a=%C3%BC", one_of(kPaths), token());
        static constexpr std::string_view kHeaders[] = {"",
                                                        "Connection: close\r\n",
                                                        "Accept-Encoding: gzip\r\n",
                                                        "Range: bytes=5-\r\n",
                                                        "Cookie: a=b; c\r\n",
                                                        "X-Request-Id: abc\r\n"};
        const std::string headers = fmt::format("Host: fuzz\r\n{}{}", one_of(kHeaders), one_of(kHeaders));
        static constexpr std::string_view kMethods[] = {"GET", "GET", "HEAD", "OPTIONS", "DELETE", "BREW"};
        if (below(3) > 0)
            return fmt::format("{} {} HTTP/1.{}\r\n{}\r\n", one_of(kMethods), path, below(5) > 0, headers);
        const std::string body(below(5000), 'b');
        if (below(2) == 0)
            return fmt::format("POST {} HTTP/1.1\r\n{}Content-Length: {}\r\n\r\n{}", path, headers, body.size(), body);
        return fmt::format("POST {} HTTP/1.1\r\n{}Transfer-Encoding: chunked\r\n\r\n{}", path, headers, chunked(body));
    }

    std::string chunked(std::string_view body) {
        std::string out;
        while (!body.empty()) {
            const std::string_view piece = body.substr(0, below(2000) + 1);
            out += fmt::format("{:x}{}\r\n{}\r\n", piece.size(), below(4) == 0 ? ";x=y" : "", piece);
            body.remove_prefix(piece.size());
        }
        return out + (below(4) == 0 ? "0\r\nTrailer: t\r\n\r\n" : "0\r\n\r\n");
    }

    std::string upload() {
        std::string body(below(400'000), 'u');
        if (below(5) == 0) body.insert(below(body.size() + 1), "REFUSE");
        if (below(2) == 0) {
            return fmt::format("POST /upload HTTP/1.1\r\nHost: f\r\n{}Content-Length: {}\r\n\r\n{}",
                               below(3) == 0 ? "Expect: 100-continue\r\n" : "", body.size(), body);
        }
        std::string form;
        const std::size_t parts = below(5);
        for (std::size_t i = 0; i < parts; ++i) {
            form += fmt::format("--BB\r\nContent-Disposition: form-data; name=n{}{}\r\n\r\n{}\r\n", i,
                                below(2) == 0 ? "; filename=f" : "", std::string_view(body).substr(0, below(20'000)));
        }
        form += "--BB--\r\n";
        if (below(3) == 0) form = mutated(form);
        return fmt::format(
            "POST /form HTTP/1.1\r\nHost: f\r\nContent-Type: multipart/form-data; boundary=BB\r\nContent-Length: "
            "{}\r\n\r\n{}",
            form.size(), form);
    }

    std::string random_bytes() {
        std::string bytes(below(3000), '\0');
        const bool text = below(2) == 0;
        for (char& c : bytes) c = text ? "GET /\r\n: HTTP1.a0"[below(17)] : static_cast<char>(below(256));
        return bytes;
    }

    std::string mutated(std::string bytes) {
        const std::size_t count = below(6) + 1;
        for (std::size_t i = 0; i < count && !bytes.empty(); ++i) {
            // Mostly near the front, where the header is.
            const std::size_t at = below(below(3) == 0 ? bytes.size() : std::min<std::size_t>(bytes.size(), 300));
            static constexpr std::string_view kTokens[] = {"\r\n",
                                                           "\n",
                                                           "\r",
                                                           ":",
                                                           " ",
                                                           "Content-Length: 7\r\n",
                                                           "Transfer-Encoding: chunked\r\n",
                                                           "%",
                                                           "-1",
                                                           "99999999999999999999",
                                                           "\t",
                                                           ";",
                                                           "\"",
                                                           "--BB"};
            switch (below(5)) {
                case 0:
                    bytes[at] = static_cast<char>(below(256));
                    break;
                case 1:
                    bytes.erase(at, below(20));
                    break;
                case 2:
                    bytes.insert(at, one_of(kTokens));
                    break;
                case 3:
                    bytes.resize(at);
                    break;
                case 4:
                    bytes.insert(at, bytes.substr(at, below(100)));
                    break;
            }
        }
        return bytes;
    }

    bool send(std::string_view bytes) {
        while (!bytes.empty() && socket_ >= 0) {
            pollfd ready{.fd = socket_, .events = POLLOUT, .revents = 0};
            if (::poll(&ready, 1, kPatienceMs) <= 0) return false;
            const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }

    void in_pieces(std::string_view bytes, bool abandon) {
        const std::size_t stop_at = abandon ? below(bytes.size() + 1) : bytes.size();
        bytes = bytes.substr(0, stop_at);
        while (!bytes.empty()) {
            const std::size_t size = below(4) == 0 ? below(10) + 1 : below(100'000) + 1;
            if (!send(bytes.substr(0, size))) return leave();
            bytes.remove_prefix(std::min(size, bytes.size()));
            if (below(8) == 0) drain(0);
        }
        if (abandon) return leave();
        drain(static_cast<int>(below(kPatienceMs / 4)));
    }

    void drain(int patience) {
        char buffer[32 * 1024];
        for (int i = 0; i < 20 && socket_ >= 0; ++i) {
            pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
            if (::poll(&ready, 1, patience) <= 0) return;
            if (::recv(socket_, buffer, sizeof buffer, MSG_DONTWAIT) <= 0) return leave();
        }
    }

    /// On a connection of its own, so that nothing of before confuses it: the answer must be there, and its own.
    void checked_request() {
        leave();
        connect();
        static constexpr std::string_view kPaths[] = {"/inline", "/pooled/1", "/late"};
        const std::string mine = token();
        send(fmt::format("GET {}?token={} HTTP/1.1\r\nHost: fuzz\r\nConnection: close\r\n\r\n", one_of(kPaths), mine));
        std::string answer;
        char buffer[4096];
        for (;;) {
            pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
            if (::poll(&ready, 1, 30'000) <= 0) break;
            const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
            if (count <= 0) break;
            answer.append(buffer, static_cast<std::size_t>(count));
        }
        ++report_.answers;
        const bool is_503 = answer.starts_with("HTTP/1.1 503");  // the pool may be full
        if (answer.empty())
            ++report_.missing_answers;
        else if (!is_503 && !answer.ends_with("\r\n\r\n" + mine))
            ++report_.foreign_answers;
        leave();
    }

    std::mt19937_64 random_;
    const std::uint16_t port_;
    Report& report_;
    int socket_ = -1;
};

}  // namespace sluice::http::fuzz
