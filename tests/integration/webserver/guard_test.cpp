#include "net/client.h"
#include "storage/memory_storage.h"
#include "store/executions.h"
#include "support/database.h"
#include "support/test.h"
#include "tasks/catalog.h"
#include "webserver/starter.h"
#include "webserver/webserver.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// A web server on a database of its own.
class WebRig {
  public:
    WebRig() {
        membership_.join();
        signals_.start();
        ok(server_.start());
    }
    ~WebRig() {
        server_.stop(1s);
        signals_.stop();
    }

    int status(const std::string& method, const std::string& path, const std::string& body = "") {
        return ask(method, path, body, {}).code;
    }
    net::Response as_admin(const std::string& method, const std::string& path, const std::string& body = "") {
        return ask(method, path, body, net::BasicAuth{"admin@test", "Secret1234"});
    }
    void save_flow(const std::string& source) {
        const net::Response saved = as_admin("POST", "/api/v1/main/flows", source);
        REQUIRE_MESSAGE(saved.code == 200, saved.body);
    }
    storage::Storage& storage() { return storage_; }
    std::string one(const std::string& sql) { return database_.one(sql); }

  private:
    net::Response ask(const std::string& method, const std::string& path, const std::string& body, net::Auth auth) {
        net::Request request{.method = method, .url = fmt::format("http://127.0.0.1:{}{}", server_.port(), path)};
        if (!body.empty()) request.body = body;
        request.options.auth = std::move(auth);
        request.options.follow_redirects = false;
        return ok(client_.send(request, {}));
    }

    Database database_{};
    pg::Signals signals_{{.connection = {.url = database_.url()}}, database_.pool().clock()};
    plugin::TaskCatalog catalog_ = tasks::builtin_catalog();
    store::Flows flows_{catalog_.types(), {}};
    store::Instance instance_{};
    storage::MemoryStorage storage_{};
    cluster::Membership membership_{database_.pool(), {.roles = {"webserver"}, .host = "test", .version = "1"}, {}};
    net::Client client_{};
    webserver::WebServer server_{
        {database_.pool(), signals_, flows_, instance_, storage_, membership_},
        {.address = "127.0.0.1", .port = 0, .admin_user = "admin@test", .admin_password = "Secret1234"}};
};

}  // namespace

TEST_CASE("only a webhook's own address is open, whatever flows and namespaces are called") {
    WebRig web;
    web.save_flow("id: webhook\nnamespace: executions\ntasks: [{id: log, type: core.log.Log, message: hi}]\n");
    web.save_flow(
        "id: hook\nnamespace: webhook\ntasks: [{id: log, type: core.log.Log, message: hi}]\n"
        "triggers: [{id: call, type: core.trigger.Webhook, key: k1}]\n");
    for (const char* root : {"/api/v1", "/api/v1/main"}) {
        CHECK(web.status("GET", root + std::string("/flows/executions/webhook")) == 401);
        CHECK(web.status("DELETE", root + std::string("/flows/executions/webhook")) == 401);
        CHECK(web.status("POST", root + std::string("/executions/executions/webhook")) == 401);
        CHECK(web.status("POST", root + std::string("/executions/webhook/hook")) == 401);
        CHECK(web.status("POST", root + std::string("/executions/webhook/webhook/hook/k1"), "x") == 200);
        CHECK(web.status("POST", root + std::string("/executions/webhook/webhook/hook/no"), "x") == 404);
    }
    CHECK(web.one("select count(*) from sluice.executions") == "2");
}

TEST_CASE("a webhook is called with bytes that no text has") {
    WebRig web;
    web.save_flow(
        "id: hook\nnamespace: company\ntasks: [{id: log, type: core.log.Log, message: hi}]\n"
        "triggers: [{id: call, type: core.trigger.Webhook, key: k1}]\n");
    CHECK(web.status("POST", "/api/v1/main/executions/webhook/company/hook/k1", std::string("a\0b\xff", 4)) == 200);
    CHECK(web.one("select trigger -> 'variables' ->> 'body' from sluice.executions") ==
          "a\xEF\xBF\xBD"
          "b\xEF\xBF\xBD");
}

TEST_CASE("a file that is shown can do nothing in the name of whoever looks at it") {
    WebRig web;
    web.save_flow("id: hello\nnamespace: company\ntasks: [{id: log, type: core.log.Log, message: hi}]\n");
    CHECK(web.as_admin("POST", "/api/v1/main/executions/company/hello").code == 200);
    const std::string id = web.one("select id from sluice.executions");
    const std::string path = "/company/hello/executions/" + id + "/page.html";
    ok(web.storage().put(ok(storage::Uri::parse("kestra://" + path)), "<script>alert(1)</script>"));
    const auto shown =
        web.as_admin("GET", "/api/v1/main/executions/" + id + "/file?inline=true&path=kestra%3A%2F%2F" + path);
    REQUIRE_MESSAGE(shown.code == 200, shown.body);
    CHECK(shown.headers.find("Content-Disposition") == "inline");
    CHECK(shown.headers.find("Content-Security-Policy") == "sandbox");
}

TEST_CASE("a start that can't be stored is refused, and keeps no other from being stored") {
    Database database;
    pg::Signals signals({.connection = {.url = database.url()}}, database.pool().clock());
    webserver::Starter starter(database.pool(), signals);
    const auto start_of = [&](const ExecutionId& id) {
        webserver::Start start{.of_latest = false};
        start.flow = std::make_shared<const flow::Flow>();
        start.execution.id = id;
        start.execution.flow = {"company", "hello"};
        start.execution.history.add(State::Created, database.pool().clock().now());
        return start;
    };
    const ExecutionId same{time_ordered_id(database.pool().clock().now())};
    const ExecutionId other{time_ordered_id(database.pool().clock().now())};
    Guarded<std::vector<std::string>> answers;
    for (const ExecutionId& id : {same, same, other}) {
        starter.submit(start_of(id), [&](Result<engine::Execution> stored) {
            answers.with([&](auto& all) { all.push_back(stored ? stored->id.text() : "refused"); });
        });
    }
    starter.start();
    CHECK(eventually([&] { return answers.with([](const auto& all) { return all.size() == 3; }); }));
    CHECK(answers.with([](const auto& all) { return all; }) ==
          std::vector<std::string>{same.text(), "refused", other.text()});
    starter.stop();
    CHECK(database.one("select count(*) from sluice.executions") == "2");
    CHECK(database.one("select count(*) from sluice.execution_events") == "2");
}
