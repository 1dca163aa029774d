#include "schedule/cron.h"

#include "support/schedule_rig.h"

using namespace sluice;
using namespace sluice::schedule;
using namespace sluice::test;

namespace {

std::vector<std::string> next_of(const std::string& cron, const std::string& from, std::size_t count) {
    const CronInZone dates = cron_in(cron, "UTC");
    std::vector<std::string> out;
    for (auto at = dates.next(moment(from)); at && out.size() < count; at = dates.next(*at)) {
        out.push_back(to_iso(Timestamp{*at}));
    }
    return out;
}

std::string refusal(const std::string& cron, bool with_seconds = false) {
    return failure(parse_cron(cron, with_seconds)).message;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("a cron expression names minutes, hours, days, months and days of the week") {
    CHECK(next_of("0 9 * * *", "2026-01-05T10:00:00Z", 2) == Texts{"2026-01-06T09:00:00Z", "2026-01-07T09:00:00Z"});
    CHECK(next_of("*/20 * * * *", "2026-01-05T10:05:00Z", 3) ==
          Texts{"2026-01-05T10:20:00Z", "2026-01-05T10:40:00Z", "2026-01-05T11:00:00Z"});
    CHECK(next_of("5,10-12 8-9 * * *", "2026-01-05T08:11:30Z", 4) ==
          Texts{"2026-01-05T08:12:00Z", "2026-01-05T09:05:00Z", "2026-01-05T09:10:00Z", "2026-01-05T09:11:00Z"});
    CHECK(next_of("0 0 1 1 *", "2026-01-05T00:00:00Z", 1) == Texts{"2027-01-01T00:00:00Z"});
    CHECK(next_of("0 0 29 2 *", "2026-01-05T00:00:00Z", 2) == Texts{"2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"});
    CHECK(next_of("30 6 * * 1-5", "2026-01-09T07:00:00Z", 2) == Texts{"2026-01-12T06:30:00Z", "2026-01-13T06:30:00Z"});
}

TEST_CASE("the first match is strictly later, also within its second") {
    CHECK(next_of("0 9 * * *", "2026-01-05T09:00:00Z", 1) == Texts{"2026-01-06T09:00:00Z"});
    CHECK(next_of("0 9 * * *", "2026-01-05T08:59:59.999999Z", 1) == Texts{"2026-01-05T09:00:00Z"});
    CHECK(next_of("0 9 * * *", "2026-01-05T09:00:00.000001Z", 1) == Texts{"2026-01-06T09:00:00Z"});
    const CronInZone cron = cron_in("0 9 * * *", "UTC");
    CHECK(cron.previous(moment("2026-01-05T09:00:00Z")) == moment("2026-01-04T09:00:00Z"));
    CHECK(cron.previous(moment("2026-01-05T09:00:00.000001Z")) == moment("2026-01-05T09:00:00Z"));
}

TEST_CASE("six fields begin with the second") {
    CHECK(next_of("*/30 * * * * *", "2026-01-05T10:00:10Z", 2) ==
          Texts{"2026-01-05T10:00:30Z", "2026-01-05T10:01:00Z"});
    CHECK(next_of("15 0 12 * * *", "2026-01-05T10:00:00Z", 1) == Texts{"2026-01-05T12:00:15Z"});
}

TEST_CASE("restricted days of the month and of the week are alternatives") {
    CHECK(next_of("0 0 13 * 5", "2026-01-05T00:00:00Z", 3) ==
          Texts{"2026-01-09T00:00:00Z", "2026-01-13T00:00:00Z", "2026-01-16T00:00:00Z"});
    CHECK(next_of("0 0 ? * 5", "2026-01-05T00:00:00Z", 2) == Texts{"2026-01-09T00:00:00Z", "2026-01-16T00:00:00Z"});
    CHECK(next_of("0 0 13 * ?", "2026-01-05T00:00:00Z", 2) == Texts{"2026-01-13T00:00:00Z", "2026-02-13T00:00:00Z"});
    CHECK(next_of("0 0 */1 * 5", "2026-01-05T00:00:00Z", 1) == Texts{"2026-01-09T00:00:00Z"});
}

TEST_CASE("Sunday is 0, 7 and SUN, alone, in ranges and in steps") {
    const Texts sundays{"2026-01-11T00:00:00Z", "2026-01-18T00:00:00Z"};
    for (const char* cron : {"0 0 * * 0", "0 0 * * 7", "0 0 * * SUN", "0 0 * * sun", "0 0 * * 7-7"}) {
        CAPTURE(cron);
        CHECK(next_of(cron, "2026-01-05T00:00:00Z", 2) == sundays);
    }
    const Texts weekend{"2026-01-10T00:00:00Z", "2026-01-11T00:00:00Z", "2026-01-17T00:00:00Z"};
    for (const char* cron : {"0 0 * * 6,0", "0 0 * * 6-7", "0 0 * * SAT-SUN", "0 0 * * 6-0"}) {
        CAPTURE(cron);
        CHECK(next_of(cron, "2026-01-05T00:00:00Z", 3) == weekend);
    }
    CHECK(next_of("0 0 * * 7-2", "2026-01-06T00:00:00Z", 2) == Texts{"2026-01-11T00:00:00Z", "2026-01-12T00:00:00Z"});
    CHECK(next_of("0 0 * * */2", "2026-01-05T00:00:00Z", 4) ==
          Texts{"2026-01-06T00:00:00Z", "2026-01-08T00:00:00Z", "2026-01-10T00:00:00Z", "2026-01-11T00:00:00Z"});
    CHECK(next_of("0 0 * * 1/2", "2026-01-05T00:00:00Z", 3) ==
          Texts{"2026-01-07T00:00:00Z", "2026-01-09T00:00:00Z", "2026-01-12T00:00:00Z"});
}

TEST_CASE("months and days have names in any case") {
    CHECK(next_of("0 0 1 jan,Jul *", "2026-01-05T00:00:00Z", 2) ==
          Texts{"2026-07-01T00:00:00Z", "2027-01-01T00:00:00Z"});
    CHECK(next_of("0 0 * OCT-DEC MON", "2026-10-01T00:00:00Z", 1) == Texts{"2026-10-05T00:00:00Z"});
}

TEST_CASE("steps count from the start of the range, or from a number to the end") {
    CHECK(next_of("5/20 * * * *", "2026-01-05T10:00:00Z", 4) ==
          Texts{"2026-01-05T10:05:00Z", "2026-01-05T10:25:00Z", "2026-01-05T10:45:00Z", "2026-01-05T11:05:00Z"});
    CHECK(next_of("10-20/5 * * * *", "2026-01-05T10:00:00Z", 4) ==
          Texts{"2026-01-05T10:10:00Z", "2026-01-05T10:15:00Z", "2026-01-05T10:20:00Z", "2026-01-05T11:10:00Z"});
    CHECK(next_of("0 0 1/10 * *", "2026-01-05T00:00:00Z", 4) ==
          Texts{"2026-01-11T00:00:00Z", "2026-01-21T00:00:00Z", "2026-01-31T00:00:00Z", "2026-02-01T00:00:00Z"});
}

TEST_CASE("nicknames stand for whole expressions, with and without seconds") {
    struct Case {
        const char* name;
        const char* next;
    };
    for (const Case& one : {Case{"@yearly", "2027-01-01T00:00:00Z"}, Case{"@annually", "2027-01-01T00:00:00Z"},
                            Case{"@monthly", "2026-02-01T00:00:00Z"}, Case{"@weekly", "2026-01-11T00:00:00Z"},
                            Case{"@daily", "2026-01-06T00:00:00Z"}, Case{"@midnight", "2026-01-06T00:00:00Z"},
                            Case{"@HOURLY", "2026-01-05T11:00:00Z"}}) {
        for (const bool with_seconds : {false, true}) {
            CAPTURE(one.name);
            const CronInZone cron{ok(parse_cron(one.name, with_seconds)), Zone::utc(), Dst::RunAfterGap};
            CHECK(to_iso(Timestamp{*cron.next(moment("2026-01-05T10:00:00Z"))}) == one.next);
        }
    }
}

TEST_CASE("L is the last day of a month, W the nearest working day, # and L count days of the week") {
    CHECK(next_of("0 0 L * *", "2026-01-31T00:00:00Z", 2) == Texts{"2026-02-28T00:00:00Z", "2026-03-31T00:00:00Z"});
    CHECK(next_of("0 0 L-2 * *", "2026-02-01T00:00:00Z", 2) == Texts{"2026-02-26T00:00:00Z", "2026-03-29T00:00:00Z"});
    // 2026-02-15 is a Sunday, 2026-08-15 a Saturday, 2026-01-15 a Thursday
    CHECK(next_of("0 0 15W 1,2,8 *", "2026-01-01T00:00:00Z", 3) ==
          Texts{"2026-01-15T00:00:00Z", "2026-02-16T00:00:00Z", "2026-08-14T00:00:00Z"});
    // the nearest working day never leaves the month: 2026-08-01 is a Saturday, 2026-05-31 a Sunday
    CHECK(next_of("0 0 1W 8 *", "2026-07-01T00:00:00Z", 1) == Texts{"2026-08-03T00:00:00Z"});
    CHECK(next_of("0 0 31W 5 *", "2026-05-01T00:00:00Z", 1) == Texts{"2026-05-29T00:00:00Z"});
    CHECK(next_of("0 0 LW * *", "2026-05-01T00:00:00Z", 2) == Texts{"2026-05-29T00:00:00Z", "2026-06-30T00:00:00Z"});
    CHECK(next_of("0 0 * * FRI#2", "2026-01-05T00:00:00Z", 2) == Texts{"2026-01-09T00:00:00Z", "2026-02-13T00:00:00Z"});
    CHECK(next_of("0 0 * * 5#5", "2026-01-05T00:00:00Z", 2) == Texts{"2026-01-30T00:00:00Z", "2026-05-29T00:00:00Z"});
    CHECK(next_of("0 0 ? * FRIL", "2026-01-05T00:00:00Z", 2) == Texts{"2026-01-30T00:00:00Z", "2026-02-27T00:00:00Z"});
    CHECK(next_of("0 0 1,L * *", "2026-01-05T00:00:00Z", 3) ==
          Texts{"2026-01-31T00:00:00Z", "2026-02-01T00:00:00Z", "2026-02-28T00:00:00Z"});
}

TEST_CASE("a refusal names the field, the word and what is allowed") {
    CHECK(refusal("61 * * * *") ==
          "invalid cron expression '61 * * * *': minute '61' is out of range: allowed are 0-59");
    CHECK(refusal("0 24 * * *").find("hour '24' is out of range: allowed are 0-23") != std::string::npos);
    CHECK(refusal("0 0 0 * *").find("day of month '0' is out of range") != std::string::npos);
    CHECK(refusal("0 0 * 13 *").find("month '13' is out of range: allowed are 1-12, JAN-DEC") != std::string::npos);
    CHECK(refusal("0 0 * * 8").find("day of week '8' is out of range") != std::string::npos);
    CHECK(refusal("0 0 * * MOM").find("day of week 'MOM' is not understood") != std::string::npos);
    CHECK(refusal("0 0 * * MOM").find("did you mean 'MON'?") != std::string::npos);
    CHECK(refusal("x * * * *").find("with *, lists 1,2, ranges 1-5 and steps */5") != std::string::npos);
    CHECK(refusal("0 22-2 * * *").find("hour '22-2' runs backwards: write two ranges, 22-23,0-2") != std::string::npos);
    CHECK(refusal("*/0 * * * *").find("minute '*/0' has a step that is not allowed: use 1 to 59") != std::string::npos);
    CHECK(refusal("*/75 * * * *").find("use 1 to 59") != std::string::npos);
    CHECK(refusal("1,,2 * * * *").find("minute ''") != std::string::npos);
    CHECK(refusal("0 0 1, * *").find("day of month '1,' has an empty place in its list") != std::string::npos);
    CHECK(refusal("0 0 * * L").find("write SATL for the last Saturday") != std::string::npos);
    CHECK(refusal("0 0 * * 5#6").find("counts from #1 to #5") != std::string::npos);
    CHECK(refusal("0 0 32W * *").find("use 1W to 31W") != std::string::npos);
    CHECK(refusal("0 0 L-40 * *").find("use L-1 to L-30") != std::string::npos);
    CHECK(refusal("0 0 30 2 *").find("day of month '30' does not exist in month '2': it would never run") !=
          std::string::npos);
    CHECK(refusal("@dayly").find("did you mean '@daily'?") != std::string::npos);
    CHECK(refusal("").find("expected 5 fields (minute hour day-of-month month day-of-week), found 0") !=
          std::string::npos);
    CHECK(refusal("* * * *").find("found 4") != std::string::npos);
    CHECK(refusal("0 * * * * *").find("found 6; for seconds in the first one set `withSeconds: true`") !=
          std::string::npos);
    CHECK(refusal("0 0 * * *", true).find("expected 6 fields (second minute") != std::string::npos);
    CHECK(refusal("0 0 0 * * ? 2026", true).find("there is no field for the year") != std::string::npos);
    for (const char* text : {"-1 * * * *", "1- * * * *", "-5 * * * *", "1-2-3 * * * *", "*/ * * * *", "*/-5 * * * *",
                             "5/5/5 * * * *", "99999999999 * * * *", "** * * * *", "0 0 W * *", "0 0 * * #1", "@"}) {
        CAPTURE(text);
        CHECK(refusal(text).starts_with("invalid cron expression '"));
    }
}

TEST_CASE("what is not there within ten years is not found") {
    // the fifth Monday of a February: 2044 is the next one
    const CronInZone cron = cron_in("0 0 * 2 MON#5", "UTC");
    CHECK(cron.next(moment("2026-01-01T00:00:00Z")) == std::nullopt);
    CHECK(cron.next(moment("2036-01-01T00:00:00Z")) == moment("2044-02-29T00:00:00Z"));
    CHECK(cron.previous(moment("2044-03-01T00:00:00Z")) == moment("2044-02-29T00:00:00Z"));
    CHECK(cron.previous(moment("2044-01-01T00:00:00Z")) == std::nullopt);
}
