#include "schedule/preview.h"

#include "support/schedule_rig.h"

using namespace sluice;
using namespace sluice::schedule;
using namespace sluice::test;

TEST_CASE("a preview shows the next dates in local time, UTC and with the offset, and what the clock does") {
    const auto dates =
        preview(cron_timetable("30 2 * * *", {{"timezone", "Europe/Berlin"}}), moment("2026-03-28T12:00:00Z"), 2);
    REQUIRE(dates.size() == 2);
    CHECK(dates[0].date == moment("2026-03-29T01:00:00Z"));
    CHECK(dates[0].local == "2026-03-29T03:00:00+02:00");
    CHECK(dates[0].offset == 2h);
    CHECK(dates[0].change == ClockChange::AfterGap);
    CHECK(dates[0].note == "right after the clock went from 02:00:00 to 03:00:00");
    CHECK(dates[1].local == "2026-03-30T02:30:00+02:00");
    CHECK(dates[1].note == "");

    const auto hours =
        preview(cron_timetable("0 * * * *", {{"timezone", "Europe/Berlin"}}), moment("2026-10-24T23:30:00Z"), 2);
    CHECK(hours[0].note == "the clock shows this time twice: the first time");
    CHECK(hours[1].note == "the clock shows this time twice: the second time");
    CHECK(hours[1].local == "2026-10-25T02:00:00+01:00");
}

TEST_CASE("a preview tells which dates a condition would skip, and why") {
    const auto dates = preview(cron_timetable("0 9 * * *", {}, {a_condition("Weekend")}), at("10:00:00"), 6);
    REQUIRE(dates.size() == 6);
    CHECK_FALSE(dates[0].runs);
    CHECK(dates[0].reason == "Weekend: 2026-01-06 is a TUESDAY");
    CHECK(dates[4].runs);
    CHECK(dates[4].local == "2026-01-10T09:00:00Z");
    CHECK(dates[4].reason == "");
}

TEST_CASE("a date whose condition can't be tested shows the error") {
    const auto dates = preview(
        cron_timetable("0 9 * * *", {}, {a_condition("Expression", {{"expression", "{{ x }}"}})}), at("10:00:00"), 1);
    CHECK(dates[0].runs);
    CHECK(dates[0].reason.find("expression") != std::string::npos);
}

TEST_CASE("dates between two instants end with the later one, or at the limit") {
    const Timetable hourly = cron_timetable("0 * * * *");
    CHECK(dates_between(hourly, at("10:00:00"), at("13:00:00"), 100).size() == 3);
    CHECK(dates_between(hourly, at("10:00:00"), at("13:00:00"), 2).size() == 2);
    CHECK(dates_between(hourly, at("13:00:00"), at("10:00:00"), 2).empty());
}

TEST_CASE("a preview of a schedule without further dates ends") {
    const Value dates(List{Value("2026-01-05T12:00:00Z")});
    CHECK(preview(a_timetable(a_trigger("ScheduleOnDates", {{"dates", dates}})), at("10:00:00"), 5).size() == 1);
}
