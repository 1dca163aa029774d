#include <thread>

#include "support/database.h"
#include "support/test.h"
#include "unit/tasks/task_rig.h"

namespace sluice::tasks {
namespace {

using test::contains;
using test::Database;
using test::failure;
using test::ok;
using test::TaskRig;

/// libpq's "key='value' …" of the private server as a URL; it listens on a unix socket.
std::string url_of(const Database& database) {
    std::map<std::string, std::string> words;
    std::string_view rest = database.url();
    while (!rest.empty()) {
        const std::string_view word = rest.substr(0, rest.find(' '));
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
        const std::size_t equals = word.find('=');
        if (equals == std::string_view::npos) continue;
        std::string value(word.substr(equals + 1));
        std::erase(value, '\'');
        words[std::string(word.substr(0, equals))] = std::move(value);
    }
    std::string out = "postgresql:///" + words["dbname"] + "?host=" + words["host"];
    if (words.contains("port")) out += "&port=" + words["port"];
    return out + "&user=" + words["user"];
}

/// A task of jdbc.postgresql on a database of its own.
class Rig {
  public:
    explicit Rig(std::string script = "") {
        if (!script.empty()) database.run(script);
    }
    Result<Value> run(const std::string& type, const std::string& yaml) {
        return tasks.run("jdbc.postgresql." + type, "url: " + url_of(database) + "\n" + yaml);
    }
    std::string file(const Value& outputs) const { return tasks.file(outputs.text("uri")); }

