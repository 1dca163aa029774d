#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// A database with a service that has all roles, leads, and stays alive.
struct Patient : Database {
    Patient() {
        run("insert into sluice.services (service_id, roles, state, host, pid, version, slots, lease_until) values "
            "('one', array['executor', 'worker', 'scheduler', 'webserver'], 'RUNNING', 'here', 1, '1', 4, "
            "now() + interval '1 hour')");
        run("insert into sluice.leadership (role, service_id, epoch) values ('scheduler', 'one', 1)");
    }
    /// What is not OK, one line each.
    std::string complaints(const std::string& patience = "5 minutes") {
        return one(
            "select coalesce(string_agg(severity || ' ' || \"check\" || ': ' || finding, E'\\n'), '') from "
            "sluice.doctor('" +
            patience + "') where severity <> 'OK'");
    }
    std::string severity(const std::string& check) {
        return one("select string_agg(distinct severity, ' ') from sluice.doctor() where \"check\" = '" + check + "'");
    }
    std::string remedy(const std::string& check) {
        return one("select remedy from sluice.doctor() where \"check\" = '" + check + "' and severity <> 'OK' limit 1");
    }
};

}  // namespace

TEST_CASE("doctor has no complaint about a healthy cluster, and says so for each check") {
    Patient patient;
    CHECK(patient.complaints() == "");
    CHECK(patient.one("select count(distinct \"check\") >= 20 from sluice.doctor()") == "t");
    CHECK(patient.one("select count(*) from sluice.doctor() where remedy is not null") == "0");
}

TEST_CASE("what doctor names as the remedy is SQL that mends it") {
    Patient patient;
    struct Case {
        const char* check;
        const char* plant;
        const char* severity;
    };
    for (const Case& one : {
             Case{"autovacuum of queues", "alter table sluice.jobs reset (autovacuum_vacuum_scale_factor)", "WARNING"},
             Case{"autovacuum of queues", "alter table sluice.claims set (autovacuum_enabled = false)", "WARNING"},
             Case{"partitions",
                  "do $$ declare p regclass; begin for p in select inhrelid::regclass from pg_inherits where inhparent "
                  "= "
                  "'sluice.executions'::regclass loop execute 'drop table ' || p; end loop; end $$",
                  "ERROR"},
         }) {
        CAPTURE(one.check);
        CAPTURE(one.plant);
        patient.run(one.plant);
        CHECK(patient.severity(one.check) == one.severity);
        patient.run(patient.remedy(one.check));
        CHECK(patient.severity(one.check) == "OK");
    }
}

TEST_CASE("doctor names the session that keeps vacuum from cleaning up, and how to end it") {
    Patient patient;
    pg::DatabaseClock clock;
    pg::Connection sleeper({.url = patient.url(), .application = "forgotten report"}, clock);
    sleeper.run_text("begin");
    sleeper.run_text("select pg_current_xact_id()");
    CHECK(patient.complaints() == "");
    const std::string told = patient.complaints("0 seconds");
    CHECK(told.find("WARNING old transaction: session " + std::to_string(sleeper.backend_pid())) != std::string::npos);
    CHECK(told.find("forgotten report") != std::string::npos);
    patient.run(patient.one("select remedy from sluice.doctor('0 seconds') where finding like '%forgotten report%'"));
    CHECK(eventually([&] { return patient.complaints("0 seconds").find("forgotten report") == std::string::npos; }));
}

TEST_CASE("doctor lists the privileges that a role lacks with the grants that give them") {
    Patient patient;
    patient.pool().with_connection([](pg::Connection& connection) {
        connection.run_text(
            "create role doctor_stranger; grant usage on schema sluice to doctor_stranger; "
            "grant select on all tables in schema sluice to doctor_stranger");
        connection.run_text("set role doctor_stranger");
        const pg::Rows rows =
            connection.run_text("select severity, finding, remedy from sluice.doctor() where \"check\" = 'privileges'");
        connection.run_text("reset role; drop owned by doctor_stranger; drop role doctor_stranger");
        pg::Row row = rows[0];
        CHECK(row.text() == "ERROR");
        CHECK(row.text().find("INSERT on sluice.executions") != std::string::npos);
        CHECK(row.text().find("grant insert on sluice.executions to doctor_stranger") != std::string::npos);
    });
}

