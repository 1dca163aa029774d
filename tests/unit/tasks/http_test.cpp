#include "expr/aes_gcm.h"
#include "tasks/core/http/file_name.h"
#include "unit/net/loopback_server.h"
#include "unit/tasks/task_rig.h"

namespace sluice::tasks {
namespace {

using test::contains;
using test::LoopbackServer;
using test::Seen;
using test::TaskRig;

LoopbackServer::Handler answers(const std::string& status, const std::string& body, const std::string& headers = "") {
    return [=](const Seen&) { return test::Reply{test::response(status, body, headers)}; };
}

}  // namespace

TEST_CASE("an HTTP request gives back uri, code, headers and body, and a metric") {
    const LoopbackServer server(answers("200 OK", "{\"a\":1}", "X-Two: 1\r\nX-Two: 2\r\n"));
    TaskRig rig;
    const Value out = test::ok(rig.run("core.http.Request", "uri: " + server.url("/x") + "\nparams: {q: a b}"));
    CHECK(out["code"] == Value(200));
    CHECK(out.text("body") == "{\"a\":1}");
    CHECK(out.text("uri") == server.url("/x?q=a%20b"));
    CHECK(out["headers"]["X-Two"] == Value(List{Value("1"), Value("2")}));
    CHECK(server.seen().front().method == "GET");
    CHECK_FALSE(server.seen().front().headers.contains("content-type"));
    CHECK(rig.metric_value("response.length") == 7);
    CHECK(rig.metrics.front().tags == Value{{"request.method", "GET"}, {"response.code", "200"}});
}

TEST_CASE("a body is sent as it is, as JSON unless a content type is given") {
    const LoopbackServer server(answers("200 OK", ""));
    TaskRig rig;
    rig.environment.secrets["TOKEN"] = "s3cret";
    test::ok(rig.run("core.http.Request", "uri: " + server.url("/") +
                                              "\nmethod: POST\nbody: '{\"n\": 1}'\nheaders:\n  X-Token: \"{{ "
                                              "secret('TOKEN') }}\"\n"));
    test::ok(rig.run("core.http.Request",
                     "uri: " + server.url("/") + "\nmethod: PUT\nbody: hello\ncontentType: text/plain"));
    test::ok(rig.run("core.http.Request", "uri: " + server.url("/") + "\nmethod: POST\nbody: {n: 2}"));
    const auto seen = server.seen();
    CHECK(seen[0].body == "{\"n\": 1}");
    CHECK(seen[0].headers.at("content-type") == "application/json");
    CHECK(seen[0].headers.at("x-token") == "s3cret");
    CHECK(seen[1].method == "PUT");
    CHECK(seen[1].headers.at("content-type") == "text/plain");
    CHECK(seen[2].body == "{\"n\":2}");
}

TEST_CASE("form data is URL-encoded, or multipart with files of the internal storage") {
    const LoopbackServer server(answers("200 OK", ""));
    TaskRig rig;
    rig.put_file("kestra:///company/team/a.txt", "file content");
    const std::string head = "uri: " + server.url("/") + "\nmethod: POST\n";
    test::ok(rig.run("core.http.Request", head + "formData: {name: a b, n: 3}"));
    test::ok(rig.run("core.http.Request", head + "contentType: multipart/form-data\nformData:\n"
                                                 "  plain: text\n"
                                                 "  upload: kestra:///company/team/a.txt\n"
                                                 "  named: {name: other.csv, content: 'kestra:///company/team/a.txt'}\n"
                                                 "  json: {a: 1}\n"));
    const auto seen = server.seen();
    CHECK(seen[0].body == "name=a+b&n=3");
    CHECK(seen[0].headers.at("content-type") == "application/x-www-form-urlencoded");
    CHECK(contains(seen[1].headers.at("content-type"), "multipart/form-data; boundary="));
    CHECK(contains(seen[1].body, "name=\"upload\"; filename=\"a.txt\""));
    CHECK(contains(seen[1].body, "name=\"named\"; filename=\"other.csv\""));
    CHECK(contains(seen[1].body, "file content"));
    CHECK(contains(seen[1].body, "{\"a\":1}"));
}

TEST_CASE("a missing file of a form is told before anything is sent") {
    TaskRig rig;
    CHECK(test::failure(rig.run("core.http.Request",
                                "uri: http://localhost:1/\nmethod: POST\n"
                                "contentType: multipart/form-data\n"
                                "formData: {f: 'kestra:///nowhere.txt'}"))
              .code == ErrorCode::NotFound);
}

TEST_CASE("a status of 400 or more fails, unless it is allowed") {
    const LoopbackServer server(answers("404 Not Found", "no such order"));
    TaskRig rig;
    const std::string uri = "uri: " + server.url("/orders/7") + "\n";
    const Error error = test::failure(rig.run("core.http.Request", uri));
    CHECK(contains(error.message, "failed with status 404: no such order"));
    CHECK(contains(error.message, "/orders/7"));
    CHECK(test::ok(rig.run("core.http.Request", uri + "options: {allowFailed: true}"))["code"] == Value(404));
    CHECK(test::ok(rig.run("core.http.Request", uri + "allowFailed: true"))["code"] == Value(404));
    CHECK(test::ok(rig.run("core.http.Request", uri + "options: {allowedResponseCodes: [404]}"))["code"] == Value(404));
    test::failure(rig.run("core.http.Request", uri + "options: {allowedResponseCodes: [403]}"));
}

TEST_CASE("credentials are sent in their new and their old form") {
    const LoopbackServer server(answers("200 OK", ""));
    TaskRig rig;
    const std::string uri = "uri: " + server.url("/") + "\noptions:\n";
    test::ok(rig.run("core.http.Request", uri + "  auth: {type: BASIC, username: u, password: p}"));
    test::ok(rig.run("core.http.Request", uri + "  auth: {type: BEARER, token: abc}"));
    test::ok(rig.run("core.http.Request", uri + "  basicAuthUser: u\n  basicAuthPassword: p"));
    const auto seen = server.seen();
    CHECK(seen[0].headers.at("authorization") == "Basic dTpw");
    CHECK(seen[1].headers.at("authorization") == "Bearer abc");
    CHECK(seen[2].headers.at("authorization") == "Basic dTpw");
    CHECK(contains(test::failure(rig.run("core.http.Request", uri + "  auth: {username: u}")).message, "type"));
}

TEST_CASE("redirects are followed, or not") {
    const LoopbackServer server([](const Seen& seen) {
        if (seen.target == "/old") return test::Reply{test::response("302 Found", "moved", "Location: /new\r\n")};
        return test::Reply{test::response("200 OK", "here")};
    });
    TaskRig rig;
    const std::string uri = "uri: " + server.url("/old") + "\n";
    CHECK(test::ok(rig.run("core.http.Request", uri)).text("body") == "here");
    const Value stayed = test::ok(rig.run("core.http.Request", uri + "options: {followRedirects: false}"));
    CHECK(stayed["code"] == Value(302));
}

TEST_CASE("a certificate that nobody signed is refused, or trusted on demand") {
    const LoopbackServer server(answers("200 OK", "safe"), LoopbackServer::Tls::On);
    TaskRig rig;
    const std::string uri = "uri: " + server.url("/") + "\n";
    CHECK(test::failure(rig.run("core.http.Request", uri)).code == ErrorCode::Unavailable);
    test::ok(rig.run("core.http.Request", uri + "options: {ssl: {insecureTrustAllCertificates: true}}"));
    test::ok(rig.run("core.http.Request", uri + "sslOptions: {insecureTrustAllCertificates: true}"));
}

TEST_CASE("bodies come as UTF-8 text; what is none is told, and what to use instead") {
    std::string body;
    std::string type = "text/plain; charset=ISO-8859-1";
    const LoopbackServer server(
        [&](const Seen&) { return test::Reply{test::response("200 OK", body, "Content-Type: " + type + "\r\n")}; });
    TaskRig rig;
    body = "caf\xe9";
    CHECK(test::ok(rig.run("core.http.Request", "uri: " + server.url("/"))).text("body") == "café");
    type = "application/octet-stream";
    const Error error = test::failure(rig.run("core.http.Request", "uri: " + server.url("/")));
    CHECK(contains(error.message, "core.http.Download"));
    test::failure(rig.run("core.http.Request", "uri: " + server.url("/") + "\noptions: {maxContentLength: 2}"));
}

TEST_CASE("a request ends when the task is asked to stop") {
    const LoopbackServer server([](const Seen&) { return test::Reply{.then_hang = true}; });
    TaskRig rig;
    std::jthread killer([&] {
        while (server.seen().empty()) std::this_thread::yield();
        rig.stop.request_stop();
    });
    CHECK(test::failure(rig.run("core.http.Request", "uri: " + server.url("/"))).code == ErrorCode::Cancelled);
}

TEST_CASE("a server that says nothing for too long is given up") {
    const LoopbackServer server([](const Seen&) { return test::Reply{.then_hang = true}; });
    TaskRig rig;
    CHECK(test::failure(rig.run("core.http.Request",
                                "uri: " + server.url("/") + "\noptions: {timeout: {readIdleTimeout: PT0.02S}}"))
              .code == ErrorCode::Timeout);
}

TEST_CASE("headers and bodies go to the log when asked for, without credentials and secrets") {
    const LoopbackServer server(answers("200 OK", "the answer"));
    TaskRig rig;
    rig.environment.secrets["KEY"] = "hunter2";
    test::ok(rig.run("core.http.Request", "uri: " + server.url("/") +
                                              "\nmethod: POST\nbody: \"{{ secret('KEY') }}\"\n"
                                              "headers: {Authorization: Basic xyz}\n"
                                              "options: {logs: [REQUEST_HEADERS, REQUEST_BODY, RESPONSE_BODY]}"));
    CHECK(contains(rig.log_text(), "Authorization: ***"));
    CHECK(contains(rig.log_text(), "INFO *******"));
    CHECK(contains(rig.log_text(), "the answer"));
}

TEST_CASE("mistakes in options are told when the flow is read") {
    TaskRig rig;
    const Error error = test::failure(rig.run("core.http.Request", "uri: http://x\noptions: {followRedirect: true}"));
    CHECK(contains(error.text(), "followRedirects"));
}

TEST_CASE("a download is stored under the name that the server gives, or that the URI ends with") {
    std::string headers = "Content-Disposition: attachment; filename=\"../report 1.csv\"\r\n";
    const LoopbackServer server([&](const Seen&) { return test::Reply{test::response("200 OK", "1,2", headers)}; });
    TaskRig rig;
    Value out = test::ok(rig.run("core.http.Download", "uri: " + server.url("/files/orders.csv?x=1")));
    CHECK(out.text("uri") == "kestra:///company/team/f/executions/e1/tasks/t/r1/report%201.csv");
    CHECK(out["length"] == Value(3));
    CHECK(rig.file(out.text("uri")) == "1,2");
    headers = "";
    out = test::ok(rig.run("core.http.Download", "uri: " + server.url("/files/orders.csv?x=1")));
    CHECK(out.text("uri").ends_with("/orders.csv"));
    out = test::ok(rig.run("core.http.Download", "uri: " + server.url("/") + "\nsaveAs: mine.txt"));
    CHECK(out.text("uri").ends_with("/mine.txt"));
}

TEST_CASE("a download that fails leaves no file, and an empty one is a failure unless allowed") {
    std::string status = "500 Oops";
    std::string body = "broken";
    const LoopbackServer server([&](const Seen&) { return test::Reply{test::response(status, body)}; });
    TaskRig rig;
    const std::string uri = "uri: " + server.url("/a") + "\n";
    CHECK(contains(test::failure(rig.run("core.http.Download", uri)).message, "500: broken"));
    CHECK_FALSE(rig.files.exists(test::ok(rig.file_address("a"))));
    status = "200 OK";
    body = "";
    CHECK(test::failure(rig.run("core.http.Download", uri)).message == "No response from server");
    const Value out = test::ok(rig.run("core.http.Download", uri + "failOnEmptyResponse: false"));
    CHECK(rig.file(out.text("uri")).empty());
    CHECK(contains(rig.log_text(), "WARN"));
}

TEST_CASE("file names in Content-Disposition headers") {
    CHECK(disposition_file_name("attachment; filename=a.csv") == "a.csv");
    CHECK(disposition_file_name("attachment; filename=\"a \\\"b\\\".csv\"") == "a \"b\".csv");
    CHECK(disposition_file_name("attachment; filename=x; filename*=UTF-8''na%C3%AFve.csv") == "naïve.csv");
    CHECK(disposition_file_name("attachment; FileName = \"/etc/passwd\"") == "passwd");
    CHECK_FALSE(disposition_file_name("attachment; filename=\"..\""));
    CHECK_FALSE(disposition_file_name("inline"));
    CHECK(url_file_name("http://h/a/b%20c.txt?x=/y") == "b c.txt");
    CHECK(url_file_name("http://h").empty());
}

TEST_CASE("a download that breaks is taken up where it broke, of the same file only") {
    const LoopbackServer server([](const Seen& seen) {
        const std::string headers = "ETag: \"one\"\r\nAccept-Ranges: bytes\r\n";
        const auto range = seen.headers.find("range");
        if (range == seen.headers.end()) {
            const std::string whole = test::response("200 OK", "0123456789", headers);
            return test::Reply{whole.substr(0, whole.size() - 6), true};
        }
        if (seen.target == "/changed") return test::Reply{test::response("200 OK", "another", headers)};
        CHECK(range->second == "bytes=4-");
        CHECK(seen.headers.at("if-range") == "\"one\"");
        return test::Reply{test::response("206 Partial Content", "456789", headers)};
    });
    TaskRig rig;
    const Value out = test::ok(rig.run("core.http.Download", "uri: " + server.url("/file")));
    CHECK(rig.file(out.text("uri")) == "0123456789");
    CHECK(out["length"] == Value(10));
    CHECK(out["code"] == Value(200));
    CHECK(contains(test::failure(rig.run("core.http.Download", "uri: " + server.url("/changed"))).message,
                   "another one"));
}

TEST_CASE("a body can be kept encrypted, and expressions read it as it was") {
    const LoopbackServer server(answers("200 OK", "the body"));
    TaskRig without;
    CHECK(contains(
        test::failure(without.run("core.http.Request", "uri: " + server.url("/") + "\nencryptBody: true")).message,
        "encryption.secret-key"));
    CHECK(server.seen().empty());
    const std::string key(32, 'k');
    TaskRig rig({.encryption_key = key});
    const Value out = test::ok(rig.run("core.http.Request", "uri: " + server.url("/") + "\nencryptBody: true"));
    CHECK_FALSE(out.get("body"));
    const std::string* sealed = expr::sealed_text(out["encryptedBody"]);
    REQUIRE(sealed != nullptr);
    CHECK(test::ok(expr::aes_gcm_opened(key, *sealed)) == "the body");
    const Value polled = test::ok(rig.poll("core.http.Trigger", "uri: " + server.url("/") + "\nencryptBody: true"));
    CHECK(expr::sealed_text(polled["encryptedBody"]) != nullptr);
}

TEST_CASE("requests may be kept to public addresses") {
    const LoopbackServer server(answers("200 OK", ""));
    TaskRig rig({.public_hosts_only = true});
    for (const char* type : {"core.http.Request", "core.http.Download", "core.http.SseRequest"}) {
        CHECK(test::failure(rig.run(type, "uri: " + server.url("/"))).code == ErrorCode::Forbidden);
    }
    CHECK(server.seen().empty());
}

TEST_CASE("a server's certificate is trusted when it is given") {
    const LoopbackServer server(answers("200 OK", "x"), LoopbackServer::Tls::On);
    TaskRig rig;
    const std::string uri = "uri: " + server.url("/") + "\n";
    CHECK(contains(test::failure(rig.run("core.http.Request", uri)).message, "not trusted"));
    rig.names.mutable_map().set("ca", Value(server.certificate()));
    test::ok(rig.run("core.http.Request", uri + "options: {ssl: {ca: '{{ ca }}'}}"));
    CHECK(contains(test::failure(rig.run("core.http.Request",
                                         uri + "options: {ssl: {ca: '{{ ca }}', clientCertificate: rubbish}}"))
                       .message,
                   "client certificate"));
}

TEST_CASE("server-sent events are read to the end, to a number, or to the one that is waited for") {
    const std::string stream =
        ": hello\r\ndata: one\r\n\r\nid: 7\nevent: tick\ndata: two\ndata:more\n\ndata: [DONE]\n\ndata: unfinished";
    const LoopbackServer server([&](const Seen& seen) {
        if (seen.target == "/open") {
            return test::Reply{"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n" + stream + "\n\n", false,
                               true};
        }
        return test::Reply{test::response("200 OK", stream, "Content-Type: text/event-stream\r\n")};
    });
    TaskRig rig;
    const std::string uri = "uri: " + server.url("/") + "\n";
    const Value stored = test::ok(rig.run("core.http.SseRequest", uri));
    CHECK(stored["size"] == Value(3));
    CHECK(stored.text("lastEventId") == "7");
    CHECK(rig.file(stored.text("uri")) ==
          "{\"id\":null,\"event\":\"message\",\"data\":\"one\"}\n"
          "{\"id\":\"7\",\"event\":\"tick\",\"data\":\"two\\nmore\"}\n"
          "{\"id\":\"7\",\"event\":\"message\",\"data\":\"[DONE]\"}\n");
    CHECK(server.seen().front().headers.at("accept") == "text/event-stream");
    const std::string open = "uri: " + server.url("/open") + "\nfetchType: FETCH\n";
    CHECK(test::ok(rig.run("core.http.SseRequest", open + "maxEvents: 2"))["events"].as_list().size() == 2);
    const Value until = test::ok(rig.run("core.http.SseRequest", open + "stopWhen: \"{{ event.data == '[DONE]' }}\""));
    CHECK(until["events"].as_list().size() == 3);
    CHECK(test::ok(rig.run("core.http.SseRequest", open + "maxDuration: PT0.2S"))["size"] == Value(4));
    CHECK(contains(test::failure(rig.run("core.http.SseRequest", uri + "options: {maxContentLength: 5}")).message,
                   "maxContentLength"));
}

}  // namespace sluice::tasks
