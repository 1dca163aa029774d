#include "base/id.h"
#include "pg/connection.h"
#include "pg/database_error.h"
#include "pg/migrations.h"
#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// A role that may log in and nothing else, on a database of the test's own.
struct LesserRole : Database {
    LesserRole() {
        run("create role " + name + " login");
        run("grant connect on database " + one("select current_database()") + " to " + name);
    }
    ~LesserRole() {
        run("drop owned by " + name);
        run("drop role " + name);
    }
    pg::Connection connect() {
        const std::size_t host = url().find("user=");
        std::string as = url();
        if (host != std::string::npos)
            as += " user=" + name;
        else
            as += (as.find('?') == std::string::npos ? "?user=" : "&user=") + name;
        return pg::Connection({.url = as}, pool().clock());
    }
    const std::string name = "lesser_" + std::to_string(random_bits() % 1000000000);
};

}  // namespace

TEST_CASE("a role that owns nothing runs servers after let_serve, finds nothing to migrate, and changes no table") {
    LesserRole lesser;
    pg::Connection before = lesser.connect();
    CHECK_THROWS(before.run_text("select count(*) from sluice.flows"));
    lesser.run("select sluice.let_serve('" + lesser.name + "')");

    pg::Connection serving = lesser.connect();
    CHECK(ok(pg::migrate(serving)).empty());
    CHECK(serving.run_text("select sluice.ensure_partitions('60 days')")[0].integer() > 0);
    CHECK(
        serving
            .run_text(
                "select count(*) from pg_class c where relnamespace = 'sluice'::regnamespace and relkind in ('r', 'p') "
                "and not relispartition and not (has_table_privilege(oid, 'select') and has_table_privilege(oid, "
                "'insert') and has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete'))")[0]
            .integer() == 0);
    serving.run_text("insert into sluice.namespaces (namespace) values ('lesser')");
    CHECK_THROWS_AS(serving.run_text("alter table sluice.flows add column mine text"), pg::StatementError);
    CHECK_THROWS_AS(serving.run_text("create table sluice.mine (a text)"), pg::StatementError);

    lesser.run("create table sluice.of_a_later_migration (a text)");
    CHECK(serving.run_text("select count(*) from sluice.of_a_later_migration")[0].integer() == 0);
}

TEST_CASE("who may not migrate is told so, and a schema that was made beforehand needs no right on the database") {
    LesserRole lesser;
    lesser.run("drop schema sluice cascade");
    pg::Connection connection = lesser.connect();
    CHECK_THROWS_AS(pg::migrate(connection), pg::StatementError);
    lesser.run("create schema sluice authorization " + lesser.name);
    pg::Connection again = lesser.connect();
    CHECK_FALSE(ok(pg::migrate(again)).empty());
    CHECK(pg::schema_state(again).up_to_date());
}

TEST_CASE(
    "who operates calls what acts and writes no table, and keeps that over migrations; what acts is nobody else's") {
    LesserRole lesser;
    CHECK(lesser.one("select string_agg(p.oid::regprocedure::text, ', ') from pg_proc p "
                     "where p.pronamespace = 'sluice'::regnamespace and p.prosecdef "
                     "and (p.proacl is null or exists (select from aclexplode(p.proacl) a where a.grantee = 0))") ==
          "");
    lesser.run("select sluice.let_look('" + lesser.name + "')");
    pg::Connection session = lesser.connect();
    CHECK(session.run_text("select count(*) from sluice.execution_overview")[0].integer() == 0);
    CHECK_THROWS_AS(session.run_text("select password_hash from sluice.users"), pg::StatementError);
    CHECK_THROWS_AS(session.run_text("select sluice.enter_maintenance('')"), pg::StatementError);
    CHECK_THROWS_AS(session.run_text("select sluice.drop_week('1 s', '1 s')"), pg::StatementError);

    lesser.run("select sluice.let_operate('" + lesser.name + "')");
    lesser.run("revoke execute on function sluice.exit_maintenance() from " + lesser.name);  // as if it were new
    lesser.run("select sluice.renew_rights()");
    // What it says of itself is not believed.
    session.run_text("set sluice.actor = 'somebody else'; set sluice.server = 'on'");
    CHECK(session.run_text("select sluice.enter_maintenance('disks')")[0].boolean());
    CHECK(session.run_text("select sluice.exit_maintenance()")[0].boolean());
    CHECK(lesser.one("select string_agg(distinct actor || ' ' || via, ',') from sluice.audit_log") ==
          lesser.name + " SQL");
    CHECK_THROWS_AS(session.run_text("update sluice.triggers set disabled = true"), pg::StatementError);
    CHECK_THROWS_AS(session.run_text("select sluice.put_event('x', 'kill_requested')"), pg::StatementError);
    CHECK_THROWS_AS(session.run_text("select sluice.start_operation('flows', 'delete', array['a/b'])"),
                    pg::StatementError);
    CHECK_THROWS_AS(session.run_text("select sluice.disable_flow('a', 'b')"), pg::StatementError);

    // Who was given one view by hand is given no more by a migration; who is let go has nothing.
    lesser.run("select sluice.let_go('" + lesser.name + "')");
    lesser.run("grant usage on schema sluice to " + lesser.name + "; grant select on sluice.queue_depth to " +
               lesser.name + "; select sluice.renew_rights()");
    CHECK(session.run_text("select count(*) from sluice.queue_depth")[0].integer() > 0);
    CHECK_THROWS_AS(session.run_text("select count(*) from sluice.execution_overview"), pg::StatementError);
    CHECK_THROWS_AS(session.run_text("select sluice.exit_maintenance()"), pg::StatementError);
}

