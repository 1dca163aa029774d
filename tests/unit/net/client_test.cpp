#include "net/client.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "support/test.h"
#include "unit/net/loopback_server.h"

namespace sluice::net {
namespace {

using test::LoopbackServer;
using test::Reply;
using test::response;
using test::Seen;

Reply answer(const std::string& bytes) {
    return {.bytes = bytes};
}

Response get(Client& client, const std::string& url, Options options = {}) {
    return test::ok(client.send({.url = url, .options = std::move(options)}, {}));
}
Error refused(Client& client, Request request) {
    return test::failure(client.send(request, {}));
}

/// Text as a stream that can or can't be read again.
class TextSource : public Source {
  public:
    TextSource(std::string text, bool size_known, bool can_rewind)
        : text_(std::move(text)), size_known_(size_known), can_rewind_(can_rewind) {}
    std::size_t read(std::span<char> buffer) override {
        const std::size_t n = text_.copy(buffer.data(), std::min<std::size_t>(buffer.size(), 1000), at_);
        at_ += n;
        return n;
    }
    std::optional<std::uint64_t> size_bytes() const override {
        return size_known_ ? std::optional<std::uint64_t>(text_.size()) : std::nullopt;
    }
    bool rewind() override {
        if (can_rewind_) at_ = 0;
        return can_rewind_;
    }

