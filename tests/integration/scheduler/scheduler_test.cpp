#include "integration/scheduler/trigger_rig.h"

using namespace sluice;
using namespace sluice::test;

namespace {
using Rig = TriggerRig;
}

TEST_CASE("a new trigger gets its first date; a webhook has none") {
    Rig rig;
    rig.save(std::string(kDaily) + "}\n  - {id: call, type: core.trigger.Webhook, key: secret}\n");
    rig.start();
    CHECK(rig.comes_to("select count(*) from sluice.triggers where planned", "2"));
    CHECK(rig.one("select next_at > now() and extract(hour from next_at at time zone 'UTC') = 3 from sluice.triggers "
                  "where trigger_id = 'daily'") == "t");
    CHECK(rig.one("select next_at from sluice.triggers where trigger_id = 'call'").empty());
}

TEST_CASE("a date that is due becomes one execution with the trigger's inputs and labels, and the next date follows") {
    Rig rig;
    rig.save(std::string(kDaily) + ", inputs: {day: '{{ trigger.date }} {{ vars.who }}'}, labels: {kind: nightly}}\n");
    rig.start();
    REQUIRE(rig.comes_to("select count(*) from sluice.triggers where planned", "1"));
    rig.let_be_due("daily", kLastDate);
    REQUIRE(rig.comes_to("select count(*) from sluice.executions", "1"));
    CHECK(rig.one("select fate in ('FIRED', 'RECOVERED') from sluice.fires") == "t");
    CHECK(rig.one("select labels ->> 'kind' from sluice.executions") == "nightly");
    CHECK(rig.one("select inputs ->> 'day' like '%T03:00:00Z you' from sluice.executions") == "t");
    CHECK(rig.one("select kind from sluice.execution_events") == "started");
    CHECK(rig.one("select f.execution_id = e.id and t.execution_id = e.id and f.epoch = l.epoch from sluice.fires f, "
                  "sluice.executions e, sluice.triggers t, sluice.leadership l") == "t");
    CHECK(rig.one("select next_at - last_at from sluice.triggers") == "P1D");
}

TEST_CASE("a trigger whose execution runs waits, and goes on when it is over") {
    Rig rig;
    rig.save(std::string(kDaily) + "}\n  - {id: other, type: core.trigger.Schedule, cron: '0 3 * * *'}\n");
    rig.start();
    REQUIRE(rig.comes_to("select count(*) from sluice.triggers where planned", "2"));
    rig.database().run("update sluice.triggers set execution_id = 'running' where trigger_id = 'daily'");
    rig.let_be_due("daily", kLastDate);
    rig.let_be_due("other", kLastDate);
    // The other one has fired, so there was a turn that saw both.
    REQUIRE(rig.comes_to("select string_agg(distinct trigger_id, ' ') from sluice.fires", "other"));
    rig.database().run("update sluice.triggers set execution_id = null where trigger_id = 'daily'");
    CHECK(rig.comes_to("select count(*) from sluice.fires where trigger_id = 'daily'", "1"));
}

TEST_CASE("inputs that can't be rendered make a failed execution that says why") {
    Rig rig;
    rig.save(std::string(kDaily) + ", inputs: {day: '{{ nothing.at.all }}'}}\n");
    rig.start();
    REQUIRE(rig.comes_to("select count(*) from sluice.triggers where planned", "1"));
    rig.let_be_due("daily", kLastDate);
    REQUIRE(rig.comes_to("select state from sluice.executions", "FAILED"));
    CHECK(rig.one("select trigger ->> 'id' from sluice.executions") == "daily");
    CHECK(rig.one("select fate from sluice.fires") == "FAILED");
    CHECK(rig.one("select count(*) from sluice.logs where message like '%nothing%'") == "1");
    CHECK(rig.one("select count(*) from sluice.execution_events") == "0");
    CHECK(rig.one("select execution_id from sluice.triggers").empty());
}

TEST_CASE("missed dates that are not to be recovered have a row each, and make no execution") {
    Rig rig;
    rig.save(std::string(kDaily) + ", recoverMissedSchedules: NONE}\n");
    rig.start();
    REQUIRE(rig.comes_to("select count(*) from sluice.triggers where planned", "1"));
    rig.let_be_due("daily", kLastDate + " - interval '2 days'");
    REQUIRE(rig.comes_to("select count(*) from sluice.fires", "3"));
    CHECK(rig.one("select string_agg(distinct fate, ' ') from sluice.fires") == "MISSED");
    CHECK(rig.one("select count(*) from sluice.executions") == "0");
    CHECK(rig.one("select next_at > now() from sluice.triggers") == "t");
}

TEST_CASE("a date that has its row fires no second time") {
    Rig rig;
    rig.save(std::string(kDaily) + ", allowConcurrent: true}\n");
    rig.start();
    REQUIRE(rig.comes_to("select count(*) from sluice.triggers where planned", "1"));
    rig.let_be_due("daily", kLastDate);
    REQUIRE(rig.comes_to("select next_at > now() from sluice.triggers", "t"));
    const std::string before = rig.one("select count(*) from sluice.executions");
    rig.let_be_due("daily", kLastDate);
    REQUIRE(rig.comes_to("select next_at > now() from sluice.triggers", "t"));
    CHECK(rig.one("select count(*) from sluice.executions") == before);
    CHECK(rig.one("select refused from sluice.trigger_fires('company', 'hello', 'daily')") == "1");
    CHECK(contains(rig.one("select reason from sluice.why_trigger('company', 'hello', 'daily') where code = 'REFUSED'"),
                   "came up 1 more time(s), and started nothing"));
}

