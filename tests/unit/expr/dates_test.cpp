#include "expr/dates.h"

#include "expr/failure.h"
#include "support/environment.h"

using namespace sluice;
using namespace sluice::test;

namespace {

std::string formatted(const char* text, const char* pattern, const char* zone = "UTC", const char* locale = "en_US") {
    const expr::DateLocale words = expr::DateLocale::of(locale);
    const expr::Zone where = expr::Zone::named(zone);
    const expr::DateInZone date{expr::to_date(Value(text), where, "").moment, where};
    return expr::format_date(date, expr::DatePattern::of(pattern, words), words);
}

}  // namespace

TEST_CASE("dates are written by Java's patterns") {
    const char* at = "2013-09-08T16:09:02.123456789+02:00";
    const char* paris = "Europe/Paris";
    CHECK(formatted(at, "G GGGG u y yy yyyyy", paris) == "AD Anno Domini 2013 2013 13 02013");
    CHECK(formatted(at, "Q QQ QQQ QQQQ M MM MMM MMMM MMMMM", paris) == "3 03 Q3 3rd quarter 9 09 Sep September S");
    CHECK(formatted(at, "w W F d dd D DDD E EEEE EEEEE e eee", paris) == "37 2 2 8 08 251 251 Sun Sunday S 1 Sun");
    CHECK(formatted(at, "a B h hh K KK H k m s", paris) == "PM in the afternoon 4 04 4 04 16 16 9 2");
    CHECK(formatted(at, "S SSS SSSSSSSSS A n N", paris) == "1 123 123456789 58142123 123456789 58142123456789");
    CHECK(formatted(at, "VV v vvvv z zzzz O OOOO", paris) ==
          "Europe/Paris CET Central European Time CEST Central European Summer Time GMT+2 GMT+02:00");
    CHECK(formatted(at, "X XX XXX XXXX XXXXX x xx xxx Z ZZZZ ZZZZZ", paris) ==
          "+02 +0200 +02:00 +0200 +02:00 +02 +0200 +02:00 +0200 GMT+02:00 +02:00");
    CHECK(formatted(at, "ppppd|ppH", paris) == "   8|16");
    CHECK(formatted(at, "yyyy-MM-dd'T'HH 'o''clock' ''", paris) == "2013-09-08T16 o'clock '");
}

TEST_CASE("dates are written in other languages, with their weeks") {
    const char* at = "2021-01-03T10:00:00Z";
    CHECK(formatted(at, "EEEE d MMMM y", "UTC", "fr") == "dimanche 3 janvier 2021");
    CHECK(formatted(at, "EEE MMM", "UTC", "nl") == "zo jan.");
    CHECK(formatted(at, "YYYY-ww e") == "2021-02 1");
    CHECK(formatted(at, "YYYY-ww e", "UTC", "de_DE") == "2020-53 7");
    CHECK(formatted(at, "short", "UTC", "de") == "03.01.21, 10:00");
}

TEST_CASE("zones have many names") {
    CHECK(formatted("2024-01-01T00:00:00Z", "iso_sec", "GMT+2") == "2024-01-01T02:00:00+02:00");
    CHECK(formatted("2024-01-01T00:00:00Z", "iso_sec", "-03:30") == "2023-12-31T20:30:00-03:30");
    CHECK(formatted("2024-01-01T00:00:00Z", "iso_date_time", "Asia/Kolkata") ==
          "2024-01-01T05:30:00+05:30[Asia/Kolkata]");
    CHECK(formatted("2024-07-01T00:00:00Z", "zzz", "America/New_York") == "EDT");
    CHECK_THROWS_AS(expr::Zone::named("Mars/Olympus"), expr::Failure);
    CHECK_THROWS_AS(expr::Zone::named("../../etc/passwd"), expr::Failure);
}

TEST_CASE("patterns that mean nothing are refused") {
    for (const char* pattern : {"bad!", "yyyy#", "'open", "MMMMMM", "dd]", "{yyyy}", "cc", "VVV"}) {
        CAPTURE(pattern);
        CHECK_THROWS_AS(expr::DatePattern::of(pattern, expr::DateLocale::english()), expr::Failure);
    }
}

