#include "schedule/holidays.h"

#include "support/schedule_rig.h"

using namespace sluice;
using namespace sluice::schedule;
using namespace sluice::test;

namespace {

using Texts = std::vector<std::string>;

/// "01-01 12-25": the days of a year's holidays, each once
std::string days_of(const char* country, const char* part, int year) {
    std::string out;
    for (const Holiday& holiday : ok(public_holidays(country, part, std::chrono::year{year}))) {
        const std::string day = to_text(holiday.day).substr(5);
        if (!out.ends_with(day)) out += (out.empty() ? "" : " ") + day;
    }
    return out;
}

}  // namespace

TEST_CASE("the public holidays of known years are there") {
    struct Case {
        const char* country;
        const char* part;
        int year;
        const char* days;
    };
    for (const Case& one : {
             Case{"DE", "", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 10-03 12-25 12-26"},
             Case{"DE", "BY", 2026, "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 08-15 10-03 11-01 12-25 12-26"},
             Case{"DE", "DE-SN", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 10-03 10-31 11-18 12-25 12-26"},
             Case{"DE", "", 2017, "01-01 04-14 04-17 05-01 05-25 06-05 10-03 10-31 12-25 12-26"},
             Case{"DE", "be", 2025, "01-01 03-08 04-18 04-21 05-01 05-08 05-29 06-09 10-03 12-25 12-26"},
             Case{"FR", "", 2024, "01-01 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25"},
             Case{"FR", "67", 2027, "01-01 03-26 03-29 05-01 05-06 05-08 05-17 07-14 08-15 11-01 11-11 12-25 12-26"},
             Case{"AT", "", 2025, "01-01 01-06 04-21 05-01 05-29 06-09 06-19 08-15 10-26 11-01 12-08 12-25 12-26"},
             Case{"CH", "ZH", 2026, "01-01 04-03 04-06 05-01 05-14 05-25 08-01 12-25 12-26"},
             Case{"CH", "GE", 2026, "01-01 04-03 04-06 05-14 05-25 08-01 09-10 12-25 12-31"},
             Case{"GB", "ENG", 2027, "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28"},
             Case{"GB", "ENG", 2022, "01-01 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-25 12-26 12-27"},
             Case{"GB", "SCT", 2026, "01-01 01-02 04-03 05-04 05-25 08-03 11-30 12-25 12-26 12-28"},
             Case{"IE", "", 2026, "01-01 02-02 03-17 04-06 05-04 06-01 08-03 10-26 12-25 12-26"},
             Case{"NL", "", 2025, "01-01 04-20 04-21 04-26 05-29 06-08 06-09 12-25 12-26"},
             Case{"BE", "", 2026, "01-01 04-06 05-01 05-14 05-25 07-21 08-15 11-01 11-11 12-25"},
             Case{"ES", "", 2026, "01-01 01-06 04-03 05-01 08-15 10-12 11-01 12-06 12-08 12-25"},
             Case{"IT", "", 2025, "01-01 01-06 04-20 04-21 04-25 05-01 06-02 08-15 11-01 12-08 12-25 12-26"},
             Case{"PL", "", 2026,
                  "01-01 01-06 04-05 04-06 05-01 05-03 05-24 06-04 08-15 11-01 11-11 12-24 12-25 12-26"},
             Case{"SE", "", 2026, "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-06 06-20 10-31 12-25 12-26"},
             Case{"NO", "", 2026, "01-01 04-02 04-03 04-05 04-06 05-01 05-14 05-17 05-24 05-25 12-25 12-26"},
             Case{"DK", "", 2023, "01-01 04-06 04-07 04-09 04-10 05-05 05-18 05-28 05-29 12-25 12-26"},
             Case{"DK", "", 2026, "01-01 04-02 04-03 04-05 04-06 05-14 05-24 05-25 12-25 12-26"},
             Case{"FI", "", 2026, "01-01 01-06 04-03 04-05 04-06 05-01 05-14 05-24 06-20 10-31 12-06 12-25 12-26"},
             Case{"PT", "", 2026, "01-01 04-03 04-05 04-25 05-01 06-04 06-10 08-15 10-05 11-01 12-01 12-08 12-25"},
             Case{"GR", "", 2027,
                  "01-01 01-06 03-15 03-25 04-30 05-01 05-02 05-03 06-20 06-21 08-15 10-28 12-25 12-26"},
             Case{"US", "", 2026, "01-01 01-19 02-16 05-25 06-19 07-03 07-04 09-07 10-12 11-11 11-26 12-25"},
             Case{"US", "", 2027,
                  "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31"},
             Case{"CA", "ON", 2026, "01-01 02-16 04-03 05-18 07-01 09-07 10-12 12-25 12-26"},
             Case{"AU", "NSW", 2025, "01-01 01-26 01-27 04-18 04-19 04-20 04-21 04-25 06-09 10-06 12-25 12-26"},
             Case{"NZ", "", 2026, "01-01 01-02 02-06 04-03 04-06 04-25 04-27 06-01 07-10 10-26 12-25 12-26 12-28"},
             Case{"JP", "", 2026,
                  "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 "
                  "11-03 11-23"},
         }) {
        CAPTURE(one.country);
        CAPTURE(one.year);
        CHECK(days_of(one.country, one.part, one.year) == one.days);
    }
}

TEST_CASE("a day is told by its name, or by none") {
    using namespace std::chrono;
    CHECK(ok(public_holiday("DE", "", local_days{year{2026} / 10 / 3})) == "Day of German Unity");
    CHECK(ok(public_holiday("de", "by", local_days{year{2026} / 1 / 6})) == "Epiphany");
    CHECK(ok(public_holiday("DE", "", local_days{year{2026} / 1 / 6})).empty());
    CHECK(ok(public_holiday("US", "", local_days{year{2027} / 12 / 31})) == "New Year's Day");
}

TEST_CASE("a country or subdivision without a calendar is refused with those that have one") {
    CHECK(failure(check_country("XX", "")).message.find("known are AT, AU, BE, BR, CA, CH") != std::string::npos);
    CHECK(failure(check_country("DE", "XX")).message ==
          "subdivision 'XX' of DE is not known; known are BB BE BW BY "
          "HB HE HH MV NI NW RP SH SL SN ST TH");
    CHECK(failure(check_country("US", "CA")).message ==
          "the calendar of public holidays of US has no subdivisions; found 'CA'");
    ok(check_country("gb", "gb-eng"));
}
