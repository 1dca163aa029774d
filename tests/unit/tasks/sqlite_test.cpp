#include <fstream>

#include "databases/sqlite_session.h"
#include "unit/tasks/task_rig.h"

namespace sluice::tasks {
namespace {

using test::contains;
using test::failure;
using test::ok;
using test::TaskRig;

}  // namespace

TEST_CASE("an SQLite database is made, handed on, and asked") {
    TaskRig rig;
    const Value made = ok(rig.run("jdbc.sqlite.Queries", R"(url: jdbc:sqlite:totals.db
outputDbFile: true
fetchType: FETCH_ONE
sql: |
  create table t (city text, amount integer, ok boolean, share real, raw blob);
  insert into t values ('Paris', 5000000000, 1, 0.5, x'00ff'), ('Rome; x', null, 0, 1, null);
  create trigger tr after delete on t begin update t set amount = 1; select 1; end;
  select count(*) as count from t;
)"));
    CHECK(made["outputs"].as_list()[0]["row"] == Value{{"count", 2}});

    TaskRig other;
    other.put_file("kestra:///db", std::string());
    ok(other.files.put(ok(storage::Uri::parse("kestra:///db")),
                       ok(rig.files.get(ok(storage::Uri::parse(made.text("databaseUri"))), 1 << 24))));
    const Value out = ok(other.run("jdbc.sqlite.Query", R"(url: jdbc:sqlite:copy.db
sqliteFile: kestra:///db
sql: select * from t where city = :city
parameters: {city: Paris}
fetchType: STORE
)"));
    CHECK(other.file(out.text("uri")) == "{city:\"Paris\",amount:5000000000,ok:true,share:0.5e0,raw:\"AP8=\"}\n");
}

TEST_CASE("rows of a file go into an SQLite database, all or none") {
    TaskRig rig;
    rig.put_file("kestra:///rows.ion", "{id:1,name:\"a\"}\n{id:2,name:\"b\"}\n{id:2,name:\"c\"}\n");
    ok(rig.run("jdbc.sqlite.Query", "url: jdbc:sqlite:x.db\nsql: create table t (id integer primary key, name text)"));
    const std::string batch = "url: jdbc:sqlite:x.db\nfrom: kestra:///rows.ion\n";
    CHECK(contains(failure(rig.run("jdbc.sqlite.Batch", batch + "table: t")).message, "UNIQUE constraint failed"));
    const Value out = ok(rig.run("jdbc.sqlite.Batch", batch + "sql: insert or ignore into t values (?, ?)"));
    CHECK(out["updatedCount"] == Value(2));
    CHECK(
        ok(rig.run("jdbc.sqlite.Query", "url: jdbc:sqlite:x.db\nsql: select count(*) as n from t\nfetch: true"))["rows"]
            .as_list()[0]["n"] == Value(2));
}

TEST_CASE("a mistake on SQLite is told with its place") {
    TaskRig rig;
    CHECK(contains(
        failure(rig.run("jdbc.sqlite.Queries", "url: 'jdbc:sqlite::memory:'\nsql: \"select 1;\\nselect nix\"")).message,
        "statement 2 of 2: line 2, column 8: no such column: nix"));
    CHECK(contains(failure(rig.run("jdbc.sqlite.Query", "url: jdbc:mysql:x\nsql: select 1")).message,
                   "expected jdbc:sqlite:file.db"));
    rig.put_file("kestra:///no.db", "this is not a database, and long enough to be seen as none");
    CHECK(contains(
        failure(rig.run("jdbc.sqlite.Query",
                        "url: jdbc:sqlite:no.db\nsqliteFile: kestra:///no.db\nsql: select * from sqlite_master"))
            .message,
        "file is not a database"));
    CHECK(contains(
        failure(rig.run("jdbc.sqlite.Query", "url: 'jdbc:sqlite:'\noutputDbFile: true\nsql: select 1")).message,
        "outputDbFile"));
}

TEST_CASE("no file of this machine is replaced or handed out as an SQLite database") {
    TaskRig rig;
    const auto elsewhere = (rig.scratch_directory() / "settings.yaml").string();
    std::ofstream(elsewhere) << "password: one that nobody may see";
    rig.put_file("kestra:///db", "mine");
    const std::string url = "url: jdbc:sqlite:" + elsewhere + "\nsql: select 1\n";
    CHECK(contains(failure(rig.run("jdbc.sqlite.Query", url + "sqliteFile: kestra:///db")).message, "sqliteFile"));
    CHECK(contains(failure(rig.run("jdbc.sqlite.Query", url + "outputDbFile: true")).message, "no SQLite database"));
    CHECK(contains(failure(rig.run("jdbc.sqlite.Query", "url: jdbc:sqlite:../x.db\nsql: select 1")).message,
                   "no path within the working directory"));
    std::ifstream in(elsewhere);
    CHECK(std::string{std::istreambuf_iterator<char>(in), {}} == "password: one that nobody may see");
}

TEST_CASE("no statement for SQLite is left out without a word") {
    TaskRig rig;
    rig.put_file("kestra:///rows.ion", "{n:1}\n");
    ok(rig.run("jdbc.sqlite.Query", "url: jdbc:sqlite:x.db\nsql: create table t (n integer)"));
    CHECK(contains(failure(rig.run("jdbc.sqlite.Batch",
                                   "url: jdbc:sqlite:x.db\nfrom: kestra:///rows.ion\n"
                                   "sql: insert into t values (?); delete from t"))
                       .message,
                   "another one behind it"));
    ok(rig.run("jdbc.sqlite.Batch",
               "url: jdbc:sqlite:x.db\nfrom: kestra:///rows.ion\nsql: 'insert into t values (?); -- that is all'"));
    // SQLite's comments do not nest, PostgreSQL's do: here the first ends at the first end.
    CHECK(contains(failure(rig.run("jdbc.sqlite.Queries",
                                   "url: jdbc:sqlite:x.db\n"
                                   "sql: '/* see /* below */ insert into t values (2); insert into t values (3)'"))
                       .message,
                   "another one behind it"));
}

TEST_CASE("a statement on SQLite that waits for a lock ends when it is killed") {
    TaskRig rig;
    const auto file = rig.working_directory() / "x.db";
    const auto holder = ok(databases::SqliteSession::open(file, {}));
    REQUIRE(holder->run("begin immediate"));
    std::stop_source stop;
    const auto waiting = ok(databases::SqliteSession::open(file, stop.get_token()));
    const auto began = std::chrono::steady_clock::now();
    std::jthread killer([&] { stop.request_stop(); });
    const auto refused = waiting->run("begin immediate");
    REQUIRE(!refused);
    CHECK(refused.error().error.code == ErrorCode::Cancelled);
    CHECK(std::chrono::steady_clock::now() - began < 20s);
}

TEST_CASE("a killed statement on SQLite ends") {
    TaskRig rig;
    std::jthread killer([&] { rig.stop.request_stop(); });
    const Error error = failure(rig.run("jdbc.sqlite.Query",
                                        "url: 'jdbc:sqlite::memory:'\nsql: with recursive n(i) as (select 1 union all "
                                        "select i + 1 from n) select count(*) from n"));
    CHECK(error.code == ErrorCode::Cancelled);
}

}  // namespace sluice::tasks
