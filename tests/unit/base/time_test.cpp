#include "base/time.h"

#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

TEST_CASE("an instant is written with as few digits as it needs, and reads back") {
    CHECK(to_iso(at("10:00:00")) == "2026-01-05T10:00:00Z");
    CHECK(to_iso(at("10:00:00") + 120ms) == "2026-01-05T10:00:00.120Z");
    CHECK(to_iso(at("10:00:00") + 7us) == "2026-01-05T10:00:00.000007Z");
    CHECK(ok(parse_iso("2026-01-05T12:00:00+02:00")) == at("10:00:00"));
    CHECK(ok(parse_iso("2026-01-05T10:00:00.123456789Z")) == at("10:00:00") + 123456us);
    CHECK(ok(parse_iso("1969-12-31T23:59:59.500Z")).time_since_epoch() == -500ms);
}

TEST_CASE("a text that is no instant is refused with the form that is wanted") {
    for (const char* text : {"", "2026-01-05", "2026-13-05T10:00:00Z", "2026-01-05T25:00:00Z", "2026-01-05T10:00:00",
                             "2026-01-05T10:00:00Zx", "2026-02-30T10:00:00Z"}) {
        CAPTURE(text);
        CHECK(failure(parse_iso(text)).code == ErrorCode::Invalid);
    }
}

TEST_CASE("durations are read in ISO form, as seconds, and with a unit") {
    CHECK(ok(parse_duration("PT10S")) == 10s);
    CHECK(ok(parse_duration("pt0.25s")) == 250ms);
    CHECK(ok(parse_duration("P1DT2H")) == 26h);
    CHECK(ok(parse_duration("-PT1M")) == -60s);
    CHECK(ok(parse_duration("P2W")) == 14 * 24h);
    CHECK(ok(parse_duration("1.5")) == 1500ms);
    CHECK(ok(parse_duration("25ms")) == 25ms);
    CHECK(ok(parse_duration("5m")) == 300s);
    for (const char* text : {"", "P", "PT", "P1M", "1 year", "PT1", "ten", "P3102266121D", "P9000000000WT9000000000H",
                             "PT--5S", "PT-9223372036854775808S", "1e15d"}) {
        CAPTURE(text);
        CHECK(failure(parse_duration(text)).message.find("expected an ISO-8601 duration") != std::string::npos);
    }
}

TEST_CASE("durations are written in ISO form") {
    CHECK(to_iso(Duration{0}) == "PT0S");
    CHECK(to_iso(Duration{36h + 5min + 2s}) == "PT36H5M2S");
    CHECK(to_iso(Duration{1500ms}) == "PT1.5S");
    CHECK(to_iso(Duration{-90s}) == "PT-1M-30S");
    CHECK(as_clock(Duration{3723456ms}) == "01:02:03.456");
}
