#include "schedule/windows.h"

#include "support/schedule_rig.h"

using namespace sluice;
using namespace sluice::schedule;
using namespace sluice::test;

namespace {

using Texts = std::vector<std::string>;

TimeWindow window(Map properties) {
    return ok(read_time_window(Value(std::move(properties))));
}

const Zone& berlin() {
    static const Zone zone = ok(find_zone("Europe/Berlin"));
    return zone;
}

/// "2026-01-05T06:00:00+01:00 to 2026-01-05T12:00:00+01:00"
std::string at_time(const TimeWindow& window, const std::string& time) {
    const auto span = window_at(window, moment(time), berlin());
    if (!span) return "none";
    return to_iso(ZonedTime::in(berlin(), span->start)) + " to " + to_iso(ZonedTime::in(berlin(), span->end));
}

Texts mistakes(Map properties) {
    const Error error = failure(read_time_window(Value(std::move(properties))));
    Texts out;
    for (const Error& detail : error.details) out.push_back(detail.place.property + ": " + detail.message);
    return out;
}

WindowStep step(const TimeWindow& window, const std::optional<WindowState>& before, const Texts& now_true,
                const std::string& time, bool reset = true) {
    return step_window(window, before, now_true, {"a", "b"}, reset, moment(time), berlin());
}

}  // namespace

TEST_CASE("duration windows are multiples from midnight, moved by their advance") {
    const auto six = window({{"window", "PT6H"}});
    CHECK(at_time(six, "2026-01-05T08:00:00Z") == "2026-01-05T06:00:00+01:00 to 2026-01-05T12:00:00+01:00");
    CHECK(at_time(six, "2026-01-05T05:00:00Z") == "2026-01-05T06:00:00+01:00 to 2026-01-05T12:00:00+01:00");
    CHECK(at_time(six, "2026-01-05T04:59:59Z") == "2026-01-05T00:00:00+01:00 to 2026-01-05T06:00:00+01:00");
    const auto moved = window({{"window", "PT6H"}, {"windowAdvance", "PT1H30M"}});
    CHECK(at_time(moved, "2026-01-05T06:00:00Z") == "2026-01-05T01:30:00+01:00 to 2026-01-05T07:30:00+01:00");
    CHECK(at_time(moved, "2026-01-05T00:15:00Z") == "2026-01-04T19:30:00+01:00 to 2026-01-05T01:30:00+01:00");
    CHECK(at_time(window({}), "2026-01-05T10:00:00Z") == "2026-01-05T00:00:00+01:00 to 2026-01-06T00:00:00+01:00");
    CHECK(at_time(window({{"windowAdvance", "PT4H"}}), "2026-01-05T02:00:00Z") ==
          "2026-01-04T04:00:00+01:00 to 2026-01-05T04:00:00+01:00");
    // what does not divide a day begins anew at midnight
    CHECK(at_time(window({{"window", "PT7H"}}), "2026-01-05T21:30:00Z") ==
          "2026-01-05T21:00:00+01:00 to 2026-01-06T00:00:00+01:00");
    // weeks begin on Mondays
    CHECK(at_time(window({{"window", "P7D"}}), "2026-01-08T10:00:00Z") ==
          "2026-01-05T00:00:00+01:00 to 2026-01-12T00:00:00+01:00");
    CHECK(at_time(window({{"window", "P2D"}}), "1969-12-30T10:00:00Z") ==
          "1969-12-30T00:00:00+01:00 to 1970-01-01T00:00:00+01:00");
}

TEST_CASE("a window over a change of the clock ends where the clock shows its end") {
    CHECK(at_time(window({}), "2026-03-29T10:00:00Z") == "2026-03-29T00:00:00+01:00 to 2026-03-30T00:00:00+02:00");
    CHECK(at_time(window({{"window", "PT6H"}}), "2026-03-29T00:30:00Z") ==
          "2026-03-29T00:00:00+01:00 to 2026-03-29T06:00:00+02:00");
}

TEST_CASE("daily windows have a deadline, or a start and an end, perhaps over midnight") {
    const auto deadline = window({{"type", "DAILY_TIME_DEADLINE"}, {"deadline", "09:00:00"}});
    CHECK(at_time(deadline, "2026-01-05T07:59:59Z") == "2026-01-05T00:00:00+01:00 to 2026-01-05T09:00:00+01:00");
    CHECK(at_time(deadline, "2026-01-05T08:00:00Z") == "none");
    const auto in_utc = window({{"type", "DAILY_TIME_DEADLINE"}, {"deadline", "09:00:00Z"}});
    CHECK(at_time(in_utc, "2026-01-05T08:30:00Z") == "2026-01-05T01:00:00+01:00 to 2026-01-05T10:00:00+01:00");

    const auto morning = window({{"type", "DAILY_TIME_WINDOW"}, {"startTime", "06:00"}, {"endTime", "09:00"}});
    CHECK(at_time(morning, "2026-01-05T05:00:00Z") == "2026-01-05T06:00:00+01:00 to 2026-01-05T09:00:00+01:00");
    CHECK(at_time(morning, "2026-01-05T04:59:59Z") == "none");
    CHECK(at_time(morning, "2026-01-05T08:00:00Z") == "none");
    const auto night = window({{"type", "DAILY_TIME_WINDOW"}, {"startTime", "22:00"}, {"endTime", "04:00"}});
    CHECK(at_time(night, "2026-01-05T22:00:00Z") == "2026-01-05T22:00:00+01:00 to 2026-01-06T04:00:00+01:00");
    CHECK(at_time(night, "2026-01-06T02:00:00Z") == "2026-01-05T22:00:00+01:00 to 2026-01-06T04:00:00+01:00");
    CHECK(at_time(night, "2026-01-06T03:00:00Z") == "none");
}

