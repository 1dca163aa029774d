#include "schedule/zone.h"

#include "support/schedule_rig.h"

using namespace sluice;
using namespace sluice::schedule;
using namespace sluice::test;

namespace {

LocalTime shown(const std::string& text) {
    return LocalTime{std::chrono::floor<Seconds>(moment(text + "Z")).time_since_epoch()};
}

std::string offset_text(const std::string& zone, const std::string& at) {
    return to_iso(ZonedTime::in(ok(find_zone(zone)), moment(at)));
}

}  // namespace

TEST_CASE("a zone is a region, a link to one, or an offset") {
    CHECK(offset_text("Europe/Berlin", "2026-01-01T10:00:00Z") == "2026-01-01T11:00:00+01:00");
    CHECK(offset_text("Europe/Berlin", "2026-07-01T10:00:00Z") == "2026-07-01T12:00:00+02:00");
    CHECK(offset_text("US/Eastern", "2026-07-01T10:00:00Z") == "2026-07-01T06:00:00-04:00");
    CHECK(offset_text("Europe/London", "2026-01-01T10:00:00Z") == "2026-01-01T10:00:00Z");
    CHECK(offset_text("UTC", "2026-07-01T10:00:00Z") == "2026-07-01T10:00:00Z");
    CHECK(offset_text("Z", "2026-07-01T10:00:00Z") == "2026-07-01T10:00:00Z");
    CHECK(offset_text("+05:30", "2026-07-01T10:00:00Z") == "2026-07-01T15:30:00+05:30");
    CHECK(offset_text("UTC-3", "2026-07-01T10:00:00Z") == "2026-07-01T07:00:00-03:00");
    CHECK(offset_text("GMT+0230", "2026-07-01T10:00:00Z") == "2026-07-01T12:30:00+02:30");
}

TEST_CASE("an unknown zone is refused with the nearest name") {
    const auto text = [](const char* name) { return failure(find_zone(name)).message; };
    CHECK(text("Europe/Berln") ==
          "timezone '(Europe/Berln)' is not a valid time-zone ID; did you mean 'Europe/Berlin'?");
    CHECK(text("berlin").find("did you mean 'Europe/Berlin'?") != std::string::npos);
    CHECK(text("america/new_york").find("did you mean 'America/New_York'?") != std::string::npos);
    CHECK(text("").starts_with("timezone '()' is not a valid time-zone ID"));
    for (const char* name : {"+25:00", "UTC+", "+1:30", "UTC+abc", "+", "GMT+19"}) {
        CAPTURE(name);
        CHECK(text(name).find("is not a valid time-zone ID") != std::string::npos);
        CHECK_FALSE(check_zone(name));
    }
    CHECK(check_zone("Asia/Tokyo"));
}

TEST_CASE("the system's zone data is fit for use") {
    ok(check_zone_data());
}

TEST_CASE("a local time in a gap means the end of the gap, one that comes twice its first time") {
    const Zone berlin = ok(find_zone("Europe/Berlin"));
    CHECK(berlin.instant(shown("2026-03-29T01:59:59")) == moment("2026-03-29T00:59:59Z"));
    CHECK(berlin.instant(shown("2026-03-29T02:30:00")) == moment("2026-03-29T01:00:00Z"));
    CHECK(berlin.instant(shown("2026-03-29T03:00:00")) == moment("2026-03-29T01:00:00Z"));
    CHECK(berlin.instant(shown("2026-10-25T02:30:00")) == moment("2026-10-25T00:30:00Z"));
    CHECK(berlin.instant(shown("2026-10-25T03:00:00")) == moment("2026-10-25T02:00:00Z"));
}

TEST_CASE("instants around a change of the clock know what it means for them") {
    const Zone berlin = ok(find_zone("Europe/Berlin"));
    const auto change = [&](const char* at) { return berlin.change_at(std::chrono::floor<Seconds>(moment(at))); };
    CHECK(change("2026-03-29T00:59:59Z") == ClockChange::None);
    CHECK(change("2026-03-29T01:00:00Z") == ClockChange::AfterGap);
    CHECK(change("2026-03-29T01:00:01Z") == ClockChange::None);
    CHECK(change("2026-10-24T23:59:59Z") == ClockChange::None);
    CHECK(change("2026-10-25T00:00:00Z") == ClockChange::FirstOfTwo);
    CHECK(change("2026-10-25T01:00:00Z") == ClockChange::SecondOfTwo);
    CHECK(change("2026-10-25T02:00:00Z") == ClockChange::None);
}

