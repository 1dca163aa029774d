#include <arpa/inet.h>
#include <condition_variable>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/http.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::http;
using sluice::test::eventually;

namespace {

std::size_t open_descriptors() {
    const auto all = std::filesystem::directory_iterator("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

/// -1: this process may open no more
int connect_to(std::uint16_t port) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0) return -1;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    REQUIRE(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    return socket;
}

std::string ask(int socket) {
    const std::string_view request = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
    if (::send(socket, request.data(), request.size(), MSG_NOSIGNAL) < 0) return "";
    pollfd ready{.fd = socket, .events = POLLIN, .revents = 0};
    if (::poll(&ready, 1, 10'000) <= 0) return "";
    char buffer[4096];
    const auto count = ::recv(socket, buffer, sizeof buffer, 0);
    return std::string(buffer, count > 0 ? static_cast<std::size_t>(count) : 0);
}

Server make_server() {
    Router router;
    router.get("/", [](const Request&) { return Response::text("here"); }).run(Runs::Inline);
    return Server({.address = "127.0.0.1", .port = 0, .pool_threads = 1, .timeouts = {.idle = 200ms}},
                  std::move(router));
}

/// Lowers the limit of open files to what is open now and some more, and puts it back.
class FewDescriptors {
  public:
    explicit FewDescriptors(std::size_t more) {
        getrlimit(RLIMIT_NOFILE, &before_);
        const rlimit few{open_descriptors() + more, before_.rlim_max};
        REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
    }
    ~FewDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }
    FewDescriptors(const FewDescriptors&) = delete;
    FewDescriptors& operator=(const FewDescriptors&) = delete;

  private:
    rlimit before_{};
};

}  // namespace

TEST_CASE("out of file descriptors the server waits, and serves again when there are some") {
    Server server = make_server();
    sluice::test::ok(server.start());
    std::vector<int> clients;
    {
        const FewDescriptors few(21);
        for (int socket = connect_to(server.port()); socket >= 0; socket = connect_to(server.port()))
            clients.push_back(socket);
        REQUIRE(clients.size() > 5);
        // The clients took what the server would need for the last of them.
        CHECK(eventually([&] { return server.counters().refused_connections > 0; }));
        const int last = clients.back();
        clients.pop_back();
        for (const int socket : clients) ::close(socket);
        CHECK(ask(last).starts_with("HTTP/1.1 200 OK"));
        ::close(last);
    }
    CHECK(eventually([&] { return server.counters().open_connections == 0; }));
}

TEST_CASE("a server that was stopped has given back its descriptors and threads") {
    const auto start_and_stop = [] {
        Server server = make_server();
        sluice::test::ok(server.start());
        const int socket = connect_to(server.port());
        CHECK(ask(socket).ends_with("here"));
        ::close(socket);
        server.stop(1s);
    };
    start_and_stop();
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 10; ++i) start_and_stop();
    MESSAGE("descriptors lost by a start and stop: " << (open_descriptors() - before) / 10);
    CHECK(open_descriptors() - before <= 20);
}
