#include "schedule/plan.h"

#include "support/schedule_rig.h"

using namespace sluice;
using namespace sluice::schedule;
using namespace sluice::test;

namespace {

using Texts = std::vector<std::string>;

Map with(std::initializer_list<std::pair<std::string, Value>> properties) {
    Map out;
    for (const auto& [key, value] : properties) out.set(key, value);
    return out;
}

/// "10:00:00 FIRED", for each decision until nothing is due any more
Texts decisions(const Timetable& timetable, TriggerState& state, const Moment& moment, const RenderFor& render = {}) {
    Texts out;
    for (Turn turn = decide(timetable, state, moment, render); turn.decision && out.size() < 100;
         turn = decide(timetable, state, moment, render)) {
        out.push_back(to_iso(Timestamp{turn.decision->date}).substr(11, 8) + " " +
                      std::string(to_text(turn.decision->fate)));
        state = turn.after;
    }
    return out;
}

Texts texts(const std::vector<Instant>& dates) {
    Texts out;
    for (const Instant date : dates) out.push_back(to_iso(Timestamp{date}));
    return out;
}

const Moment kNow{at("10:30:00"), at("00:00:00")};

flow::Condition on_fridays() {
    return a_condition("DayWeek", {{"dayOfWeek", "FRIDAY"}});
}

}  // namespace

TEST_CASE("a new trigger waits for its first date after now, and keeps when it last ran") {
    const Timetable daily = cron_timetable("0 9 * * *");
    const TriggerState fresh = begin(daily, {}, at("10:00:00"), {});
    CHECK(fresh.next == moment("2026-01-06T09:00:00Z"));
    CHECK_FALSE(fresh.last);
    CHECK(begin(daily, {.next = at("09:00:00"), .last = at("09:00:00")}, at("10:00:00"), {}).last == at("09:00:00"));
}

TEST_CASE("a due date fires, and the next one follows from it, not from now") {
    const Timetable half_hourly = cron_timetable("*/30 * * * *");
    const TriggerState state{.next = at("09:00:00"), .last = at("08:30:00")};
    const Turn turn = decide(half_hourly, state, kNow, {});
    REQUIRE(turn.decision);
    CHECK(turn.decision->date == at("09:00:00"));
    CHECK(turn.decision->fate == Fate::Fired);
    CHECK(turn.decision->reason == "");
    CHECK(turn.after == TriggerState{.next = at("09:30:00"), .last = at("09:00:00")});
    TriggerState all = state;
    CHECK(decisions(half_hourly, all, kNow) ==
          Texts{"09:00:00 FIRED", "09:30:00 FIRED", "10:00:00 FIRED", "10:30:00 FIRED"});
    CHECK(all.next == at("11:00:00"));
}

TEST_CASE("nothing is decided before a date is due, or without one") {
    const Timetable daily = cron_timetable("0 9 * * *");
    const TriggerState early{.next = moment("2026-01-06T09:00:00Z")};
    CHECK_FALSE(decide(daily, early, kNow, {}).decision);
    CHECK(decide(daily, early, kNow, {}).after == early);
    CHECK_FALSE(decide(daily, {}, kNow, {}).decision);
}

TEST_CASE("a stored date that is no date of the schedule moves to the one that is meant") {
    const Timetable daily = cron_timetable("0 10 * * *");
    const Turn turn = decide(daily, {.next = at("08:17:23")}, kNow, {});
    REQUIRE(turn.decision);
    CHECK(turn.decision->date == at("10:00:00"));
    const Turn later = decide(cron_timetable("0 11 * * *"), {.next = at("08:17:23")}, kNow, {});
    CHECK_FALSE(later.decision);
    CHECK(later.after.next == at("11:00:00"));
}

