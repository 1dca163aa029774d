// How lists are answered on a history of three weeks: by which index, in which partitions, and never by reading a whole
// one.
#include "pg/migrations.h"
#include "store/find_executions.h"
#include "store/find_logs.h"
#include "store/find_task_runs.h"
#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

namespace {

using store::Filter;
using store::Operation;

/// Three weeks, a partition each: 12,000 executions with a task run and two lines each. One in fifty failed. Few have a
/// kind, a label of an incident, an order's number or were started by another; one flow ran in the first week only.
void fill_weeks(Database& database) {
    database.run(R"(
do $$
declare
    part text;
    parent text;
    week timestamptz := sluice.week_of(now() - interval '21 days');
    first boolean := true;
begin
    for part in select c.oid::regclass::text from pg_inherits i join pg_class c on c.oid = i.inhrelid
                where i.inhparent in ('sluice.executions'::regclass, 'sluice.task_runs'::regclass, 'sluice.logs'::regclass) loop
        execute 'drop table ' || part;
    end loop;
    while week < now() + interval '7 days' loop
        foreach parent in array array['executions', 'task_runs', 'logs'] loop
            execute format('create table sluice.%I partition of sluice.%I for values from (%s) to (%L)',
                           format('%s_%s', parent, to_char(week at time zone 'UTC', 'IYYY"w"IW')), parent,
                           case when first then 'minvalue' else quote_literal(sluice.lowest_id(week)) end,
                           sluice.lowest_id(week + interval '7 days'));
        end loop;
        week := week + interval '7 days';
        first := false;
    end loop;
end $$;
insert into sluice.flows (namespace, flow_id, revision, source, definition)
select 'company.team' || f % 5, case when f = 20 then 'forgotten' else 'flow_' || f end, 1, 'id: flow', '{}'
from generate_series(0, 20) as f;
insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at, ended_at, kind, labels, inputs, trigger)
select sluice.lowest_id(at), 'company.team' || f % 5, case when f = 20 then 'forgotten' else 'flow_' || f end, 1,
    case when n % 50 = 7 then 'FAILED' else 'SUCCESS' end, at, at + interval '5 seconds', case when n % 4000 = 5 then 'TEST' end,
    jsonb_build_object('team', 'team' || n % 8) || case when n % 6000 = 77 then '{"incident": "i1"}' else '{}' end::jsonb,
    jsonb_build_object('day', at::date, 'order', n),
    case when n % 4000 = 9 then '{"id": "t", "type": "x", "variables": {"executionId": "before"}}'::jsonb end
from (select n, now() - (12000 - n) * interval '150 seconds' as at, case when n < 2000 and n % 100 = 3 then 20 else n % 20 end as f
      from generate_series(1, 12000) as n) as moments;
insert into sluice.task_runs (execution_id, id, ordinal, namespace, flow_id, task_id, state, created_at, ended_at)
select id, id, 1, namespace, flow_id, 'load', state, created_at, ended_at from sluice.executions;
insert into sluice.logs (execution_id, at, level, namespace, flow_id, task_id, message)
select id, created_at + l * interval '1 second', case when state = 'FAILED' and l = 2 then 4 else 2 end, namespace, flow_id, 'load',
    'loaded part ' || l
from sluice.executions, generate_series(1, 2) as l;
)");
    database.one("select sluice.advance_counts(2000)");
    while (database.one("select sluice.advance_counts(2000)") != "0") {}
    for (int i = 0; i < 3; ++i) {
        database.one("select sluice.settle_lines()");
        database.run("update sluice.log_count_progress set fresh_at = fresh_at - interval '1 minute'");
    }
    while (database.one("select sluice.advance_log_counts()") != "0") {}
    database.run("analyze sluice.logs, sluice.executions, sluice.task_runs");
    database.run(
        "analyze sluice.flows, sluice.execution_counts, sluice.task_run_counts, sluice.execution_totals, "
        "sluice.execution_buckets, sluice.flow_sums, sluice.task_run_totals, sluice.log_counts");
}

/// What was done to the history between two moments, as PostgreSQL counts it.
struct Plan {
    std::set<std::string> indexes{};     // of the parents
    std::set<std::string> partitions{};  // with rows, that were visited by an index
    std::set<std::string> whole{};       // … that were read as a whole
};