  private:
    std::string text_;
    bool size_known_;
    bool can_rewind_;
    std::size_t at_ = 0;
};

}  // namespace

TEST_CASE("a response has its code, its headers as they were sent, and its body") {
    LoopbackServer server([](const Seen&) {
        return answer(response("404 Not Here", "body", "X-Two: a\r\nx-two: b\r\nContent-Type: text/plain\r\n"));
    });
    Client client;
    const Response got = get(client, server.url("/path?q=1"));
    CHECK(got.code == 404);
    CHECK(got.body == "body");
    CHECK(got.url == server.url("/path?q=1"));
    CHECK(got.headers.find("content-TYPE") == "text/plain");
    CHECK(got.headers.all("X-TWO") == std::vector<std::string>{"a", "b"});
    CHECK(got.headers.begin()[1] == Header{"X-Two", "a"});
    const Seen seen = server.seen().at(0);
    CHECK(seen.method == "GET");
    CHECK(seen.target == "/path?q=1");
    CHECK(seen.headers.at("user-agent") == "sluice");
}

TEST_CASE("headers go out as they are given, and can't be smuggled") {
    LoopbackServer server([](const Seen&) { return answer(response("200 OK", "")); });
    Client client;
    test::ok(client.send(
        {.url = server.url("/"), .headers = {{"X-Own", "a b"}, {"X-Empty", ""}, {"Content-Length", "999"}}}, {}));
    const Seen seen = server.seen().at(0);
    CHECK(seen.text.find("X-Own: a b\r\n") != std::string::npos);
    CHECK(seen.headers.contains("x-empty"));
    CHECK_FALSE(seen.headers.contains("content-length"));
    const auto with = [&](const Header& header) { return Request{.url = server.url("/"), .headers = {header}}; };
    CHECK(refused(client, with({"A", "b\r\nC: d"})).code == ErrorCode::Invalid);
    CHECK(refused(client, with({"A b", "c"})).code == ErrorCode::Invalid);
    CHECK(refused(client, {.method = "GE T", .url = server.url("/")}).code == ErrorCode::Invalid);
    CHECK(refused(client, {.url = server.url("/\r\nX: y")}).code == ErrorCode::Invalid);
    CHECK(server.seen().size() == 1);
}

TEST_CASE("bodies go out with each method, and only what was given describes them") {
    LoopbackServer server([](const Seen& seen) { return answer(response("200 OK", seen.method + ":" + seen.body)); });
    Client client;
    for (const char* method : {"POST", "PUT", "PATCH", "DELETE", "GET", "REPORT"}) {
        const Request request{.method = method, .url = server.url("/"), .body = std::string("some\0text", 9)};
        CHECK(test::ok(client.send(request, {})).body == std::string(method) + ":" + std::string("some\0text", 9));
    }
    for (const Seen& seen : server.seen()) CHECK_FALSE(seen.headers.contains("content-type"));
    CHECK(test::ok(client.send({.method = "post", .url = server.url("/")}, {})).body == "POST:");
    CHECK(server.seen().back().headers.at("content-length") == "0");
    CHECK(test::ok(client.send({.method = "DELETE", .url = server.url("/")}, {})).body == "DELETE:");
}

TEST_CASE("HEAD has no body, whatever its length says") {
    LoopbackServer server([](const Seen&) { return answer("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n"); });
    Client client;
    const Response got = test::ok(client.send({.method = "HEAD", .url = server.url("/")}, {}));
    CHECK(got.code == 200);
    CHECK(got.headers.find("Content-Length") == "50");
}

TEST_CASE("a stream goes out with its length or in chunks") {
    LoopbackServer server(
        [](const Seen& seen) { return answer(response("200 OK", std::to_string(seen.body.size()))); });
    Client client;
    for (const char* method : {"POST", "PUT", "PATCH"}) {
        for (const bool size_known : {true, false}) {
            const Request request{.method = method,
                                  .url = server.url("/"),
                                  .body = std::make_shared<TextSource>(std::string(300'000, 'x'), size_known, false)};
            CHECK(test::ok(client.send(request, {})).body == "300000");
            CHECK(server.seen().back().method == method);
            CHECK(server.seen().back().headers.contains("content-length") == size_known);
        }
    }
}

TEST_CASE("a form goes out with its fields and files") {
    LoopbackServer server([](const Seen&) { return answer(response("200 OK", "")); });
    Client client;
    Multipart form;
    form.parts.push_back({.name = "field", .content = "value"});
    form.parts.push_back({.name = "file",
                          .content = std::make_shared<TextSource>("streamed", true, false),
                          .file_name = "a.txt",
                          .content_type = "text/csv"});
    test::ok(client.send({.method = "POST", .url = server.url("/"), .body = form}, {}));
    const Seen seen = server.seen().at(0);
    CHECK(seen.headers.at("content-type").starts_with("multipart/form-data; boundary="));
    CHECK(seen.body.find("name=\"field\"\r\n\r\nvalue\r\n") != std::string::npos);
    CHECK(seen.body.find("name=\"file\"; filename=\"a.txt\"\r\nContent-Type: text/csv\r\n\r\nstreamed\r\n") !=
          std::string::npos);
}

TEST_CASE("an exception while a body is read ends the request and goes on") {
    class BrokenSource : public TextSource {
      public:
        using TextSource::TextSource;
        std::size_t read(std::span<char>) override { throw OutsideError("the disk is away"); }
    };
    LoopbackServer server([](const Seen&) { return answer(response("200 OK", "")); });
    Client client;
    const Request request{
        .method = "POST", .url = server.url("/"), .body = std::make_shared<BrokenSource>("x", true, false)};
    CHECK_THROWS_WITH_AS(static_cast<void>(client.send(request, {})), "the disk is away", OutsideError);
}

TEST_CASE("redirects are followed, and the last response counts") {
    LoopbackServer server([](const Seen& seen) {
        if (seen.target == "/start") return answer(response("303 See Other", "away", "Location: /end\r\nX-Old: 1\r\n"));
        if (seen.target == "/keep") return answer(response("307 Temporary Redirect", "", "Location: /end\r\n"));
        if (seen.target == "/loop") return answer(response("302 Found", "", "Location: /loop\r\n"));
        return answer(response("200 OK", seen.method + ":" + seen.body));
    });
    Client client;
    const Response got = test::ok(client.send({.method = "POST", .url = server.url("/start"), .body = "x"}, {}));
    CHECK(got.body == "GET:");
    CHECK(got.url == server.url("/end"));
    CHECK_FALSE(got.headers.find("X-Old"));

    CHECK(test::ok(client.send({.method = "POST", .url = server.url("/keep"), .body = "x"}, {})).body == "POST:x");
    const Response stayed = get(client, server.url("/start"), {.follow_redirects = false});
    CHECK(stayed.code == 303);
    CHECK(stayed.body == "away");
    CHECK(refused(client, {.url = server.url("/loop")}).message.find("redirected too often") != std::string::npos);
}

TEST_CASE("a stream is sent again after a redirect if it can be read again") {
    LoopbackServer server([](const Seen& seen) {
        if (seen.target == "/a") return answer(response("307 Temporary Redirect", "", "Location: /b\r\n"));
        return answer(response("200 OK", seen.body));
    });
    Client client;
    Request request{
        .method = "PUT", .url = server.url("/a"), .body = std::make_shared<TextSource>("again", true, true)};
    CHECK(test::ok(client.send(request, {})).body == "again");
    request.body = std::make_shared<TextSource>("once", true, false);
    CHECK(refused(client, request).message.find("it can be read only once") != std::string::npos);
}

TEST_CASE("a redirect leads to no other protocol") {
    LoopbackServer server(
        [](const Seen&) { return answer(response("302 Found", "", "Location: file:///etc/passwd\r\n")); });
    Client client;
    CHECK(refused(client, {.url = server.url("/")}).code == ErrorCode::Invalid);
    CHECK(refused(client, {.url = "file:///etc/passwd"}).code == ErrorCode::Invalid);
    CHECK(refused(client, {.url = "no url at all"}).code == ErrorCode::Invalid);
}

TEST_CASE("a receiver gets the head once and then the bytes, and may end the request") {
    LoopbackServer server([](const Seen& seen) {
        if (seen.target == "/first") return answer(response("302 Found", "ignored", "Location: /big\r\n"));
        return answer(response("200 OK", std::string(1'000'000, 'x')));
    });
    Client client;
    int heads = 0;
    std::size_t bytes = 0;
    const Receiver count{.on_head = [&](const Response& head) -> Result<void> {
                             ++heads;
                             CHECK(head.code == 200);
                             return {};
                         },
                         .on_bytes = [&](std::string_view part) -> Result<void> {
                             bytes += part.size();
                             return {};
                         }};
    CHECK(test::ok(client.send({.url = server.url("/first")}, count, {})).body.empty());
    CHECK(heads == 1);
    CHECK(bytes == 1'000'000);
    const Receiver refuse_all{.on_bytes = [](std::string_view) -> Result<void> { return invalid("not wanted"); }};
    CHECK(test::failure(client.send({.url = server.url("/big")}, refuse_all, {})).message == "not wanted");
    const Receiver broken{.on_bytes = [](std::string_view) -> Result<void> { throw OutsideError("disk full"); }};
    CHECK_THROWS_AS(static_cast<void>(client.send({.url = server.url("/big")}, broken, {})), OutsideError);
}

TEST_CASE("the head is announced also when there is no body") {
    LoopbackServer server([](const Seen&) { return answer("HTTP/1.1 204 No Content\r\n\r\n"); });
    Client client;
    int code = 0;
    const Receiver receiver{.on_head = [&](const Response& head) -> Result<void> {
                                code = head.code;
                                return {};
                            },
                            .on_bytes = [](std::string_view) -> Result<void> { return {}; }};
    test::ok(client.send({.url = server.url("/")}, receiver, {}));
    CHECK(code == 204);
}

TEST_CASE("a response that is too long is refused") {
    LoopbackServer server([](const Seen&) { return answer(response("200 OK", std::string(2000, 'x'))); });
    Client client;
    const Error error = refused(client, {.url = server.url("/"), .options = {.longest_body_bytes = 1999}});
    CHECK(error.code == ErrorCode::TooLarge);
    CHECK(get(client, server.url("/"), {.longest_body_bytes = 2000}).body.size() == 2000);
}

TEST_CASE("a request ends at its deadline, after too much silence, and when it is stopped") {
    LoopbackServer server([](const Seen&) {
        return Reply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome", .then_hang = true};
    });
    Client client;
    CHECK(refused(client, {.url = server.url("/"), .options = {.deadline = 30ms}}).code == ErrorCode::Timeout);
    const Error idle = refused(client, {.url = server.url("/"), .options = {.idle_timeout = 30ms}});
    CHECK(idle.code == ErrorCode::Timeout);
    CHECK(idle.message == fmt::format("nothing came from 127.0.0.1:{} for 30 ms", server.port()));

    std::stop_source stop;
    const Receiver stopping{.on_bytes = [&](std::string_view) -> Result<void> {
        stop.request_stop();
        return {};
    }};
    const Error stopped = test::failure(client.send({.url = server.url("/")}, stopping, stop.get_token()));
    CHECK(stopped.code == ErrorCode::Cancelled);
    server.wait_for_close();
}

TEST_CASE("a stop from another thread wakes a request that waits") {
    std::stop_source stop;
    LoopbackServer server([&](const Seen&) {
        stop.request_stop();
        return Reply{.then_hang = true};
    });
    Client client;
    CHECK(test::failure(client.send({.url = server.url("/")}, stop.get_token())).code == ErrorCode::Cancelled);
}

TEST_CASE("what goes wrong outside is told with the host and the reason") {
    Client client;
    int free_port = 0;
    {
        LoopbackServer gone([](const Seen&) { return Reply{}; });
        free_port = gone.port();
    }
    const Error nobody = refused(client, {.url = fmt::format("http://user:secret@127.0.0.1:{}/", free_port)});
    CHECK(nobody.code == ErrorCode::Unavailable);
    CHECK(nobody.message == fmt::format("no connection to 127.0.0.1:{}: Connection refused", free_port));
    const Error unknown = refused(client, {.url = "http://no-such-host.invalid/"});
    CHECK(unknown.message.find("the host no-such-host.invalid can't be found") != std::string::npos);

    LoopbackServer mute([](const Seen&) { return Reply{.then_close = true}; });
    CHECK(refused(client, {.url = mute.url("/")}).message.find("without an answer") != std::string::npos);
    LoopbackServer broken([](const Seen&) {
        return Reply{.bytes = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nsome", .then_close = true};
    });
    CHECK(refused(client, {.url = broken.url("/")}).message.find("in the middle of its answer") != std::string::npos);
}

TEST_CASE("connections are used again, and side by side") {
    LoopbackServer server([](const Seen& seen) { return answer(response("200 OK", seen.target)); });
    Client client;
    for (int i = 0; i < 3; ++i) get(client, server.url("/"));
    for (const Seen& seen : server.seen()) CHECK(seen.connection == 1);

    std::atomic<int> right = 0;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&, target = "/" + std::to_string(i)] {
                for (int j = 0; j < 5; ++j) right += get(client, server.url(target)).body == target ? 1 : 0;
            });
        }
    }
    CHECK(right == 20);
}

TEST_CASE("credentials go out as the kind of authentication wants it") {
    LoopbackServer server([](const Seen& seen) {
        if (seen.target == "/digest" && !seen.headers.contains("authorization")) {
            return answer(response("401 Unauthorized", "", "WWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n"));
        }
        const auto found = seen.headers.find("authorization");
        return answer(response("200 OK", found == seen.headers.end() ? "" : found->second));
    });
    Client client;
    CHECK(get(client, server.url("/"), {.auth = BasicAuth{"me", "pass"}}).body == "Basic bWU6cGFzcw==");
    CHECK(get(client, server.url("/"), {.auth = BearerAuth{"t0ken"}}).body == "Bearer t0ken");
    CHECK(get(client, server.url("/digest"), {.auth = DigestAuth{"me", "pass"}})
              .body.starts_with("Digest username=\"me\""));
    CHECK(get(client, server.url("/")).body.empty());
}

TEST_CASE("credentials do not follow a redirect to another host") {
    LoopbackServer other([](const Seen& seen) {
        return answer(response("200 OK", seen.headers.contains("authorization") ? "told" : "kept"));
    });
    LoopbackServer server(
        [&](const Seen&) { return answer(response("302 Found", "", "Location: " + other.url("/") + "\r\n")); });
    Client client;
    CHECK(get(client, server.url("/"), {.auth = BasicAuth{"me", "pass"}}).body == "kept");
    CHECK(get(client, server.url("/"), {.auth = BearerAuth{"t0ken"}}).body == "kept");
    const Request request{.url = server.url("/"), .headers = {{"Authorization", "own"}}};
    CHECK(test::ok(client.send(request, {})).body == "kept");
}

TEST_CASE("a proxy is asked for the whole URL, and never one of the environment") {
    LoopbackServer proxy([](const Seen& seen) { return answer(response("200 OK", "by proxy: " + seen.target)); });
    LoopbackServer server([](const Seen&) { return answer(response("200 OK", "direct")); });
    Client client;
    ::setenv("http_proxy", proxy.url("").c_str(), 1);
    CHECK(get(client, server.url("/")).body == "direct");
    ::unsetenv("http_proxy");
    const Proxy through{
        .host = "127.0.0.1", .port = static_cast<std::uint16_t>(proxy.port()), .user = "u", .password = "p"};
    CHECK(get(client, "http://somewhere.invalid/x", {.proxy = through}).body == "by proxy: http://somewhere.invalid/x");
    CHECK(proxy.seen().back().headers.at("proxy-authorization") == "Basic dTpw");
}

TEST_CASE("requests that may only reach public addresses do not reach this machine") {
    LoopbackServer server([](const Seen&) { return answer(response("200 OK", "")); });
    Client client;
    get(client, server.url("/"));  // leaves an open connection, which must not be used
    const Error error = refused(client, {.url = server.url("/"), .options = {.reach = Reach::PublicOnly}});
    CHECK(error.code == ErrorCode::Forbidden);
    CHECK(error.message ==
          fmt::format("127.0.0.1:{} leads to 127.0.0.1, which is no public address: requests from here "
                      "may only reach public ones",
                      server.port()));
    const std::string by_name = fmt::format("http://localhost:{}/", server.port());
    CHECK(refused(client, {.url = by_name, .options = {.reach = Reach::PublicOnly}}).code == ErrorCode::Forbidden);
    CHECK(server.seen().size() == 1);
}

TEST_CASE("compressed bodies are unpacked, and left alone on demand") {
    // "hello" by gzip
    const std::string packed(
        "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00", 25);
    LoopbackServer server([&](const Seen& seen) {
        CHECK(seen.headers.contains("accept-encoding") == (seen.target == "/"));
        return answer(response("200 OK", packed, "Content-Encoding: gzip\r\n"));
    });
    Client client;
    CHECK(get(client, server.url("/")).body == "hello");
    CHECK(get(client, server.url("/raw"), {.decompress = false}).body == packed);
}

TEST_CASE("a certificate must be trusted, unless any will do") {
    LoopbackServer server([](const Seen&) { return answer(response("200 OK", "secret")); }, LoopbackServer::Tls::On);
    Client client;
    const Error error = refused(client, {.url = server.url("/")});
    CHECK(error.code == ErrorCode::Unavailable);
    CHECK(error.message.starts_with(fmt::format("the certificate of 127.0.0.1:{} is not trusted", server.port())));
    CHECK(get(client, server.url("/"), {.insecure_tls = true}).body == "secret");
    CHECK(refused(client, {.url = server.url("/")}).code == ErrorCode::Unavailable);  // not by the open connection

    const std::string file = std::filesystem::temp_directory_path() / fmt::format("sluice-ca-{}.pem", ::getpid());
    std::ofstream(file) << server.certificate();
    CHECK(get(client, server.url("/"), {.ca_file = file}).body == "secret");
    std::filesystem::remove(file);
}

}  // namespace sluice::net
