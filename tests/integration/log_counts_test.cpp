// What is counted of log lines beside their rows, while they are written, deleted and counted again.
#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// Of two flows in three namespaces, one line every five minutes for three days, and then none for an hour.
void write_lines(Database& database, int first, int last) {
    database.run(fmt::format(
        "insert into sluice.logs (execution_id, at, level, namespace, flow_id, message) "
        "select sluice.lowest_id(at), at, n % 5, case n % 3 when 0 then 'company' else 'company.team' || n % 3 "
        "end, 'flow_' || n % 2, 'line ' || n "
        "from (select n, now() - interval '1 hour' - (900 - n) * interval '5 minutes' as at "
        "from generate_series({}, {}) n) m",
        first, last));
}

void put_flows(Database& database) {
    database.run(
        "insert into sluice.flows (namespace, flow_id, revision, source, definition) "
        "select n, f, 1, 'id: flow', '{}' from unnest('{company,company.team1,company.team2}'::text[]) n, "
        "unnest('{flow_0,flow_1}'::text[]) f");
}

/// As if the numbers that were drawn so far were drawn long ago.
void settle(Database& database) {
    for (int i = 0; i < 3; ++i) {
        database.one("select sluice.settle_lines()");
        database.run("update sluice.log_count_progress set fresh_at = fresh_at - interval '1 minute'");
    }
}

void count_all(Database& database) {
    settle(database);
    database.run("update sluice.log_count_progress set counted_at = counted_at - interval '2 minutes', span = 100");
    while (database.one("select sluice.advance_log_counts()") != "0") {}
}

struct Question {
    std::string counted;  // arguments
    std::string rows;     // the same, of rows
};

const Question kQuestions[] = {
    {"now() - interval '10 days', now()", "true"},
    {"now() - interval '50 hours', now() - interval '7 hours'",
     "at >= now() - interval '50 hours' and at < now() - interval '7 hours'"},
    {"now() - interval '100 minutes', now() - interval '80 minutes'",
     "at >= now() - interval '100 minutes' and at < now() - interval '80 minutes'"},
    {"now() - interval '10 days', now(), 'company', null, 3", "level >= 3"},
    {"now() - interval '10 days', now(), 'company.team1'", "namespace = 'company.team1'"},
    {"now() - interval '10 days', now(), 'company', 'flow_1'", "flow_id = 'flow_1'"},
    {"now() - interval '10 days', now(), null, 'flow_0', 2", "flow_id = 'flow_0' and level >= 2"},
    {"now() - interval '10 days', now(), 'comp'", "false"},
};

std::string days_of(Database& database, const std::string& lines, const std::string& from) {
    return database.one(
        "select string_agg(day::text || ' ' || level || ' ' || lines, ', ' order by day, level) from (select day, "
        "level, " +
        lines + " as lines from " + from + " group by day, level having " + lines + " > 0) d");
}

void check_exact(Database& database) {
    for (const Question& question : kQuestions) {
        CAPTURE(question.counted);
        CHECK(days_of(database, "sum(lines)", "sluice.lines_counted(" + question.counted + ") c") ==
              days_of(database, "count(*)",
                      "(select date_trunc('day', at, 'UTC') as day, level from sluice.logs where " + question.rows +
                          ") c"));
    }
}

std::string estimated(Database& database) {
    return database.one("select coalesce(bool_or(estimated), false) from sluice.lines_counted('2020-01-01', now())");
}

}  // namespace

TEST_CASE("log lines by day are exact while they are counted, written on, deleted and counted again") {
    Database database;
    put_flows(database);
    write_lines(database, 1, 500);
    check_exact(database);  // nothing is counted yet
    settle(database);
    database.run("update sluice.log_count_progress set span = 100");
    CHECK(database.one("select sluice.advance_log_counts(1)") == "1");
    CHECK(database.one("select counted_from > 0 from sluice.log_count_progress") == "t");
    check_exact(database);  // a part is
    count_all(database);
    CHECK(database.one(
              "select sum(lines) from sluice.log_counts where whole_day and namespace = '' and flow_id = ''") == "500");
    check_exact(database);

    write_lines(database, 501, 900);
    check_exact(database);
    count_all(database);
    check_exact(database);

    database.run("delete from sluice.logs where message like 'line %7'");
    CHECK(database.one("select count(*) > 20 from sluice.log_recounts") == "t");
    check_exact(database);  // hours with a mark are read
    count_all(database);
    CHECK(database.one("select count(*) from sluice.log_recounts") == "0");
    check_exact(database);
    CHECK(estimated(database) == "f");
}

TEST_CASE("a line of a transaction that goes on is counted once that is over") {
    Database database;
    put_flows(database);
    write_lines(database, 1, 50);
    count_all(database);
    pg::DatabaseClock clock;
    pg::Connection other({.url = database.url()}, clock);
    other.run_text(
        "begin; insert into sluice.logs (execution_id, at, level, namespace, flow_id, message) "
        "values (sluice.new_id(), now(), 2, 'company', 'flow_1', 'late')");
    write_lines(database, 51, 60);
    count_all(database);
    CHECK(database.one("select counted_upto from sluice.log_count_progress") == "50");
    check_exact(database);
    other.run_text("commit");
    count_all(database);
    CHECK(database.one("select counted_upto from sluice.log_count_progress") == "61");
    check_exact(database);
}

TEST_CASE("lines are counted on after the clock was set back, and marks as far as there is time") {
    Database database;
    put_flows(database);
    write_lines(database, 1, 50);
    database.one("select sluice.settle_lines()");
    database.run(
        "update sluice.log_count_progress set fresh_at = now() + interval '1 hour', counted_at = now() + interval '1 "
        "hour'");
    count_all(database);
    CHECK(database.one("select counted_upto from sluice.log_count_progress") == "50");

    database.run("delete from sluice.logs where message like 'line %0'");
    const std::string hours = "select count(distinct bucket) from sluice.log_recounts";
    const int marked = std::stoi(database.one(hours));
    REQUIRE(marked > 2);
    database.run("create or replace function sluice.may_count_on() returns boolean language sql as 'select false'");
    CHECK(database.one("select sluice.advance_log_counts()") == "1");
    CHECK(database.one(hours) == std::to_string(marked - 1));
    check_exact(database);
}

TEST_CASE("lines that went with their partition are no longer counted") {
    Database database;
    put_flows(database);
    write_lines(database, 1, 900);
    count_all(database);
    const std::string week = database.one("select week from sluice.log_count_weeks order by week limit 1");
    database.run(
        "do $$ begin execute 'drop table sluice.logs_' || (select to_char(min(week) at time zone 'UTC', "
        "'IYYY\"w\"IW') from sluice.log_count_weeks); end $$");
    check_exact(database);  // at once
    count_all(database);
    CHECK(database.one("select count(*) from sluice.log_counts where week = '" + week + "'") == "0");
    check_exact(database);
}

TEST_CASE("where much is not counted yet, log lines by day are told to be estimated") {
    Database database;
    write_lines(database, 1, 100);
    database.run(
        "select setval('sluice.logs_seq', 1000000); update sluice.log_count_progress set counted_from = 900000, "
        "counted_upto = 999000");
    CHECK(estimated(database) == "t");
}
