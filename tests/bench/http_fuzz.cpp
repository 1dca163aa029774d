// http_fuzz [SECONDS] [SEED]: valid, malformed and broken-off requests from several clients at once, against a server
// in this process. Afterwards descriptors, memory and open sinks must be back to where they were, no client may have
// seen another one's answer, and the server must still answer.
#include <arpa/inet.h>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <filesystem>
#include <fmt/format.h>
#include <malloc.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <random>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

#include "base/guarded.h"
#include "base/log.h"
#include "http/http.h"

using namespace sluice;
using namespace sluice::http;

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // its allocator keeps freed memory back: the sanitizer itself looks for leaks
#else
constexpr bool kSanitized = false;
#endif

constexpr int kClients = 6;
constexpr int kPatienceMs = 100;
constexpr std::int64_t kHeapTolerance = 1024 * 1024;

struct Report {
    std::atomic<std::uint64_t> connections{0};
    std::atomic<std::uint64_t> answers{0};
    std::atomic<std::uint64_t> foreign_answers{0};
    std::atomic<std::uint64_t> missing_answers{0};
    std::atomic<int> open_bodies{0};
};

class Sink final : public BodySink {
  public:
    explicit Sink(Report& report) : report_(report) { ++report_.open_bodies; }
    ~Sink() override { --report_.open_bodies; }
    Result<void> write(std::string_view piece) override {
        if (piece.find("REFUSE") != std::string_view::npos) return refuse(ErrorCode::Invalid, "refused");
        size_ += piece.size();
        return {};
    }
    Result<std::string> finish() override { return fmt::format("{}", size_); }

  private:
    Report& report_;
    std::uint64_t size_ = 0;
};

