#include "support/test.h"
#include "unit/http/client.h"

using namespace sluice;
using namespace sluice::http;
using namespace sluice::http::test;

namespace {

Router a_router() {
    Router router;
    router.get("/", [](const Request&) { return Response::text("here"); }).run(Runs::Inline);
    router.post("/", [](const Request&) { return Response::text("taken"); }).run(Runs::Inline);
    router.get("/big", [](const Request&) { return Response::text(std::string(30'000'000, 'x')); });
    return router;
}

}  // namespace

TEST_CASE("a header that never ends costs its client the connection") {
    const TestServer test(a_router(), {.timeouts = {.header = 30ms}});
    Client slow = test.connect();
    slow.send("GET / HTTP/1.1\r\nX: ");
    const auto reply = slow.reply();
    REQUIRE(reply.has_value());
    CHECK(reply->status == 408);
    CHECK(slow.at_end());
    CHECK(test.server.counters().timed_out_connections == 1);
    CHECK(test.connect().at_end());
}

TEST_CASE("one byte now and then does not keep a header open") {
    const TestServer test(a_router(), {.timeouts = {.header = 50ms}});
    Client slow = test.connect();
    slow.send("GET / HTTP/1.1\r\nX: ");
    CHECK(eventually([&] { return slow.send_some("a") == 0 || test.server.counters().timed_out_connections == 1; }));
    CHECK(eventually([&] { return test.server.counters().timed_out_connections == 1; }));
}

TEST_CASE("a connection that is not used is closed without a word") {
    const TestServer test(a_router(), {.timeouts = {.idle = 30ms}});
    Client client = test.connect();
    client.send(get_request("/"));
    CHECK(client.reply()->body == "here");
    CHECK(client.at_end());
}

TEST_CASE("a body that comes too slowly, or not at all, is refused") {
    const TestServer stalls(a_router(), {.timeouts = {.stall = 30ms}});
    Client stalled = stalls.connect();
    stalled.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
    CHECK(stalled.reply()->status == 408);
    CHECK(stalled.at_end());

    const TestServer rates(a_router(), {.timeouts = {.min_body_rate = 1'000'000, .body_grace = 20ms}});
    Client trickles = rates.connect();
    trickles.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
    CHECK(
        eventually([&] { return trickles.send_some("a") == 0 || rates.server.counters().timed_out_connections == 1; }));
    CHECK(trickles.reply()->status == 408);
}

TEST_CASE("a client that does not take its answer is closed") {
    const TestServer test(a_router(), {.timeouts = {.stall = 50ms}});
    Client client(test.server.port(), 256 * 1024);
    client.send(get_request("/big"));
    CHECK(eventually([&] { return test.server.counters().slow_clients_closed == 1; }));
    CHECK(eventually([&] { return test.server.counters().open_connections == 0; }));
}

TEST_CASE("a client that does not close after the last answer is closed") {
    const TestServer test(a_router(), {.timeouts = {.linger = 20ms}});
    Client client = test.connect();
    client.send(get_request("/", "Connection: close\r\n"));
    CHECK(client.reply()->body == "here");
    CHECK(eventually([&] { return test.server.counters().open_connections == 0; }));
}

TEST_CASE("one client too many is told so") {
    ServerConfig config;
    config.limits.max_connections = 3;
    const TestServer test(a_router(), config);
    std::vector<Client> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(test.connect());
        clients.back().send(get_request("/"));
        CHECK(clients.back().reply()->status == 200);
    }
    Client refused = test.connect();
    refused.send(get_request("/"));
    const auto reply = refused.reply();
    REQUIRE(reply.has_value());
    CHECK(reply->status == 503);
    CHECK(reply->header("Retry-After") == "1");
    CHECK(refused.at_end());
    CHECK(test.server.counters().refused_connections == 1);
    refused.close();
    clients.pop_back();
    CHECK(eventually([&] { return test.server.counters().open_connections == 2; }));
    CHECK(test.get("/").status == 200);
}
