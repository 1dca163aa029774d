#include "executor/executor.h"
#include "support/database.h"
#include "support/test.h"
#include "tasks/catalog.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// An executor on a database of its own, with a flow of one task that it runs by itself.
class ExecutorRig {
  public:
    ExecutorRig() {
        const std::string source =
            "id: hello\nnamespace: company\ntasks: [{id: log, type: core.log.Log, message: hi}]\n";
        const flow::ParsedFlow parsed = flows_.parse(source);
        database_.pool().in_transaction(
            [&](pg::Transaction& tx) { ok(store::save_flow(tx, parsed, source, store::Save::Either, "", instance_)); });
    }
    ~ExecutorRig() { executor_.stop(); }

    std::string start_execution() { return one("select sluice.start_execution('company', 'hello')"); }
    void start() { executor_.start(); }
    void run(const std::string& sql) { database_.run(sql); }
    std::string one(const std::string& sql) { return database_.one(sql); }
    bool comes_to(const std::string& sql, const std::string& value) {
        return eventually([&] { return one(sql) == value; });
    }
    bool ends(const std::string& id) {
        return comes_to("select state from sluice.executions where id = '" + id + "'", "SUCCESS");
    }

  private:
    Database database_{};
    pg::Signals signals_{{.connection = {.url = database_.url()}}, database_.pool().clock()};
    plugin::TaskCatalog catalog_ = tasks::builtin_catalog();
    store::Flows flows_{catalog_.types(), {}};
    store::Instance instance_{};
    const executor::Runtime runtime_{flows_, catalog_, instance_};
    executor::Executor executor_{database_.pool(), signals_, runtime_, {.poll = 20ms}};
};

}  // namespace

TEST_CASE("an event whose payload can't be read is parked, and the others are applied") {
    ExecutorRig rig;
    const std::string first = rig.start_execution();
    rig.run("select sluice.put_event('" + first +
            "', 'resume_requested', ('{\"a\": \"' || repeat('ü', 50) || '\", \"deep\": ' || " +
            "repeat('[', 600) || repeat(']', 600) || '}')::jsonb)");
    const std::string second = rig.start_execution();
    rig.start();
    CHECK(rig.ends(second));
    CHECK(rig.ends(first));
    CHECK(rig.comes_to("select kind from sluice.parked()", "resume_requested"));
    CHECK(rig.one("select count(*) from sluice.execution_events") == "0");
}

TEST_CASE("an execution whose row can't be read keeps no other from going on") {
    ExecutorRig rig;
    const std::string first = rig.start_execution();
    rig.run("update sluice.executions set history = 'DREAMING'");
    const std::string second = rig.start_execution();
    rig.start();
    CHECK(rig.ends(second));
    CHECK(rig.comes_to("select execution_id from sluice.parked()", first));
}