std::map<std::string, std::int64_t> visits(pg::Connection& connection) {
    connection.run_text("select pg_stat_force_next_flush()");
    std::map<std::string, std::int64_t> out;
    for (pg::Row row : connection.run_text(
             "select 'index ' || parent.relname, sum(s.idx_scan)::bigint from pg_stat_user_indexes s "
             "join pg_inherits i on i.inhrelid = s.indexrelid join pg_class parent on parent.oid = i.inhparent "
             "group by parent.relname "
             "union all select 'part ' || s.relname, s.idx_scan from pg_stat_user_tables s "
             "where s.relname ~ '_[0-9]{4}w' and s.n_live_tup > 100 "
             "union all select 'whole ' || s.relname, s.seq_scan from pg_stat_user_tables s "
             "where s.relname ~ '_[0-9]{4}w' and s.n_live_tup > 100")) {
        std::string name = row.text();
        out[std::move(name)] = row.maybe_integer().value_or(0);
    }
    return out;
}

template <class Use>
Plan plan_of(Database& database, const Use& use) {
    return database.pool().with_connection([&](pg::Connection& connection) {
        const auto before = visits(connection);
        use(connection);
        Plan plan;
        for (const auto& [name, count] : visits(connection)) {
            const auto found = before.find(name);
            if (count == (found == before.end() ? 0 : found->second)) continue;
            const std::string rest = name.substr(name.find(' ') + 1);
            (name.starts_with("index ")  ? plan.indexes
             : name.starts_with("part ") ? plan.partitions
                                         : plan.whole)
                .insert(rest);
        }
        return plan;
    });
}

store::Search newest(std::vector<Filter> filters, store::Total total = store::Total::None) {
    store::Search search;
    search.filters = std::move(filters);
    search.size = 10;
    search.total = total;
    return search;
}

Filter equals(std::string field, std::string value, std::string key = "") {
    return {std::move(field), Operation::Equals, std::move(key), {std::move(value)}};
}

void check_executions(Database& database) {
    struct Case {
        const char* name;
        std::vector<Filter> filters;
        const char* index;
        std::size_t rows;
        std::size_t partitions;  // at most
    };
    for (const Case& one : std::vector<Case>{
             {"all", {}, "executions_pkey", 10, 2},
             {"a label that many have", {equals("labels", "team3", "team")}, "executions_pkey", 10, 2},
             {"a label that two have", {equals("labels", "i1", "incident")}, "executions_labels_idx", 2, 5},
             {"an input", {equals("inputs", "77", "order")}, "executions_inputs_idx", 1, 5},
             {"words of a name", {equals("q", "forgotten")}, "executions_flow_idx", 10, 5},
             {"a flow",
              {equals("namespace", "company.team0"), equals("flowId", "forgotten")},
              "executions_flow_idx",
              10,
              5},
             {"a kind", {equals("kind", "TEST")}, "executions_kind_idx", 3, 5},
             {"what another started", {equals("triggerExecutionId", "before")}, "executions_triggering_idx", 3, 5},
             {"a namespace without executions", {{"namespace", Operation::Prefix, "", {"nowhere"}}}, "", 0, 5},
             {"a correlation", {equals("labels", "nobody", "system.correlationId")}, "executions_labels_idx", 0, 5}}) {
        CAPTURE(one.name);
        for (const store::Total total : {store::Total::None, store::Total::Exact}) {
            const Plan plan = plan_of(database, [&](pg::Connection& connection) {
                const auto found = ok(store::find_executions(connection, newest(one.filters, total)));
                CHECK(found.rows.size() == one.rows);
                if (total == store::Total::Exact && one.rows < 10)
                    CHECK(found.total.rows == static_cast<std::int64_t>(one.rows));
            });
            if (*one.index != '\0') CHECK(plan.indexes.contains(one.index));
            const bool few_match = one.rows < 10;
            if (total == store::Total::None || few_match) CHECK(plan.whole == std::set<std::string>{});
            if (total == store::Total::None) CHECK(plan.partitions.size() <= one.partitions);
        }
    }
}

