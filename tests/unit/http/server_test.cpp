#include "http/server.h"

#include "base/guarded.h"
#include "support/test.h"
#include "unit/http/client.h"

using namespace sluice;
using namespace sluice::http;
using namespace sluice::http::test;

namespace {

std::string shown(const Request& request) {
    std::string out = std::string(to_text(request.method)) + " " + request.path;
    for (const auto& [name, value] : request.parameters) out += fmt::format(" {}={}", name, value);
    for (const auto& [name, value] : request.query) out += fmt::format(" ?{}={}", name, value);
    if (!request.body.empty()) out += " body=" + request.body;
    return out;
}

Response show(const Request& request) {
    return Response::text(shown(request));
}

Router show_router() {
    Router router;
    router.get("/inline/{x}", show).run(Runs::Inline);
    router.post("/inline/{x}", show).run(Runs::Inline);
    router.get("/pooled/{x}", show);
    router.post("/pooled/{x}", show);
    router.get("/", show);
    return router;
}

}  // namespace

TEST_CASE("a request reaches its handler with decoded parameters and query, inline and pooled") {
    const TestServer test(show_router());
    CHECK(test.get("/inline/a%2Fb?q=x+y&q=%C3%BC").body == "GET /inline/a/b x=a/b ?q=x y ?q=ü");
    CHECK(test.get("/pooled/c/").body == "GET /pooled/c x=c");
    CHECK(test.get("http://elsewhere/pooled/c?d=e").body == "GET /pooled/c x=c ?d=e");
    CHECK(test.ask(post_request("/pooled/c", "hello")).body == "POST /pooled/c x=c body=hello");
    CHECK(test.ask(post_request("/inline/c", "")).body == "POST /inline/c x=c");
    CHECK(test.get("/").body == "GET /");
}

