#include "databases/postgres_values.h"

#include "databases/iso_text.h"
#include "databases/postgres_types.h"
#include "rows/row_codec.h"
#include "support/test.h"
#include "value/json.h"

namespace sluice::databases {
namespace {

/// As it stands in a file of rows
std::string ion(unsigned int type, const std::string& text, const std::string& zone = "") {
    rows::RowCodec codec;
    return codec.text_of(postgres_value(type, text, zone));
}

}  // namespace

TEST_CASE("columns become values of their kind") {
    CHECK(ion(kBool, "t") == "true");
    CHECK(ion(kInt8, "9223372036854775807") == "9223372036854775807");
    CHECK(ion(kNumeric, "123456789012345678901234567890.50") == "123456789012345678901234567890.50");
    CHECK(ion(kNumeric, "NaN") == "\"NaN\"");
    CHECK(ion(kFloat8, "0.1") == "0.1e0");
    CHECK(ion(kBytea, "\\x00ff10") == "\"AP8Q\"");
    CHECK(ion(kJsonb, "{\"a\": [1, null]}") == "{a:[1,null]}");
    CHECK(ion(2950, "0a0b") == "\"0a0b\"");
}

TEST_CASE("dates and times keep what they say, to the microsecond and with their offset") {
    CHECK(ion(kDate, "2024-02-29") == "2024-02-29");
    CHECK(ion(kTime, "10:00:00.5") == "LocalTime::\"10:00:00.500\"");
    CHECK(ion(kTimestamp, "2024-02-29 10:00:00.123456") == "LocalDateTime::\"2024-02-29T10:00:00.123456\"");
    CHECK(ion(kTimestampTz, "2024-02-29 10:00:00.123456+02") == "ZonedDateTime::\"2024-02-29T10:00:00.123456+02:00\"");
    CHECK(ion(kTimestampTz, "2024-02-29 10:00:00+01", "Europe/Paris") ==
          "ZonedDateTime::\"2024-02-29T10:00+01:00[Europe/Paris]\"");
    CHECK(ion(kTimestampTz, "2024-02-29 10:00:00-03:30") == "ZonedDateTime::\"2024-02-29T10:00-03:30\"");
    for (const char* text : {"infinity", "0044-03-15 BC", "12024-01-01", "2024-02-30"}) {
        CHECK(ion(kDate, text) == "\"" + std::string(text) + "\"");
    }
    CHECK(ion(kTime, "24:00:00") == "\"24:00:00\"");
}

TEST_CASE("intervals become durations of ISO 8601") {
    CHECK(iso_interval_of("1 year 2 mons 3 days 04:05:06.5") == "P1Y2M3DT4H5M6.5S");
    CHECK(iso_interval_of("-1 days +02:03:00") == "P-1DT2H3M");
    CHECK(iso_interval_of("-00:00:01") == "PT-1S");
    CHECK(iso_interval_of("00:00:00") == "PT0S");
    CHECK_FALSE(iso_interval_of("@ 1 day").has_value());
}

TEST_CASE("arrays become lists, with what is quoted in them") {
    CHECK(ion(1007, "{1,NULL,{2,3}}") == "[1,null,[2,3]]");
    CHECK(ion(1009, "{\"a, \\\"b\\\" \\\\\",c,\"NULL\"}") == "[\"a, \\\"b\\\" \\\\\",\"c\",\"NULL\"]");
    CHECK(ion(1009, "{}") == "[]");
    CHECK(ion(1007, "[0:1]={1,2}") == "[1,2]");
    CHECK(ion(1182, "{2024-02-29}") == "[2024-02-29]");
    CHECK(ion(1007, "{1,2") == "\"{1,2\"");
}

TEST_CASE("values become parameters that the server understands") {
    CHECK(postgres_parameter(Value(7)).type == kInt4);
    CHECK(postgres_parameter(Value("x")).type == 0);
    CHECK_FALSE(postgres_parameter(Value()).text.has_value());
    CHECK(postgres_parameter(Value(Map{{"a", 1}})).text == "{\"a\":1}");
    const Value list(List{Value(1), Value(), Value("a\"b")});
    CHECK(postgres_parameter(list, 1009).text == "{\"1\",NULL,\"a\\\"b\"}");
    CHECK(postgres_parameter(list, kJsonb).text == "[1,null,\"a\\\"b\"]");
    CHECK(postgres_parameter(Value("AP8Q"), kBytea).text == "\\x00ff10");
    CHECK(postgres_parameter(Value("text"), kJson).text == "\"text\"");
    CHECK(postgres_parameter(postgres_value(kTimestampTz, "2024-02-29 10:00:00+01", "Europe/Paris")).text ==
          "2024-02-29T10:00+01:00");
}

}  // namespace sluice::databases
