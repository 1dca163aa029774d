#include <arpa/inet.h>
#include <atomic>
#include <condition_variable>
#include <malloc.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/guarded.h"
#include "http/http.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::http;
using sluice::test::eventually;

namespace {

constexpr std::size_t kStreams = 2000;

class Listener {
  public:
    explicit Listener(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        REQUIRE(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        const std::string_view request = "GET /events HTTP/1.1\r\nHost: test\r\nAccept: text/event-stream\r\n\r\n";
        REQUIRE(::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size()));
    }
    ~Listener() {
        if (socket_ >= 0) ::close(socket_);
    }
    Listener(Listener&& other) noexcept : socket_(std::exchange(other.socket_, -1)), tail_(std::move(other.tail_)) {}
    Listener& operator=(Listener&& other) noexcept {
        std::swap(socket_, other.socket_);
        std::swap(tail_, other.tail_);
        return *this;
    }

    /// false: it did not come, or the stream ended before
    bool read_until(std::string_view text) {
        while (tail_.find(text) == std::string::npos) {
            pollfd ready{.fd = socket_, .events = POLLIN, .revents = 0};
            char buffer[16 * 1024];
            if (::poll(&ready, 1, 20'000) <= 0) return false;
            const auto count = ::recv(socket_, buffer, sizeof buffer, 0);
            if (count <= 0) return false;
            tail_.append(buffer, static_cast<std::size_t>(count));
        }
        tail_ = {};
        return true;
    }

  private:
    int socket_;
    std::string tail_{};
};

/// All open streams; a stream that is closed takes itself out.
struct Hub {
    Guarded<std::map<std::uint64_t, EventStream>> streams{};
    std::atomic<std::uint64_t> next{0};
    std::atomic<std::uint64_t> closed{0};

    void add(EventStream stream) {
        const std::uint64_t key = next++;
        streams.with([&](auto& all) { all.emplace(key, stream); });
        stream.on_close([this, key] {
            ++closed;
            streams.with([&](auto& all) { all.erase(key); });
        });
    }
    std::size_t size() {
        return streams.with([](auto& all) { return all.size(); });
    }
    void broadcast(const Event& event) {
        const auto text = to_text(event);
        streams.with([&](auto& all) {
            for (const auto& [key, stream] : all) stream.send(text);
        });
    }
};

std::size_t how_many_read(std::vector<Listener>& listeners, std::string_view text) {
    std::size_t got = 0;
    for (Listener& listener : listeners) got += listener.read_until(text) ? 1 : 0;
    return got;
}

}  // namespace

TEST_CASE("two thousand streams of events are open at once, cheap, and each gets every event") {
    Hub hub;
    Router router;
    router.get("/events", Handler([&](const Request&, Responder responder) { hub.add(responder.events()); }));
    ServerConfig config{.address = "127.0.0.1", .port = 0, .pool_threads = 2, .pool_queue = kStreams};
    Server server(config, std::move(router));
    sluice::test::ok(server.start());

    std::vector<Listener> listeners;
    listeners.reserve(kStreams);
    const auto heap_before = mallinfo2().uordblks;
    for (std::size_t i = 0; i < kStreams; ++i) listeners.emplace_back(server.port());
    REQUIRE(eventually([&] { return hub.size() == kStreams; }));
    CHECK(eventually([&] { return server.counters().open_event_streams == kStreams; }));
    for (int i = 0; i < 3; ++i) {
        const std::string data = fmt::format("event {} {}", i, std::string(500, 'x'));
        hub.broadcast({.id = "progress", .data = data});
        CHECK(how_many_read(listeners, data + "\n\n") == kStreams);
    }
    const auto per_stream = (mallinfo2().uordblks - heap_before) / kStreams;
    MESSAGE("an open stream takes " << per_stream << " bytes");
    CHECK(per_stream < 6000);

    listeners.erase(listeners.begin(), listeners.begin() + kStreams / 2);
    CHECK(eventually([&] { return hub.size() == kStreams / 2; }));
    hub.broadcast({.data = "for those who stayed"});
    CHECK(how_many_read(listeners, "for those who stayed") == kStreams / 2);

    server.stop(10s);
    CHECK(hub.size() == 0);
    CHECK(hub.closed == kStreams);
    CHECK(server.counters().open_event_streams == 0);
}
