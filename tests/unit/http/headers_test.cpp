#include "http/headers.h"

#include "http/cookies.h"
#include "http/request.h"
#include "http/response.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::http;

TEST_CASE("header names are compared without regard to case") {
    Headers headers{{"Content-Type", "a"}, {"Accept", "b"}, {"ACCEPT", "c"}};
    CHECK(headers.find("content-type") == "a");
    CHECK(headers.all("accept") == std::vector<std::string_view>{"b", "c"});
    headers.set("accept", "d");
    CHECK(headers.all("Accept") == std::vector<std::string_view>{"d"});
    CHECK_FALSE(headers.has("Cookie"));
    CHECK(Headers{{"Connection", "keep-alive, Close"}}.has_token("connection", "close"));
    CHECK_FALSE(Headers{{"Connection", "closed"}}.has_token("connection", "close"));
}

TEST_CASE("parameters of a header value may be quoted") {
    CHECK(parameter_of("form-data; name=a; filename=\"b;c \\\"d\\\".txt\"", "filename") == "b;c \"d\".txt");
    CHECK(parameter_of("form-data; NAME = \"a\"", "name") == "a");
    CHECK(parameter_of("form-data; filename=\"C:\\dir\\x.txt\"", "filename") == "C:\\dir\\x.txt");
    CHECK_FALSE(parameter_of("form-data; name=a", "filename"));
    CHECK(parameter_of("multipart/form-data; boundary=----x", "boundary") == "----x");
}

TEST_CASE("a weight of zero refuses, and a star stands for the rest") {
    CHECK(weight_of("gzip, br;q=0.5", "gzip") == 1);
    CHECK(weight_of("gzip, br; q=0.5", "br") == 0.5);
    CHECK(weight_of("gzip;q=0, *", "gzip") == 0);
    CHECK(weight_of("*;q=0.1", "gzip") == 0.1);
    CHECK(weight_of("identity", "gzip") == 0);
    CHECK(weight_of("", "gzip") == 0);
}

TEST_CASE("a request knows its media types and cookies") {
    Request request;
    request.headers.add("Content-Type", "Application/JSON; charset=utf-8");
    request.headers.add("Cookie", "a=1; session=\"x=y\"; broken");
    request.headers.add("Cookie", "b=2");
    CHECK(request.content_type() == "application/json");
    CHECK(request.cookie("session") == "x=y");
    CHECK(request.cookie("b") == "2");
    CHECK_FALSE(request.cookie("broken"));
    CHECK(request.accepts("text/html"));
    request.headers.add("Accept", "application/*, text/html;q=0");
    CHECK(request.accepts("application/json"));
    CHECK_FALSE(request.accepts("text/html"));
    CHECK_THROWS_AS(request.parameter("id"), BugError);
}

TEST_CASE("a cookie is safe by default, and nothing in it can add attributes") {
    CHECK(to_header({.name = "s", .value = "v"}) == "s=v; Path=/; HttpOnly; SameSite=Lax");
    CHECK(to_header({.name = "s",
                     .value = "",
                     .max_age = std::chrono::seconds(0),
                     .secure = true,
                     .same_site = SameSite::Strict}) == "s=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict");
    CHECK_THROWS_AS(to_header({.name = "s", .value = "v; Domain=x"}), BugError);
    CHECK_THROWS_AS(to_header({.name = "s=", .value = "v"}), BugError);
    CHECK_THROWS_AS(to_header({.name = "s", .value = "a\r\nb"}), BugError);
}

TEST_CASE("a download keeps its name, whatever letters it has") {
    CHECK(as_attachment("a.txt") == "attachment; filename=\"a.txt\"");
    CHECK(as_attachment("ä\".txt") == "attachment; filename=\"___.txt\"; filename*=UTF-8''%C3%A4%22.txt");
}
