#include <future>
#include <semaphore>
#include <thread>

#include "base/guarded.h"
#include "support/test.h"
#include "unit/http/client.h"

using namespace sluice;
using namespace sluice::http;
using namespace sluice::http::test;

namespace {

/// Keeps responders for the test to answer.
struct Kept {
    Guarded<std::vector<Responder>> responders{};

    Handler keep() {
        return [this](const Request&, Responder responder) {
            responders.with([&](auto& all) { all.push_back(std::move(responder)); });
        };
    }
    std::size_t count() {
        return responders.with([](auto& all) { return all.size(); });
    }
    Responder take() {
        REQUIRE(eventually([&] { return count() > 0; }));
        return responders.with([](auto& all) {
            Responder responder = std::move(all.front());
            all.erase(all.begin());
            return responder;
        });
    }
};

}  // namespace

TEST_CASE("a handler may answer later, from any thread") {
    Kept kept;
    Router router;
    router.get("/pooled", kept.keep());
    router.get("/inline", kept.keep()).run(Runs::Inline);
    const TestServer test(std::move(router));
    for (const char* target : {"/pooled", "/inline"}) {
        Client client = test.connect();
        client.send(get_request(target));
        std::thread([responder = kept.take()]() mutable { responder.send(Response::text("later")); }).join();
        CHECK(client.reply()->body == "later");
    }
}

TEST_CASE("answering a client that has gone does nothing") {
    Kept kept;
    Router router;
    router.get("/", kept.keep());
    const TestServer test(std::move(router));
    for (const bool by_reset : {false, true}) {
        Client client = test.connect();
        client.send(get_request("/"));
        Responder responder = kept.take();
        CHECK_FALSE(responder.client_gone());
        if (by_reset)
            client.reset();
        else
            client.close();
        // A closed half may still be reading; only a reset is sure to be noticed before the answer.
        if (by_reset) CHECK(eventually([&] { return responder.client_gone(); }));
        responder.send(Response::text("late"));
        CHECK(eventually([&] { return test.server.counters().open_connections == 0; }));
    }
    Client next = test.connect();
    next.send(get_request("/"));
    kept.take().send(Response::text("for the next"));
    CHECK(next.reply()->body == "for the next");
}

TEST_CASE("an answer never reaches another client, even one with the same descriptor") {
    Kept kept;
    Router router;
    router.get("/", kept.keep());
    router.get("/other", [](const Request&) { return Response::text("other"); });
    const TestServer test(std::move(router), {.reactor_threads = 1});
    Client first = test.connect();
    first.send(get_request("/"));
    Responder responder = kept.take();
    first.reset();
    REQUIRE(eventually([&] { return test.server.counters().open_connections == 0; }));
    Client second = test.connect();
    second.send(get_request("/other"));
    CHECK(second.reply()->body == "other");
    responder.send(Response::text("secret of the first"));
    second.send(get_request("/other", "Connection: close\r\n"));
    CHECK(second.read_to_end().find("secret") == std::string::npos);
}

TEST_CASE("a responder that is dropped answers 500") {
    Router router;
    router.get("/pooled", Handler([](const Request&, Responder) {}));
    router.get("/inline", Handler([](const Request&, Responder) {})).run(Runs::Inline);
    router.get("/throws", Handler([](const Request&, Responder responder) {
                   const Responder mine = std::move(responder);
                   throw std::runtime_error("no");
               }));
    const TestServer test(std::move(router));
    CHECK(test.get("/pooled").status == 500);
    CHECK(test.get("/inline").status == 500);
    CHECK(test.server.counters().dropped_responders == 2);
    CHECK(test.get("/throws").status == 500);
    CHECK(test.server.counters().dropped_responders == 2);
}

TEST_CASE("the first answer counts") {
    Kept kept;
    Router router;
    router.get("/", Handler([&](const Request& request, Responder responder) {
                   kept.keep()(request, std::move(responder));
                   throw std::runtime_error("after it gave the responder away");
               }));
    router.get("/twice", Handler([](const Request&, Responder responder) {
                   responder.send(Response::text("once"));
                   CHECK_THROWS_AS(responder.send(Response::text("twice")), BugError);
                   CHECK_THROWS_AS(responder.request(), BugError);
               }));
    const TestServer test(std::move(router));
    CHECK(test.get("/").status == 500);
    kept.take().send(Response::text("too late"));
    CHECK(test.get("/twice").body == "once");
}

