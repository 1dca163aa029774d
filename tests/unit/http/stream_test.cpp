#include <fcntl.h>
#include <fstream>
#include <thread>
#include <unistd.h>

#include "base/guarded.h"
#include "support/test.h"
#include "unit/http/client.h"

using namespace sluice;
using namespace sluice::http;
using namespace sluice::http::test;

namespace {

/// Streams that the test writes to.
struct Streams {
    Guarded<std::vector<EventStream>> all{};

    Handler open() {
        return [this](const Request&, Responder responder) {
            EventStream stream = responder.events();
            all.with([&](auto& streams) { streams.push_back(std::move(stream)); });
        };
    }
    std::size_t count() {
        return all.with([](auto& streams) { return streams.size(); });
    }
    EventStream at(std::size_t index) {
        REQUIRE(eventually([&] { return count() > index; }));
        return all.with([&](auto& streams) { return streams[index]; });
    }
};

struct TemporaryFile {
    explicit TemporaryFile(std::string_view content) {
        const int fd = mkstemp(path.data());
        close(fd);
        std::ofstream(path, std::ios::binary) << content;
    }
    ~TemporaryFile() { unlink(path.c_str()); }
    std::string path = "/tmp/sluice-http-test-XXXXXX";
};

}  // namespace

TEST_CASE("an answer of unknown length comes piece by piece") {
    Router router;
    router.get("/", Handler([](const Request& request, Responder responder) {
                   const bool wants_body = request.method == Method::Get;
                   StreamWriter writer = responder.stream(Response::text(""));
                   for (int i = 0; i < 1000; ++i) {
                       const bool taken = writer.write(fmt::format("line {}\n", i));
                       if (wants_body) CHECK(taken);
                   }
                   writer.write("");
                   writer.end();
               }));
    const TestServer test(std::move(router));
    Client client = test.connect();
    for (int round = 0; round < 2; ++round) {
        client.send(get_request("/"));
        const auto reply = client.reply();
        REQUIRE(reply.has_value());
        CHECK(reply->header("Transfer-Encoding") == "chunked");
        CHECK(reply->body.starts_with("line 0\nline 1\n"));
        CHECK(reply->body.ends_with("line 999\n"));
    }
    client.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client.reply(true)->status == 200);
    client.send("GET / HTTP/1.0\r\n\r\n");
    const auto old = client.reply();
    CHECK_FALSE(old->headers.has("Transfer-Encoding"));
    CHECK(old->body.ends_with("line 999\n"));
    CHECK(test.get("/", "Accept-Encoding: gzip\r\n").header("Content-Encoding") == "gzip");
}