TEST_CASE("a trigger that can't be read any more tells it in its row, and stops no other") {
    Rig rig;
    rig.save(std::string(kDaily) + "}\n  - {id: other, type: core.trigger.Schedule, cron: '0 3 * * *'}\n");
    rig.start();
    REQUIRE(rig.comes_to("select count(*) from sluice.triggers where planned", "2"));
    rig.database().run("update sluice.triggers set backfill = '{\"start\": 7}' where trigger_id = 'daily'");
    rig.let_be_due("daily", kLastDate);
    rig.let_be_due("other", kLastDate);
    CHECK(rig.comes_to("select count(*) > 0 from sluice.fires where trigger_id = 'other'", "t"));
    CHECK(rig.comes_to("select error is not null and next_at is null from sluice.triggers where trigger_id = 'daily'",
                       "t"));
}

TEST_CASE("a trigger whose execution can't be stored fails its date and is left alone; the others of its batch fire") {
    Rig rig;
    rig.save("  - {id: bad, type: core.trigger.Schedule, cron: '0 3 * * *', labels: {kind: bad}}\n" +
             std::string(kDaily) + "}\n");
    rig.database().run(
        "alter table sluice.executions add constraint no_bad check (labels ->> 'kind' is distinct from 'bad')");
    rig.start();
    REQUIRE(rig.comes_to("select count(*) from sluice.triggers where planned", "2"));
    rig.database().run("update sluice.triggers set next_at = " + kLastDate);
    rig.let_be_due("bad", kLastDate);
    CHECK(rig.comes_to("select count(*) from sluice.executions", "1"));
    CHECK(rig.comes_to("select fate from sluice.fires where trigger_id = 'bad'", "FAILED"));
    CHECK(
        rig.one("select reason like '%no_bad%' and execution_id is null from sluice.fires where trigger_id = 'bad'") ==
        "t");
    CHECK(rig.one("select error like '%no_bad%' and next_at > now() from sluice.triggers where trigger_id = 'bad'") ==
          "t");
    // Mended, it goes on by itself.
    rig.database().run("alter table sluice.executions drop constraint no_bad");
    rig.database().run("update sluice.triggers set next_at = " + kLastDate +
                       " - interval '1 day' where trigger_id = 'bad'");
    rig.let_be_due("bad", kLastDate + " - interval '1 day'");
    CHECK(rig.comes_to("select count(*) from sluice.fires where trigger_id = 'bad' and fate in ('FIRED', 'RECOVERED')",
                       "1"));
    CHECK(rig.comes_to("select count(*) from sluice.triggers where error is not null", "0"));
}

TEST_CASE("a trigger that fails each second is left alone longer and longer; the dates meanwhile have rows") {
    Rig rig;
    rig.save(
        "  - {id: bad, type: core.trigger.Schedule, withSeconds: true, cron: '* * * * * *', allowConcurrent: true}\n");
    rig.database().run("alter table sluice.fires add constraint no_fired check (fate not in ('FIRED', 'RECOVERED'))");
    rig.start();
    REQUIRE(rig.comes_to("select count(*) from sluice.triggers where planned", "1"));
    rig.let_be_due("bad", "date_trunc('second', now())");
    // After the first failure 2 s, after the second one 4 s.
    CHECK(rig.comes_to("select count(*) from sluice.fires where fate = 'FAILED'", "2"));
    CHECK(rig.one("select next_at > now() + interval '2.5 s' from sluice.triggers") == "t");
    CHECK(rig.one("select count(*) >= 4 and count(*) = count(distinct scheduled_at) and "
                  "count(*) = 1 + extract(epoch from max(scheduled_at) - min(scheduled_at)) from sluice.fires") == "t");
    CHECK(rig.one(
              "select bool_and(reason like 'left alone after a failure: %') from sluice.fires where fate = 'MISSED'") ==
          "t");
}

TEST_CASE("a leader whose row somebody changed leads anew") {
    Rig rig;
    rig.save(std::string(kDaily) + "}\n");
    rig.start();
    REQUIRE(rig.comes_to("select count(*) from sluice.triggers where planned", "1"));
    rig.database().run("update sluice.leadership set epoch = epoch + 1, service_id = 'somebody'");
    rig.let_be_due("daily", kLastDate);
    CHECK(rig.comes_to("select count(*) from sluice.executions", "1"));
}

TEST_CASE("what the scheduler keeps of triggers that are gone is forgotten when many new ones have come") {
    Database database;
    const plugin::TaskCatalog catalog = tasks::builtin_catalog();
    store::Flows flows(catalog.types(), {});
    const store::Instance instance{};
    scheduler::TriggerBook book({flows, instance});
    const auto save = [&](int triggers, const std::string& prefix) {
        std::string source =
            "id: hello\nnamespace: company\ntasks: [{id: log, type: core.log.Log, message: hi}]\ntriggers:\n";
        for (int i = 0; i < triggers; ++i)
            source += fmt::format("  - {{id: {}{}, type: core.trigger.Schedule, cron: '0 3 * * *'}}\n", prefix, i);
        const flow::ParsedFlow parsed = flows.parse(source);
        if (!parsed.ok()) FAIL(parsed.error().text());
        database.pool().in_transaction([&](pg::Transaction& tx) {
            ok(store::save_flow(tx, parsed, source, store::Save::Either, "test", instance));
            tx.run_text("update sluice.triggers set planned = false");
            for (const auto& row : store::unplanned_triggers(tx, 5000)) book.plan(tx.connection(), row, tx.now());
            book.tidy(tx.connection());
        });
    };
    save(600, "old");
    CHECK(book.size() == 600);
    save(500, "new");
    CHECK(book.size() == 500);
    book.forget_all();
    CHECK(book.size() == 0);
}