class Source final : public BodySource {
  public:
    explicit Source(Report& report) : report_(report) { ++report_.open_bodies; }
    ~Source() override { --report_.open_bodies; }
    Result<std::optional<std::string>> next() override {
        if (left_-- == 0) return std::optional<std::string>();
        return std::optional<std::string>(std::string(20'000, 'p'));
    }

  private:
    Report& report_;
    int left_ = 50;
};

/// Answers what it is given from a thread of its own, after the handler is long gone.
class LateAnswers {
  public:
    void add(Responder responder) {
        kept_.with([&](auto& kept) { kept.push_back(std::move(responder)); });
    }
    ~LateAnswers() { thread_ = {}; }

  private:
    void run(std::stop_token stop) {
        std::mutex mutex;
        std::condition_variable_any pause;
        while (!stop.stop_requested()) {
            std::vector<Responder> due;
            kept_.with([&](auto& kept) { due.swap(kept); });
            for (Responder& responder : due) {
                const std::string token(responder.request().query.first("token").value_or(""));
                responder.send(Response::text(token));
            }
            std::unique_lock lock(mutex);
            pause.wait_for(lock, stop, 2ms, [] { return false; });
        }
    }
    Guarded<std::vector<Responder>> kept_{};
    std::jthread thread_{[this](std::stop_token stop) { run(stop); }};
};

Router make_router(Report& report, LateAnswers& late) {
    const auto echo = [](const Request& request) {
        return Response::text(std::string(request.query.first("token").value_or("")) + request.body);
    };
    const auto sink = [&report](const Request&) -> Result<std::unique_ptr<BodySink>> {
        return std::make_unique<Sink>(report);
    };
    Router router;
    router.get("/inline", echo).run(Runs::Inline);
    router.post("/inline", echo).run(Runs::Inline);
    router.get("/pooled/{x}", echo);
    router.post("/pooled/{x}", echo);
    router.get("/late", Handler([&late](const Request&, Responder responder) { late.add(std::move(responder)); }));
    router.get("/events", Handler([](const Request& request, Responder responder) {
                   const EventStream stream = responder.events();
                   for (int i = 0; i < 20; ++i)
                       stream.send({.id = "x", .data = std::string(request.query.first("token").value_or(""))});
               }));
    router.get("/stream", Handler([](const Request&, Responder responder) {
                   StreamWriter writer = responder.stream(Response::text(""));
                   for (int i = 0; i < 50 && writer.write(std::string(20'000, 'x')); ++i) {}
                   writer.end();
               }));
    router.get("/pull", Handler([&report](const Request&, Responder responder) {
                   responder.stream(Response::text(""), std::make_unique<Source>(report));
               }));
    router.get("/big", [](const Request&) { return Response::bytes(std::string(3'000'000, 'x'), "image/png"); });
    router.post("/upload", [](const Request& request) { return Response::text(request.stored); }).stream_body(sink);
    router.post("/form", [](const Request& request) { return Response::text(fmt::format("{}", request.parts.size())); })
        .stream_parts([sink](const Request& request, const PartHead& head) -> Result<std::unique_ptr<BodySink>> {
            if (!head.is_file) return std::unique_ptr<BodySink>();
            return sink(request);
        });
    return router;
}

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

std::size_t open_descriptors() {
    const auto all = std::filesystem::directory_iterator("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::int64_t heap_in_use() {
    malloc_trim(0);
    return static_cast<std::int64_t>(mallinfo2().uordblks);
}

bool eventually(const std::function<bool()>& holds) {
    std::mutex mutex;
    std::condition_variable never;
    for (int i = 0; i < 30'000; ++i) {
        if (holds()) return true;
        std::unique_lock lock(mutex);
        never.wait_for(lock, 1ms);
    }
    return holds();
}

void hammer(std::uint64_t seed, Duration time, std::uint16_t port, Report& report) {
    std::vector<std::jthread> threads;
    for (int i = 0; i < kClients; ++i) {
        threads.emplace_back(
            [&, i](std::stop_token stop) { Client(seed + static_cast<std::uint64_t>(i), port, report).run(stop); });
    }
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    never.wait_for(lock, time);
}

bool check(bool holds, std::string_view what) {
    if (!holds) fmt::print("FAILED: {}\n", what);
    return holds;
}

}  // namespace

int main(int argc, char** argv) {
    const double seconds = argc > 1 ? std::atof(argv[1]) : 60;
    const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 0) : std::random_device{}();
    fmt::print("http_fuzz: {} s with seed {}\n", seconds, seed);
    configure_logging({.level = LogLevel::Error, .to_stderr = true});

    Report report;
    LateAnswers late;
    ServerConfig config{.address = "127.0.0.1", .port = 0, .pool_threads = 4};
    config.limits.upload_window = 64 * 1024;
    config.limits.stream_window = 64 * 1024;
    config.timeouts.linger = 500ms;
    config.on_access = [](const Access&) {};
    Server server(config, make_router(report, late));
    if (const auto started = server.start(); !started) {
        fmt::print("{}\n", started.error().text());
        return 2;
    }
    const auto is_idle = [&] {
        const Counters now = server.counters();
        return now.open_connections == 0 && now.open_requests == 0 && now.open_event_streams == 0 &&
               report.open_bodies == 0;
    };

    // The first rounds fill caches and arenas; what counts is whether more rounds need more.
    hammer(seed, seconds_of(std::min(seconds / 5, 10.0)), server.port(), report);
    bool good = check(eventually(is_idle), "everything is closed after the first rounds");
    const std::size_t descriptors = open_descriptors();
    const std::int64_t heap = heap_in_use();
    hammer(seed + 1000, seconds_of(seconds), server.port(), report);
    good &= check(eventually(is_idle), "everything is closed at the end");
    good &= check(open_descriptors() == descriptors, "descriptors are back");
    const std::int64_t grown = heap_in_use() - heap;
    good &= check(kSanitized || grown < kHeapTolerance, "the heap is back");
    good &= check(report.foreign_answers == 0, "nobody saw another one's answer");
    good &= check(report.missing_answers == 0, "every valid request was answered");

    const std::uint64_t before = report.answers;
    hammer(seed, 200ms, server.port(), report);
    good &= check(report.answers > before, "the server still answers");
    const Counters c = server.counters();
    fmt::print("{} connections, {} requests ({} malformed), {} checked answers, {} descriptors, heap {:+} bytes: {}\n",
               report.connections.load(), c.requests, c.malformed_requests, report.answers.load(), descriptors, grown,
               good ? "good" : "bad");
    server.stop(5s);
    return good ? 0 : 1;
}
