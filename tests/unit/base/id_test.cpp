#include "base/id.h"

#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

TEST_CASE("ids are 22 characters and sort by time") {
    const std::string early = time_ordered_id(at("10:00:00"));
    const std::string late = time_ordered_id(at("10:00:00") + 1ms);
    CHECK(early.size() == 22);
    CHECK(early < late);
    CHECK(lowest_id(at("10:00:00")) <= early);
    CHECK(early < lowest_id(at("10:00:00") + 1ms));
    CHECK(time_of_id(early) == at("10:00:00"));
    CHECK(looks_like_id(early));
    CHECK_FALSE(looks_like_id("company.team"));
}

TEST_CASE("an id derived from the same place is the same, of another place another") {
    const std::string origin = time_ordered_id(at("10:00:00"));
    CHECK(derived_id(origin, "a") == derived_id(origin, "a"));
    CHECK(derived_id(origin, "a") != derived_id(origin, "b"));
    CHECK(derived_id(origin, "a") != derived_id(time_ordered_id(at("10:00:00")), "a"));
    CHECK(time_of_id(derived_id(origin, "a")) == at("10:00:00"));
}