    Database database{};
    TaskRig tasks{};
};

}  // namespace

TEST_CASE("a query fetches one row, all rows, a file of rows, or nothing") {
    Rig rig;
    const std::string sql = "sql: select n, 'x' || n as text from generate_series(1, 3) n\n";
    Value out = ok(rig.run("Query", sql + "fetchType: FETCH_ONE"));
    CHECK(out["row"] == Value{{"n", 1}, {"text", "x1"}});
    CHECK(out["size"] == Value(1));
    out = ok(rig.run("Query", sql + "fetchType: FETCH"));
    CHECK(out["rows"].as_list().size() == 3);
    out = ok(rig.run("Query", sql + "store: true"));
    CHECK(rig.file(out) == "{n:1,text:\"x1\"}\n{n:2,text:\"x2\"}\n{n:3,text:\"x3\"}\n");
    CHECK(out["size"] == Value(3));
    CHECK(ok(rig.run("Query", sql)) == Value{{"size", 3}});
    CHECK(ok(rig.run("Query", "sql: select 1 where false\nfetchType: FETCH_ONE"))["row"].is_null());
    CHECK(ok(rig.run("Query", "sql: create table t (n int)")).is_null());
}

TEST_CASE("values keep what they are") {
    Rig rig;
    const Value out = ok(rig.run("Query", R"(sql: |
  select 1.10::numeric(38, 2) as exact, '{"a": [1]}'::jsonb as json, array[1, null] as list, '\x00ff'::bytea as bytes,
    timestamptz '2024-07-01 10:00:00.123456+00' as zoned, timestamp '2024-07-01 10:00' as wall, date '2024-02-29' as day,
    interval '1 day 02:00' as span, null as nothing, true as yes, 'ü' as text
timeZoneId: Europe/Paris
fetchType: STORE
)"));
    CHECK(rig.file(out) ==
          "{exact:1.10,json:{a:[1]},list:[1,null],bytes:\"AP8=\","
          "zoned:ZonedDateTime::\"2024-07-01T12:00:00.123456+02:00[Europe/Paris]\","
          "wall:LocalDateTime::\"2024-07-01T10:00\",day:2024-02-29,span:\"P1DT2H\",nothing:null,yes:true,text:\"ü\"}"
          "\n");
    CHECK(contains(failure(rig.run("Query", "sql: select 1\ntimeZoneId: Nowhere/Town")).message,
                   "property 'timeZoneId'"));
}

TEST_CASE("parameters are sent apart from the text") {
    Rig rig("create table t (id int, name text)");
    ok(rig.run("Query", "sql: insert into t values (:id, :name)\nparameters: {id: 7, name: \"it's; --\"}"));
    const Value out = ok(rig.run("Query",
                                 "sql: \"select name::text as n, ':id' as same from t where id = :id\"\n"
                                 "parameters: {id: 7}\nfetchType: FETCH_ONE"));
    CHECK(out["row"] == Value{{"n", "it's; --"}, {"same", ":id"}});
}

TEST_CASE("several statements run in one transaction, and give an entry each") {
    Rig rig("create table t (n int)");
    const Value out = ok(rig.run("Queries", R"(sql: |
  insert into t values (1), (2);
  do $$ begin insert into t values (3); end $$;
  select count(*) as count from t; -- and another; one
  select n from t order by n;
fetchType: FETCH
)"));
    REQUIRE(out["outputs"].as_list().size() == 2);
    CHECK(out["outputs"].as_list()[0]["rows"].as_list()[0]["count"] == Value(3));
    CHECK(out["outputs"].as_list()[1]["size"] == Value(3));
    failure(rig.run("Queries", "sql: delete from t; select 1 / 0"));
    CHECK(rig.database.one("select count(*) from t") == "3");
    failure(rig.run("Queries", "transaction: false\nsql: delete from t; select 1 / 0"));
    CHECK(rig.database.one("select count(*) from t") == "0");
    ok(rig.run("Queries", "sql: begin; insert into t values (9); commit; vacuum t"));
}

TEST_CASE("a mistake is told with its statement, line and column") {
    Rig rig;
    const Error error =
        failure(rig.run("Queries", "sql: |\n  select 1;\n  select 'é',\n    nix from nowhere\nfetchType: FETCH"));
    CHECK(contains(error.message,
                   "statement 2 of 2: line 3, column 12: ERROR: relation \"nowhere\" does not exist (SQLSTATE 42P01)"));
    const Error bound = failure(rig.run("Query", "sql: select :a, nix\nparameters: {a: a long text}"));
    CHECK(contains(bound.message, "line 1, column 12"));
    CHECK(contains(failure(rig.run("Query", "sql: ' -- nothing'")).message, "there is no statement in it"));
    CHECK(contains(failure(rig.run("Query", "sql: copy pg_class to stdout")).message, "CopyOut"));
    CHECK(contains(failure(rig.run("Query", "sql: copy pg_class from stdin")).message, "CopyIn"));
}

TEST_CASE("a server that can't be reached is told without the password") {
    TaskRig rig;
    const Error error =
        failure(rig.run("jdbc.postgresql.Query",
                        "url: jdbc:postgresql://127.0.0.1:1/x\nusername: me\npassword: s3cret\nsql: select 1"));
    CHECK(error.code == ErrorCode::Unavailable);
    CHECK_FALSE(contains(error.message, "s3cret"));
    CHECK(contains(
        failure(rig.run("jdbc.postgresql.Query", "url: jdbc:postgresql://127.0.0.1:1/x\nsql: select 1")).message,
        "property 'username' is missing"));
}

TEST_CASE("what the server tells goes into the log") {
    Rig rig;
    ok(rig.run("Query", "sql: do $$ begin raise notice 'half way'; end $$"));
    CHECK(contains(rig.tasks.log_text(), "INFO NOTICE: half way"));
}

TEST_CASE("statements behind a query run in its transaction") {
    Rig rig("create table t (n int, seen bool default false); insert into t values (1), (2)");
    const std::string yaml =
        "sql: select n from t where not seen\nafterSQL: update t set seen = true\nfetchType: FETCH";
    CHECK(ok(rig.run("Query", yaml))["size"] == Value(2));
    CHECK(ok(rig.run("Query", yaml))["size"] == Value(0));
    failure(rig.run("Query", "sql: insert into t values (3)\nafterSQL: select 1 / 0"));
    CHECK(rig.database.one("select count(*) from t") == "2");
}

TEST_CASE("a trigger marks the rows that it found, and only when its execution is stored") {
    Rig rig("create table t (n int, seen bool default false); insert into t values (1), (2)");
    const auto poll = [&] {
        return ok(rig.tasks.poll("jdbc.postgresql.Trigger", "url: " + url_of(rig.database) +
                                                                "\nsql: select n from t where not seen\n"
                                                                "afterSQL: update t set seen = true where not seen"));
    };
    const auto marked = [&] { return rig.database.one("select count(*) from t where seen"); };
    // A row that comes between the two statements was not found.
    bool came = false;
    rig.tasks.on_log = [&](const std::string&) {
        if (!std::exchange(came, true)) rig.database.run("insert into t values (3)");
    };
    CHECK(poll()["size"] == Value(2));
    REQUIRE(came);
    CHECK(marked() == "0");
    rig.tasks.rest.clear();  // the worker died
    CHECK(poll()["size"] == Value(3));
    for (const auto& action : std::exchange(rig.tasks.rest, {})) ok(action());
    CHECK(marked() == "3");
    rig.database.run("insert into t values (4)");
    CHECK(poll()["rows"].as_list()[0]["n"] == Value(4));
    for (const auto& action : std::exchange(rig.tasks.rest, {})) ok(action());
    CHECK(poll().is_null());
    CHECK(rig.tasks.rest.empty());
}

TEST_CASE("a killed query ends on the server") {
    Rig rig;
    std::jthread killer([&] {
        CHECK(test::eventually([&] {
            return rig.database.one(
                       "select count(*) from pg_stat_activity where query = 'select pg_sleep(600)' and state = "
                       "'active'") == "1";
        }));
        rig.tasks.stop.request_stop();
    });
    CHECK(failure(rig.run("Query", "sql: select pg_sleep(600)")).code == ErrorCode::Cancelled);
    killer.join();
    CHECK(test::eventually([&] {
        return rig.database.one(
                   "select count(*) from pg_stat_activity where query = 'select pg_sleep(600)' and state = 'active'") ==
               "0";
    }));
}

TEST_CASE("a table is copied out and in again, in each format") {
    Rig rig(
        "create table a (id int, name text); insert into a values (1, 'x,y'), (2, null), (3, E'\\\\ \\t');"
        "create table b (like a)");
    for (const char* format : {"CSV", "TEXT", "BINARY"}) {
        CAPTURE(format);
        rig.database.run("truncate b");
        const std::string how =
            fmt::format("format: {}\n{}", format, std::string(format) == "CSV" ? "header: true\n" : "");
        const Value out = ok(rig.run("CopyOut", how + "sql: select * from a order by id; -- all"));
        CHECK(out["rowCount"] == Value(3));
        if (std::string(format) == "CSV") CHECK(rig.file(out).starts_with("id,name\n1,\"x,y\"\n2,\n"));
        CHECK(ok(rig.run("CopyIn", how + "table: b\nfrom: " + out.text("uri")))["rowCount"] == Value(3));
        CHECK(rig.database.one("select count(*) from (table a except table b) x") == "0");
    }
    const Value out = ok(rig.run("CopyOut",
                                 "format: CSV\ndelimiter: ';'\nnullAs: NIX\nforceQuote: ['*']\nsql: select name, id "
                                 "from a where id < 3 order by id"));
    CHECK(rig.file(out) == "\"x,y\";\"1\"\nNIX;\"2\"\n");
    ok(rig.run("CopyIn",
               "format: CSV\ndelimiter: ';'\nnullAs: NIX\ntable: b\ncolumns: [name, id]\nfrom: " + out.text("uri")));
    CHECK(rig.database.one("select count(*) from b where id < 3") == "4");
}

TEST_CASE("a file that does not fit its table is refused as a whole") {
    Rig rig("create table t (n int)");
    rig.tasks.put_file("kestra:///in.csv", "1\n2\nthree\n");
    const Error error = failure(rig.run("CopyIn", "format: CSV\ntable: t\nfrom: kestra:///in.csv"));
    CHECK(contains(error.message, "invalid input syntax for type integer: \"three\""));
    CHECK(contains(error.message, "COPY t, line 3, column n"));
    CHECK(rig.database.one("select count(*) from t") == "0");
    CHECK(contains(failure(rig.run("CopyOut", "sql: 'select nix\n\n  from t'")).message, "line 1, column 8"));
}

TEST_CASE("the rows of a file are written by one statement each, in one transaction") {
    Rig rig("create table t (id int primary key, name text, tags text[], raw bytea, data jsonb)");
    rig.tasks.put_file(
        "kestra:///rows.ion",
        "{id:1,name:\"a\",tags:[\"x\",\"y\"],raw:\"AP8=\",data:{k:1}}\n{id:2,name:null,tags:[],raw:null,data:[1]}\n");
    Value out = ok(rig.run("Batch", "from: kestra:///rows.ion\ntable: t\nchunk: 1"));
    CHECK(out == Value{{"rowCount", 2}, {"updatedCount", 2}});
    CHECK(rig.database.one("select tags::text || encode(raw, 'hex') || data::text from t where id = 1") ==
          "{x,y}00ff{\"k\": 1}");
    out = ok(rig.run(
        "Batch",
        "from: kestra:///rows.ion\ncolumns: [name, id]\nsql: update t set name = coalesce(?, 'none') where id = ?"));
    CHECK(out["updatedCount"] == Value(2));
    CHECK(rig.database.one("select name from t where id = 2") == "none");
    const Error error =
        failure(rig.run("Batch", "from: kestra:///rows.ion\ncolumns: [id]\nsql: insert into t (id) values (? + 1)"));
    CHECK(contains(error.message, "duplicate key"));
    CHECK(rig.database.one("select count(*) from t") == "2");
    CHECK(contains(failure(rig.run("Batch", "from: kestra:///rows.ion\nsql: insert into t (id) values (?)")).message,
                   "row 1 has 5 values, the statement 1 placeholders"));
    CHECK(contains(
        failure(rig.run("Batch", "from: kestra:///rows.ion\ncolumns: [nix]\nsql: insert into t (name) values (?)"))
            .message,
        "row 1 has no field 'nix'"));
    CHECK(contains(failure(rig.run("Batch", "from: kestra:///rows.ion")).message, "'sql' and 'table'"));
}

TEST_CASE("more rows than a bunch go through the pipeline") {
    Rig rig("create table t (n int)");
    std::string rows;
    for (int i = 0; i < 25'000; ++i) rows += fmt::format("{{n:{}}}\n", i);
    rig.tasks.put_file("kestra:///rows.ion", rows);
    CHECK(ok(rig.run("Batch", "from: kestra:///rows.ion\ntable: t\nchunk: 10000"))["updatedCount"] == Value(25'000));
    CHECK(rig.database.one("select sum(n) from t") == "312487500");
}

}  // namespace sluice::tasks