TEST_CASE("an execution learns its date and its neighbours, in the trigger's zone") {
    const Timetable daily = cron_timetable("0 11 * * *", with({{"timezone", "Europe/Berlin"}}));
    const Turn turn = decide(daily, {.next = at("10:00:00")}, kNow, {});
    REQUIRE(turn.decision);
    CHECK(turn.decision->variables == Value{{"date", "2026-01-05T11:00:00+01:00"},
                                            {"next", "2026-01-06T11:00:00+01:00"},
                                            {"previous", "2026-01-04T11:00:00+01:00"}});
    // across the change of the clock
    CHECK(daily.variables(std::chrono::floor<Seconds>(moment("2026-03-29T09:00:00Z")), {}) ==
          Value{{"date", "2026-03-29T11:00:00+02:00"},
                {"next", "2026-03-30T11:00:00+02:00"},
                {"previous", "2026-03-28T11:00:00+01:00"}});
}

TEST_CASE("dates from before the scheduler's start count as recovered") {
    TriggerState state{.next = at("09:00:00")};
    CHECK(decisions(cron_timetable("0 * * * *"), state, {at("10:30:00"), at("09:30:00")}) ==
          Texts{"09:00:00 RECOVERED", "10:00:00 FIRED"});
}

TEST_CASE("dates later than lateMaximumDelay are missed, each with its row") {
    const Timetable strict = cron_timetable("0 * * * *", with({{"lateMaximumDelay", "PT45M"}}));
    TriggerState state{.next = at("08:00:00")};
    const Turn first = decide(strict, state, kNow, {});
    REQUIRE(first.decision);
    CHECK(first.decision->reason == "lateMaximumDelay: 2 h 30 min late, allowed are 45 min 0 s");
    CHECK(decisions(strict, state, kNow) == Texts{"08:00:00 MISSED", "09:00:00 MISSED", "10:00:00 FIRED"});
}

TEST_CASE("with conditions the next date is the next one that they let run") {
    const Timetable fridays = cron_timetable("0 9 * * *", {}, {on_fridays()});
    CHECK(begin(fridays, {}, at("10:00:00"), {}).next == moment("2026-01-09T09:00:00Z"));
    const Turn turn =
        decide(fridays, {.next = moment("2026-01-09T09:00:00Z")}, {moment("2026-01-09T09:00:01Z"), {}}, {});
    REQUIRE(turn.decision);
    CHECK(turn.decision->fate == Fate::Fired);
    CHECK(turn.after.next == moment("2026-01-16T09:00:00Z"));
    CHECK(turn.decision->variables == Value{{"date", "2026-01-09T09:00:00Z"},
                                            {"next", "2026-01-16T09:00:00Z"},
                                            {"previous", "2026-01-02T09:00:00Z"}});
}

TEST_CASE("a due date that its conditions refuse is skipped with their reason") {
    const Timetable fridays = cron_timetable("0 9 * * *", {}, {on_fridays()});
    const Turn turn = decide(fridays, {.next = at("09:00:00")}, kNow, {});
    REQUIRE(turn.decision);
    CHECK(turn.decision->fate == Fate::Skipped);
    CHECK(turn.decision->reason == "DayWeek: 2026-01-05 is a MONDAY, wanted FRIDAY");
    CHECK_FALSE(turn.decision->makes_execution());
    CHECK(turn.after.next == moment("2026-01-09T09:00:00Z"));
}

TEST_CASE("a condition that can't be tested makes a failed execution of its date, and the schedule goes on") {
    const RenderFor broken = [](std::string_view, const Value&) -> Result<std::string> {
        return refuse(ErrorCode::Expression, "unknown variable x");
    };
    const Timetable odd =
        cron_timetable("0 * * * *", {}, {a_condition("Expression", {{"expression", "{{ x }}"}})}, broken);
    const Turn turn = decide(odd, {.next = at("10:00:00")}, kNow, broken);
    REQUIRE(turn.decision);
    CHECK(turn.decision->fate == Fate::Failed);
    CHECK(turn.decision->reason == "Expression: unknown variable x");
    CHECK(turn.decision->error->code == ErrorCode::Expression);
    CHECK(turn.decision->makes_execution());
    CHECK(turn.after.next == at("11:00:00"));
}

