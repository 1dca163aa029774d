// What boards count beside the rows, and that lists read few rows: on a history of two weeks.
#include "store/delete_execution.h"
#include "store/executions.h"
#include "store/find_executions.h"
#include "store/find_task_runs.h"
#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

namespace {

constexpr int kExecutions = 6'000;

/// One every three and a half minutes; one in fifty failed, three are paused since days.
void fill_history(Database& database) {
    database.run(
        fmt::format("insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, "
                    "started_at, ended_at) "
                    "select sluice.lowest_id(at), 'company.team' || n % 7, 'flow_' || n % 20, 1, state, at, at, "
                    "    case when state <> 'RUNNING' then at + (n % 90) * interval '1 second' end "
                    "from (select n, now() - ({0} - n) * (interval '14 days' / {0}) as at, "
                    "          case when n in (100, 2500, 4500) then 'PAUSED' when n % 50 = 7 then 'FAILED' "
                    "               when n > {0} - 3 then 'RUNNING' else 'SUCCESS' end as state "
                    "      from generate_series(1, {0}) as n) as moments; "
                    "insert into sluice.task_runs (execution_id, id, ordinal, namespace, flow_id, task_id, state, "
                    "created_at, ended_at) "
                    "select id, id, 1, namespace, flow_id, 'load', state, created_at, ended_at from sluice.executions; "
                    "analyze sluice.executions, sluice.task_runs",
                    kExecutions));
}

/// Until nothing is left to count. The first turn only notes which transactions must be over.
void count_all(Database& database) {
    database.one("select sluice.advance_counts(1000)");
    while (database.one("select sluice.advance_counts(1000)") != "0") {}
    REQUIRE(database.one("select count(*) > 300 from sluice.execution_buckets") == "t");
}

std::string counted(Database& database, const std::string& arguments = "null, null, null, false") {
    return database.one(
        "select string_agg(state || ' ' || executions, ', ' order by state) from (select state, sum(executions) as "
        "executions from sluice.executions_counted(now() - interval '40 days', now() + interval '1 hour', " +
        arguments + ") group by state) as c");
}

std::string in_rows(Database& database, const std::string& condition = "true") {
    return database.one(
        "select string_agg(state || ' ' || executions, ', ' order by state) from (select state, count(*) as executions "
        "from sluice.executions where " +
        condition + " group by state) as c");
}

void check_exact(Database& database) {
    CHECK(counted(database) == in_rows(database));
    CHECK(counted(database, "null, null, null, true") == in_rows(database));
    CHECK(counted(database, "'company', null, '{FAILED,PAUSED}'") ==
          in_rows(database, "state in ('FAILED', 'PAUSED')"));
    CHECK(counted(database, "'company.team3', 'flow_3'") ==
          in_rows(database, "namespace = 'company.team3' and flow_id = 'flow_3'"));
    CHECK(database.one("select sum(executions) from sluice.count_now('{PAUSED,RUNNING}')") ==
          database.one("select count(*) from sluice.executions where state in ('PAUSED', 'RUNNING')"));
}

ExecutionId id_of(Database& database, const std::string& state) {
    return ExecutionId{
        database.one("select id from sluice.executions where state = '" + state + "' order by id limit 1")};
}

void fail(Database& database, const ExecutionId& id) {
    database.pool().in_transaction([&](pg::Transaction& tx) {
        auto execution = store::lock_execution(tx, id);
        REQUIRE(execution.has_value());
        execution->history.add(State::Failed, tx.now());
        store::update_executions(tx, {{&*execution}});
    });
}

store::Search search_for(std::vector<store::Filter> filters) {
    store::Search search;
    search.filters = std::move(filters);
    search.size = 25;
    return search;
}

/// Rows of the history tables' partitions that `use` visits, by index or not.
template <class Use>
std::int64_t visited_by(Database& database, const Use& use) {
    return database.pool().with_connection([&](pg::Connection& connection) {
        // What earlier transactions of this session visited may not have left it yet.
        const auto visited_so_far = [&] {
            const auto rows = connection.run_text(
                "select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) from pg_stat_xact_user_tables "
                "where relname ~ '^(executions|task_runs|logs)_'");
            pg::Row row = rows[0];
            return row.integer();
        };
        connection.run_text("begin");
        const std::int64_t before = visited_so_far();
        use(connection);
        const std::int64_t visited = visited_so_far() - before;
        connection.run_text("commit");
        return visited;
    });
}

}  // namespace

