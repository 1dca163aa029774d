#include <future>

#include "cluster/membership.h"
#include "cluster/services.h"
#include "queue/queue.h"
#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

namespace {

/// A service as the database sees it, without a process.
struct Worker {
    explicit Worker(Database& database)
        : membership(database.pool(), {.roles = {"worker"}, .host = "test", .version = "1"}, {}) {
        membership.join();
    }
    ServiceId id() const { return membership.id(); }

    cluster::Membership membership;
};

const ExecutionId kExecution{"5xq0000000000000000000"};

void put_job(Database& database, const std::string& task_run) {
    const engine::Job job{.task_run_id = TaskRunId{task_run}};
    database.pool().in_transaction([&](pg::Transaction& tx) { queue::put_jobs(tx, {{kExecution, &job}}); });
}

std::vector<queue::Claim> take(Database& database, const Worker& worker, std::size_t most = 10) {
    return database.pool().with_connection(
        [&](pg::Connection& connection) { return queue::take_jobs(connection, most, "", 0, worker.id()); });
}

/// How many results counted.
std::size_t finish(Database& database, const Worker& worker, const queue::Claim& claim) {
    queue::Finished finished{.task_run_id = claim.task_run_id, .execution_id = claim.execution_id};
    finished.result.epoch = claim.epoch;
    finished.result.state = State::Success;
    std::size_t accepted = 0;
    database.pool().in_transaction(
        [&](pg::Transaction& tx) { queue::finish_claims(tx, {finished}, worker.id(), accepted); });
    return accepted;
}

/// As if the worker had been silent for longer than its lease.
void let_lease_end(Database& database, const Worker& worker) {
    database.run("update sluice.services set lease_until = now() - interval '1 second' where service_id = '" +
                 worker.id().text() + "'");
}

std::size_t bury_and_reap(Database& database) {
    return database.pool().in_transaction([](pg::Transaction& tx) {
        const auto dead = cluster::bury_service(tx);
        return dead ? queue::reap_claims(tx, *dead) : 0;
    });
}

}  // namespace

TEST_CASE("a job is claimed by one worker only") {
    Database database;
    const Worker one(database), other(database);
    put_job(database, "run-a");
    put_job(database, "run-b");

    CHECK(take(database, one, 1).size() == 1);
    CHECK(take(database, other).size() == 1);
    CHECK(take(database, one).empty());
    CHECK(database.one("select count(*) from sluice.jobs") == "0");
    CHECK(database.one("select count(distinct service_id) from sluice.claims") == "2");
}

TEST_CASE("a result counts once") {
    Database database;
    const Worker worker(database);
    put_job(database, "run-a");
    const auto claims = take(database, worker);
    REQUIRE(claims.size() == 1);

    CHECK(finish(database, worker, claims[0]) == 1);
    CHECK(finish(database, worker, claims[0]) == 0);
    CHECK(database.one("select count(*) from sluice.execution_events where kind = 'task_finished'") == "1");
}

TEST_CASE("what a dead worker had becomes events, and its late result is refused and kept on record") {
    Database database;
    const Worker worker(database);
    put_job(database, "run-a");
    const auto claims = take(database, worker);
    REQUIRE(claims.size() == 1);

    CHECK(bury_and_reap(database) == 0);  // it lives
    let_lease_end(database, worker);
    CHECK(bury_and_reap(database) == 1);

    CHECK(database.one("select kind from sluice.execution_events") == "worker_lost");
    CHECK(database.one("select count(*) from sluice.claims") == "0");
    CHECK(finish(database, worker, claims[0]) == 0);
    CHECK(database.one("select count(*) from sluice.refused_results") == "1");
}

TEST_CASE("a worker that is dead in the database's eyes gets no job") {
    Database database;
    const Worker worker(database);
    put_job(database, "run-a");
    let_lease_end(database, worker);
    bury_and_reap(database);
    CHECK(take(database, worker).empty());
    CHECK(database.one("select count(*) from sluice.jobs") == "1");
}