TEST_CASE("a window's kind says what it must have and what it can't have") {
    CHECK(mistakes({{"type", "DAILY_TIME_DEADLINE"}, {"window", "PT1H"}}) ==
          Texts{"deadline: Time window of type `DAILY_TIME_DEADLINE` must have a deadline.",
                "window: Time window of type `DAILY_TIME_DEADLINE` cannot have a window."});
    CHECK(mistakes({{"type", "DAILY_TIME_WINDOW"}, {"startTime", "08:00"}, {"windowAdvance", "PT1H"}}) ==
          Texts{"endTime: Time window of type `DAILY_TIME_WINDOW` must have an end time.",
                "windowAdvance: Time window of type `DAILY_TIME_WINDOW` cannot have a window advance."});
    CHECK(mistakes({{"type", "SLIDING_WINDOW"}, {"windowAdvance", "PT1H"}}) ==
          Texts{"windowAdvance: Time window of type `SLIDING_WINDOW` cannot have a window advance."});
    CHECK(mistakes({{"deadline", "09:00"}}) ==
          Texts{"deadline: Time window of type `DURATION_WINDOW` cannot have a deadline."});
    CHECK(mistakes({{"window", "P1M"}}).size() == 1);
    CHECK(mistakes({{"window", "PT0S"}}) == Texts{"window: must be longer than nothing"});
    CHECK(mistakes({{"type", "SLIDING_WINDOWS"}})[0].find("did you mean") != std::string::npos);
    CHECK(ok(read_time_window({}, Value("PT2H"), Value("PT30M"))).advance == 30min);
    CHECK_FALSE(read_time_window(Value("PT2H")));
}

TEST_CASE("conditions met by several executions in one window fire once together") {
    const auto day = window({});
    const WindowStep first = step(day, {}, {"a"}, "2026-01-05T08:00:00Z");
    CHECK_FALSE(first.fires);
    REQUIRE(first.after);
    const WindowStep again = step(day, first.after, {"a"}, "2026-01-05T09:00:00Z");
    CHECK_FALSE(again.fires);
    const WindowStep second = step(day, again.after, {"b"}, "2026-01-05T10:00:00Z");
    CHECK(second.fires);
    CHECK_FALSE(second.after);
    // the next day starts afresh
    CHECK_FALSE(step(day, first.after, {"b"}, "2026-01-06T10:00:00Z").fires);
}

TEST_CASE("without reset each further match in the window fires again") {
    const auto day = window({});
    const WindowStep first = step(day, {}, {"a", "b"}, "2026-01-05T08:00:00Z", false);
    CHECK(first.fires);
    const WindowStep second = step(day, first.after, {"a"}, "2026-01-05T09:00:00Z", false);
    CHECK(second.fires);
    CHECK_FALSE(step(day, second.after, {}, "2026-01-05T09:00:00Z", false).fires);
    CHECK_FALSE(step(day, second.after, {"a"}, "2026-01-06T09:00:00Z", false).fires);
}

TEST_CASE("a sliding window forgets each condition when it is too long ago") {
    const auto hour = window({{"type", "SLIDING_WINDOW"}, {"window", "PT1H"}});
    const WindowStep first = step(hour, {}, {"a"}, "2026-01-05T08:00:00Z");
    CHECK(step(hour, first.after, {"b"}, "2026-01-05T09:00:00Z").fires);
    const WindowStep late = step(hour, first.after, {"b"}, "2026-01-05T09:00:01Z");
    CHECK_FALSE(late.fires);
    CHECK(step(hour, late.after, {"a"}, "2026-01-05T10:00:00Z").fires);
}

TEST_CASE("outside of a daily window nothing counts, and the row goes") {
    const auto deadline = window({{"type", "DAILY_TIME_DEADLINE"}, {"deadline", "09:00:00"}});
    const WindowStep early = step(deadline, {}, {"a"}, "2026-01-05T06:00:00Z");
    const WindowStep late = step(deadline, early.after, {"b"}, "2026-01-05T08:30:00Z");
    CHECK_FALSE(late.fires);
    CHECK_FALSE(late.after);
    CHECK(step(deadline, early.after, {"b"}, "2026-01-05T07:30:00Z").fires);
}

TEST_CASE("the state of a window survives its way through JSON") {
    const auto after = step(window({}), {}, {"a"}, "2026-01-05T08:00:00Z").after;
    CHECK(ok(window_state_of(to_value(*after))) == *after);
    const Value old{
        {"start", "2026-01-05T00:00:00Z"}, {"end", "2026-01-06T00:00:00Z"}, {"results", Value{{"a", true}}}};
    CHECK(ok(window_state_of(old)).satisfied.contains("a"));
    CHECK_FALSE(window_state_of(Value{{"start", "x"}}));
}
