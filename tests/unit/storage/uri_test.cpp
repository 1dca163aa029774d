#include "storage/uri.h"

#include "storage/layout.h"
#include "support/test.h"

namespace sluice::storage {
namespace {

Uri uri_of(const std::string& text) {
    return test::ok(Uri::parse(text));
}
std::string refusal(const std::string& text) {
    return test::failure(Uri::parse(text)).message;
}

}  // namespace

TEST_CASE("a URI is read with or without its scheme, and decoded") {
    CHECK(uri_of("kestra:///a/b%20c").path() == "/a/b c");
    CHECK(uri_of("/a/b").path() == "/a/b");
    CHECK(uri_of("kestra:/a/b").path() == "/a/b");
    CHECK(uri_of("kestra:///a//b/./c/").path() == "/a/b/c");
    CHECK(uri_of("kestra:///").is_root());
    CHECK(uri_of("/a/x:y").path() == "/a/x:y");
}

TEST_CASE("a URI is written so that it survives in commands") {
    CHECK(uri_of("/a/b c#1?é%25").text() == "kestra:///a/b%20c%231%3F%C3%A9%25");
    CHECK(uri_of(uri_of("/a/b c#1?é%25").text()) == uri_of("/a/b c#1?é%25"));
}

TEST_CASE("a way up is refused, however it is written") {
    const std::string message = "File should be accessed with their full path and not using relative '..' path.";
    for (const char* text : {"kestra:///a/../b", "/..", "/../a", "/a/..", "kestra:///a/%2e%2e/b", "/a/%2E./b"}) {
        CHECK(refusal(text) == message);
    }
    CHECK(uri_of("/a..b/..c/d..").path() == "/a..b/..c/d..");
}

TEST_CASE("other schemes, hosts and broken encodings are refused") {
    CHECK(refusal("file:///etc/passwd") == "Invalid internal storage scheme, got uri 'file:///etc/passwd'");
    CHECK(refusal("s3://bucket/x") == "Invalid internal storage scheme, got uri 's3://bucket/x'");
    for (const char* text : {"kestra://host/a", "relative", "", "/a%2", "/a%zz", "/a%00b"}) {
        CHECK(test::failure(Uri::parse(text)).code == ErrorCode::Invalid);
    }
}

TEST_CASE("a URI knows its name, its folder, and what stands in it") {
    const Uri file = uri_of("/a/b/c");
    CHECK(file.name() == "c");
    CHECK(file.parent() == uri_of("/a/b"));
    CHECK(uri_of("/a").parent().is_root());
    CHECK(file.is_within(uri_of("/a/b")));
    CHECK(file.is_within(file));
    CHECK(file.is_within(Uri()));
    CHECK_FALSE(uri_of("/a/bc").is_within(uri_of("/a/b")));
    CHECK(file.relative_to(uri_of("/a")) == "b/c");
    CHECK(test::failure(file.below("../x")).code == ErrorCode::Invalid);
}

TEST_CASE("ids in paths are slugs") {
    CHECK(slug("My_Flow") == "my-flow");
    CHECK(slug("a  b--c__d") == "a-b-c-d");
    CHECK(slug("-x_") == "x");
    CHECK(slug("v1.2") == "v12");
    CHECK(slug("Zażółć Élan") == "zazoc-elan");
}

TEST_CASE("files stand where the layout says") {
    const ExecutionPlace place{"company.team", "My_Flow", "4kYy"};
    const std::string folder = "kestra:///company/team/my-flow/executions/4kYy";
    CHECK(execution_folder(place).text() == folder);
    CHECK(task_folder(place, "Load_it", "7Run").text() == folder + "/tasks/load-it/7Run");
    CHECK(trigger_folder(place, "every_day").text() == folder + "/trigger/every-day");
    CHECK(input_folder(place, "my_file").text() == folder + "/inputs/my_file");
    CHECK(namespace_files("company.team").text() == "kestra:///company/team/_files");
    CHECK(kv_folder("company.team").text() == "kestra:///company/team/_kv");
    CHECK(cache_file("company.team", "My_Flow", "work").text() ==
          "kestra:///company/team/my-flow/work/cache/cache.zip");
    CHECK(cache_file("n", "f", "t", "a") != cache_file("n", "f", "t", "b"));
    CHECK(cache_file("n", "f", "t", "a").path().starts_with("/n/f/t/cache/"));
}

}  // namespace sluice::storage
