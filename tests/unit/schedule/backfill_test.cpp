#include "schedule/backfill.h"

#include "schedule/plan.h"
#include "support/schedule_rig.h"

using namespace sluice;
using namespace sluice::schedule;
using namespace sluice::test;

namespace {

using Texts = std::vector<std::string>;

const TriggerState kWaiting{.next = moment("2026-01-06T09:00:00Z"), .last = at("09:00:00")};
const Moment kNow{at("10:30:00"), at("00:00:00")};

Timetable daily() {
    return cron_timetable("0 9 * * *", {{"lateMaximumDelay", "PT1H"}});
}

TriggerState started(const Timetable& timetable, const std::string& start, std::optional<Timestamp> end = {}) {
    return ok(start_backfill(timetable, kWaiting,
                             {.name = "b1", .start = moment(start), .end = end, .inputs = Value{{"day", "x"}}},
                             kNow.now));
}

/// "2026-01-05 FIRED b1"
Texts run(const Timetable& timetable, TriggerState& state) {
    Texts out;
    for (Turn turn = decide(timetable, state, kNow, {}); turn.decision; turn = decide(timetable, state, kNow, {})) {
        out.push_back(to_iso(Timestamp{turn.decision->date}).substr(0, 10) + " " +
                      std::string(to_text(turn.decision->fate)) + " " + turn.decision->backfill);
        state = turn.after;
    }
    return out;
}

}  // namespace

TEST_CASE("a backfill runs each date from its start to its end, and then the ordinary next date is back") {
    const Timetable timetable = daily();
    TriggerState state = started(timetable, "2026-01-02T10:00:00Z");
    CHECK(state.next == moment("2026-01-03T09:00:00Z"));
    CHECK(state.backfill->end == kNow.now);
    CHECK(state.backfill->previous_next == kWaiting.next);
    // late as they are: lateMaximumDelay is about ordinary dates
    CHECK(run(timetable, state) == Texts{"2026-01-03 FIRED b1", "2026-01-04 FIRED b1", "2026-01-05 FIRED b1"});
    CHECK(state == kWaiting);
}

TEST_CASE("a date equal to the end of a backfill still runs") {
    const Timetable timetable = daily();
    TriggerState state = started(timetable, "2026-01-03T09:00:00Z", moment("2026-01-04T09:00:00Z"));
    CHECK(run(timetable, state) == Texts{"2026-01-03 FIRED b1", "2026-01-04 FIRED b1"});
    TriggerState shorter = started(timetable, "2026-01-03T09:00:00Z", moment("2026-01-04T08:59:59Z"));
    CHECK(run(timetable, shorter) == Texts{"2026-01-03 FIRED b1"});
}

TEST_CASE("a backfill honours conditions and waits for dates that are still to come") {
    const Timetable weekends = cron_timetable("0 9 * * *", {}, {a_condition("Weekend")});
    TriggerState state = ok(start_backfill(
        weekends, kWaiting,
        {.name = "b1", .start = moment("2026-01-01T00:00:00Z"), .end = moment("2026-01-11T00:00:00Z")}, kNow.now));
    CHECK(run(weekends, state) == Texts{"2026-01-01 SKIPPED b1", "2026-01-03 FIRED b1", "2026-01-04 FIRED b1"});
    CHECK(state.next == moment("2026-01-10T09:00:00Z"));
    CHECK(state.backfill->current == moment("2026-01-10T09:00:00Z"));
}

TEST_CASE("a paused backfill decides nothing until it goes on, and a deleted one is gone") {
    const Timetable timetable = daily();
    TriggerState state = decide(timetable, started(timetable, "2026-01-02T10:00:00Z"), kNow, {}).after;
    TriggerState paused = ok(pause_backfill(state));
    CHECK_FALSE(paused.next);
    CHECK(run(timetable, paused).empty());
    TriggerState going = ok(unpause_backfill(paused));
    CHECK(run(timetable, going) == Texts{"2026-01-04 FIRED b1", "2026-01-05 FIRED b1"});
    CHECK(ok(delete_backfill(paused)) == kWaiting);
    for (const auto& result : {pause_backfill(kWaiting), unpause_backfill(kWaiting), delete_backfill(kWaiting)}) {
        CHECK(failure(result).message == "No backfill found");
    }
}

TEST_CASE("a second backfill, one that ends before it starts, and one without dates are refused") {
    const Timetable timetable = daily();
    const TriggerState state = started(timetable, "2026-01-02T10:00:00Z");
    const auto refused = [&](const TriggerState& before, const char* start, const char* end) {
        return failure(
            start_backfill(timetable, before, {.name = "b2", .start = moment(start), .end = moment(end)}, kNow.now));
    };
    CHECK(refused(state, "2026-01-01T00:00:00Z", "2026-01-03T00:00:00Z").code == ErrorCode::Conflict);
    CHECK(refused(kWaiting, "2026-01-03T00:00:00Z", "2026-01-01T00:00:00Z").place.property == "backfill.end");
    CHECK(refused(kWaiting, "2026-01-03T10:00:00Z", "2026-01-04T08:00:00Z").message ==
          "the trigger has no date between 2026-01-03T10:00:00Z and 2026-01-04T08:00:00Z");
}

TEST_CASE("a backfill survives the scheduler's start, and goes before the first date of its trigger") {
    const Timetable timetable = daily();
    const TriggerState state = started(timetable, "2026-01-02T10:00:00Z");
    CHECK(recover(timetable, state, kNow.now, {}).after == state);
    const TriggerState begun = begin(timetable, state, kNow.now, {});
    CHECK(begun.next == state.next);
    CHECK(begun.backfill->previous_next == timetable.next(kNow.now));
}

TEST_CASE("a backfill survives its way through JSON") {
    Backfill backfill = *started(daily(), "2026-01-02T10:00:00Z").backfill;
    backfill.labels = {{"why", "repair"}};
    const Value json = to_value(backfill, ok(find_zone("Europe/Berlin")));
    CHECK(json.text("start") == "2026-01-02T11:00:00+01:00");
    CHECK(json.text("currentDate") == "2026-01-03T10:00:00+01:00");
    CHECK(json.text("previousNextExecutionDate") == "2026-01-06T10:00:00+01:00");
    CHECK(ok(backfill_of(json)) == backfill);
    CHECK(failure(backfill_of(Value{{"start", "x"}})).place.property == "start");
}