TEST_CASE("texts are read by a format, strictly") {
    const auto read = [](const char* text, const char* format) {
        return rendered(R"({{ ')" + std::string(text) + R"(' | date('iso', existingFormat=")" + format + R"(") }})");
    };
    CHECK(read("20250601", "yyyyMMdd") == "2025-06-01T00:00:00.000000Z");
    CHECK(read("20250601101530123", "yyyyMMddHHmmssSSS") == "2025-06-01T10:15:30.123000Z");
    CHECK(read("1/6/25 9:05 AM", "d/M/yy h:mm a") == "2025-06-01T09:05:00.000000Z");
    CHECK(read("Sunday, 1 June 2025", "EEEE, d MMMM yyyy") == "2025-06-01T00:00:00.000000Z");
    CHECK(read("2025-06-01 24:00", "yyyy-MM-dd HH:mm") == "2025-06-02T00:00:00.000000Z");
    CHECK(read("2025-152", "yyyy-DDD") == "2025-06-01T00:00:00.000000Z");
    CHECK(read("2025-06-01 10:00 EST", "yyyy-MM-dd HH:mm z") == "2025-06-01T14:00:00.000000Z");
    CHECK(read("2025-06-01 10:00 GMT+3", "yyyy-MM-dd HH:mm O") == "2025-06-01T07:00:00.000000Z");
    CHECK(read("2025-06-01 10:00", "yyyy-MM-dd[ HH:mm]") == "2025-06-01T10:00:00.000000Z");
    CHECK(read("2025-06-01", "yyyy-MM-dd[ HH:mm]") == "2025-06-01T00:00:00.000000Z");
    for (const char* wrong :
         {"Monday, 1 June 2025", "Sunday, 1 june 2025", "Sunday, 1 June 25", "Sunday, 32 June 2025"}) {
        CAPTURE(wrong);
        const auto text = R"({{ ')" + std::string(wrong) + R"(' | date(existingFormat='EEEE, d MMMM yyyy') }})";
        CHECK(render_failure(text).kind == "date error");
    }
}

TEST_CASE("dates beyond what the calendar holds are errors, not surprises") {
    for (const char* text :
         {"{{ 9223372036854775807 | date }}", "{{ '2024-01-01' | dateAdd(9223372036854775807, 'YEARS') }}",
          "{{ '2024-01-01' | dateAdd(100000000000, 'DAYS') }}", "{{ '2024-01-01' | dateAdd(9000, 'MILLENNIA') }}",
          "{{ '2024-01-01' | dateAdd(1, 'ERAS') }}"}) {
        CAPTURE(text);
        CHECK(render_failure(text).kind == "date error");
    }
    CHECK(rendered("{{ '2024-01-31' | dateAdd(13, 'MONTHS', 'iso_local_date') }}") == "2025-02-28");
    CHECK(rendered("{{ '2024-01-31' | dateAdd(-1, 'ERAS', 'y G') }}") == "2024 BC");
}

TEST_CASE("a step of any size stays in range or is refused") {
    const expr::DateInZone date = expr::to_date(Value("2024-02-29"), expr::Zone::utc(), "");
    for (const char* unit : {"NANOS", "SECONDS", "HOURS", "DAYS", "WEEKS", "MONTHS", "YEARS", "ERAS"}) {
        CAPTURE(unit);
        for (const std::int64_t amount : {INT64_MIN, INT64_MAX}) {
            if (std::string_view(unit) == "NANOS")
                CHECK_NOTHROW(expr::date_plus(date, amount, unit));
            else
                CHECK_THROWS_AS(expr::date_plus(date, amount, unit), expr::Failure);
        }
    }
}

TEST_CASE("what is no zone is told at once, whatever its length") {
    const std::string text = "2024-02-29T10:00:00 " + std::string(100'000, 'o');
    CHECK_THROWS_AS(expr::to_date(Value(text), expr::Zone::utc(), "yyyy-MM-dd'T'HH:mm:ss VV"), expr::Failure);
    CHECK_THROWS_AS(expr::to_date(Value("2024-02-29T10:00:00[" + std::string(100'000, 'o') + "]"), expr::Zone::utc(), ""),
                    expr::Failure);
    CHECK_NOTHROW(expr::to_date(Value("2024-02-29T10:00:00 America/Argentina/ComodRivadavia"), expr::Zone::utc(),
                                "yyyy-MM-dd'T'HH:mm:ss VV"));
}

TEST_CASE("a format has a limited length") {
    const auto read = [](std::size_t count) {
        const auto pattern = expr::DatePattern::of(std::string(count, '[') + "yyyy-MM-dd", expr::DateLocale::english());
        return expr::read_date("2024-02-29", pattern).day;
    };
    CHECK((read(990) == read(0)));
    CHECK_THROWS_AS(read(991), expr::Failure);
    CHECK_THROWS_AS(read(100'000), expr::Failure);
}
