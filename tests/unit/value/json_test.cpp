#include "value/json.h"

#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

TEST_CASE("JSON is read and written without loss, in the order of its keys") {
    for (const char* text : {"null", "true", "12", "-9223372036854775808", "123456789012345678901234567890", "1.5",
                             "\"a\"", R"({"z":1,"a":[1,2,{"b":null}],"m":{}})", R"("é\n\"\\\u0001")"}) {
        CHECK(to_json(ok(parse_json(text))) == text);
    }
    CHECK(ok(parse_json("5")).kind() == Kind::Int);
    CHECK(ok(parse_json("3000000000")).kind() == Kind::Long);
}

TEST_CASE("numbers are written as Java writes them") {
    CHECK(java_text(1.0) == "1.0");
    CHECK(java_text(1e10) == "1.0E10");
    CHECK(java_text(0.001) == "0.001");
    CHECK(java_text(0.0001) == "1.0E-4");
    CHECK(java_text(1234567.5) == "1234567.5");
    CHECK(java_text(12345678.0) == "1.2345678E7");
    CHECK(java_text(-0.0) == "-0.0");
    CHECK(java_text(13.3f) == "13.3");
}

TEST_CASE("a mistake in JSON is told with line and column") {
    const Error error = failure(parse_json("{\n  \"a\": x\n}"));
    CHECK(error.place.line == 2);
    CHECK(error.place.column == 8);
    CHECK(failure(parse_json(std::string(600, '['))).message.find("nested deeper") != std::string::npos);
    CHECK(failure(parse_json("\"\\u0000\"")).message.find("U+0000") != std::string::npos);
}

TEST_CASE("what is written can be read again, whatever bytes a text has") {
    const std::string json = to_json(Value(std::string("a\0b\xff", 4)));
    CHECK(json ==
          "\"a\xEF\xBF\xBD"
          "b\xEF\xBF\xBD\"");
    CHECK(parse_json(json).has_value());
}

TEST_CASE("maps of any size find their keys, and copies are independent") {
    Value value{Map{}};
    for (int i = 0; i < 100; ++i) value.mutable_map().set("k" + std::to_string(i), i);
    const Value copy = value;
    value.mutable_map().erase("k50");
    CHECK(copy["k50"] == Value(50));
    CHECK(value["k50"].is_null());
    CHECK(value["k99"] == Value(99));
    CHECK(value.as_map().size() == 99);
}

TEST_CASE("a deep merge joins maps, concatenates lists and replaces the rest") {
    const Value merged =
        deep_merge(ok(parse_json(R"({"a":{"x":1},"l":[1],"s":1})")), ok(parse_json(R"({"a":{"y":2},"l":[2],"s":3})")));
    CHECK(to_json(merged) == R"({"a":{"x":1,"y":2},"l":[1,2],"s":3})");
}