TEST_CASE("who writes faster than the client reads has to wait, and learns when it goes") {
    std::atomic<std::uint64_t> written{0};
    std::atomic<bool> told{false};
    Router router;
    router.get("/", Handler([&](const Request&, Responder responder) {
                   StreamWriter writer = responder.stream(Response::bytes(std::string(), "application/octet-stream"));
                   const std::string piece(10'000, 'x');
                   while (writer.write(piece)) written += piece.size();
                   told = writer.client_gone();
               }));
    ServerConfig config;
    config.limits.stream_window = 50'000;
    const TestServer test(std::move(router), config);
    Client client(test.server.port(), 256 * 1024);
    client.send(get_request("/"));
    std::uint64_t seen = 0;
    // The system's buffers fill, then nothing moves any more.
    REQUIRE(eventually([&] {
        const std::uint64_t now = written;
        return now > 0 && std::exchange(seen, now) == now;
    }));
    client.read_until(std::string(1000, 'x'));
    client.reset();
    CHECK(eventually([&] { return told.load(); }));
    CHECK(eventually([&] { return test.server.counters().open_requests == 0; }));
}

TEST_CASE("an answer is pulled from its source only as fast as its client reads") {
    struct Facts {
        std::atomic<std::uint64_t> made{0};
        std::atomic<int> alive{0};
    } facts;
    class Source final : public BodySource {
      public:
        Source(Facts& facts, std::uint64_t pieces, std::optional<std::uint64_t> size)
            : facts_(facts), pieces_(pieces), size_(size) {
            ++facts_.alive;
        }
        ~Source() override { --facts_.alive; }
        Result<std::optional<std::string>> next() override {
            if (pieces_ == 0) return std::optional<std::string>();
            if (pieces_ == 13) return refuse(ErrorCode::Internal, "the source fails");
            --pieces_;
            facts_.made += 10'000;
            return std::optional<std::string>(std::string(10'000, 'x'));
        }
        std::optional<std::uint64_t> size() const override { return size_; }

      private:
        Facts& facts_;
        std::uint64_t pieces_;
        std::optional<std::uint64_t> size_;
    };
    Router router;
    router.get("/{pieces}", Handler([&](const Request& request, Responder responder) {
                   const std::uint64_t pieces = std::stoull(std::string(request.parameter("pieces")));
                   std::optional<std::uint64_t> size;
                   if (request.query.has("size")) size = std::stoull(std::string(*request.query.first("size")));
                   responder.stream(Response::text(""), std::make_unique<Source>(facts, pieces, size));
               }));
    ServerConfig config;
    config.pool_threads = 1;
    config.limits.stream_window = 50'000;
    const TestServer test(std::move(router), config);
    CHECK(test.get("/10").body.size() == 100'000);
    CHECK(test.get("/10?size=100000").header("Content-Length") == "100000");
    CHECK(test.get("/10?size=100000", "Accept-Encoding: gzip\r\n").body.size() == 100'000);
    CHECK(test.get("/10", "Accept-Encoding: gzip\r\n").body.size() < 1000);
    CHECK(test.ask("HEAD /10?size=100000 HTTP/1.1\r\nHost: x\r\n\r\n").header("Content-Length") == "100000");
    for (const char* broken : {"/13", "/20", "/10?size=100001", "/10?size=99999"}) {
        CAPTURE(broken);
        Client client = test.connect();
        client.send(get_request(broken));
        CHECK_FALSE(client.reply().has_value());
    }
    CHECK(eventually([&] { return facts.alive == 0; }));

    // One pool thread, and a client that does not read: it is free for others, and the source is asked no more.
    Client slow(test.server.port(), 256 * 1024);
    slow.send(get_request("/100000"));
    std::uint64_t seen = 0;
    REQUIRE(eventually([&] { return std::exchange(seen, facts.made.load()) == facts.made && facts.made > 500'000; }));
    CHECK(test.get("/10").body.size() == 100'000);
    CHECK(facts.made < 100'000'000);
    slow.reset();
    CHECK(eventually([&] { return facts.alive == 0; }));
}

TEST_CASE("an answer that was dropped before its end is broken off") {
    Router router;
    router.get("/", Handler([](const Request&, Responder responder) {
                   StreamWriter writer = responder.stream(Response::text(""));
                   writer.write("a part");
               }));
    const TestServer test(std::move(router));
    Client client = test.connect();
    client.send(get_request("/"));
    CHECK_FALSE(client.reply().has_value());
}

TEST_CASE("a reactor thread may not wait for a client") {
    std::atomic<bool> refused{false};
    Router router;
    router
        .get("/", Handler([&](const Request&, Responder responder) {
                 StreamWriter writer = responder.stream(Response::text(""));
                 CHECK_THROWS_AS(writer.write("x"), BugError);
                 refused = true;
             }))
        .run(Runs::Inline);
    const TestServer test(std::move(router));
    Client client = test.connect();
    client.send(get_request("/"));
    CHECK_FALSE(client.reply().has_value());
    CHECK(refused);
}

TEST_CASE("events have ids and lines, and their end is the end of the answer") {
    CHECK(*to_text({.id = "progress", .data = "a\nb\r\n"}) == "id: progress\ndata: a\ndata: b\ndata: \n\n");
    CHECK(*to_text({.id = "x\ny", .data = "", .name = "n", .retry = std::chrono::milliseconds(5)}) ==
          "id: xy\nevent: n\nretry: 5\ndata: \n\n");

    Streams streams;
    Router router;
    router.get("/events", streams.open());
    const TestServer test(std::move(router));
    Client client = test.connect();
    client.send(get_request("/events"));
    const std::string head = client.read_until("\r\n\r\n");
    CHECK(head.find("Content-Type: text/event-stream\r\n") != std::string::npos);
    CHECK(head.find("Cache-Control: no-cache\r\n") != std::string::npos);
    const EventStream stream = streams.at(0);
    CHECK(test.server.counters().open_event_streams == 1);
    CHECK(stream.send({.id = "start", .data = "{}"}));
    CHECK(client.read_until("data: {}\n\n").find("id: start\n") != std::string::npos);
    CHECK(stream.comment("still here"));
    client.read_until(": still here\n\n");
    std::atomic<int> closed{0};
    stream.on_close([&] { ++closed; });
    stream.end();
    CHECK_FALSE(stream.send({.data = "late"}));
    CHECK(client.read_to_end().ends_with("0\r\n\r\n"));
    CHECK(eventually([&] { return closed == 1; }));
    stream.on_close([&] { ++closed; });
    CHECK(closed == 2);
    CHECK(test.server.counters().open_event_streams == 0);
}

TEST_CASE("a stream notices that its client goes, in whatever way") {
    Streams streams;
    Router router;
    router.get("/events", streams.open());
    const TestServer test(std::move(router));
    for (std::size_t i = 0; i < 3; ++i) {
        Client client = test.connect();
        client.send(get_request("/events"));
        const EventStream stream = streams.at(i);
        client.read_until("\r\n\r\n");
        if (i == 0) client.close();
        if (i == 1) client.reset();
        if (i == 2) client.close_sending();
        CHECK(eventually([&] { return stream.closed(); }));
    }
    CHECK(eventually([&] { return test.server.counters().open_connections == 0; }));
    CHECK(test.server.counters().open_event_streams == 0);
}

TEST_CASE("a client that does not read its events is closed") {
    Streams streams;
    Router router;
    router.get("/events", streams.open());
    ServerConfig config;
    config.limits.event_backlog = 100'000;
    const TestServer test(std::move(router), config);
    Client slow(test.server.port(), 256 * 1024);
    slow.send(get_request("/events"));
    const EventStream stream = streams.at(0);
    const auto event = to_text({.data = std::string(10'000, 'x')});
    std::uint64_t sent = 0;
    while (stream.send(event)) ++sent;
    CHECK(sent >= 9);
    CHECK(eventually([&] { return test.server.counters().slow_clients_closed == 1; }));
    CHECK(eventually([&] { return test.server.counters().open_connections == 0; }));
}

TEST_CASE("a silent stream is kept alive by comments") {
    Streams streams;
    Router router;
    router.get("/events", streams.open());
    const TestServer test(std::move(router), {.event_keep_alive = 20ms});
    Client client = test.connect();
    client.send(get_request("/events"));
    client.read_until(": keep-alive\n\n");
    client.read_until(": keep-alive\n\n");
}

TEST_CASE("a stop ends streams with a proper end") {
    Streams streams;
    Router router;
    router.get("/events", streams.open());
    TestServer test(std::move(router));
    Client client = test.connect();
    client.send(get_request("/events"));
    const EventStream stream = streams.at(0);
    client.read_until("\r\n\r\n");
    std::thread stopping([&] { test.server.stop(10s); });
    CHECK(client.read_to_end() == "0\r\n\r\n");
    stopping.join();
    CHECK(stream.closed());
}

TEST_CASE("a stream ends when nobody holds it any more") {
    Router router;
    router.get("/events",
               Handler([](const Request&, Responder responder) { responder.events().send({.data = "only"}); }));
    const TestServer test(std::move(router));
    CHECK(test.get("/events").body == "data: only\n\n");
}

TEST_CASE("a file is sent whole, in part, or not at all when it is known") {
    std::string content;
    for (int i = 0; i < 300'000; ++i) content += static_cast<char>('a' + i % 26);
    const TemporaryFile file(content);
    Router router;
    router.get("/file", [&](const Request&) { return Response::file(file.path, {.download_name = "data.txt"}); });
    router.get("/missing", [&](const Request&) { return Response::file(file.path + "x"); });
    router.get("/folder", [&](const Request&) { return Response::file("/tmp"); });
    const TestServer test(std::move(router));
    Client client = test.connect();
    const auto ask = [&](std::string_view headers) {
        client.send(get_request("/file", headers));
        auto reply = client.reply();
        REQUIRE(reply.has_value());
        return *reply;
    };
    const Reply whole = ask("");
    CHECK(whole.body == content);
    CHECK(whole.header("Accept-Ranges") == "bytes");
    CHECK(whole.header("Content-Disposition") == "attachment; filename=\"data.txt\"");
    const Reply part = ask("Range: bytes=100000-199999\r\n");
    CHECK(part.status == 206);
    CHECK(part.body == content.substr(100'000, 100'000));
    CHECK(ask("Range: bytes=-26\r\n").body == content.substr(content.size() - 26));
    CHECK(ask("Range: bytes=300000-\r\n").status == 416);
    CHECK(ask(fmt::format("If-None-Match: {}\r\n", whole.header("ETag"))).status == 304);
    CHECK(ask(fmt::format("If-Modified-Since: {}\r\n", whole.header("Last-Modified"))).status == 304);
    client.send("HEAD /file HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client.reply(true)->header("Content-Length") == "300000");
    CHECK(test.get("/missing").status == 404);
    CHECK(test.get("/folder").status == 404);
}

TEST_CASE("a file that becomes shorter while it is sent breaks the answer off") {
    const TemporaryFile file(std::string(20'000'000, 'x'));
    Router router;
    router.get("/file", [&](const Request&) { return Response::file(file.path); });
    const TestServer test(std::move(router));
    Client client(test.server.port(), 256 * 1024);
    client.send(get_request("/file"));
    client.read_until("\r\n\r\n");
    REQUIRE(truncate(file.path.c_str(), 10) == 0);
    CHECK(client.read_to_end().size() < 20'000'000);
}

TEST_CASE("a client that goes in the middle of an answer leaves nothing behind") {
    const std::string big(4'000'000, 'x');
    Router router;
    router.get("/big", [&](const Request&) { return Response::text(big); });
    const TestServer test(std::move(router));
    for (int i = 0; i < 6; ++i) {
        Client client(test.server.port(), 256 * 1024);
        client.send(get_request("/big"));
        client.read_until("\r\n\r\n");
        if (i % 2 == 0)
            client.reset();
        else
            client.close();
    }
    CHECK(eventually([&] { return test.server.counters().open_connections == 0; }));
    CHECK(eventually([&] { return test.server.counters().open_requests == 0; }));
    CHECK(test.get("/big").body.size() == big.size());
}