TEST_CASE("an expression sees the tested date and its neighbours, and decides date by date") {
    const RenderFor even_hours = [](std::string_view, const Value& trigger) -> Result<std::string> {
        REQUIRE(trigger.get("next"));
        REQUIRE(trigger.get("previous"));
        const int hour = std::stoi(trigger.text("date").substr(11, 2));
        return hour % 2 == 0 ? "true" : "false";
    };
    const Timetable even =
        cron_timetable("0 * * * *", {}, {a_condition("Expression", {{"expression", "{{ even(trigger.date) }}"}})});
    CHECK(even.next_allowed(at("10:00:00"), even_hours) == at("12:00:00"));
    CHECK(even.previous_allowed(at("10:00:00"), even_hours) == at("08:00:00"));
}

TEST_CASE("a search that tests too many expressions stops at a date, which is tested again when it is due") {
    int tests = 0;
    const RenderFor never = [&](std::string_view, const Value&) -> Result<std::string> {
        ++tests;
        return "false";
    };
    const Timetable minutely =
        cron_timetable("* * * * *", {}, {a_condition("Expression", {{"expression", "{{ never }}"}})});
    const auto next = minutely.next_allowed(at("00:00:00"), never);
    CHECK(next == at("00:00:00") + kMaxRenderings * 1min);
    CHECK(tests == kMaxRenderings);
    CHECK_FALSE(minutely.variables(std::chrono::floor<Seconds>(at("00:00:00")), never).get("next"));
    CHECK(minutely.previous_allowed(at("00:00:00"), never) == std::nullopt);
    TriggerState state{.next = next};
    CHECK(decisions(minutely, state, {*next, {}}, never) == Texts{"16:40:00 SKIPPED"});
}

TEST_CASE("conditions that can never hold again leave no next date") {
    const Timetable over =
        cron_timetable("* * * * *", {}, {a_condition("DateTimeBetween", {{"before", "2020-01-01"}})});
    CHECK(over.next_allowed(at("10:00:00"), {}) == std::nullopt);
    CHECK(over.previous_allowed(at("10:00:00"), {}) == moment("2019-12-31T23:59:00Z"));
    const Timetable impossible =
        cron_timetable("* * * * *", {}, {a_condition("Weekend"), a_condition("DayWeek", {{"dayOfWeek", "MONDAY"}})});
    CHECK(impossible.next_allowed(at("10:00:00"), {}) == std::nullopt);
}

TEST_CASE("at the scheduler's start missed dates run, or only the last one, or none") {
    const TriggerState state{.next = at("07:00:00"), .last = at("06:00:00")};
    const auto recovered = [&](const char* policy) {
        return recover(cron_timetable("0 * * * *", with({{"recoverMissedSchedules", policy}})), state, at("10:30:00"),
                       {});
    };
    CHECK(recovered("ALL").after == state);
    CHECK(recovered("ALL").missed.empty());

    const Recovery last = recovered("LAST");
    CHECK(last.after == TriggerState{.next = at("10:00:00"), .last = at("06:00:00")});
    CHECK(texts(last.missed) == Texts{"2026-01-05T07:00:00Z", "2026-01-05T08:00:00Z", "2026-01-05T09:00:00Z"});
    CHECK(last.reason == "recoverMissedSchedules: LAST");

    const Recovery none = recovered("NONE");
    CHECK(none.after.next == at("11:00:00"));
    CHECK(texts(none.missed) ==
          Texts{"2026-01-05T07:00:00Z", "2026-01-05T08:00:00Z", "2026-01-05T09:00:00Z", "2026-01-05T10:00:00Z"});
}

