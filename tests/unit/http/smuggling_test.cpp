#include <atomic>

#include "support/test.h"
#include "unit/http/client.h"

using namespace sluice;
using namespace sluice::http;
using namespace sluice::http::test;

namespace {

/// A server that knows whether the request that an attacker hid in another one's body was ever run.
struct Guarded404 {
    std::atomic<int> smuggled{0};
    std::atomic<int> outer{0};
    TestServer test;

    explicit Guarded404(ServerConfig config = {}) : test(router(), std::move(config)) {}

    Router router() {
        Router router;
        router
            .get("/smuggled",
                 [this](const Request&) {
                     ++smuggled;
                     return Response::text("smuggled");
                 })
            .run(Runs::Inline);
        router
            .post("/",
                  [this](const Request&) {
                      ++outer;
                      return Response::text("outer");
                  })
            .run(Runs::Inline)
            .limit_body(100);
        return router;
    }

    /// The status of the first answer; the connection must be closed after it.
    int refused(std::string_view bytes) {
        Client client = test.connect();
        client.send(bytes);
        const auto reply = client.reply();
        if (!reply) return 0;
        CHECK(reply->header("Connection") == "close");
        CHECK(client.at_end());
        return reply->status;
    }
};

const std::string kHidden = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

std::string with_headers(std::string_view headers) {
    return fmt::format("POST / HTTP/1.1\r\nHost: x\r\n{}\r\n", headers);
}

}  // namespace

TEST_CASE("a message whose length can be read in two ways is refused and its connection closed") {
    Guarded404 server;
    const std::string doubtful[] = {
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: 5, 6\r\n",
        "Content-Length: -1\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 5x\r\n",
        "Content-Length: 0x5\r\n",
        "Content-Length: \r\n",
        "Content-Length: 99999999999999999999999999\r\n",
        "Content-Length : 5\r\n",
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: gzip\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding:\x0b"
        "chunked\r\n",
        "Transfer-Encoding: \"chunked\"\r\n",
        "Host: y\r\n",
        "X: a\nContent-Length: 5\r\n",
        "X: a\rContent-Length: 5\r\n",
        "X: a\r\n Content-Length: 5\r\n",
        "Transfer-Encoding:\r\n\tchunked\r\n",
        "X: a\x01\r\n",
        std::string("\0: a\r\n", 6),
        std::string("X: a\0b\r\n", 8),
        ": a\r\n",
        "no colon\r\n",
    };
    for (const std::string& headers : doubtful) {
        CAPTURE(headers);
        const int status = server.refused(with_headers(headers) + kHidden);
        CHECK((status == 400 || status == 501));
    }
    CHECK(server.outer == 0);
    CHECK(server.smuggled == 0);
    CHECK(server.test.server.counters().malformed_requests == std::size(doubtful));
}

TEST_CASE("the same length twice is one length") {
    Guarded404 server;
    Client client = server.test.connect();
    client.send(with_headers("Content-Length: 2\r\nContent-Length: 2\r\n") + "ab" + kHidden);
    CHECK(client.reply()->body == "outer");
    CHECK(client.reply()->body == "smuggled");
}

