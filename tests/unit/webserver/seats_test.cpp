#include "webserver/seats.h"

#include "support/test.h"

using namespace sluice::webserver;

TEST_CASE("one address takes some seats and not all; who leaves makes room") {
    Seats seats(3, 2);
    const Seat first(seats, "192.0.2.1");
    {
        const Seat second(seats, "192.0.2.1");
        CHECK(second.taken());
        CHECK_FALSE(Seat(seats, "192.0.2.1").taken());
        const Seat other(seats, "192.0.2.2");
        CHECK(other.taken());
        CHECK_FALSE(Seat(seats, "192.0.2.3").taken());  // all are taken
    }
    const Seat again(seats, "192.0.2.1");
    CHECK(again.taken());
    CHECK(Seat(seats, "192.0.2.3").taken());
}
