#include "value/temporal.h"

#include "support/test.h"
#include "value/json.h"

using namespace sluice;
using namespace sluice::test;
using namespace std::chrono;

TEST_CASE("dates have the texts of java.time") {
    CHECK(Instant(at("10:00:00.5")).text() == "2026-01-05T10:00:00.500Z");
    CHECK(Instant(Moment{sys_seconds{0s}, 1}).text() == "1970-01-01T00:00:00.000000001Z");
    const WallTime wall{local_seconds{local_days{2024y / 2 / 29}} + 10h, 0};
    CHECK(ZonedDateTime(wall, 1h, "").text() == "2024-02-29T10:00+01:00");
    CHECK(ZonedDateTime(wall, 1h, "Europe/Paris").text() == "2024-02-29T10:00+01:00[Europe/Paris]");
    CHECK(ZonedDateTime(wall, 1h, "").json() == "\"2024-02-29T09:00:00Z\"");
    CHECK(LocalDateTime({wall.seconds, 120'000'000}).text() == "2024-02-29T10:00:00.120");
    CHECK(LocalDateTime({wall.seconds, 120'000'000}).json() == "\"2024-02-29T10:00:00.12\"");
    CHECK(LocalDate(local_days{12024y / 1 / 1}).text() == "+12024-01-01");
    CHECK(LocalTime(0).text() == "00:00");
}

TEST_CASE("durations have the texts of java.time") {
    CHECK(TimeAmount(Duration{90min}).text() == "PT1H30M");
    CHECK(TimeAmount(Duration{-1500ms}).text() == "PT-1.5S");
    CHECK(TimeAmount(Duration{-500ms}).text() == "PT-0.5S");
    CHECK(TimeAmount(Duration{0s}).text() == "PT0S");
    CHECK(TimeAmount(Duration{5min}).json() == "300.000000000");
    CHECK(TimeAmount(Duration{-1500ms}).json() == "-1.500000000");
}

TEST_CASE("a value knows how deep its lists and maps are nested") {
    CHECK(Value(1).height() == 0);
    CHECK(Value(List{}).height() == 1);
    CHECK(Value{{"a", Value(List{Value(Map())})}}.height() == 3);
}
