#include "queue/queue.h"
#include "store/triggers.h"
#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

TEST_CASE("fates of dates are kept for a while, and the newest of each trigger for ever") {
    Database database;
    database.run(
        "insert into sluice.fires (namespace, flow_id, trigger_id, scheduled_at, fate, epoch, decided_at) "
        "select 'company', 'hello', t, now() - d * interval '1 day', 'FIRED', 1, now() - d * interval '1 day' "
        "from (values ('busy', 0), ('busy', 40), ('busy', 50), ('forgotten', 60), ('forgotten', 70)) as f(t, d)");
    const std::string left =
        "select string_agg(trigger_id || ' ' || extract(day from now() - scheduled_at), ', ' order by scheduled_at) "
        "from sluice.fires";
    database.pool().with_connection([](pg::Connection& connection) {
        CHECK(store::prune_fires(connection, 30 * 24h, 2) == 2);  // the oldest first
    });
    CHECK(database.one(left) == "forgotten 60, busy 40, busy 0");
    database.pool().with_connection([](pg::Connection& connection) {
        CHECK(store::prune_fires(connection, 30 * 24h, 100) == 1);
        CHECK(store::prune_fires(connection, 30 * 24h, 100) == 0);
    });
    CHECK(database.one(left) == "forgotten 60, busy 0");
    database.run(
        "insert into sluice.triggers (namespace, flow_id, trigger_id, flow_revision, type, definition) "
        "values ('company', 'hello', 'busy', 1, 'x', '')");
    CHECK(database.one("select last_fate from sluice.trigger_overview") == "FIRED");
}

TEST_CASE("refused results are kept for a while") {
    Database database;
    database.run(
        "insert into sluice.refused_results (task_run_id, execution_id, epoch, service_id, state, refused_at) "
        "select 'run', 'execution', 1, 'worker', 'SUCCESS', now() - d * interval '1 day' from generate_series(100, 0, "
        "-10) as d");
    database.pool().with_connection([](pg::Connection& connection) {
        CHECK(queue::prune_refused_results(connection, 45 * 24h, 4) == 4);
        CHECK(queue::prune_refused_results(connection, 45 * 24h, 4) == 2);
        CHECK(queue::prune_refused_results(connection, 45 * 24h, 4) == 0);
    });
    CHECK(database.one("select count(*) from sluice.refused_results") == "5");
}
