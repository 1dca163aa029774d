#include "worker/delivery.h"

#include "cluster/membership.h"
#include "maintenance/maintenance.h"
#include "support/database.h"
#include "support/test.h"
#include "worker/reporter.h"

namespace sluice::worker {
namespace {

using test::Database;

/// A worker with a claim, and what it may tell of it.
struct Teller {
    Teller() {
        membership.join();
        database.pool().with_connection(maintenance::ensure_partitions);
        execution = ExecutionId{time_ordered_id(database.pool().clock().now())};
        const engine::Job job{.task_run_id = TaskRunId{execution.text()}};
        database.pool().in_transaction([&](pg::Transaction& tx) { queue::put_jobs(tx, {{execution, &job}}); });
        const auto claims = database.pool().with_connection(
            [&](pg::Connection& connection) { return queue::take_jobs(connection, 1, "", 0, membership.id()); });
        claim = {claims.at(0).task_run_id, claims.at(0).epoch};
    }

    Report line(std::int64_t seq, std::string text) const {
        return {seq, claim, membership.id(),
                store::LogWrite{execution.text(),
                                {"space", "flow"},
                                "",
                                {database_time, LogLevel::Info, "task", claim.task_run_id, 0, std::move(text)}}};
    }
    Report metric(std::int64_t seq) const {
        return {seq, claim, membership.id(),
                store::MetricWrite{execution.text(),
                                   {"space", "flow"},
                                   {"rows", "counter", 1, {}, "task", claim.task_run_id, database_time}}};
    }
    queue::Finished finished() const {
        queue::Finished out{claim.task_run_id, execution, {}};
        out.result.epoch = claim.epoch;
        return out;
    }
    Report result(std::int64_t seq) const { return {seq, claim, membership.id(), finished()}; }
    std::string count(const std::string& table) { return database.one("select count(*) from sluice." + table); }

    Database database{};
    cluster::Membership membership{database.pool(), {.roles = {"worker"}, .host = "test", .version = "1"}, {}};
    ExecutionId execution{};
    queue::ClaimId claim{};
    Timestamp database_time = database.pool().clock().now();
};

}  // namespace

TEST_CASE("what was told is not told again, also by who does not know that it was") {
    Teller teller;
    const std::vector reports{teller.line(1, "a"), teller.metric(2), teller.line(3, "b")};
    Delivery(teller.database.pool(), "spool").tell(reports);
    CHECK(teller.count("logs") == "2");

    // The next process on the folder, or the same one whose COMMIT had no answer: it asks, and goes on behind it.
    Delivery next(teller.database.pool(), "spool");
    auto more = reports;
    more.push_back(teller.result(4));
    CHECK(next.tell(more).events);
    CHECK(teller.count("logs") == "2");
    CHECK(teller.count("metrics") == "1");
    CHECK(teller.count("execution_events") == "1");
    CHECK(next.tell(more).events);  // executors are woken: who told it first may have been killed before that
    CHECK(teller.count("execution_events") == "1");
    CHECK(teller.count("refused_results") == "0");
    next.forget();
    CHECK(teller.count("worker_spools") == "0");
}

TEST_CASE("a commit that comes late makes the transaction fail that would tell the same again") {
    Teller teller;
    Delivery hasty(teller.database.pool(), "spool");
    hasty.tell(std::vector{teller.line(1, "a")});
    // The transaction that was given up had told more than we know of.
    Delivery(teller.database.pool(), "spool").tell(std::vector{teller.line(2, "b")});
    CHECK_THROWS_AS(hasty.tell(std::vector{teller.line(2, "b"), teller.line(3, "c")}), OutsideError);
    CHECK(teller.count("logs") == "2");
    hasty.tell(std::vector{teller.line(2, "b"), teller.line(3, "c")});
    CHECK(teller.database.one("select string_agg(message, '' order by seq) from sluice.logs") == "abc");
}

TEST_CASE("what belongs to a claim that is gone is refused and counted") {
    Teller teller;
    teller.database.run("delete from sluice.claims");
    const auto told =
        Delivery(teller.database.pool(), "spool")
            .tell(std::vector{teller.line(1, "a"), teller.metric(2), teller.line(3, "b"), teller.result(4)});
    CHECK(told.refused.lines == 2);
    CHECK(told.refused.metrics == 1);
    CHECK(told.refused.results == 1);
    CHECK_FALSE(told.events);
    CHECK(teller.count("logs") == "0");
    CHECK(teller.count("refused_results") == "1");
}

TEST_CASE("a claim that is given back is a job again, once") {
    Teller teller;
    const Report back{1, teller.claim, teller.membership.id(), GivenBack{}};
    CHECK(Delivery(teller.database.pool(), "a").tell(std::vector{back}).events);
    CHECK(teller.database.one("select kind from sluice.execution_events") == "job_returned");
    CHECK_FALSE(Delivery(teller.database.pool(), "b").tell(std::vector{back}).events);
    CHECK(teller.count("execution_events") == "1");
}

TEST_CASE("a report that the tables can't take stops no other") {
    Teller teller;
    pg::Signals signals({}, teller.database.pool().clock());
    Reporter reporter(teller.database.pool(), signals, teller.membership,
                      {.folder = std::filesystem::temp_directory_path() / "sluice-no-spool"});
    const Reporter::Told by{teller.claim, teller.membership.id()};
    const auto write = [&](Report report) { return std::get<store::LogWrite>(report.what); };
    reporter.log(by, write(teller.line(1, "before")), {});
    auto broken = teller.metric(2);
    std::get<store::MetricWrite>(broken.what).metric.kind = "nonsense";
    reporter.metric(by, std::get<store::MetricWrite>(broken.what), {});
    queue::Finished bad = teller.finished();
    bad.result.outputs = Value{{"text", "out of range"}};
    teller.database.run(
        "create function sluice.refuse_some() returns trigger language plpgsql as $$ begin "
        "if new.payload::text like '%out of range%' then raise exception 'a value too far' using errcode = '22003'; "
        "end if; return new; end $$; "
        "create trigger refuse_some before insert on sluice.execution_events "
        "for each row execute function sluice.refuse_some()");
    reporter.finished(teller.membership.id(), bad);
    reporter.start();
    CHECK(reporter.drain(10s));
    reporter.stop();
    CHECK(teller.database.one("select message from sluice.logs") == "before");
    CHECK(teller.database.one("select payload ->> 'state' from sluice.execution_events") == "FAILED");
}

TEST_CASE("a few lines of many bytes crowd a reporter as many short ones do") {
    Teller teller;
    pg::Signals signals({.connection = {.url = teller.database.url()}}, teller.database.pool().clock());
    const auto folder = std::filesystem::temp_directory_path() / fmt::format("sluice-crowd-{:x}", random_bits());
    Reporter reporter(teller.database.pool(), signals, teller.membership, {.folder = folder});
    const Reporter::Told by{teller.claim, teller.membership.id()};
    const auto say = [&] {
        reporter.log(by, std::get<store::LogWrite>(teller.line(0, std::string(1 << 20, 'x')).what), {});
    };
    for (int i = 0; i < 60; ++i) say();
    CHECK_FALSE(reporter.is_crowded());
    while (!reporter.is_crowded()) say();  // one more would wait
    CHECK(reporter.figures().spooled_bytes == 0);
}

}  // namespace sluice::worker
