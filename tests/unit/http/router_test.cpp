#include "http/router.h"

#include "http/uri.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::http;
using sluice::test::ok;

namespace {

void nothing(const Request&, Responder responder) {
    responder.send(Response::empty());
}

RouteMatch find(const Router& router, Method method, std::string_view path) {
    return router.match(method, ok(split_path(path)));
}

std::string pattern_of(const Router& router, Method method, std::string_view path) {
    const RouteMatch match = find(router, method, path);
    return match.route == nullptr ? "none" : match.route->pattern();
}

}  // namespace

TEST_CASE("the most literal pattern wins, in whatever order they were added") {
    std::vector<std::string> patterns{
        "/flows/{namespace}/{id}",   "/flows/search", "/flows/{namespace}", "/flows/search/{id}",
        "/flows/{namespace}/source", "/**",           "/flows/search/**"};
    for (int round = 0; round < 2; ++round) {
        Router router;
        for (const auto& pattern : patterns) router.get(pattern, nothing);
        CHECK(pattern_of(router, Method::Get, "/flows/search") == "/flows/search");
        CHECK(pattern_of(router, Method::Get, "/flows/search/") == "/flows/search");
        CHECK(pattern_of(router, Method::Get, "/flows/a") == "/flows/{namespace}");
        CHECK(pattern_of(router, Method::Get, "/flows/search/source") == "/flows/search/{id}");
        CHECK(pattern_of(router, Method::Get, "/flows/a/source") == "/flows/{namespace}/source");
        CHECK(pattern_of(router, Method::Get, "/flows/a/b") == "/flows/{namespace}/{id}");
        CHECK(pattern_of(router, Method::Get, "/flows/search/a/b") == "/flows/search/**");
        CHECK(pattern_of(router, Method::Get, "/flows/a/b/c") == "/**");
        CHECK(pattern_of(router, Method::Get, "/") == "/**");
        std::reverse(patterns.begin(), patterns.end());
    }
}

TEST_CASE("a literal that leads nowhere gives way to the variable") {
    Router router;
    router.get("/api/{tenant}/flows", nothing);
    router.get("/api/flows/search", nothing);
    CHECK(pattern_of(router, Method::Get, "/api/flows/flows") == "/api/{tenant}/flows");
    CHECK(find(router, Method::Get, "/api/flows/flows").values == std::vector<std::string>{"flows"});
}

TEST_CASE("variables hold decoded segments, and a wildcard the rest") {
    Router router;
    router.get("/f/{namespace}/{id}", nothing);
    router.get("/ui/**", nothing);
    CHECK(find(router, Method::Get, "/f/a.b/c%2Fd").values == std::vector<std::string>{"a.b", "c/d"});
    CHECK(find(router, Method::Get, "/ui/x/y.js").values == std::vector<std::string>{"x/y.js"});
    CHECK(find(router, Method::Get, "/ui").values == std::vector<std::string>{""});
    CHECK(find(router, Method::Get, "/ui/").values == std::vector<std::string>{""});
    CHECK(pattern_of(router, Method::Get, "/f//x") == "none");
}

TEST_CASE("a method that the path does not know is told apart from an unknown path") {
    Router router;
    router.get("/a/{id}", nothing);
    router.post("/a/search", nothing);
    router.put("/a/{other}", nothing);
    CHECK(pattern_of(router, Method::Head, "/a/1") == "/a/{id}");
    CHECK(pattern_of(router, Method::Get, "/a/search") == "/a/{id}");
    CHECK(pattern_of(router, Method::Put, "/a/search") == "/a/{other}");
    CHECK(find(router, Method::Delete, "/a/search").allowed == std::vector{Method::Post, Method::Get, Method::Put});
    CHECK(find(router, Method::Get, "/b").allowed.empty());
}

TEST_CASE("patterns that cannot be meant are refused when they are added") {
    Router router;
    router.get("/a/{id}", nothing);
    CHECK_THROWS_AS(router.get("/a/{other}", nothing), BugError);
    CHECK_THROWS_AS(router.get("b", nothing), BugError);
    CHECK_THROWS_AS(router.get("/**/b", nothing), BugError);
    CHECK_THROWS_AS(router.get("/a{b}", nothing), BugError);
    CHECK_THROWS_AS(router.get("/a//b", nothing), BugError);
    CHECK_THROWS_AS(router.get("/{}", nothing), BugError);
}
