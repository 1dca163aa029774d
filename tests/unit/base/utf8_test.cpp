#include "base/utf8.h"

#include "support/test.h"

namespace sluice {

using namespace std::string_literals;

TEST_CASE("well-formed text of any length passes unchanged") {
    for (const std::string& text : {""s, "plain"s, "a longer plain text"s, "żółć €"s, "12345678\xF0\x9F\x98\x80 ok"s}) {
        CHECK(repaired_utf8(text) == text);
    }
}

TEST_CASE("each broken sequence becomes one replacement character") {
    CHECK(repaired_utf8("caf\xE9!") == "caf\xEF\xBF\xBD!");                          // Latin-1
    CHECK(repaired_utf8("\xE2\x82") == "\xEF\xBF\xBD");                              // cut off
    CHECK(repaired_utf8("\xF0\x9F\x98 x") == "\xEF\xBF\xBD x");                      // cut off inside
    CHECK(repaired_utf8("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // a surrogate
    CHECK(repaired_utf8("\xC0\xAF") == "\xEF\xBF\xBD\xEF\xBF\xBD");                  // overlong
    CHECK(repaired_utf8("\xF5\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD");                  // beyond Unicode
}

TEST_CASE("a zero byte is replaced, because PostgreSQL has no place for it") {
    CHECK(repaired_utf8("12345678a\0b"s) == "12345678a\xEF\xBF\xBD"s + "b");
}

TEST_CASE("a prefix never ends inside a character") {
    CHECK(utf8_prefix("a€b", 10) == "a€b");
    CHECK(utf8_prefix("a€b", 4) == "a€");
    CHECK(utf8_prefix("a€b", 3) == "a");
    CHECK(utf8_prefix("a€b", 2) == "a");
}

}  // namespace sluice
