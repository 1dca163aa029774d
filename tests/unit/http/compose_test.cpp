#include "http/io/compose.h"

#include <zlib.h>

#include "http/gzip.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::http;
using sluice::test::ok;

namespace {

std::string unpacked(std::string_view packed) {
    z_stream z{};
    inflateInit2(&z, 15 + 16);
    std::string in(packed);
    std::string out;
    char buffer[4096];
    z.next_in = reinterpret_cast<Bytef*>(in.data());
    z.avail_in = static_cast<uInt>(in.size());
    int answer = Z_OK;
    while (answer == Z_OK) {
        z.next_out = reinterpret_cast<Bytef*>(buffer);
        z.avail_out = sizeof buffer;
        answer = inflate(&z, Z_SYNC_FLUSH);
        out.append(buffer, sizeof buffer - z.avail_out);
        if (z.avail_in == 0 && z.avail_out > 0) break;
    }
    inflateEnd(&z);
    return out;
}

Request a_request(Headers headers = {}) {
    Request request;
    request.headers = std::move(headers);
    request.id = "id-1";
    return request;
}

std::string text_of(const Wire& wire) {
    return std::get<std::string>(wire.body);
}
bool has(const Wire& wire, std::string_view line) {
    return wire.head.find(line) != std::string::npos;
}

const std::string kLong(5000, 'x');

}  // namespace

TEST_CASE("packing piece by piece gives the same as packing at once") {
    Gzip packer;
    std::string packed;
    std::string text;
    for (int i = 0; i < 3000; ++i) {
        const std::string piece = std::to_string(i * 7919) + "\n";
        text += piece;
        packed += packer.add(piece, i % 100 == 0);
        if (i == 0) CHECK(unpacked(packed) == piece);
    }
    packed += packer.finish();
    CHECK(unpacked(packed) == text);
    CHECK(unpacked(gzip(text)) == text);
    CHECK(unpacked(gzip("")).empty());
}

TEST_CASE("text is packed for clients that accept it") {
    const Wire wire =
        compose(a_request({{"Accept-Encoding", "br, gzip"}}), Response::text(kLong).set("ETag", "\"a\""), {});
    CHECK(has(wire, "Content-Encoding: gzip\r\n"));
    CHECK(has(wire, "Vary: Accept-Encoding\r\n"));
    CHECK(has(wire, "ETag: W/\"a\"\r\n"));
    CHECK(has(wire, fmt::format("Content-Length: {}\r\n", text_of(wire).size())));
    CHECK(unpacked(text_of(wire)) == kLong);
}

TEST_CASE("nothing is packed that is small, packed already, or not wanted") {
    const Request accepts = a_request({{"Accept-Encoding", "gzip"}});
    CHECK_FALSE(has(compose(accepts, Response::text("short"), {}), "Content-Encoding"));
    CHECK_FALSE(has(compose(accepts, Response::bytes(kLong, "image/png"), {}), "Content-Encoding"));
    CHECK_FALSE(has(compose(accepts, Response::text(kLong).set("Content-Encoding", "br"), {}), "gzip"));
    CHECK_FALSE(
        has(compose(accepts, Response::text(std::string(100'000, 'x')), {.on_reactor = true}), "Content-Encoding"));
    const Wire refused = compose(a_request({{"Accept-Encoding", "gzip;q=0"}}), Response::text(kLong), {});
    CHECK_FALSE(has(refused, "Content-Encoding"));
    CHECK(has(refused, "Vary: Accept-Encoding"));
}

TEST_CASE("a client that has the version already gets 304 without a body") {
    const Wire wire = compose(a_request({{"If-None-Match", "\"a\""}}), Response::text("x").set("ETag", "\"a\""), {});
    CHECK(wire.status == Status::NotModified);
    CHECK(text_of(wire).empty());
    CHECK_FALSE(has(wire, "Content-Length"));
    CHECK(has(wire, "ETag: \"a\"\r\n"));
}

TEST_CASE("a part is sent where parts are offered") {
    Response whole = Response::text("0123456789");
    whole.ranges = true;
    const Wire part = compose(a_request({{"Range", "bytes=2-4"}}), whole, {});
    CHECK(part.status == Status::PartialContent);
    CHECK(text_of(part) == "234");
    CHECK(has(part, "Content-Range: bytes 2-4/10\r\n"));
    CHECK(has(part, "Content-Length: 3\r\n"));
    const Wire outside = compose(a_request({{"Range", "bytes=10-"}}), whole, {});
    CHECK(outside.status == Status::RangeNotSatisfiable);
    CHECK(has(outside, "Content-Range: bytes */10\r\n"));
    CHECK(compose(a_request({{"Range", "bytes=2-4"}, {"If-Range", "\"old\""}}), whole, {}).status == Status::Ok);
    CHECK(compose(a_request({{"Range", "bytes=2-4"}}), Response::text("0123456789"), {}).status == Status::Ok);
}

TEST_CASE("the answer to HEAD has the length and not the body") {
    Request head = a_request();
    head.method = Method::Head;
    const Wire wire = compose(head, Response::text("0123456789"), {});
    CHECK(has(wire, "Content-Length: 10\r\n"));
    CHECK(text_of(wire).empty());
}

TEST_CASE("no header value can begin a line of its own, and none can change the framing") {
    Response response = Response::redirect("/x\r\nSet-Cookie: a=b");
    response.headers.add("Transfer-Encoding", "chunked");
    response.headers.add("content-length", "999");
    const Wire wire = compose(a_request(), std::move(response), {});
    CHECK(has(wire, "Location: /x  Set-Cookie: a=b\r\n"));
    CHECK_FALSE(has(wire, "chunked"));
    CHECK_FALSE(has(wire, "999"));
    CHECK(has(wire, "X-Request-Id: id-1\r\n"));
}

TEST_CASE("a streamed answer is chunked, for HTTP/1.0 it ends with the connection") {
    const Wire chunked = compose_stream(a_request({{"Accept-Encoding", "gzip"}}), Response::text(""), {});
    CHECK(chunked.framing == Framing::Chunked);
    CHECK(chunked.gzip);
    CHECK(has(chunked, "Transfer-Encoding: chunked\r\n"));
    const Wire old = compose_stream(a_request(), Response::text(""), {.version = 10});
    CHECK(old.framing == Framing::UntilClose);
    CHECK_FALSE(has(old, "Transfer-Encoding"));
}
