#include "queue/queue.h"
#include "support/database.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

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