TEST_CASE("malformed chunks are refused and the connection closed") {
    Guarded404 server;
    for (const std::string chunks :
         {"x\r\nabc\r\n0\r\n\r\n", "-1\r\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "3\r\nab\r\n0\r\n\r\n",
          "0x3\r\nabc\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n", "3\nabc\n0\n\n", "\r\n0\r\n\r\n",
          "3 abc\r\nabc\r\n0\r\n\r\n", "0\r\nContent-Length: 5\r\n\r\n", "0\r\nbroken trailer\r\n\r\n"}) {
        CAPTURE(chunks);
        CHECK(server.refused(with_headers("Transfer-Encoding: chunked\r\n") + chunks + kHidden) == 400);
    }
    const std::string endless = "3;" + std::string(20'000, 'x');
    CHECK(server.refused(with_headers("Transfer-Encoding: chunked\r\n") + endless) == 400);
    CHECK(server.outer == 0);
    CHECK(server.smuggled == 0);
}

TEST_CASE("trailers do not change the header that was acted upon") {
    Router router;
    router.post("/", [](const Request& request) {
        return Response::text(std::string(request.header("Authorization").value_or("none")));
    });
    const TestServer test(std::move(router));
    CHECK(test.ask(with_headers("Transfer-Encoding: chunked\r\n") + "0\r\nAuthorization: root\r\n\r\n").body == "none");
}

TEST_CASE("after a body over the limit nothing of it is read as a request") {
    Guarded404 server;
    std::string body;
    while (body.size() < 3000) body += kHidden;
    CHECK(server.refused(post_request("/", body)) == 413);
    CHECK(server.refused(with_headers("Transfer-Encoding: chunked\r\n") + fmt::format("{:x}\r\n", body.size()) +
                         body) == 413);
    CHECK(server.refused("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + kHidden) == 404);
    CHECK(server.refused("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n" + kHidden) == 405);
    CHECK(server.outer == 0);
    CHECK(server.smuggled == 0);
}

TEST_CASE("a client that sends on after 413 can still read it") {
    Guarded404 server;
    Client client = server.test.connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n");
    client.send(std::string(3'000'000, 'x'));
    const auto reply = client.reply();
    REQUIRE(reply.has_value());
    CHECK(reply->status == 413);
}

TEST_CASE("request lines and headers that are wrong or too long are refused") {
    ServerConfig config;
    config.limits.max_header_bytes = 4096;
    config.limits.max_headers = 20;
    config.limits.max_target_bytes = 1000;
    Guarded404 server(config);
    const auto line = [&](std::string_view first) {
        return server.refused(fmt::format("{}\r\nHost: x\r\n\r\n", first) + kHidden);
    };
    CHECK(line("GET / HTTP/2.0") == 505);
    CHECK(line("PRI * HTTP/2.0") == 505);
    CHECK(line("GET / HTTP/1.7") == 505);
    CHECK(line("GET /") == 400);
    CHECK(line("GET  / HTTP/1.1") == 400);
    CHECK(line("GET / HTTP/1.1 ") != 200);
    CHECK(line("G@T / HTTP/1.1") == 400);
    CHECK(line("GET /a b HTTP/1.1") >= 400);
    CHECK(line("GET /" + std::string(2000, 'a') + " HTTP/1.1") == 414);
    CHECK(line("GET /" + std::string(9000, 'a') + " HTTP/1.1") == 414);
    CHECK(server.refused(with_headers("X: " + std::string(9000, 'a') + "\r\n")) == 431);
    std::string many;
    for (int i = 0; i < 30; ++i) many += fmt::format("X{}: a\r\n", i);
    CHECK(server.refused(with_headers(many)) == 431);
    CHECK(server.refused("GET /smuggled HTTP/1.1\r\n\r\n") == 400);
    CHECK(server.refused("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS client\r\n\r\n") == 400);
    CHECK(server.smuggled == 0);
}

TEST_CASE("an expectation is met, or refused before the body comes") {
    Guarded404 server;
    Client client = server.test.connect();
    client.send(with_headers("Expect: 100-continue\r\nContent-Length: 2\r\n"));
    CHECK(client.reply()->status == 100);
    client.send("ab");
    CHECK(client.reply()->body == "outer");
    client.send(with_headers("Expect: 100-continue\r\nContent-Length: 2\r\n") + "ab");
    CHECK(client.reply()->body == "outer");
    CHECK(server.refused(with_headers("Expect: 100-continue\r\nContent-Length: 200\r\n")) == 413);
    CHECK(server.refused(with_headers("Expect: wonders\r\nContent-Length: 2\r\n")) == 417);
}