TEST_CASE("HEAD is served from GET, OPTIONS and unknown methods by the router") {
    const TestServer test(show_router());
    const Reply head = test.ask("HEAD /pooled/c HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(head.status == 200);
    CHECK(head.header("Content-Length") == std::to_string(std::string("HEAD /pooled/c x=c").size()));
    CHECK(head.body.empty());
    const Reply options = test.ask("OPTIONS /pooled/c HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(options.status == 204);
    CHECK(options.header("Allow") == "GET, HEAD, POST, OPTIONS");
    CHECK(test.ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n").status == 204);
    const Reply wrong = test.ask("DELETE /pooled/c HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(wrong.status == 405);
    CHECK(wrong.header("Allow") == "GET, HEAD, POST, OPTIONS");
    CHECK(test.ask("BREW /pooled/c HTTP/1.1\r\nHost: x\r\n\r\n").status == 501);
    CHECK(test.get("/nowhere").status == 404);
    CHECK(test.get("/pooled/%zz").status == 400);
    CHECK(test.get("/pooled/c?a=%").status == 400);
}

TEST_CASE("a connection is kept for the next request, unless the client wants it closed") {
    const TestServer test(show_router());
    Client client = test.connect();
    for (const char* target : {"/inline/1", "/pooled/2", "/nowhere", "/inline/%zz", "/pooled/3"}) {
        client.send(get_request(target));
        REQUIRE(client.reply().has_value());
    }
    client.send(get_request("/inline/4", "Connection: close\r\n"));
    const auto last = client.reply();
    REQUIRE(last.has_value());
    CHECK(last->header("Connection") == "close");
    CHECK(client.at_end());

    Client old = test.connect();
    old.send("GET /inline/5 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(old.reply()->header("Connection") == "keep-alive");
    old.send("GET /inline/6 HTTP/1.0\r\n\r\n");
    CHECK(old.reply()->body == "GET /inline/6 x=6");
    CHECK(old.at_end());
    CHECK(test.server.counters().accepted_connections == 2);
}

TEST_CASE("pipelined requests are answered in their order") {
    const TestServer test(show_router());
    Client client = test.connect();
    std::string all;
    for (int i = 0; i < 60; ++i) {
        const std::string target = fmt::format("/{}/{}", i % 3 == 0 ? "inline" : "pooled", i);
        all += i % 2 == 0 ? get_request(target) : post_request(target, "b" + std::to_string(i));
    }
    client.send(all);
    client.close_sending();
    for (int i = 0; i < 60; ++i) {
        const auto reply = client.reply();
        REQUIRE(reply.has_value());
        CHECK(reply->body.find(fmt::format("x={}", i)) != std::string::npos);
    }
    CHECK(client.at_end());
}

TEST_CASE("a request may come in pieces cut at any byte") {
    const TestServer test(show_router());
    const std::string request =
        "POST /inline/7?q=1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        "5;ext=1\r\nhello\r\n1\r\n \r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
    Client client = test.connect();
    for (std::size_t cut = 1; cut < request.size(); ++cut) {
        CAPTURE(cut);
        const std::uint64_t before = test.server.counters().bytes_in;
        client.send(request.substr(0, cut));
        REQUIRE(eventually([&] { return test.server.counters().bytes_in >= before + cut; }));
        client.send(request.substr(cut));
        const auto reply = client.reply();
        REQUIRE(reply.has_value());
        CHECK(reply->body == "POST /inline/7 x=7 ?q=1 body=hello 0123456789");
    }
    for (const char& byte : request) client.send({&byte, 1});
    CHECK(client.reply()->body == "POST /inline/7 x=7 ?q=1 body=hello 0123456789");
}

TEST_CASE("a client that has closed its half still gets its answers") {
    const TestServer test(show_router());
    for (const char* target : {"/inline/1", "/pooled/1"}) {
        Client client = test.connect();
        client.send(get_request(target));
        client.close_sending();
        CHECK(client.reply().has_value());
        CHECK(client.at_end());
    }
    Client unfinished = test.connect();
    unfinished.send("GET /inline/1 HTTP/1.1\r\nHo");
    unfinished.close_sending();
    CHECK(unfinished.at_end());
}

TEST_CASE("every answer has an id, a sane one of the client's is kept") {
    const TestServer test(show_router());
    CHECK(test.get("/", "X-Request-Id: abc-123\r\n").header("X-Request-Id") == "abc-123");
    const std::string made = test.get("/", "X-Request-Id: a b\r\n").header("X-Request-Id");
    CHECK(made.size() == 16);
    CHECK(made != test.get("/").header("X-Request-Id"));
    CHECK(test.ask("nonsense\r\n\r\n").header("X-Request-Id").size() == 16);
}

TEST_CASE("errors come in the caller's own form, protocol errors too") {
    ServerConfig config;
    config.error_renderer = [](const Request* request, const Error& error, Status status) {
        return Response::text(
            fmt::format("{} {} {}", request == nullptr ? "?" : request->path, number(status), error.message));
    };
    Router router;
    router.get("/fails", [](const Request&) -> Result<Response> { return not_found("no such flow"); });
    router.get("/breaks", [](const Request&) -> Response { throw std::runtime_error("secret"); });
    router.get("/outside", [](const Request&) -> Response { throw OutsideError("database away"); });
    const TestServer test(std::move(router), config);
    CHECK(test.get("/fails").body == "/fails 404 no such flow");
    CHECK(test.get("/breaks").status == 500);
    CHECK(test.get("/breaks").body.find("secret") == std::string::npos);
    CHECK(test.get("/outside").status == 503);
    CHECK(test.get("/outside").header("Retry-After") == "1");
    CHECK(test.ask("GET / HTTP/9.9\r\n\r\n").body.starts_with("? 505 "));
    CHECK(test.ask("DELETE /fails HTTP/1.1\r\nHost: x\r\n\r\n").body.starts_with("/fails 405 "));
}

TEST_CASE("what a hook of the caller throws costs one request and not the server") {
    ServerConfig config;
    config.error_renderer = [](const Request*, const Error&, Status) -> Response {
        throw std::runtime_error("renderer");
    };
    config.decorate = [](const Request& request, Response& response) {
        if (request.path == "/breaks") throw std::runtime_error("decorator");
        response.set("X-Frame-Options", "DENY");
    };
    Router router = show_router();
    router.get("/breaks", show);
    const TestServer test(std::move(router), config);
    CHECK(test.get("/nowhere").status == 404);
    CHECK(test.get("/nowhere").header("X-Frame-Options") == "DENY");
    CHECK(test.get("/breaks").status == 500);
    CHECK(test.get("/").status == 200);
}

TEST_CASE("a guard sees each request first, and its answer is the last word") {
    Router router = show_router();
    router.get("/who",
               [](const Request& request) { return Response::text(std::any_cast<std::string>(request.context)); });
    router.set_guard([](Request& request) -> std::optional<Response> {
        if (request.header("Authorization") != "yes") return Response::text("who are you?", Status::Unauthorized);
        request.context = std::string("me");
        return {};
    });
    const TestServer test(std::move(router));
    CHECK(test.get("/inline/1").status == 401);
    CHECK(test.get("/pooled/1").status == 401);
    CHECK(test.get("/pooled/1", "Authorization: yes\r\n").status == 200);
    CHECK(test.get("/who", "Authorization: yes\r\n").body == "me");
}

TEST_CASE("each request is reported once, and counted") {
    struct Line {
        std::string text;
        std::uint64_t bytes;
    };
    Guarded<std::vector<Line>> lines;
    ServerConfig config;
    config.on_access = [&](const Access& access) {
        lines.with([&](auto& all) {
            all.push_back({fmt::format("{} {} {} {} {}", to_text(access.method), access.path, access.pattern,
                                       access.status, access.complete),
                           access.bytes});
        });
    };
    const TestServer test(show_router(), config);
    test.get("/pooled/1?secret=1");
    test.get("/nowhere");
    REQUIRE(eventually([&] { return lines.with([](auto& all) { return all.size() == 2; }); }));
    lines.with([](auto& all) {
        CHECK(all[0].text == "GET /pooled/1 /pooled/{x} 200 true");
        CHECK(all[0].bytes > 100);
        CHECK(all[1].text == "GET /nowhere  404 true");
    });
    CHECK(eventually([&] { return test.server.counters().open_requests == 0; }));
    const Counters counters = test.server.counters();
    CHECK(counters.requests == 2);
    CHECK(counters.responses_by_class[2] == 1);
    CHECK(counters.responses_by_class[4] == 1);
    CHECK(eventually([&] { return test.server.counters().open_connections == 0; }));
}

TEST_CASE("an address that is taken is an error that says so") {
    const TestServer test(show_router());
    Server second({.address = "127.0.0.1", .port = test.server.port()}, show_router());
    const Error error = sluice::test::failure(second.start());
    CHECK(error.code == ErrorCode::Unavailable);
    CHECK(error.message.find("in use") != std::string::npos);
    Server nowhere({.address = "no such address", .port = 0}, show_router());
    CHECK(sluice::test::failure(nowhere.start()).code == ErrorCode::Unavailable);
}

TEST_CASE("both families are served at ::") {
    Server server({.address = "::", .port = 0}, show_router());
    sluice::test::ok(server.start());
    Client client(server.port());
    client.send(get_request("/"));
    CHECK(client.reply()->status == 200);
}