TEST_CASE("nothing is missed when the next date is still to come, whatever the policy") {
    const TriggerState state{.next = at("11:00:00"), .last = at("10:00:00")};
    for (const char* policy : {"ALL", "LAST", "NONE"}) {
        CAPTURE(policy);
        const Timetable hourly = cron_timetable("0 * * * *", with({{"recoverMissedSchedules", policy}}));
        const Recovery recovery = recover(hourly, state, at("10:30:00"), {});
        CHECK(recovery.after == state);
        CHECK(recovery.missed.empty());
    }
}

TEST_CASE("a date that is due this very moment is the last one, and not missed by LAST") {
    const Timetable hourly = cron_timetable("0 * * * *", with({{"recoverMissedSchedules", "LAST"}}));
    const Recovery recovery = recover(hourly, {.next = at("09:00:00")}, at("10:00:00"), {});
    CHECK(recovery.after.next == at("10:00:00"));
    CHECK(texts(recovery.missed) == Texts{"2026-01-05T09:00:00Z"});
}

TEST_CASE("a trigger that is enabled again counts from its last date; one that never ran has missed nothing") {
    const auto enabled = [&](const char* policy, const TriggerState& state) {
        return recover(cron_timetable("0 * * * *", with({{"recoverMissedSchedules", policy}})), state, at("10:30:00"),
                       {});
    };
    const TriggerState disabled{.last = at("08:00:00")};
    CHECK(enabled("ALL", disabled).after.next == at("09:00:00"));
    CHECK(enabled("LAST", disabled).after.next == at("10:00:00"));
    CHECK(enabled("NONE", disabled).after.next == at("11:00:00"));
    CHECK(texts(enabled("NONE", disabled).missed) == Texts{"2026-01-05T09:00:00Z", "2026-01-05T10:00:00Z"});
    for (const char* policy : {"ALL", "LAST", "NONE"}) CHECK(enabled(policy, {}).after.next == at("11:00:00"));
}

TEST_CASE("recovery honours conditions, and tells when there are more missed dates than it lists") {
    const Timetable fridays = cron_timetable("0 9 * * *", with({{"recoverMissedSchedules", "LAST"}}), {on_fridays()});
    const Recovery recovery = recover(fridays, {.next = moment("2025-12-01T09:00:00Z")}, at("10:00:00"), {});
    CHECK(recovery.after.next == moment("2026-01-02T09:00:00Z"));
    CHECK(texts(recovery.missed) ==
          Texts{"2025-12-05T09:00:00Z", "2025-12-12T09:00:00Z", "2025-12-19T09:00:00Z", "2025-12-26T09:00:00Z"});
    const Recovery cut = recover(fridays, {.next = moment("2025-12-01T09:00:00Z")}, at("10:00:00"), {}, 2);
    CHECK(cut.missed.size() == 2);
    CHECK_FALSE(cut.is_complete);
}

TEST_CASE("the installation's policy and zone hold where the trigger names none") {
    const Zones zones;
    const Defaults defaults{.zone = ok(find_zone("Asia/Tokyo")), .recover = Recover::None};
    const Timetable timetable = ok(Timetable::of(a_trigger("Schedule", {{"cron", "0 9 * * *"}}), zones, defaults));
    CHECK(timetable.recover() == Recover::None);
    CHECK(timetable.next(at("10:00:00")) == moment("2026-01-06T00:00:00Z"));
}

TEST_CASE("ScheduleOnDates fires each of its dates in order, then nothing more is due") {
    const Value dates(List{Value("2026-01-05T12:00:00+01:00"), Value("2026-01-05T10:00:00"), Value("2027-01-01")});
    const Timetable timetable =
        a_timetable(a_trigger("ScheduleOnDates", {{"dates", dates}, {"timezone", "Europe/Berlin"}}));
    TriggerState state = begin(timetable, {}, at("00:00:00"), {});
    CHECK(state.next == at("09:00:00"));
    const Turn turn = decide(timetable, state, kNow, {});
    REQUIRE(turn.decision);
    CHECK(turn.decision->variables == Value(Map()));
    CHECK(turn.after == TriggerState{.next = at("11:00:00"), .last = at("09:00:00")});
    CHECK(decisions(timetable, state, {moment("2028-01-01T00:00:00Z"), {}}) ==
          Texts{"09:00:00 FIRED", "11:00:00 FIRED", "23:00:00 FIRED"});
    CHECK_FALSE(state.next);
}

