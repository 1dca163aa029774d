#include <atomic>
#include <semaphore>

#include "support/test.h"
#include "unit/http/client.h"

using namespace sluice;
using namespace sluice::http;
using namespace sluice::http::test;

namespace {

/// What became of the sinks of a server.
struct Fate {
    std::atomic<int> open{0};
    std::atomic<int> finished{0};
    std::atomic<int> taken_back{0};
    std::atomic<std::uint64_t> bytes{0};
    std::atomic<bool> on_reactor{false};
};

class CountingSink final : public BodySink {
  public:
    explicit CountingSink(Fate& fate) : fate_(fate) { ++fate_.open; }
    ~CountingSink() override {
        --fate_.open;
        if (!finished_) ++fate_.taken_back;
    }
    Result<void> write(std::string_view piece) override {
        text_ += piece.substr(0, 100 - std::min<std::size_t>(100, text_.size()));
        fate_.bytes += piece.size();
        if (text_.starts_with("refuse")) return refuse(ErrorCode::Invalid, "this sink takes no such thing");
        if (text_.starts_with("throw")) throw OutsideError("the disk is full");
        return {};
    }
    Result<std::string> finish() override {
        if (text_.starts_with("bad end")) return refuse(ErrorCode::Conflict, "no good end");
        finished_ = true;
        ++fate_.finished;
        return "kept:" + text_;
    }

  private:
    Fate& fate_;
    std::string text_{};
    bool finished_ = false;
};

Router upload_router(Fate& fate) {
    Router router;
    router.post("/upload", [](const Request& request) { return Response::text(request.stored); })
        .stream_body([&fate](const Request& request) -> Result<std::unique_ptr<BodySink>> {
            if (request.query.has("refuse")) return refuse(ErrorCode::Forbidden, "not here");
            return std::make_unique<CountingSink>(fate);
        })
        .limit_body(50'000'000);
    router
        .post("/form",
              [](const Request& request) -> Result<Response> {
                  const auto form = form_of(request);
                  if (!form) return tl::unexpected(form.error());
                  std::string out;
                  for (const Part& part : form->parts)
                      out += fmt::format("{}={}{};", part.head.name, part.text, part.stored);
                  return Response::text(out);
              })
        .stream_parts([&fate](const Request&, const PartHead& head) -> Result<std::unique_ptr<BodySink>> {
            if (head.name == "forbidden") return refuse(ErrorCode::Forbidden, "no part of that name");
            if (!head.is_file) return std::unique_ptr<BodySink>();
            return std::make_unique<CountingSink>(fate);
        });
    return router;
}

std::string part(std::string_view name, std::string_view content, std::string_view more = "") {
    return fmt::format("--B\r\nContent-Disposition: form-data; name=\"{}\"{}\r\n\r\n{}\r\n", name, more, content);
}

std::string form_request(std::string_view body) {
    return post_request("/form", body, "Content-Type: multipart/form-data; boundary=B\r\n");
}

}  // namespace

