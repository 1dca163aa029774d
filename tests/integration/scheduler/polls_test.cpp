#include "store/polls.h"

#include "integration/scheduler/trigger_rig.h"

using namespace sluice;
using namespace sluice::test;

TEST_CASE("a polling trigger whose taking was not heard of is due again; what is in hand stays") {
    TriggerRig rig;
    rig.save(
        "  - {id: heard, type: core.http.Trigger, uri: 'http://localhost:1', interval: PT1M}\n"
        "  - {id: unheard, type: core.http.Trigger, uri: 'http://localhost:1', interval: PT1M}\n");
    rig.run("update sluice.triggers set next_at = now() - interval '1 minute'");
    cluster::Membership worker(rig.database().pool(), {.roles = {"worker"}, .host = "test", .version = "1"}, {});
    worker.join();
    const auto with_connection = [&](const auto& use) { return rig.database().pool().with_connection(use); };
    REQUIRE(with_connection([&](pg::Connection& c) { return store::take_polls(c, 10, worker.id()); }).size() == 2);
    CHECK_FALSE(with_connection(store::next_poll));

    const store::TriggerId heard{{"company", "hello"}, "heard"};
    const auto back = [&](pg::Connection& c) { return store::return_unknown_polls(c, worker.id(), {heard}); };
    CHECK(with_connection(back) == 1);
    CHECK(with_connection(back) == 0);
    CHECK(rig.one("select string_agg(trigger_id, ' ') from sluice.triggers where worker_id is null") == "unheard");
    CHECK(with_connection(store::next_poll) == Duration{0});
}
