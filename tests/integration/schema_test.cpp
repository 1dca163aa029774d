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

TEST_CASE("a program that does not know what the version floor demands does not work on the database, and says why") {
    Database database;
    database.pool().with_connection([&](pg::Connection& connection) {
        // What it knows is no floor to it.
        database.run(
            "insert into sluice.version_floor (migration, reason) values ('migrations/0081_expand_version_floor.sql', "
            "'x')");
        CHECK(pg::usable(pg::schema_state(connection)).has_value());
        database.run(
            "insert into sluice.version_floor (migration, reason) "
            "values ('migrations/9999_contract_attempts.sql', 'the column attempts is gone')");
        const Error refused = failure(pg::usable(pg::schema_state(connection)));
        CHECK(refused.code == ErrorCode::Conflict);
        CHECK(refused.message ==
              "this program is older than the database allows (migrations/9999_contract_attempts.sql: the column "
              "attempts "
              "is gone); install a newer version");
        CHECK_FALSE(pg::migrate(connection).has_value());
    });
}

TEST_CASE("what happens in seven days has its partition today, and none takes what fits nowhere") {
    Database database;
    const Timestamp later = database.pool().clock().now() + 7 * 24h;
    database.run("insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at) values ('" +
                 time_ordered_id(later) + "', 'company', 'hello', 1, 'CREATED', now())");
    CHECK(database.one("select count(*) from sluice.executions") == "1");
    for (const std::string table : {"executions", "task_runs", "loop_values", "logs", "metrics"}) {
        CAPTURE(table);
        CHECK(database.one("select bool_or(pg_get_expr(c.relpartbound, c.oid) like '%DEFAULT%') from pg_inherits i "
                           "join pg_class c on c.oid = i.inhrelid where i.inhparent = 'sluice." +
                           table + "'::regclass") == "f");
    }
}

TEST_CASE("after a pause of all servers the week before gets its partition too; a new database begins with this one") {
    Database database;
    const std::string count = "select count(*) from pg_inherits where inhparent = 'sluice.executions'::regclass";
    CHECK(database.one(count) == "3");
    for (int i = 0; i < 3; ++i) {
        database.run(
            "do $$ begin execute 'drop table sluice.' || (select min(c.relname) from pg_inherits i join pg_class c "
            "on c.oid = i.inhrelid where i.inhparent = 'sluice.executions'::regclass); end $$");
    }
    database.run(
        "create table sluice.executions_2020w01 (like sluice.executions including defaults including constraints); "
        "alter table sluice.executions attach partition sluice.executions_2020w01 "
        "for values from (minvalue) to ('0000000000000000000001')");
    CHECK(database.one("select sluice.ensure_partitions()") == "4");
    CHECK(database.one("select sluice.ensure_partitions()") == "0");
    const Timestamp before = database.pool().clock().now() - 7 * 24h;
    database.run("insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at) values ('" +
                 time_ordered_id(before) + "', 'company', 'hello', 1, 'CREATED', now())");
    CHECK(database.one("select sluice.partition_runway() > interval '13 days'") == "t");
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
    // Should the event be lost, the row still knows that nobody has looked at the inputs.
    CHECK(database.one("select progress ->> 'checkInputs' from sluice.executions") == "true");
}