namespace {

/// The functions that act with the owner's rights, those of `role_name` in one line.
std::string acts_of(Database& database, const std::string& role_name) {
    return database.one(
        "select coalesce(string_agg(distinct p.proname, ' ' order by p.proname), '') from pg_proc p "
        "where p.pronamespace = 'sluice'::regnamespace and p.prosecdef and "
        "has_function_privilege('" +
        role_name + "', p.oid, 'execute')");
}

}  // namespace

TEST_CASE("a new function that acts has to be decided: nobody calls it by default, and these do") {
    LesserRole lesser;
    lesser.run("grant usage on schema sluice to " + lesser.name);
    CHECK(acts_of(lesser, lesser.name) == "");
    lesser.run("select sluice.let_look('" + lesser.name + "')");
    CHECK(acts_of(lesser, lesser.name) == "");
    pg::Connection session = lesser.connect();
    CHECK_THROWS_AS(session.run_text("select sluice.note('LOGIN', 'USER', '', 'admin')"), pg::StatementError);
    lesser.run("select sluice.let_operate('" + lesser.name + "')");
    const std::string operators =
        "announce cancel_operation delete_backfill disable_trigger drop_announcement drop_parked drop_retention "
        "enable_trigger enter_maintenance exit_maintenance force_run kill_execution lift_kill_switch pause_backfill "
        "pause_execution replay_execution restart_execution resume_backfill resume_execution retry_parked "
        "set_kill_switch set_labels set_retention start_backfill start_execution start_operation unlock_trigger "
        "unqueue_execution";
    CHECK(acts_of(lesser, lesser.name) == operators);
    CHECK_THROWS_AS(session.run_text("select sluice.note('LOGIN', 'USER', '', 'admin')"), pg::StatementError);
    lesser.run("select sluice.let_operate('" + lesser.name + "', flows => true)");
    CHECK(lesser.one("select string_agg(distinct p.proname, ' ' order by p.proname) from pg_proc p "
                     "where p.pronamespace = 'sluice'::regnamespace and p.prosecdef and not has_function_privilege('" +
                     lesser.name + "', p.oid, 'execute')") == "drop_week ensure_partitions note");
    // What is found by these is what their author meant, whatever the caller's search_path says.
    CHECK(lesser.one("select coalesce(string_agg(p.proname, ' '), '') from pg_proc p where p.pronamespace = "
                     "'sluice'::regnamespace and p.prosecdef and not coalesce('search_path=pg_catalog, pg_temp' = any "
                     "(p.proconfig), false)") == "");
}

TEST_CASE("a new table has to be decided: who looks reads these, and not those") {
    LesserRole lesser;
    lesser.run("select sluice.let_look('" + lesser.name + "')");
    const auto tables = [&](const std::string& which) {
        return lesser.one(
            "select string_agg(c.relname, ' ' order by c.relname) from pg_class c where c.relnamespace = "
            "'sluice'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and "
            "has_table_privilege('" +
            lesser.name + "', c.oid, 'select') = " + which);
    };
    CHECK(tables("false") == "api_tokens audit_log personal_texts saved_searches secrets sessions settings users");
    CHECK(tables("true") ==
          "announcements claim_overview claims concurrency_overview concurrency_slots count_days "
          "count_progress dashboards execution_buckets execution_counts execution_events execution_overview "
          "execution_totals executions fires flow_overview flow_sums flows group_members groups jobs "
          "kill_switches kv leadership log_count_progress log_count_weeks log_counts log_overview "
          "log_recounts log_shipping logs loop_values maintenance metrics namespaces operation_failures "
          "operation_overview operations parked_events people_roles plugin_types plugin_workers "
          "purged_executions queue_depth queued_executions recounts refused_results repairs retention_rules "
          "retention_sweep role_bindings roles schema_migrations service_overview services slot_overview "
          "stored_chunks stored_contents stored_files stuck task_cache task_run_counts task_run_overview "
          "task_run_totals task_runs timers trigger_overview trigger_windows triggers version_floor "
          "worker_group_overview worker_spools");
    CHECK(lesser.one("select count(*) from pg_class c where c.relnamespace = 'sluice'::regnamespace and c.relkind in "
                     "('r', 'p', 'v', 'm', 'f') and has_table_privilege('" +
                     lesser.name + "', c.oid, 'insert, update, delete, truncate, references, trigger')") == "0");
}
