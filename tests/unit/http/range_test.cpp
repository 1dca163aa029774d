#include "http/range.h"

#include "http/conditional.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::http;

namespace {

std::string chosen(std::string_view header, std::uint64_t size) {
    const RangeChoice choice = choose_range(header, size);
    if (choice.kind == RangeChoice::Kind::Whole) return "whole";
    if (choice.kind == RangeChoice::Kind::Unsatisfiable) return "none";
    return fmt::format("{}+{}", choice.first, choice.size);
}

}  // namespace

TEST_CASE("a range is a part of the body") {
    CHECK(chosen("bytes=0-9", 100) == "0+10");
    CHECK(chosen("bytes=90-", 100) == "90+10");
    CHECK(chosen("bytes=-10", 100) == "90+10");
    CHECK(chosen("bytes=-1000", 100) == "0+100");
    CHECK(chosen("bytes=50-1000", 100) == "50+50");
    CHECK(chosen("Bytes = 0 - 0", 100) == "0+1");
}

TEST_CASE("a range outside the body cannot be satisfied") {
    CHECK(chosen("bytes=100-", 100) == "none");
    CHECK(chosen("bytes=-0", 100) == "none");
    CHECK(chosen("bytes=0-", 0) == "none");
}

TEST_CASE("what is no single range of bytes is answered with the whole") {
    for (const char* header : {"bytes=0-1,5-6", "lines=0-1", "bytes=5-1", "bytes=a-b", "bytes=", "bytes", "bytes=-",
                               "bytes=1", "bytes=99999999999999999999999-"}) {
        CAPTURE(header);
        CHECK(chosen(header, 100) == "whole");
    }
}

TEST_CASE("dates of HTTP are read and written") {
    CHECK(to_http_date(1'795'497'000) == "Tue, 24 Nov 2026 05:10:00 GMT");
    CHECK(parse_http_date("Tue, 24 Nov 2026 05:10:00 GMT") == 1'795'497'000);
    CHECK_FALSE(parse_http_date("Tue, 31 Feb 2026 05:10:00 GMT"));
    CHECK_FALSE(parse_http_date("yesterday"));
}

TEST_CASE("an entity tag is compared weakly, and wins over the date") {
    const Headers response{{"ETag", "\"a\""}, {"Last-Modified", "Tue, 24 Nov 2026 05:10:00 GMT"}};
    CHECK(is_not_modified({{"If-None-Match", "\"x\", W/\"a\""}}, response));
    CHECK(is_not_modified({{"If-None-Match", "*"}}, response));
    CHECK_FALSE(is_not_modified({{"If-None-Match", "\"x\""}, {"If-Modified-Since", "Tue, 24 Nov 2026 05:10:00 GMT"}},
                                response));
    CHECK(is_not_modified({{"If-Modified-Since", "Tue, 24 Nov 2026 05:10:00 GMT"}}, response));
    CHECK_FALSE(is_not_modified({{"If-Modified-Since", "Tue, 24 Nov 2026 05:09:59 GMT"}}, response));
    CHECK_FALSE(is_not_modified({}, response));
    CHECK(range_still_applies({{"If-Range", "\"a\""}}, response));
    CHECK_FALSE(range_still_applies({{"If-Range", "\"b\""}}, response));
}