TEST_CASE("summer time goes on after 2037, where the tables end") {
    CHECK(offset_text("Europe/Berlin", "2038-01-15T12:00:00Z") == "2038-01-15T13:00:00+01:00");
    CHECK(offset_text("Europe/Berlin", "2038-07-15T12:00:00Z") == "2038-07-15T14:00:00+02:00");
    // the last Sundays of March and October 2050
    CHECK(offset_text("Europe/Berlin", "2050-03-27T00:59:59Z") == "2050-03-27T01:59:59+01:00");
    CHECK(offset_text("Europe/Berlin", "2050-03-27T01:00:00Z") == "2050-03-27T03:00:00+02:00");
    CHECK(offset_text("Europe/Berlin", "2050-10-30T01:00:00Z") == "2050-10-30T02:00:00+01:00");
    // the second Sunday of March 2099, at 02:00 local time
    CHECK(offset_text("America/New_York", "2099-03-08T06:59:59Z") == "2099-03-08T01:59:59-05:00");
    CHECK(offset_text("America/New_York", "2099-03-08T07:00:00Z") == "2099-03-08T03:00:00-04:00");
    // the southern summer, by half an hour
    CHECK(offset_text("Australia/Lord_Howe", "2045-01-01T00:00:00Z") == "2045-01-01T11:00:00+11:00");
    CHECK(offset_text("Australia/Lord_Howe", "2045-07-01T00:00:00Z") == "2045-07-01T10:30:00+10:30");
    // the Friday before the last Sunday of March; a last Thursday's midnight that may fall into November
    CHECK(offset_text("Asia/Jerusalem", "2047-03-29T00:00:00Z") == "2047-03-29T03:00:00+03:00");
    CHECK(offset_text("Africa/Cairo", "2041-10-31T20:59:59Z") == "2041-10-31T23:59:59+03:00");
    CHECK(offset_text("Africa/Cairo", "2041-10-31T21:00:00Z") == "2041-10-31T23:00:00+02:00");
    CHECK(offset_text("Asia/Tokyo", "2060-07-01T00:00:00Z") == "2060-07-01T09:00:00+09:00");
}

TEST_CASE("a zone is read once and then shared") {
    const Zones zones;
    const Zone first = ok(zones.find("Europe/Berlin"));
    const Zone second = ok(zones.find("Europe/Berlin"));
    CHECK(first.periods().data() == second.periods().data());
    CHECK_FALSE(zones.find("Europe/Berln"));
}

TEST_CASE("zoned dates are read with an offset, a region, or in the zone at hand") {
    const Zone berlin = ok(find_zone("Europe/Berlin"));
    const auto read = [&](const char* text) { return to_iso(ok(parse_zoned(text, berlin))); };
    CHECK(read("2026-01-31T10:00:00+05:30") == "2026-01-31T10:00:00+05:30");
    CHECK(read("2026-01-31T10:00:00Z") == "2026-01-31T10:00:00Z");
    CHECK(read("2026-01-31T10:00:00.123Z") == "2026-01-31T10:00:00.123Z");
    CHECK(read("2026-07-31T10:00:00") == "2026-07-31T10:00:00+02:00");
    CHECK(read("2026-07-31 10:00") == "2026-07-31T10:00:00+02:00");
    CHECK(read("2026-07-31") == "2026-07-31T00:00:00+02:00");
    CHECK(read("2026-07-31T10:00:00[America/New_York]") == "2026-07-31T10:00:00-04:00");
    CHECK(read("2026-07-31T10:00:00-04:00[America/New_York]") == "2026-07-31T10:00:00-04:00");
    for (const char* text : {"", "today", "2026-13-01", "2026-01-31T25:00:00Z", "2026-01-31T10:00:00+", "10:00"}) {
        CAPTURE(text);
        CHECK(failure(parse_zoned(text, berlin)).message.find("is not a date; expected a form such as") !=
              std::string::npos);
    }
}
