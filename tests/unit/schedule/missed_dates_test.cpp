// What becomes of the dates of a schedule while nobody was there to fire them, also where the clock was changed then.
#include "schedule/plan.h"
#include "support/schedule_rig.h"

using namespace sluice;
using namespace sluice::schedule;
using namespace sluice::test;

namespace {

using Texts = std::vector<std::string>;

struct Outage {
    const char* cron;
    Map properties;
    const char* waiting;  // the date at which the outage found the trigger
    const char* back;     // when a scheduler is there again
    Texts fates;
    const char* next;
};

/// As the scheduler does it (trigger_book.cpp): what is not recovered is missed, then one date after the other.
void check(const Outage& one) {
    CAPTURE(one.cron);
    CAPTURE(one.back);
    const Timetable timetable = cron_timetable(one.cron, one.properties);
    const Moment there{.now = moment(one.back), .watching_since = moment(one.back) - 30s};
    TriggerState state{.next = moment(one.waiting)};
    Texts fates;
    if (*state.next < there.watching_since) {
        const Recovery recovery = recover(timetable, state, there.now, {});
        for (const Instant date : recovery.missed) fates.push_back(to_iso(Timestamp{date}) + " MISSED");
        state = recovery.after;
    }
    for (Turn turn = decide(timetable, state, there, {}); turn.decision && fates.size() < 100;
         turn = decide(timetable, state, there, {})) {
        fates.push_back(to_iso(Timestamp{turn.decision->date}) + " " + std::string(to_text(turn.decision->fate)));
        state = turn.after;
    }
    CHECK(fates == one.fates);
    CHECK(state.next == moment(one.next));
}

const Value kBerlinTime("Europe/Berlin");
const Value kAll("ALL"), kLast("LAST"), kNone("NONE");

}  // namespace

TEST_CASE("dates of an outage run all, or the last one, or none, and each has its fate") {
    const char* from = "2026-01-05T07:00:00Z";
    const char* back = "2026-01-05T10:30:00Z";
    const Outage cases[] = {
        {"0 * * * *",
         {{"recoverMissedSchedules", kAll}},
         from,
         back,
         {"2026-01-05T07:00:00Z RECOVERED", "2026-01-05T08:00:00Z RECOVERED", "2026-01-05T09:00:00Z RECOVERED",
          "2026-01-05T10:00:00Z RECOVERED"},
         "2026-01-05T11:00:00Z"},
        {"0 * * * *",
         {{"recoverMissedSchedules", kLast}},
         from,
         back,
         {"2026-01-05T07:00:00Z MISSED", "2026-01-05T08:00:00Z MISSED", "2026-01-05T09:00:00Z MISSED",
          "2026-01-05T10:00:00Z RECOVERED"},
         "2026-01-05T11:00:00Z"},
        {"0 * * * *",
         {{"recoverMissedSchedules", kNone}},
         from,
         back,
         {"2026-01-05T07:00:00Z MISSED", "2026-01-05T08:00:00Z MISSED", "2026-01-05T09:00:00Z MISSED",
          "2026-01-05T10:00:00Z MISSED"},
         "2026-01-05T11:00:00Z"},
        // exactly as late as it may be still runs
        {"0 * * * *",
         {{"recoverMissedSchedules", kAll}, {"lateMaximumDelay", "PT1H30M"}},
         from,
         back,
         {"2026-01-05T07:00:00Z MISSED", "2026-01-05T08:00:00Z MISSED", "2026-01-05T09:00:00Z RECOVERED",
          "2026-01-05T10:00:00Z RECOVERED"},
         "2026-01-05T11:00:00Z"},
        // the last one is recovered, but is too late for its own limit
        {"0 * * * *",
         {{"recoverMissedSchedules", kLast}, {"lateMaximumDelay", "PT10M"}},
         from,
         back,
         {"2026-01-05T07:00:00Z MISSED", "2026-01-05T08:00:00Z MISSED", "2026-01-05T09:00:00Z MISSED",
          "2026-01-05T10:00:00Z MISSED"},
         "2026-01-05T11:00:00Z"},
        {"0 9 * * *",
         {{"recoverMissedSchedules", kLast}},
         "2026-01-05T09:00:00Z",
         back,
         {"2026-01-05T09:00:00Z RECOVERED"},
         "2026-01-06T09:00:00Z"},
        // it came back before the date
        {"0 9 * * *", {{"recoverMissedSchedules", kNone}}, "2026-01-06T09:00:00Z", back, {}, "2026-01-06T09:00:00Z"},
    };
    for (const Outage& one : cases) check(one);
}

TEST_CASE("a change of the leader is no outage: its dates fire, whatever the policy") {
    for (const Value& policy : {kAll, kLast, kNone}) {
        check({"*/10 * * * * *",
               {{"recoverMissedSchedules", policy}, {"withSeconds", true}},
               "2026-01-05T10:29:40Z",
               "2026-01-05T10:30:00Z",
               {"2026-01-05T10:29:40Z FIRED", "2026-01-05T10:29:50Z FIRED", "2026-01-05T10:30:00Z FIRED"},
               "2026-01-05T10:30:10Z"});
    }
}

TEST_CASE("an outage over a change of the clock finds the dates that would have fired") {
    const Outage cases[] = {
        // spring: 02:30 is skipped and runs at 03:00, or not at all
        {"30 2 * * *",
         {{"recoverMissedSchedules", kAll}, {"timezone", kBerlinTime}},
         "2026-03-28T01:30:00Z",
         "2026-03-29T10:30:00Z",
         {"2026-03-28T01:30:00Z RECOVERED", "2026-03-29T01:00:00Z RECOVERED"},
         "2026-03-30T00:30:00Z"},
        {"30 2 * * *",
         {{"recoverMissedSchedules", kAll}, {"timezone", kBerlinTime}, {"dst", "SKIP"}},
         "2026-03-28T01:30:00Z",
         "2026-03-29T10:30:00Z",
         {"2026-03-28T01:30:00Z RECOVERED"},
         "2026-03-30T00:30:00Z"},
        {"30 2 * * *",
         {{"recoverMissedSchedules", kLast}, {"timezone", kBerlinTime}},
         "2026-03-28T01:30:00Z",
         "2026-03-29T10:30:00Z",
         {"2026-03-28T01:30:00Z MISSED", "2026-03-29T01:00:00Z RECOVERED"},
         "2026-03-30T00:30:00Z"},
        // autumn: 02:30 comes twice and runs once; hourly runs in both
        {"30 2 * * *",
         {{"recoverMissedSchedules", kAll}, {"timezone", kBerlinTime}},
         "2026-10-25T00:30:00Z",
         "2026-10-25T10:30:00Z",
         {"2026-10-25T00:30:00Z RECOVERED"},
         "2026-10-26T01:30:00Z"},
        {"30 * * * *",
         {{"recoverMissedSchedules", kLast}, {"timezone", kBerlinTime}},
         "2026-10-24T23:30:00Z",
         "2026-10-25T02:00:00Z",
         {"2026-10-24T23:30:00Z MISSED", "2026-10-25T00:30:00Z MISSED", "2026-10-25T01:30:00Z RECOVERED"},
         "2026-10-25T02:30:00Z"},
        {"*/30 * * * *",
         {{"recoverMissedSchedules", kNone}, {"timezone", kBerlinTime}},
         "2026-10-25T00:30:00Z",
         "2026-10-25T01:10:00Z",
         {"2026-10-25T00:30:00Z MISSED", "2026-10-25T01:00:00Z MISSED"},
         "2026-10-25T01:30:00Z"},
    };
    for (const Outage& one : cases) check(one);
}
