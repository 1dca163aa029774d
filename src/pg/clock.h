#pragma once
#include <atomic>

#include "base/time.h"

namespace sluice::pg {

/// The database's clock (P8), followed by this machine's steady clock between two readings.
///
/// It serves where a time is needed outside a transaction: the time in a new id, the end of a lease as we see it.
/// Decisions are taken in SQL, by now().
/// Threads  any
class DatabaseClock {
  public:
    /// A reading of clock_timestamp(), taken between two readings of the steady clock.
    void set(Timestamp database_now, std::chrono::steady_clock::time_point before,
             std::chrono::steady_clock::time_point after);

    /// Errors  OutsideError while no connection was ever made
    Timestamp now() const;

  private:
    std::atomic<std::int64_t> steady_to_database_us_{0};
    std::atomic<bool> known_{false};
};

}  // namespace sluice::pg
