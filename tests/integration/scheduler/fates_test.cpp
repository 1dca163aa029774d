// What becomes of a date: each fate as sluice.fires, the API and why_trigger() tell it.
#include "integration/scheduler/trigger_rig.h"
#include "store/triggers.h"

using namespace sluice;
using namespace sluice::test;

namespace {

struct Fates : TriggerRig {
    /// "FIRED SKIPPED SKIPPED", the latest date first.
    std::string fates() {
        return one("select string_agg(fate, ' ') from sluice.trigger_fires('company', 'hello', 'daily', 100)");
    }
    std::string reason(const std::string& fate) {
        return one("select reason from sluice.trigger_fires('company', 'hello', 'daily') where fate = '" + fate +
                   "' limit 1");
    }
    std::string why(const std::string& code) {
        return one("select reason from sluice.why_trigger('company', 'hello', 'daily') where code = '" + code + "'");
    }
};

}  // namespace

TEST_CASE("a date that came while its scheduler watched is FIRED") {
    Fates rig;
    rig.save(
        "  - {id: daily, type: core.trigger.Schedule, withSeconds: true, cron: '* * * * * *', allowConcurrent: "
        "true}\n");
    rig.start();
    CHECK(rig.comes_to("select count(*) >= 2 and bool_and(fate = 'FIRED' and reason is null) from sluice.fires", "t"));
    CHECK(rig.one("select count(*) = count(distinct execution_id) from sluice.fires") == "t");
}

TEST_CASE("a date from before the scheduler's time is RECOVERED, and says how late it is") {
    Fates rig;
    rig.save(std::string(kDaily) + "}\n");
    rig.run("update sluice.triggers set next_at = " + kLastDate + " - interval '1 day'");
    rig.start();
    REQUIRE(rig.comes_to("select count(*) from sluice.fires", "1"));
    CHECK(rig.fates() == "RECOVERED");
    CHECK(contains(rig.reason("RECOVERED"), "late: no scheduler was there"));
    CHECK(contains(rig.why("LAST"), "was RECOVERED: execution"));
}

TEST_CASE("dates that recoverMissedSchedules or lateMaximumDelay leave out are MISSED, with the reason") {
    Fates rig;
    rig.save(std::string(kDaily) + ", recoverMissedSchedules: LAST, lateMaximumDelay: PT1S}\n");
    rig.run("update sluice.triggers set next_at = " + kLastDate + " - interval '2 days'");
    rig.start();
    REQUIRE(rig.comes_to("select count(*) from sluice.fires", "3"));
    CHECK(rig.fates() == "MISSED MISSED MISSED");
    CHECK(contains(rig.reason("MISSED"), "lateMaximumDelay: "));
    CHECK(rig.one("select count(*) from sluice.fires where reason = 'recoverMissedSchedules: LAST'") == "2");
    CHECK(rig.one("select count(*) from sluice.executions") == "0");
}

TEST_CASE("dates that a condition leaves out are SKIPPED, each with its reason") {
    Fates rig;
    const std::string day = rig.one("select to_char(" + kLastDate + ", 'FMDAY')");
    rig.save(std::string(kDaily) + ", conditions: [{type: core.condition.DayWeek, dayOfWeek: " + day + "}]}\n");
    CHECK(rig.one("select count(distinct extract(dow from d)) = 1 and count(*) = 40 from sluice.triggers, "
                  "unnest(upcoming) d") == "t");
    rig.run("update sluice.triggers set last_at = " + kLastDate + " - interval '7 days', next_at = " + kLastDate);
    rig.start();
    REQUIRE(rig.comes_to("select count(*) from sluice.fires", "7"));
    CHECK(rig.fates() == "RECOVERED SKIPPED SKIPPED SKIPPED SKIPPED SKIPPED SKIPPED");
    CHECK(contains(rig.reason("SKIPPED"), "DayWeek: "));
    CHECK(rig.one("select count(*) from sluice.executions") == "1");
}

TEST_CASE("a date that waited for the execution before is OVERLAPPED, and names it") {
    Fates rig;
    rig.save(std::string(kDaily) + "}\n");
    const ExecutionId before{rig.one("select sluice.new_id()")};
    rig.run("update sluice.triggers set execution_id = '" + before.text() + "', next_at = " + kLastDate);
    rig.start();
    CHECK(rig.one("select count(*) from sluice.fires") == "0");
    rig.database().pool().in_transaction([&](pg::Transaction& tx) { store::release_triggers(tx, {before}); });
    rig.wake();
    REQUIRE(rig.comes_to("select count(*) from sluice.fires", "1"));
    CHECK(rig.fates() == "OVERLAPPED");
    CHECK(contains(rig.reason("OVERLAPPED"), "for the end of execution " + before.text()));
    CHECK(rig.one("select count(*) from sluice.executions e join sluice.fires f on f.execution_id = e.id") == "1");
}

TEST_CASE("a trigger whose definition changes stays held by the execution that it started") {
    Fates rig;
    rig.save(std::string(kDaily) + "}\n");
    rig.run("update sluice.triggers set execution_id = 'running'");
    rig.save("  - {id: daily, type: core.trigger.Schedule, cron: '0 4 * * *'}\n");
    CHECK(rig.one("select execution_id || extract(hour from next_at at time zone 'UTC') from sluice.triggers") ==
          "running4");
    rig.run("update sluice.triggers set planned = false");
    rig.start();
    REQUIRE(rig.comes_to("select planned from sluice.triggers", "t"));
    CHECK(rig.one("select execution_id from sluice.triggers") == "running");
}