TEST_CASE("a full pool says so at once") {
    std::binary_semaphore go(0);
    std::atomic<bool> runs{false};
    Router router;
    router.get("/slow", [&](const Request&) {
        runs = true;
        go.acquire();
        go.release();
        return Response::text("slow");
    });
    router.get("/inline", [](const Request&) { return Response::text("inline"); }).run(Runs::Inline);
    const TestServer test(std::move(router), {.pool_threads = 1, .pool_queue = 1});
    Client running = test.connect();
    running.send(get_request("/slow"));
    REQUIRE(eventually([&] { return runs.load(); }));
    Client waiting = test.connect();
    waiting.send(get_request("/slow"));
    REQUIRE(eventually([&] { return test.server.counters().waiting_requests == 1; }));
    const Reply refused = test.get("/slow");
    CHECK(refused.status == 503);
    CHECK(refused.header("Retry-After") == "1");
    CHECK(test.get("/inline").status == 200);
    CHECK(test.server.counters().rejected_requests == 1);
    go.release();
    CHECK(running.reply()->status == 200);
    CHECK(waiting.reply()->status == 200);
}

TEST_CASE("a stop lets running requests be answered, and takes no new ones") {
    Kept kept;
    Router router;
    router.get("/", kept.keep());
    TestServer test(std::move(router));
    Client idle = test.connect();
    Client client = test.connect();
    client.send(get_request("/"));
    Responder responder = kept.take();
    std::thread stopping([&] { test.server.stop(20s); });
    CHECK(idle.at_end());
    CHECK(test.server.counters().open_requests == 1);
    responder.send(Response::text("in time"));
    const auto reply = client.reply();
    stopping.join();
    REQUIRE(reply.has_value());
    CHECK(reply->body == "in time");
    CHECK(reply->header("Connection") == "close");
    CHECK(test.server.counters().open_requests == 0);
}

TEST_CASE("a stop whose grace is over breaks off what is left") {
    Kept kept;
    Router router;
    router.get("/", kept.keep());
    TestServer test(std::move(router));
    Client client = test.connect();
    client.send(get_request("/"));
    Responder responder = kept.take();
    test.server.stop(1ms);
    CHECK(client.at_end());
    CHECK(responder.client_gone());
    responder.send(Response::text("nobody hears it"));
}

TEST_CASE("a handler that begins to stream while the server stops is told that nobody listens") {
    std::binary_semaphore go(0);
    std::atomic<bool> runs{false};
    std::atomic<bool> told{false};
    Router router;
    router.get("/", Handler([&](const Request&, Responder responder) {
                   runs = true;
                   go.acquire();
                   StreamWriter writer = responder.stream(Response::text(""));
                   while (writer.write(std::string(100'000, 'x'))) {}
                   told = true;
               }));
    TestServer test(std::move(router));
    Client client = test.connect();
    client.send(get_request("/"));
    REQUIRE(eventually([&] { return runs.load(); }));
    std::thread stopping([&] { test.server.stop(1ms); });
    CHECK(client.at_end());
    go.release();
    stopping.join();
    CHECK(told);
}

TEST_CASE("a responder may outlive its server") {
    Kept kept;
    std::optional<StreamWriter> writer;
    std::optional<EventStream> events;
    {
        Router router;
        router.get("/", kept.keep());
        TestServer test(std::move(router));
        std::vector<Client> clients;
        for (int i = 0; i < 3; ++i) clients.push_back(test.connect());
        for (Client& client : clients) client.send(get_request("/"));
        REQUIRE(eventually([&] { return kept.count() == 3; }));
        writer.emplace(kept.take().stream(Response::text("")));
        events.emplace(kept.take().events());
    }
    CHECK_FALSE(writer->write("x"));
    CHECK_FALSE(events->send({.data = "x"}));
    kept.take().fail({ErrorCode::NotFound, "x"});
}

TEST_CASE("many clients at once each get their own answers") {
    Router router;
    router.post("/echo/{id}", [](const Request& request) {
        return Response::text(std::string(request.parameter("id")) + request.body);
    });
    router
        .post(
            "/now/{id}",
            [](const Request& request) { return Response::text(std::string(request.parameter("id")) + request.body); })
        .run(Runs::Inline);
    const TestServer test(std::move(router));
    std::vector<std::jthread> threads;
    std::atomic<int> wrong{0};
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            Client client = test.connect();
            for (int i = 0; i < 50; ++i) {
                const std::string id = fmt::format("{}-{}", t, i);
                client.send(post_request((i % 2 == 0 ? "/echo/" : "/now/") + id,
                                         std::string(static_cast<std::size_t>(i * 97), 'x')));
                const auto reply = client.reply();
                if (!reply || !reply->body.starts_with(id) ||
                    reply->body.size() != id.size() + static_cast<std::size_t>(i * 97))
                    ++wrong;
            }
        });
    }
    threads.clear();
    CHECK(wrong == 0);
}
