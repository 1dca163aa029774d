#include "http/uri.h"

#include "support/test.h"

using namespace sluice;
using namespace sluice::http;
using sluice::test::failure;
using sluice::test::ok;

TEST_CASE("percent escapes are undone once, and only in full") {
    CHECK(ok(percent_decode("a%20b%2Fc")) == "a b/c");
    CHECK(ok(percent_decode("%2525")) == "%25");
    CHECK(ok(percent_decode("caf%C3%A9")) == "café");
    CHECK(ok(percent_decode("a+b")) == "a+b");
    CHECK(ok(percent_decode("a+b", Plus::IsBlank)) == "a b");
    for (const char* bad : {"%", "%4", "%zz", "%4g", "a%", "%00", "%C3", "%C0%AF", "%ED%A0%80", "%F5%80%80%80"}) {
        CAPTURE(bad);
        CHECK(failure(percent_decode(bad)).code == ErrorCode::BadRequest);
    }
}

TEST_CASE("encoding and decoding are inverse") {
    std::string all;
    for (int c = 1; c < 128; ++c) all += static_cast<char>(c);
    all += "äöü€𝄞";
    CHECK(ok(percent_decode(percent_encode(all))) == all);
    CHECK(percent_encode("a b/ü~") == "a%20b%2F%C3%BC~");
}

TEST_CASE("a query keeps its order, repeated names and empty values") {
    const Query query = ok(Query::parse("b=1&a=x+y&b=%32&flag&=v&&a=%26"));
    CHECK(query.first("b") == "1");
    CHECK(query.all("b") == std::vector<std::string_view>{"1", "2"});
    CHECK(query.all("a") == std::vector<std::string_view>{"x y", "&"});
    CHECK(query.first("flag") == "");
    CHECK(query.first("") == "v");
    CHECK_FALSE(query.has("c"));
    CHECK(query.size() == 6);
    CHECK(ok(Query::parse("filters%5Blabels%5D%5BEQUALS%5D%5Bteam%5D=data")).first("filters[labels][EQUALS][team]") ==
          "data");
    CHECK(failure(Query::parse("a=%")).code == ErrorCode::BadRequest);
}

TEST_CASE("a target comes in origin, absolute and asterisk form") {
    CHECK(ok(parse_target("/a?b=c")).path == "/a");
    CHECK(ok(parse_target("/a?b=c?d")).query == "b=c?d");
    CHECK(ok(parse_target("http://host:80/a?b")).path == "/a");
    CHECK(ok(parse_target("HTTPS://host/a?b")).authority == "host");
    CHECK(ok(parse_target("http://host")).path == "/");
    CHECK(ok(parse_target("http://host?x=1")).query == "x=1");
    CHECK(ok(parse_target("/a#part")).path == "/a");
    CHECK(ok(parse_target("*")).path == "*");
    for (const char* bad : {"", "a", "?x", "ftp://host/", "host:443", "http://", "http:///a"}) {
        CAPTURE(bad);
        CHECK(failure(parse_target(bad)).code == ErrorCode::BadRequest);
    }
}

TEST_CASE("an escaped slash does not split a path") {
    using Segments = std::vector<std::string>;
    CHECK(ok(split_path("/a/b%2Fc/d")) == Segments{"a", "b/c", "d"});
    CHECK(ok(split_path("/a/")) == Segments{"a"});
    CHECK(ok(split_path("/")) == Segments{});
    CHECK(ok(split_path("/a//b")) == Segments{"a", "", "b"});
    CHECK(ok(split_path("/a+b")) == Segments{"a+b"});
    CHECK(failure(split_path("/a/../b")).code == ErrorCode::BadRequest);
    CHECK(failure(split_path("/a/%2e%2E/b")).code == ErrorCode::BadRequest);
    CHECK(failure(split_path("/a/./b")).code == ErrorCode::BadRequest);
    CHECK(failure(split_path("/%FF")).code == ErrorCode::BadRequest);
}
