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
    CHECK(serving.run_text("select count(*) from pg_tables t where schemaname = 'sluice' and tablename !~ '_[0-9]{4}w' and not "
                           "has_table_privilege('sluice.' || tablename, 'select, insert, update, delete')")[0].integer() == 0);
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