TEST_CASE("a job that is cancelled while a worker takes it is killed there") {
    Database database;
    const Worker worker(database);
    put_job(database, "run-a");
    pg::DatabaseClock clock;
    pg::Connection taking({.url = database.url()}, clock);
    taking.run_text("begin");
    CHECK(queue::take_jobs(taking, 1, "", 0, worker.id()).size() == 1);

    auto cancelled = std::async(std::launch::async, [&] {
        return database.pool().in_transaction(
            [](pg::Transaction& tx) { return queue::cancel_jobs(tx, {TaskRunId{"run-a"}}); });
    });
    CHECK(eventually([&] { return database.one("select count(*) from pg_locks where not granted") != "0"; }));
    taking.run_text("commit");
    CHECK(cancelled.get().empty());
    const auto to_kill = database.pool().with_connection(
        [&](pg::Connection& connection) { return queue::cancelled_claims(connection, worker.id()); });
    CHECK(to_kill == std::vector{queue::ClaimId{TaskRunId{"run-a"}, 0}});
}

TEST_CASE("a job for one worker only begins anew elsewhere, however long that worker is gone") {
    Database database;
    const Worker worker(database);
    const engine::Job job{.task_run_id = TaskRunId{"run-a"}, .worker_group = "@" + worker.id().text()};
    database.pool().in_transaction([&](pg::Transaction& tx) { queue::put_jobs(tx, {{kExecution, &job}}); });
    const auto reaped = [&] { return database.pool().in_transaction(queue::reap_bound_jobs); };
    CHECK(reaped() == 0);  // it lives

    database.run("update sluice.services set state = 'STOPPED', ended_at = now() - interval '40 days'");
    database.pool().with_connection([](pg::Connection& connection) { cluster::forget_services(connection, 30 * 24h); });
    CHECK(reaped() == 1);
    CHECK(database.one("select kind from sluice.execution_events") == "worker_lost");
    database.pool().with_connection([](pg::Connection& connection) { cluster::forget_services(connection, 30 * 24h); });
    CHECK(database.one("select count(*) from sluice.services") == "0");
}

TEST_CASE("a result counts whose task is being cancelled at the same time") {
    Database database;
    const Worker worker(database);
    put_job(database, "run-a");
    const auto claims = take(database, worker);
    REQUIRE(claims.size() == 1);
    pg::DatabaseClock clock;
    pg::Connection cancelling({.url = database.url()}, clock);
    cancelling.run_text("begin");
    cancelling.run_text("update sluice.claims set cancelled = true");

    auto finished = std::async(std::launch::async, [&] { return finish(database, worker, claims[0]); });
    CHECK(eventually([&] { return database.one("select count(*) from pg_locks where not granted") != "0"; }));
    cancelling.run_text("commit");
    CHECK(finished.get() == 1);
    CHECK(database.one("select kind from sluice.execution_events") == "task_finished");
    CHECK(database.one("select count(*) from sluice.claims") == "0");
}

TEST_CASE("a job or a claim is found by its key, however few there seem to be") {
    Database database;
    // An empty table is read as a whole for each row of a join; queues are empty when nobody expects it.
    database.run("analyze sluice.jobs, sluice.claims, sluice.timers");
    const std::string asked =
        "from sluice.hot_statements() h, "
        "jsonb_path_query(sluice.plan_of(h.statement), 'strict $.**?(@.\"Node Type\" like_regex \"Scan\")') as node "
        "where h.name in ('take_jobs', 'finish_claims', 'may_start', 'lost_claims', 'insert_task_logs', "
        "'insert_task_metrics', 'drop_timers') "
        "and node ->> 'Relation Name' in ('jobs', 'claims', 'timers')";
    CHECK(database.one("select count(distinct h.name) " + asked) == "7");
    CHECK(database.one("select string_agg(h.name || ' ' || (node ->> 'Node Type'), ', ') " + asked +
                       " and node ->> 'Node Type' <> 'Tid Scan' and node -> 'Index Cond' is null") == "");
}
