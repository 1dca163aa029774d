// HTTP templates: REST calls as types of tasks, without a program.
#include "plugin/http_template/http_template.h"

#include "plugin/external/plugin_folder.h"
#include "support/test.h"
#include "unit/net/loopback_server.h"
#include "unit/tasks/task_rig.h"
#include "value/json.h"

namespace sluice::plugin {
namespace {

using test::contains;
using test::failure;
using test::LoopbackServer;
using test::ok;
using test::Reply;
using test::response;
using test::Seen;
using test::TaskRig;

constexpr const char* kJson = "Content-Type: application/json\r\n";

/// The examples that are installed, by type.
const TaskType& example(const std::string& type) {
    static const auto all = ok(read_plugin_folders({std::string(SLUICE_SOURCE_DIR) + "/packaging/plugins"}));
    for (const FoundType& one : all) {
        if (one.type.info.name == type) return one.type;
    }
    FAIL("there is no example ", type);
    return all.front().type;
}

}  // namespace

TEST_CASE("an issue is created on GitHub, and what is not given is not sent") {
    const LoopbackServer server([](const Seen&) {
        return Reply{
            response("201 Created", R"({"number": 7, "html_url": "https://github.com/company/data/issues/7"})", kJson)};
    });
    TaskRig rig;
    rig.environment.secrets["GITHUB_TOKEN"] = "ghp_12345678";
    const Value out =
        ok(rig.run_type(example("com.example.github.CreateIssue"), Value{{"repository", "company/data"},
                                                                         {"title", "It \"failed\""},
                                                                         {"labels", Value(List{Value("incident")})},
                                                                         {"token", "{{ secret('GITHUB_TOKEN') }}"},
                                                                         {"baseUrl", server.url("")}}));
    CHECK(to_json(out) == R"({"number":7,"url":"https://github.com/company/data/issues/7"})");
    const Seen seen = server.seen().front();
    CHECK(seen.method == "POST");
    CHECK(seen.target == "/repos/company/data/issues");
    CHECK(seen.headers.at("authorization") == "Bearer ghp_12345678");
    CHECK(seen.headers.at("content-type") == "application/json");
    CHECK(ok(parse_json(seen.body)) == Value{{"title", "It \"failed\""}, {"labels", Value(List{Value("incident")})}});
}

TEST_CASE("a refusal is told in the words of the template, without the token") {
    const LoopbackServer server([](const Seen&) {
        return Reply{response("401 Unauthorized", R"({"message": "Bad credentials ghp_1234567"})", kJson)};
    });
    TaskRig rig;
    const Error error = failure(rig.run_type(
        example("com.example.github.CreateIssue"),
        Value{{"repository", "a/b"}, {"title", "t"}, {"token", "ghp_1234567"}, {"baseUrl", server.url("")}}));
    CHECK(error.message == "GitHub refused the issue (401): Bad credentials ghp_1234567");
    rig.log(LogLevel::Error, error.message);  // as the worker does
    CHECK(rig.log_text() == "ERROR GitHub refused the issue (401): Bad credentials **masked***");
}

TEST_CASE("pages are gathered until there is no next one") {
    std::unique_ptr<LoopbackServer> server;
    server = std::make_unique<LoopbackServer>([&server](const Seen& seen) {
        const bool first = !contains(seen.target, "page=2");
        const std::string next = first ? ", \"next\": \"" + server->url("/tickets?page=2") + "\"" : "";
        return Reply{
            response("200 OK", std::string("{\"tickets\": [") + (first ? "1, 2" : "3") + "]" + next + "}", kJson)};
    });
    TaskRig rig;
    const Value out =
        ok(rig.run_type(example("com.example.tickets.Search"),
                        Value{{"baseUrl", server->url("")}, {"user", "reader"}, {"password", "pass-word"}}));
    CHECK(to_json(out) == R"({"count":3,"tickets":[1,2,3]})");
    CHECK(server->seen().front().target == "/tickets?state=open");
    CHECK(server->seen().size() == 2);
    CHECK(server->seen().back().headers.at("authorization") == server->seen().front().headers.at("authorization"));
}

TEST_CASE("a body may be a text of its own making") {
    const LoopbackServer server(
        [](const Seen&) { return Reply{response("200 OK", R"({"id": "p1", "url": "u"})", kJson)}; });
    TaskRig rig;
    ok(rig.run_type(
        example("com.example.notion.CreatePage"),
        Value{{"database", "d\"1"}, {"title", "Run"}, {"token", "secret-token"}, {"baseUrl", server.url("")}}));
    const Value body = ok(parse_json(server.seen().front().body));
    CHECK(body["parent"].text("database_id") == "d\"1");
    CHECK(body["properties"]["Name"]["title"].as_list()[0]["text"].text("content") == "Run");
}

TEST_CASE("mistakes of a template are told with their places") {
    const Error error = failure(read_http_template(R"(type: com.test.Call
title: Calls
properties:
  properties:
    name: {type: string}
request:
  methd: GET
  uri: "https://x/{{ properties.nmae }}"
  headers: {A: "{{ broken"}
  body: "{{ response.body }}"
  auth: {type: DIGEST}
paging: {items: "{{ x }}"}
outputs:
  id: {type: string}
)",
                                                   "call.http.yaml"));
    const std::string text = error.text();
    CHECK(contains(text, "call.http.yaml:7:3 request.methd: unknown key; did you mean 'method'?"));
    CHECK(contains(text, "call.http.yaml:8:"));
    CHECK(contains(text, "there is no property 'nmae'; did you mean 'name'?"));
    CHECK(contains(text, "call.http.yaml:9:"));
    CHECK(contains(text, "there is no response yet when the request is made"));
    CHECK(contains(text, "expected BASIC or BEARER, found 'DIGEST'"));
    CHECK(contains(text, "paging.next: an expression is needed"));
    CHECK(contains(text, "outputs.id.value: an expression over the response is needed"));
}

}  // namespace sluice::plugin