TEST_CASE("what boards count is exact while history is counted, changed, deleted and counted again") {
    Database database;
    fill_history(database);
    check_exact(database);  // nothing is counted yet

    database.one("select sluice.advance_counts(5)");
    database.one("select sluice.advance_counts(5)");
    check_exact(database);  // the newest hours are
    count_all(database);
    check_exact(database);

    const ExecutionId paused = id_of(database, "PAUSED");
    fail(database, paused);
    // A mark is of 39 seconds, which may lie in two hours.
    CHECK(database.one("select count(*) between 1 and 2 from sluice.marked_buckets()") == "t");
    check_exact(database);  // its bucket is not believed any more
    database.pool().in_transaction(
        [&](pg::Transaction& tx) { store::delete_execution(tx, id_of(database, "FAILED"), true, true); });
    check_exact(database);

    CHECK(database.one("select sluice.advance_counts()") != "0");
    CHECK(database.one("select count(*) from sluice.recounts") == "0");
    check_exact(database);

    CHECK(database.one("select sluice.recount_executions() > 300") == "t");
    check_exact(database);
}

namespace {

/// What boards show of flows and namespaces, and charts of task runs.
std::string sums(Database& database) {
    return database.one(
        "select string_agg(x, ', ' order by x) from ("
        "select namespace || ' ' || flow_id || ' ' || sum(executions) || ' ' || sum(failed) || ' ' || sum(ended_well) "
        "|| "
        "' ' || round(sum(seconds)) as x "
        "from sluice.flows_counted('2020-01-01', now() + interval '1 hour', 'company') group by namespace, flow_id "
        "union all select namespace || ' ' || state || ' ' || sum(executions) "
        "from sluice.namespaces_counted('2020-01-01', now() + interval '1 hour', 'company') group by namespace, state "
        "union all select state || ' ' || sum(task_runs) from sluice.task_runs_counted('2020-01-01', "
        "now() + interval '1 hour', 'company', null, null, false) group by state "
        "union all select 'total ' || sluice.task_runs_total('company')) s");
}

std::string sums_of_rows(Database& database) {
    return database.one(
        "select string_agg(x, ', ' order by x) from ("
        "select namespace || ' ' || flow_id || ' ' || count(*) || ' ' || count(*) filter (where state = 'FAILED') || ' "
        "' "
        "|| count(*) filter (where state = 'SUCCESS') || ' ' || "
        "round(coalesce(sum(extract(epoch from ended_at - created_at)) filter (where state = 'SUCCESS'), 0)) as x "
        "from sluice.executions where starts_with(namespace, 'company.') group by namespace, flow_id "
        "union all select namespace || ' ' || state || ' ' || count(*) from sluice.executions group by namespace, "
        "state "
        "union all select state || ' ' || count(*) from sluice.task_runs group by state "
        "union all select 'total ' || count(*) from sluice.task_runs) s");
}

}  // namespace

TEST_CASE("sums of buckets are exact, also of what a version counted that made none") {
    Database database;
    fill_history(database);
    CHECK(sums(database) == sums_of_rows(database));  // of rows
    count_all(database);
    CHECK(database.one("select sluice.has_sums()") == "t");
    CHECK(sums(database) == sums_of_rows(database));

    database.run(
        "update sluice.execution_buckets set has_sums = false; update sluice.count_days set has_sums = false; "
        "update sluice.flow_sums set executions = 0; delete from sluice.task_run_totals");
    CHECK(sums(database) == sums_of_rows(database));  // of counts
    count_all(database);
    CHECK(database.one("select sluice.has_sums()") == "t");
    CHECK(sums(database) == sums_of_rows(database));
}

TEST_CASE("a sample of executions stands for about as many as there are, and the same ones each time") {
    Database database;
    fill_history(database);
    count_all(database);
    const std::string sampled =
        "select round(count(*) * max(s.times)) || ' ' || count(*) from sluice.sampled_spans(now() - interval '13 "
        "days', "
        "now() - interval '1 day', 1500) s, sluice.labelled_executions(s.lowest_ids, s.end_ids, '{}') e";
    const std::string once = database.one(sampled);
    CHECK(database.one("select split_part('" + once + "', ' ', 1)::numeric between 4600 and 5700") == "t");
    CHECK(database.one("select split_part('" + once + "', ' ', 2)::numeric between 1200 and 1800") == "t");
    CHECK(database.one("select times from sluice.sampled_spans(now() - interval '13 days', now(), 6000)") == "1");
}