/// Found where the counts say that there are some, and counted without being read.
void check_task_runs(Database& database) {
    const Filter failed{"state", Operation::In, "", {"FAILED"}};
    const Plan plan = plan_of(database, [&](pg::Connection& connection) {
        const auto found = ok(store::find_task_runs(connection, newest({failed}, store::Total::Exact)));
        CHECK(found.rows.size() == 10);
        CHECK(found.total.rows == 240);
    });
    CHECK(plan.whole == std::set<std::string>{});
    CHECK(plan.indexes.contains("task_runs_pkey"));
    CHECK(plan.partitions.size() <= 6);  // three weeks at most, of executions and of task runs: this one may be young

    const Plan running = plan_of(database, [&](pg::Connection& connection) {
        const auto found =
            ok(store::find_task_runs(connection, newest({equals("state", "RUNNING")}, store::Total::Exact)));
        CHECK(found.rows.empty());
        CHECK(found.total.rows == 0);
    });
    CHECK(running.whole == std::set<std::string>{});
}

/// What went wrong has an index; lines of a flow that ran weeks ago are found by its executions.
void check_logs(Database& database) {
    const Plan errors = plan_of(database, [&](pg::Connection& connection) {
        const auto found = ok(store::find_logs(connection, newest({equals("level", "ERROR")}, store::Total::Exact)));
        CHECK(found.rows.size() == 10);
        CHECK(found.total.rows == 240);
    });
    CHECK(errors.whole == std::set<std::string>{});
    CHECK(errors.indexes.contains("logs_errors_idx"));

    const Plan flow = plan_of(database, [&](pg::Connection& connection) {
        const auto found = ok(store::find_logs(
            connection,
            newest({equals("namespace", "company.team0"), equals("flowId", "forgotten")}, store::Total::Exact)));
        REQUIRE(found.rows.size() == 10);
        CHECK(found.rows.front().at > found.rows.back().at);
        CHECK(found.rows.front().message == "loaded part 2");
        CHECK(found.total.rows == 40);
    });
    CHECK(flow.whole == std::set<std::string>{});
    CHECK(flow.indexes.contains("executions_flow_idx"));
    CHECK(flow.indexes.contains("logs_pkey"));
}

/// Lines are counted without a look at them; hours that a question cuts by the index on their time.
void check_line_counts(Database& database) {
    const Plan all = plan_of(database, [&](pg::Connection& connection) {
        const auto rows = connection.run_text(
            "select sum(lines)::bigint, bool_or(estimated) from sluice.lines_counted(date_trunc('day', now(), 'UTC') - "
            "interval '30 days', now() + interval '1 hour', null, null, 2)");
        pg::Row row = rows[0];
        CHECK(row.integer() == 24'000);
        CHECK_FALSE(row.boolean());
    });
    CHECK(all.whole == std::set<std::string>{});
    CHECK(std::none_of(all.partitions.begin(), all.partitions.end(),
                       [](const std::string& name) { return name.starts_with("logs_"); }));
    const Plan cut = plan_of(database, [&](pg::Connection& connection) {
        connection.run_text("select * from sluice.lines_counted(now() - interval '20 days', now(), 'company.team1')");
    });
    CHECK(cut.whole == std::set<std::string>{});
    CHECK(cut.indexes.contains("logs_at_idx"));
}

/// Boards that are narrowed to labels find these by their index.
void check_labels(Database& database) {
    const Plan plan = plan_of(database, [&](pg::Connection& connection) {
        const auto rows = connection.run_text(
            "select count(*) from sluice.labelled_executions(array[sluice.lowest_id(now() - interval '30 days')], "
            "'{~}', '{\"incident\": \"i1\"}')");
        pg::Row row = rows[0];
        CHECK(row.integer() == 2);
    });
    CHECK(plan.whole == std::set<std::string>{});
    CHECK(plan.indexes.contains("executions_labels_idx"));
}

/// Boards of weeks read days, and a change in an hour is seen in its day.
void check_days(Database& database) {
    CHECK(database.one("select count(*) between 19 and 21 from sluice.count_days") == "t");
    const std::string by_day =
        "select sum(executions) from sluice.executions_counted(now() - interval '40 days', now() + interval '1 hour', "
        "null, "
        "null, '{FAILED}', true, null, 'all')";
    CHECK(database.one(by_day) == "240");
    CHECK(database.one("select count(*) < 100 from sluice.count_pieces(now() - interval '40 days', now(), true)") ==
          "t");
    const std::string id = database.one("select id from sluice.executions where state = 'FAILED' order by id limit 1");
    database.run("update sluice.executions set state = 'SUCCESS' where id = '" + id +
                 "'; insert into sluice.recounts values (left('" + id + "', 6))");
    CHECK(database.one(by_day) == "239");
    CHECK(database.one("select sluice.advance_counts()") != "0");
    CHECK(database.one("select count(*) from sluice.recounts") == "0");
    CHECK(database.one(by_day) == "239");
    CHECK(
        database.one("select sum(task_runs) from sluice.task_runs_counted('2020-01-01', now() + interval '1 hour')") ==
        "12000");
}

}  // namespace

