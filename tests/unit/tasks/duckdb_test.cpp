#include "databases/duckdb_library.h"
#include "unit/tasks/task_rig.h"

namespace sluice::tasks {
namespace {

using test::contains;
using test::failure;
using test::ok;
using test::TaskRig;

/// Whether DuckDB's library is on this machine; `tests/run` sees to it where npm is.
bool is_there() {
    const auto library = databases::DuckLibrary::load();
    if (!library) MESSAGE("left out: " << library.error().message);
    return library.has_value();
}

}  // namespace

TEST_CASE("without its library, DuckDB says what to do") {
    if (databases::DuckLibrary::load()) return;
    TaskRig rig;
    const Error error = failure(rig.run("jdbc.duckdb.Query", "sql: select 1"));
    CHECK(error.code == ErrorCode::Unavailable);
    CHECK(contains(error.message, "put libduckdb.so"));
}

TEST_CASE("DuckDB reads files, and writes others") {
    if (!is_there()) return;
    TaskRig rig;
    rig.put_file("kestra:///orders.csv", "city,amount\nParis,10.5\nRome,2\nParis,1\n");
    const Value out = ok(rig.run("jdbc.duckdb.Queries", R"(inputFiles: {orders.csv: kestra:///orders.csv}
outputFiles: [totals.parquet, totals.csv]
sql: |
  create table totals as select city, sum(amount)::decimal(8, 2) as amount from read_csv('orders.csv') group by city;
  copy totals to '{{ workingDir }}/totals.parquet' (format parquet);
  copy (from totals order by city) to '{{ outputFiles['totals.csv'] }}' (header);
  select count(*) as cities from totals;
fetchType: FETCH_ONE
)"));
    CHECK(rig.file(out["outputFiles"].text("totals.csv")) == "city,amount\nParis,11.50\nRome,2.00\n");
    CHECK(rig.file(out["outputFiles"].text("totals.parquet")).starts_with("PAR1"));
    CHECK(out["outputs"].as_list().back()["row"] == Value{{"cities", std::int64_t{2}}});
}

TEST_CASE("DuckDB's values keep what they are") {
    if (!is_there()) return;
    TaskRig rig;
    const Value out = ok(rig.run("jdbc.duckdb.Query", R"(sql: |
  select true as b, 7::tinyint as i, 18446744073709551615::ubigint as u, -170141183460469231731687303715884105727::hugeint as h,
    -1.10::decimal(38, 2) as d, 0.5 as s, 'a text that is longer than twelve bytes' as t, 'é' as e, 'x'::blob as x,
    date '2024-02-29' as day, time '10:00:00.5' as clock, timestamp '1969-12-31 23:59:59.5' as wall, interval '14 months 3 days 2 hours' as span,
    [1, null] as l, {'a': [1], 'b': null} as m, map {'k': 1} as k, [1, 2]::integer[2] as f,
    'b'::enum('a', 'b') as en, '00000000-0000-0000-0000-00000000000a'::uuid as id, null as n, to_timestamp(0) as z
timeZoneId: Europe/Paris
fetchType: STORE
)"));
    CHECK(rig.file(out.text("uri")) ==
          "{b:true,i:7,u:18446744073709551615,h:-170141183460469231731687303715884105727,d:-1.10,s:0.5,"
          "t:\"a text that is longer than twelve "
          "bytes\",e:\"é\",x:\"eA==\",day:2024-02-29,clock:LocalTime::\"10:00:00.500\","
          "wall:LocalDateTime::\"1969-12-31T23:59:59.500\",span:\"P1Y2M3DT2H\",l:[1,null],m:{a:[1],b:null},k:{k:1},f:["
          "1,2],"
          "en:\"b\",id:\"00000000-0000-0000-0000-00000000000a\",n:null,z:ZonedDateTime::\"1970-01-01T01:00+01:00["
          "Europe/Paris]\"}\n");
}

TEST_CASE("a DuckDB database is stored and opened again; parameters and many rows") {
    if (!is_there()) return;
    TaskRig rig;
    const Value made = ok(rig.run("jdbc.duckdb.Query",
                                  "outputDbFile: true\nsql: create table t as select range as n from range(100000)"));
    rig.put_file("kestra:///db", "");
    const Value out =
        ok(rig.run("jdbc.duckdb.Query",
                   "databaseUri: " + made.text("databaseUri") +
                       "\nsql: select n from t where n >= :least\nparameters: {least: 10}\nfetchType: STORE"));
    CHECK(out["size"] == Value(99'990));
}

TEST_CASE("mistakes and kills end a statement of DuckDB") {
    if (!is_there()) return;
    TaskRig rig;
    CHECK(contains(failure(rig.run("jdbc.duckdb.Query", "sql: select nix from nowhere")).message, "nowhere"));
    CHECK(contains(failure(rig.run("jdbc.duckdb.Query", "url: jdbc:sqlite:x\nsql: select 1")).message,
                   "expected jdbc:duckdb:"));
    rig.stop.request_stop();
    CHECK(failure(rig.run("jdbc.duckdb.Query", "sql: select count(*) from range(100000000000)")).code ==
          ErrorCode::Cancelled);
}

}  // namespace sluice::tasks