TEST_CASE("the dates of ScheduleOnDates may be JSON, or come from an expression") {
    const RenderFor render = [](std::string_view, const Value&) -> Result<std::string> {
        return R"(["2026-01-05T12:00:00Z"])";
    };
    CHECK(a_timetable(a_trigger("ScheduleOnDates", {{"dates", "{{ vars.dates }}"}}), render).next(at("10:00:00")) ==
          at("12:00:00"));
    CHECK(a_timetable(a_trigger("ScheduleOnDates", {{"dates", R"(["2026-01-05T13:00:00Z"])"}})).next(at("10:00:00")) ==
          at("13:00:00"));
    const Zones zones;
    const Error error = failure(Timetable::of(a_trigger("ScheduleOnDates", {{"dates", "soon"}}), zones, {}));
    CHECK(error.place.property == "dates[0]");
}

TEST_CASE("a date whose decision broke down has failed, and dates until the trigger is asked again are missed") {
    const Timetable half_hourly = cron_timetable("*/30 * * * *");
    const TriggerState state{.next = at("09:00:00"), .last = at("08:30:00")};
    const Setback soon = set_back(half_hourly, state, at("09:00:02"));
    CHECK(soon.date == at("09:00:00"));
    CHECK(soon.missed.empty());
    CHECK(soon.after == TriggerState{.next = at("09:30:00"), .last = at("09:00:00")});

    const Setback later = set_back(half_hourly, state, at("10:00:00"));
    CHECK(texts(later.missed) == Texts{"2026-01-05T09:30:00Z"});
    CHECK(later.after.next == at("10:00:00"));

    const Setback cut = set_back(half_hourly, state, at("12:10:00"), 2);
    CHECK(texts(cut.missed) == Texts{"2026-01-05T09:30:00Z", "2026-01-05T10:00:00Z"});
    CHECK_FALSE(cut.is_complete);
    CHECK(cut.after.next == at("12:30:00"));
}

TEST_CASE("a setback asks no condition, and is the end of a schedule that has no more dates") {
    const RenderFor breaks = [](std::string_view, const Value&) -> Result<std::string> {
        throw std::runtime_error("no");
    };
    const Timetable fridays = cron_timetable("0 9 * * *", {}, {on_fridays()}, breaks);
    CHECK(set_back(fridays, {.next = at("09:00:00")}, at("09:00:00")).after.next == moment("2026-01-06T09:00:00Z"));

    const Timetable once =
        a_timetable(a_trigger("ScheduleOnDates", {{"dates", Value(List{Value("2026-01-05T09:00:00Z")})}}));
    const Setback last = set_back(once, {.next = at("09:00:00")}, at("09:00:02"));
    CHECK(last.date == at("09:00:00"));
    CHECK_FALSE(last.after.next);
}

TEST_CASE("a setback in a backfill goes on with its next date, and after its end with the ordinary one") {
    const Timetable hourly = cron_timetable("0 * * * *");
    TriggerState state =
        ok(start_backfill(hourly, {.next = at("11:00:00"), .last = at("10:00:00")},
                          {.name = "again", .start = at("07:00:00"), .end = at("08:00:00")}, at("10:30:00")));
    const Setback first = set_back(hourly, state, at("12:00:00"));
    CHECK(first.date == at("07:00:00"));
    CHECK(first.missed.empty());
    REQUIRE(first.after.backfill);
    CHECK(first.after.backfill->current == at("08:00:00"));
    const Setback second = set_back(hourly, first.after, at("12:00:00"));
    CHECK_FALSE(second.after.backfill);
    CHECK(second.after.next == at("11:00:00"));
    CHECK(second.after.last == at("10:00:00"));
}
