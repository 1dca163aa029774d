#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/guarded.h"
#include "base/time.h"

namespace sluice::schedule {

using Seconds = std::chrono::seconds;
/// An instant to the second.
using Instant = std::chrono::sys_seconds;
/// What a clock on the wall shows, to the second.
using LocalTime = std::chrono::local_seconds;

/// From `begin` on, until the next one begins, the clock on the wall shows UTC plus `offset`.
struct OffsetPeriod {
    Instant begin{};
    Seconds offset{};
    bool operator==(const OffsetPeriod&) const = default;
};

/// What a change of the clock means for one instant.
enum class ClockChange {
    None,
    AfterGap,     // the clock has just jumped forward
    FirstOfTwo,   // its local time comes once more
    SecondOfTwo,  // its local time has been before
};

/// A time zone, or a fixed offset. A copy is cheap and shares the table of offsets.
/// Threads  any
class Zone {
  public:
    static Zone utc() { return of_offset(Seconds{0}); }
    static Zone of_offset(Seconds offset);
    /// The first period begins before any instant that is asked for.
    Zone(std::string name, std::vector<OffsetPeriod> periods);

    /// "Europe/Berlin", "+02:00", "Z"
    const std::string& name() const { return table_->name; }

    Seconds offset_at(Timestamp at) const;
    LocalTime local(Timestamp at) const;
    /// When the clock on the wall shows `local`: the earlier of two; the end of the gap when it never does.
    Instant instant(LocalTime local) const;
    ClockChange change_at(Instant at) const;

    std::span<const OffsetPeriod> periods() const { return table_->periods; }
    std::size_t period_at(Instant at) const;
    /// Where the period ends and the next begins; for the last one after all instants that are asked for.
    Instant end_of(std::size_t period) const;

  private:
    struct Table {
        std::string name;
        std::vector<OffsetPeriod> periods;
    };
    std::shared_ptr<const Table> table_;
};

/// "Z", "+2", "+02:00", "-0330", "UTC+2", "GMT-03:00"; empty: something else
std::optional<Seconds> parse_offset(std::string_view text);

/// A region of the system's zone data ("Europe/Berlin"), or a fixed offset ("Z", "+05:30", "UTC+2", "GMT-03:00").
///
/// The system's tables end in 2037. Beyond, the rule that held from 2026 to 2037 goes on until 2150. Zones whose
/// summer time follows the moon (Morocco, Gaza) have tables until 2086 and keep their last offset afterwards.
/// Errors  Invalid, with the nearest name
Result<Zone> find_zone(std::string_view name);

/// Whether find_zone would find it, without reading its table.
/// Errors  as find_zone
Result<void> check_zone(std::string_view name);

/// Zones that were asked for before, by name: planning 100,000 schedules reads each table once.
/// Threads  any
class Zones {
  public:
    /// Errors  as find_zone
    Result<Zone> find(std::string_view name) const;

  private:
    mutable Guarded<std::unordered_map<std::string, Zone>> known_{};
};

/// Whether the system's zone data can be relied on: it must be there, and have the changes from now to 2037 written
/// out, because the library doesn't read the rule that a "slim" table ends with.
/// Errors  Unavailable, with what to install
Result<void> check_zone_data();

/// Adds the periods after the last one by the rule that the last twelve years follow, until 2150.
void extend_by_rule(std::vector<OffsetPeriod>& periods);

}  // namespace sluice::schedule