TEST_CASE("a body goes to its sink while it arrives, and the handler learns what became of it") {
    Fate fate;
    const TestServer test(upload_router(fate));
    CHECK(test.ask(post_request("/upload", "hello")).body == "kept:hello");
    CHECK(test.ask(post_request("/upload", "")).body == "kept:");
    Client client = test.connect();
    client.send("POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    CHECK(eventually([&] { return fate.bytes == 8; }));
    client.send("3\r\ndef\r\n0\r\n\r\n" + get_request("/nowhere"));
    CHECK(client.reply()->body == "kept:abcdef");
    CHECK(client.reply()->status == 404);
    CHECK(fate.finished == 3);
    CHECK(fate.open == 0);
    CHECK(fate.taken_back == 0);
}

TEST_CASE("a long body needs no more memory than its window") {
    Fate fate;
    ServerConfig config;
    config.limits.upload_window = 64 * 1024;
    const TestServer test(upload_router(fate), config);
    Client client = test.connect();
    client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 20000000\r\n\r\n");
    const std::string piece(1'000'000, 'x');
    for (int i = 0; i < 20; ++i) REQUIRE(client.send(piece));
    CHECK(client.reply()->status == 200);
    CHECK(fate.bytes == 20'000'000);
    CHECK(eventually([&] { return test.server.counters().open_requests == 0; }));
}

TEST_CASE("a slow sink slows its client down") {
    std::counting_semaphore<1000> turns(0);
    class Waiting final : public BodySink {
      public:
        explicit Waiting(std::counting_semaphore<1000>& turns) : turns_(turns) {}
        Result<void> write(std::string_view) override {
            turns_.acquire();
            return {};
        }
        Result<std::string> finish() override { return std::string("done"); }

      private:
        std::counting_semaphore<1000>& turns_;
    };
    Router router;
    router.post("/", [](const Request& request) { return Response::text(request.stored); })
        .stream_body(
            [&](const Request&) -> Result<std::unique_ptr<BodySink>> { return std::make_unique<Waiting>(turns); });
    ServerConfig config;
    config.limits.upload_window = 32 * 1024;
    const TestServer test(std::move(router), config);
    Client client = test.connect();
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 30000000\r\n\r\n");
    const std::string all(30'000'000, 'x');
    std::size_t sent = 0;
    std::uint64_t seen = 0;
    // It stops taking bytes far before the end: what is on the way is in the system's buffers.
    REQUIRE(eventually([&] {
        const std::size_t more = client.send_some(std::string_view(all).substr(sent));
        sent += more;
        const std::uint64_t now = test.server.counters().bytes_in;
        return more == 0 && std::exchange(seen, now) == now && now > 0;
    }));
    CHECK(sent < all.size() / 2);
    CHECK(test.server.counters().bytes_in < 2'000'000);
    turns.release(1000);
    CHECK(client.send(std::string_view(all).substr(sent)));
    CHECK(client.reply()->body == "done");
}

TEST_CASE("a refused upload is answered, closed, and taken back") {
    Fate fate;
    const TestServer test(upload_router(fate));
    const auto status = [&](std::string_view request) {
        Client client = test.connect();
        client.send(request);
        const auto reply = client.reply();
        return reply ? reply->status : 0;
    };
    CHECK(status(post_request("/upload?refuse", std::string(1000, 'x'))) == 403);
    CHECK(fate.finished + fate.taken_back == 0);
    const std::string rest(100'000, 'x');
    CHECK(status(post_request("/upload", "refuse" + rest)) == 422);
    CHECK(status(post_request("/upload", "throw" + rest)) == 503);
    CHECK(status(post_request("/upload", "bad end" + rest)) == 409);
    CHECK(status("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 50000001\r\n\r\n") == 413);
    CHECK(eventually([&] { return fate.taken_back == 3 && fate.open == 0; }));
    CHECK(fate.finished == 0);
}

TEST_CASE("an upload whose client goes away is taken back") {
    Fate fate;
    const TestServer test(upload_router(fate));
    for (const bool by_reset : {true, false}) {
        Client client = test.connect();
        client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nsome of it");
        REQUIRE(eventually([&] { return fate.open == 1; }));
        if (by_reset)
            client.reset();
        else
            client.close();
        CHECK(eventually([&] { return fate.open == 0; }));
    }
    CHECK(fate.taken_back == 2);
    CHECK(eventually([&] { return test.server.counters().open_connections == 0; }));
}

TEST_CASE("malformed chunks in the middle of an upload are refused") {
    Fate fate;
    const TestServer test(upload_router(fate));
    Client client = test.connect();
    client.send("POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    REQUIRE(eventually([&] { return fate.bytes == 3; }));
    client.send("broken\r\n");
    CHECK(client.reply()->status == 400);
    CHECK(client.at_end());
    CHECK(eventually([&] { return fate.open == 0 && fate.taken_back == 1; }));
}

TEST_CASE("files of a form go to sinks, its fields stay in memory") {
    Fate fate;
    const TestServer test(upload_router(fate));
    const std::string form = part("a", "1") + part("f", "file", "; filename=\"x.txt\"") + part("b", "2") + "--B--\r\n";
    CHECK(test.ask(form_request(form)).body == "a=1;f=kept:file;b=2;");
    CHECK(fate.finished == 1);
    CHECK(test.ask(post_request("/form", "a=1&b=2", "Content-Type: application/x-www-form-urlencoded\r\n")).body ==
          "a=1;b=2;");
    CHECK(test.ask(form_request(part("forbidden", "x") + "--B--")).status == 403);
    CHECK(test.ask(form_request(part("a", "1"))).status == 400);
    CHECK(test.ask(form_request(part("a", std::string(2'000'000, 'x')) + "--B--")).status == 413);
    CHECK(test.ask(post_request("/form", "x", "Content-Type: multipart/form-data\r\n")).status == 400);
    CHECK(test.ask(post_request("/form", "x", "Content-Type: text/plain\r\n")).status == 400);
}

TEST_CASE("the guard is asked before an upload begins") {
    Fate fate;
    Router router = upload_router(fate);
    router.set_guard([](Request& request) -> std::optional<Response> {
        if (request.query.has("let-in")) return {};
        return Response::text("no", Status::Unauthorized);
    });
    const TestServer test(std::move(router));
    Client client = test.connect();
    client.send("POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    CHECK(client.reply()->status == 401);
    CHECK(client.at_end());
    Client second = test.connect();
    second.send("POST /upload?let-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    CHECK(second.reply()->status == 100);
    second.send("hello");
    CHECK(second.reply()->body == "kept:hello");
}

TEST_CASE("the bodies of all clients together have a limit") {
    Router router;
    router.post("/", [](const Request& request) { return Response::text(std::to_string(request.body.size())); });
    ServerConfig config;
    config.limits.max_bodies_in_memory = 100'000;
    const TestServer test(std::move(router), config);
    Client first = test.connect();
    first.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n" + std::string(80'000, 'x'));
    REQUIRE(eventually([&] { return test.server.counters().bytes_in > 80'000; }));
    CHECK(test.ask(post_request("/", std::string(30'000, 'x'))).status == 503);
    first.send(std::string(10'000, 'x'));
    CHECK(first.reply()->body == "90000");
    CHECK(eventually([&] { return test.ask(post_request("/", std::string(30'000, 'x'))).status == 200; }));
}