TEST_CASE("task runs of days that are not counted are told of their days") {
    Database database;
    fill_history(database);
    const std::string by_rows = database.one(
        "select string_agg(day || ' ' || n, ', ' order by day) from (select date_trunc('day', created_at, 'UTC')::date "
        "as day, count(*) as n from sluice.task_runs group by 1) d");
    const std::string counted =
        "select string_agg(day || ' ' || n, ', ' order by day) from (select date_trunc('day', bucket, 'UTC')::date as "
        "day, sum(task_runs) as n from sluice.task_runs_counted('2020-01-01', now() + interval '1 hour') group by 1) d";
    CHECK(database.one(counted) == by_rows);
    count_all(database);
    CHECK(database.one(counted) == by_rows);
}

TEST_CASE("a bucket is not counted while a transaction runs that may not have marked it") {
    Database database;
    fill_history(database);
    pg::DatabaseClock clock;
    pg::Connection other({.url = database.url()}, clock);
    other.run_text("begin; select pg_current_xact_id()");
    for (int i = 0; i < 3; ++i) CHECK(database.one("select sluice.advance_counts()") == "0");
    other.run_text("commit");
    CHECK(database.one("select sluice.advance_counts()") != "0");
}

TEST_CASE("after the clock was set back, what was counted by the clock of before is counted again") {
    Database database;
    fill_history(database);
    count_all(database);
    // The clock was ahead, and so was what was counted. Then a change, which thinks that it needs no mark.
    database.run(
        "update sluice.executions set id = sluice.lowest_id(now() + interval '20 minutes') where id = "
        "(select max(id) from sluice.executions); "
        "select sluice.count_bucket(s, s + interval '10 minutes') from sluice.count_progress p, "
        "generate_series(p.counted_until, now() + interval '40 minutes', interval '10 minutes') s; "
        "update sluice.count_progress set (counted_until, safe_until) = "
        "(select max(ends_at), max(ends_at) from sluice.execution_buckets)");
    check_exact(database);
    fail(database, ExecutionId{database.one("select max(id) from sluice.executions")});
    CHECK(database.one("select count(*) from sluice.recounts") == "0");
    CHECK(counted(database) != in_rows(database));

    CHECK(database.one("select sluice.advance_counts()") == "0");
    check_exact(database);
    CHECK(database.one("select counted_until <= now() - interval '5 minutes' from sluice.count_progress") == "t");
    count_all(database);
    check_exact(database);
}

TEST_CASE("more marks than there is time for are counted in several turns") {
    Database database;
    fill_history(database);
    count_all(database);
    for (int i = 0; i < 3; ++i) fail(database, id_of(database, "PAUSED"));
    CHECK(database.one("select count(*) from sluice.marked_buckets()") == "3");
    database.run("create or replace function sluice.may_count_on() returns boolean language sql as 'select false'");
    CHECK(database.one("select sluice.recount_marked(1000)") == "1");
    CHECK(database.one("select count(*) from sluice.marked_buckets()") == "2");
    check_exact(database);
    for (int i = 0; i < 2; ++i) CHECK(database.one("select sluice.recount_marked(1000)") == "1");
    CHECK(database.one("select count(*) from sluice.recounts") == "0");
    check_exact(database);
}

TEST_CASE("a mark between two buckets is of both, and one where nothing is counted goes") {
    Database database;
    fill_history(database);
    count_all(database);
    database.run(
        "update sluice.executions set state = 'KILLED', ended_at = now() where state = 'PAUSED'; "
        "insert into sluice.recounts (prefix) values ('000000'); "
        "insert into sluice.recounts (prefix) select left(b.lowest_id, 6) from sluice.execution_buckets b "
        "where exists (select from sluice.executions e where e.state = 'KILLED' and "
        "(e.id >= b.lowest_id and e.id < b.end_id or e.id >= sluice.lowest_id(b.starts_at - interval '1 hour') and "
        "e.id < "
        "b.lowest_id))");
    check_exact(database);
    while (database.one("select sluice.recount_marked(1)") != "0") {}
    CHECK(database.one("select count(*) from sluice.recounts") == "0");
    check_exact(database);
}

TEST_CASE("marks in what was counted once and is forgotten are not counted twice") {
    Database database;
    fill_history(database);
    count_all(database);
    fail(database, id_of(database, "PAUSED"));
    database.one("select sluice.recount_executions(now() - interval '1 day')");
    CHECK(database.one("select count(*) from sluice.marked_buckets()") == "1");
    check_exact(database);
    const auto found = database.pool().with_connection([](pg::Connection& connection) {
        return ok(
            store::find_executions(connection, search_for({{"state", store::Operation::Equals, "", {"PAUSED"}}})));
    });
    CHECK(found.rows.size() == 2);
    CHECK(found.total.rows == 2);
}

