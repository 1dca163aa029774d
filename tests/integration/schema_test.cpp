#include "pg/migrations.h"
#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

TEST_CASE("a database that is up to date has nothing pending, and migrating it again changes nothing") {
    Database database;
    database.pool().with_connection([](pg::Connection& connection) {
        CHECK(pg::schema_state(connection).up_to_date());
        CHECK(ok(pg::migrate(connection)).empty());
    });
}

TEST_CASE("a migration that was edited after its release is found") {
    Database database;
    database.run("update sluice.schema_migrations set checksum = 'other'");
    database.pool().with_connection(
        [](pg::Connection& connection) { CHECK_FALSE(pg::schema_state(connection).changed.empty()); });
}

TEST_CASE("partitions are there for seven days ahead at least") {
    Database database;
    for (const std::string table : {"executions", "task_runs", "logs", "metrics"}) {
        CAPTURE(table);
        CHECK(database.one("select count(*) from pg_inherits where inhparent = 'sluice." + table + "'::regclass") >=
              "2");
    }
}

TEST_CASE("sluice.start_execution is part of the caller's transaction") {
    Database database;
    database.run(
        "insert into sluice.flows (namespace, flow_id, revision, source, definition) "
        "values ('company', 'hello', 1, 'id: hello', '{}')");
    CHECK_THROWS(database.run("select sluice.start_execution('company', 'nowhere', '{}')"));

    database.run("begin; select sluice.start_execution('company', 'hello', '{}'); rollback");
    CHECK(database.one("select count(*) from sluice.executions") == "0");
    CHECK(database.one("select count(*) from sluice.execution_events") == "0");

    database.run("begin; select sluice.start_execution('company', 'hello', '{}'); commit");
    CHECK(database.one("select count(*) from sluice.executions") == "1");
    CHECK(database.one("select count(*) from sluice.execution_events") == "1");
}
