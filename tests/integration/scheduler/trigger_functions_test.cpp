// Triggers in SQL: what operators do with them, in their own transactions.
#include "integration/scheduler/trigger_rig.h"

using namespace sluice;
using namespace sluice::test;

namespace {

const std::string kKey = "'company', 'hello', 'daily'";

std::string refusal(TriggerRig& rig, const std::string& call) {
    try {
        rig.run("select sluice." + call);
    } catch (const std::exception& refused) {
        return refused.what();
    }
    return "";
}

}  // namespace

TEST_CASE("the first dates of a trigger are there when its flow is saved, and psql shows them") {
    TriggerRig rig;
    rig.save(std::string(kDaily) +
             "}\n  - {id: call, type: core.trigger.Webhook, key: secret}\n"
             "  - {id: off, type: core.trigger.Schedule, cron: '@daily', disabled: true}\n");
    CHECK(
        rig.one(
            "select string_agg(trigger_id || ' ' || planned || ' ' || (next_at is not null), ', ' order by trigger_id) "
            "from sluice.triggers") == "call true false, daily true true, off true false");
    CHECK(rig.one("select count(*) from sluice.preview_trigger(" + kKey + ")") == "20");
    CHECK(rig.one("select bool_and(extract(hour from date at time zone 'UTC') = 3 and due_in > '0') from "
                  "sluice.preview_trigger(" +
                  kKey + ", 5)") == "t");
    const std::string before = rig.one("select next_at from sluice.triggers where trigger_id = 'daily'");
    rig.save(std::string(kDaily) + "}\n");
    CHECK(rig.one("select next_at from sluice.triggers") == before);
}

TEST_CASE("a trigger is switched off and on in a transaction; the dates meanwhile are dealt with as it says") {
    TriggerRig rig;
    rig.save(std::string(kDaily) + ", recoverMissedSchedules: NONE}\n");
    rig.run("begin; select sluice.disable_trigger(" + kKey + "); rollback");
    CHECK(rig.one("select disabled from sluice.triggers") == "f");
    rig.run("select sluice.disable_trigger(" + kKey + ")");
    CHECK(contains(rig.one("select reason from sluice.why_trigger(" + kKey + ") where code = 'DISABLED'"),
                   "role " + rig.one("select current_user") + " switched it off"));
    CHECK(rig.one("select since = disabled_at from sluice.why_trigger(" + kKey +
                  "), sluice.trigger_overview where code = 'DISABLED'") == "t");
    rig.run("update sluice.triggers set last_at = " + kLastDate + " - interval '2 days', next_at = null");
    rig.start();
    rig.run("select sluice.enable_trigger(" + kKey + ")");
    REQUIRE(rig.comes_to("select planned and not resumed from sluice.triggers", "t"));
    CHECK(rig.one("select string_agg(fate || ' ' || reason, ',') from sluice.fires") ==
          "MISSED recoverMissedSchedules: NONE,MISSED recoverMissedSchedules: NONE");
    CHECK(rig.one("select next_at > now() and disabled_by is null from sluice.triggers") == "t");
    CHECK(rig.one("select count(*) from sluice.executions") == "0");
}

TEST_CASE("a backfill is started, paused, resumed and deleted in SQL, by the rules of the API") {
    TriggerRig rig;
    rig.save(std::string(kDaily) + ", allowConcurrent: true}\n");
    const std::string next = rig.one("select next_at from sluice.triggers");
    const std::string days = "now() - interval '48 hours', now()";
    rig.run("select sluice.start_backfill(" + kKey + ", " + days + ", '{\"day\": \"x\"}', '{\"why\": \"repair\"}')");
    CHECK(contains(refusal(rig, "start_backfill(" + kKey + ", " + days + ")"), "a backfill is already running"));
    rig.run("select sluice.pause_backfill(" + kKey + ")");
    rig.start();
    CHECK(rig.one("select next_at is null and backfill ->> 'paused' = 'true' from sluice.triggers") == "t");
    rig.run("select sluice.resume_backfill(" + kKey + ")");
    REQUIRE(rig.comes_to("select backfill is null from sluice.triggers", "t"));
    CHECK(rig.one(
              "select count(*) from sluice.executions where labels ->> 'why' = 'repair' and inputs ->> 'day' = 'x'") ==
          "2");
    CHECK(rig.one("select next_at from sluice.triggers") == next);
    CHECK(rig.one("select count(*) from sluice.fires f, sluice.trigger_fires(" + kKey +
                  ", 20, f.run) t "
                  "where f.scheduled_at = t.scheduled_at and f.fate = 'FIRED'") == "2");

    rig.run("begin; select sluice.start_backfill(" + kKey +
            ", now() - interval '9 hours', now() + interval '90 days'); "
            "select sluice.delete_backfill(" +
            kKey + "); commit");
    CHECK(rig.one("select next_at from sluice.triggers") == next);
}

TEST_CASE("a backfill without a date ends at once and says so; one before the first date is known waits for it") {
    TriggerRig rig;
    rig.save("  - {id: daily, type: core.trigger.Schedule, cron: '0 3 1 1 *', allowConcurrent: true}\n");
    rig.run("select sluice.start_backfill(" + kKey + ", '2026-02-01', '2026-03-01')");
    rig.start();
    REQUIRE(rig.comes_to("select backfill is null from sluice.triggers", "t"));
    CHECK(contains(rig.one("select reason from sluice.why_trigger(" + kKey + ") where code = 'ERROR'"), "had no date"));
    CHECK(rig.one("select next_at > now() from sluice.triggers") == "t");

    rig.run("begin; update sluice.triggers set planned = false; select sluice.start_backfill(" + kKey +
            ", '2023-06-01', '2025-06-01'); commit");
    rig.wake();
    CHECK(rig.comes_to("select count(*) from sluice.executions", "2"));
    CHECK(rig.comes_to("select next_at > now() from sluice.triggers", "t"));
}

TEST_CASE("what can't be done with a trigger is refused, with the reason") {
    TriggerRig rig;
    rig.save(std::string(kDaily) + "}\n  - {id: call, type: core.trigger.Webhook, key: secret}\n");
    CHECK(contains(refusal(rig, "disable_trigger('company', 'hello', 'none')"),
                   "trigger company.hello.none does not exist"));
    CHECK(contains(refusal(rig, "unlock_trigger(" + kKey + ")"), "Trigger is not locked"));
    for (const std::string verb : {"pause", "resume", "delete"}) {
        CHECK(contains(refusal(rig, verb + "_backfill(" + kKey + ")"), "No backfill found"));
    }
    CHECK(contains(refusal(rig, "start_backfill('company', 'hello', 'call', now())"), "only schedules have dates"));
    CHECK(contains(refusal(rig, "start_backfill(" + kKey + ", now(), now() - interval '1 day')"),
                   "must not end before it starts"));
    CHECK(contains(refusal(rig, "start_backfill(" + kKey + ", now(), now(), '[]')"), "inputs and labels are objects"));
    rig.run("update sluice.triggers set execution_id = 'e', worker_id = 'w', evaluating_at = now()");
    rig.run("select sluice.unlock_trigger(" + kKey + ")");
    CHECK(
        rig.one("select execution_id is null and worker_id is null from sluice.triggers where trigger_id = 'daily'") ==
        "t");
}