TEST_CASE("a change in the hour that runs leaves no mark: the hot path writes nothing") {
    Database database;
    database.run(
        "insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at) "
        "values (sluice.new_id(), 'company', 'hello', 1, 'CREATED', now())");
    fail(database, id_of(database, "CREATED"));
    CHECK(database.one("select count(*) from sluice.recounts") == "0");
}

TEST_CASE("who starts in SQL and gets its row in long after its id was made leaves a mark") {
    Database database;
    database.run(
        "insert into sluice.flows (namespace, flow_id, revision, source, definition) "
        "values ('company', 'hello', 1, 'id: hello', '{}')");
    const std::string id = database.one("select sluice.start_execution('company', 'hello')");
    CHECK(database.one("select count(*) from sluice.recounts") == "0");

    // As if each had waited for two hours for a lock between the two.
    database.run(
        "alter function sluice.new_id() rename to id_of_now; create function sluice.new_id() returns text language sql "
        "as "
        "$$ select sluice.lowest_id(clock_timestamp() - interval '2 hours') $$");
    const auto marks = [&](const std::string& call) {
        database.run("delete from sluice.recounts");
        const std::string made = database.one("select " + call);
        CHECK(database.one("select string_agg(prefix, ' ') from sluice.recounts") == made.substr(0, 6));
    };
    marks("sluice.start_execution('company', 'hello')");
    database.run("delete from sluice.executions where id <> '" + id + "'");
    marks("sluice.replay_execution('" + id + "')");
}

TEST_CASE("lists of executions visit few rows, however long the history is") {
    Database database;
    fill_history(database);
    count_all(database);
    using store::Operation;
    const store::Filter failed{"state", Operation::In, "", {"FAILED"}};
    const store::Filter paused{"state", Operation::In, "", {"PAUSED", "QUEUED"}};
    const store::Filter one_flow{"flowId", Operation::Equals, "", {"flow_3"}};
    const store::Filter one_namespace{"namespace", Operation::Equals, "", {"company.team3"}};
    const store::Filter nowhere{"namespace", Operation::Prefix, "", {"nowhere"}};
    struct Case {
        const char* name;
        std::vector<store::Filter> filters;
        std::size_t rows;
        std::string total;
    };
    for (const Case& one : std::vector<Case>{
             {"all", {}, 25, "true"},
             {"failed", {failed}, 25, "state = 'FAILED'"},
             {"paused", {paused}, 3, "state = 'PAUSED'"},
             {"failed in a namespace that has none", {failed, nowhere}, 0, "false"},
             {"of a flow", {one_namespace, one_flow}, 25, "namespace = 'company.team3' and flow_id = 'flow_3'"},
             {"paused of a flow",
              {paused, one_namespace, one_flow},
              0,
              "namespace = 'company.team3' and flow_id = 'flow_3' and state = 'PAUSED'"}}) {
        CAPTURE(one.name);
        const std::int64_t visited = visited_by(database, [&](pg::Connection& connection) {
            const auto found = ok(store::find_executions(connection, search_for(one.filters)));
            CHECK(found.rows.size() == one.rows);
            CHECK(std::to_string(found.total.rows) ==
                  database.one("select count(*) from sluice.executions where " + one.total));
        });
        CHECK(visited < kExecutions / 20);
    }
}

TEST_CASE("a list by state is in order from page to page, through what is counted and what is not") {
    Database database;
    fill_history(database);
    count_all(database);
    fail(database, id_of(database, "PAUSED"));
    fail(database, id_of(database, "RUNNING"));
    std::string ids;
    store::Search search = search_for({{"state", store::Operation::Equals, "", {"FAILED"}}});
    do {
        search.cursor = database.pool().with_connection([&](pg::Connection& connection) {
            const auto page = ok(store::find_executions(connection, search));
            for (const auto& row : page.rows) ids += row.id.text() + " ";
            return page.next_cursor;
        });
    } while (!search.cursor.empty());
    CHECK(ids == database.one("select string_agg(id || ' ', '' order by id desc) from sluice.executions "
                              "where state = 'FAILED'"));
}

TEST_CASE("the newest task runs are found without reading the others") {
    Database database;
    fill_history(database);
    CHECK(visited_by(database, [](pg::Connection& connection) {
              store::Search search = search_for({});
              search.total = store::Total::None;
              CHECK(ok(store::find_task_runs(connection, search)).rows.size() == 25);
          }) < 500);
}
