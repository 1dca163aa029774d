#include "base/guarded.h"
#include "store/executions.h"
#include "support/database.h"
#include "support/test.h"
#include "webserver/starter.h"

using namespace sluice;
using namespace sluice::test;

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
