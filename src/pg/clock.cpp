#include "pg/clock.h"

namespace sluice::pg {
namespace {
std::int64_t micros(std::chrono::steady_clock::time_point at) {
    return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}
}  // namespace

void DatabaseClock::set(Timestamp database_now, std::chrono::steady_clock::time_point before,
                        std::chrono::steady_clock::time_point after) {
    const std::int64_t middle = micros(before) + (micros(after) - micros(before)) / 2;
    steady_to_database_us_ = database_now.time_since_epoch().count() - middle;
    known_ = true;
}

Timestamp DatabaseClock::now() const {
    if (!known_) throw OutsideError("the database's clock is not known yet: no connection was made");
    return Timestamp{Duration{micros(std::chrono::steady_clock::now()) + steady_to_database_us_}};
}

}  // namespace sluice::pg