TEST_CASE("lists and boards of a history of weeks are answered by indexes, partition by partition") {
    Database database;
    fill_weeks(database);
    check_executions(database);
    check_task_runs(database);
    check_logs(database);
    check_line_counts(database);
    check_labels(database);
    check_days(database);
}

TEST_CASE("a task run that a worker has is RUNNING in lists and totals, whatever its row says") {
    Database database;
    database.run(
        "insert into sluice.executions (id, namespace, flow_id, flow_revision, state, created_at) "
        "values (sluice.new_id(), 'company', 'hello', 1, 'RUNNING', now()); "
        "insert into sluice.task_runs (execution_id, id, ordinal, namespace, flow_id, task_id, state, created_at) "
        "select id, id || t, t, namespace, flow_id, 'load', 'CREATED', now() from sluice.executions, "
        "generate_series(1, 2) t; "
        "insert into sluice.claims (task_run_id, execution_id, epoch, service_id, worker_group, payload) "
        "select id, execution_id, 1, 'worker', '', '{}' from sluice.task_runs where ordinal = 1");
    for (const char* state : {"RUNNING", "CREATED"}) {
        CAPTURE(state);
        database.pool().with_connection([&](pg::Connection& connection) {
            const auto found =
                ok(store::find_task_runs(connection, newest({equals("state", state)}, store::Total::Exact)));
            CHECK(found.rows.size() == 1);
            CHECK(found.total.rows == 1);
        });
    }
    database.pool().with_connection([&](pg::Connection& connection) {
        const Filter both{"state", Operation::In, "", {"RUNNING", "CREATED"}};
        CHECK(ok(store::find_task_runs(connection, newest({both}, store::Total::Exact))).total.rows == 2);
    });
}

TEST_CASE("a total that takes long to count is estimated where the history is long, and counted where it is not") {
    Database database;
    const auto count_slowly = [&database] {
        store::Query query("slow", "select n", "from generate_series(1, 3) n, pg_sleep(0.2) where true");
        store::Query::Count out;
        database.pool().with_connection([&](pg::Connection& connection) {
            out = query.count_or_estimate(connection, 10);
            CHECK(connection.run_text("select 1").size() == 1);
        });
        return out;
    };
    const auto counted = count_slowly();
    CHECK(counted.rows == 3);
    CHECK(!counted.estimated);
    database.run(
        "create unlogged table sluice.logs_of_years as select repeat('x', 1900) from generate_series(1, 140000)");
    CHECK(count_slowly().estimated);

    store::Found<int> page{{1, 2}, {1, true}, ""};
    store::Search search;
    search.size = 2;
    search.offset = 4;
    CHECK(store::with_fit_total(page, search).total.rows == 7);
    search.size = 3;
    CHECK(store::with_fit_total(page, search).total.rows == 6);
}

TEST_CASE("partitions get the indexes that a migration made on the parent, and new ones get them by themselves") {
    Database database;
    database.run("drop index sluice.executions_labels_idx");
    database.run(
        "create index executions_labels_idx on only sluice.executions using gin (labels jsonb_path_ops) where labels "
        "<> '{}'");
    CHECK(database.one("select count(*) from sluice.missing_history_indexes()") == "3");
    pg::DatabaseClock clock;
    pg::Connection direct({.url = database.url()}, clock);  // not through a proxy
    CHECK(pg::index_history(direct).size() == 3);
    CHECK(database.one("select count(*) from sluice.missing_history_indexes()") == "0");
    CHECK(database.one("select indisvalid from pg_index where indexrelid = 'sluice.executions_labels_idx'::regclass") ==
          "t");
    database.one("select sluice.ensure_partitions('28 days')");
    CHECK(database.one("select count(*) from pg_inherits where inhparent = 'sluice.executions_labels_idx'::regclass") ==
          "5");
}
