#include "webserver/zip.h"

#include "support/test.h"

using namespace sluice;
using namespace sluice::test;
using namespace sluice::webserver;

TEST_CASE("an archive gives back what is in it, and a small one costs no large memory") {
    const std::vector<ZipEntry> entries{{"a.txt", "one"}, {"b/c.txt", std::string(1000, 'x')}};
    CHECK(ok(unzip(zip_of(entries))) == entries);
    const std::string bomb = zip_of({{"zeros", std::string(40UL * 1024 * 1024, '\0')}});
    REQUIRE(bomb.size() < 400 * 1024);
    CHECK(failure(unzip(bomb)).code == ErrorCode::TooLarge);
    CHECK(failure(unzip(zip_of(entries), {.entries = 1})).code == ErrorCode::TooLarge);
    CHECK(failure(unzip(zip_of(entries), {.bytes = 100})).code == ErrorCode::TooLarge);
}