TEST_CASE("doctor sees services that are missing, silent or of two versions, and a cluster without a leader") {
    Patient patient;
    patient.run(
        "insert into sluice.services (service_id, roles, state, host, pid, version, lease_until) values "
        "('two', array['scheduler'], 'RUNNING', 'there', 2, '2', now() + interval '1 hour')");
    CHECK(patient.complaints().find("WARNING versions: services of different versions are alive: 1, 2") == 0);
    patient.run("update sluice.services set lease_until = now() - interval '2 minutes' where service_id = 'one'");
    CHECK(patient.severity("silent service") == "WARNING");
    CHECK(patient.severity("leadership") == "ERROR");
    CHECK(patient.severity("services") == "OK WARNING");
    patient.run("insert into sluice.execution_events (execution_id, kind) values ('none', 'continued')");
    CHECK(patient.severity("services") == "ERROR OK WARNING");
}

TEST_CASE("doctor sees parked events, overdue timers and triggers, refused results, and sequences near their end") {
    Patient patient;
    patient.run(
        "insert into sluice.parked_events (queue, execution_id, content, error) values "
        "('execution_events', 'e1', '{\"execution_id\": \"e1\", \"kind\": \"continued\"}', 'broken')");
    CHECK(patient.severity("parked events") == "WARNING");
    CHECK(patient.one("select sluice.drop_parked(id) from sluice.parked_events") == "t");
    CHECK_THROWS_WITH(patient.one("select sluice.drop_parked(1)"), doctest::Contains("parked event 1 does not exist"));
    CHECK(patient.severity("parked events") == "OK");

    patient.run(
        "insert into sluice.timers (due_at, execution_id, kind) values (now() - interval '2 minutes', 'e1', 'retry')");
    CHECK(patient.severity("overdue timers") == "ERROR");
    patient.run(
        "insert into sluice.triggers (namespace, flow_id, trigger_id, flow_revision, type, definition, next_at) "
        "values ('company', 'hello', 'daily', 1, 'x', '', now() - interval '2 minutes')");
    CHECK(patient.severity("overdue triggers") == "ERROR");
    patient.run(
        "insert into sluice.refused_results (task_run_id, execution_id, epoch, service_id, state) values "
        "('t', 'e', 1, 'one', 'SUCCESS')");
    CHECK(patient.severity("refused results") == "WARNING");
    patient.run("select setval('sluice.jobs_seq_seq', 9000000000000000000)");
    CHECK(patient.severity("sequence") == "ERROR");
}

TEST_CASE("doctor names the statements that would read whole tables, and the SQL that mends it") {
    Patient patient;
    CHECK(patient.one("select count(*) > 40 from sluice.hot_statements()") == "t");
    CHECK(patient.one("select string_agg(severity || ' ' || finding, ' ') ~ '^OK [0-9]+ statements use their indexes "
                      "OK all are valid$' "
                      "from sluice.doctor_plans()") == "t");
    patient.run(
        "insert into sluice.triggers (namespace, flow_id, trigger_id, flow_revision, type, definition, execution_id) "
        "select 'company', 'hello', 't' || i, 1, 'x', '', 'e' || i from generate_series(1, 20000) i");
    patient.run("analyze sluice.triggers");
    const std::string complaint =
        "select string_agg(finding || ' → ' || remedy, ' ') from sluice.doctor_plans(100) where "
        "severity = 'WARNING' and finding like 'release_triggers %'";
    CHECK(patient.one(complaint) == "");
    patient.run("update pg_index set indisvalid = false where indexrelid = 'sluice.triggers_execution_idx'::regclass");
    CHECK(contains(patient.one(complaint), "release_triggers would read all of sluice.triggers"));
    CHECK(contains(patient.one(complaint), "it should use triggers_execution_idx → analyze sluice.triggers"));
    const std::string broken = "select remedy from sluice.doctor_plans(100) where \"check\" = 'indexes'";
    CHECK(patient.one(broken) == "reindex index concurrently sluice.triggers_execution_idx");
    patient.run("reindex index sluice.triggers_execution_idx");  // behind a proxy this is a transaction, which it bears
    CHECK(patient.one(broken) == "");
    CHECK(patient.one(complaint) == "");
    CHECK(patient.one("select count(*) from pg_prepared_statements where name = 'sluice_plan_of'") == "0");
}
