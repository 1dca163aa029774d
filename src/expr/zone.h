#pragma once
#include <chrono>
#include <string>
#include <string_view>

#include "value/temporal.h"

namespace date {
class time_zone;
}

namespace sluice::expr {

/// No name is longer; the longest of a region has 32 bytes.
inline constexpr std::size_t kLongestZoneName = 64;

/// A time zone: a region of the IANA database, or a fixed offset.
class Zone {
  public:
    /// "Europe/Paris", "UTC", "Z", "+05:30", "GMT+2"
    /// Throws  Failure: a date error, when there is no such zone
    static Zone named(std::string_view name);
    static Zone of_offset(std::chrono::seconds offset);
    static Zone utc() { return of_offset(std::chrono::seconds{0}); }

    /// "Europe/Paris", "+05:30", "Z", "GMT+02:00"
    const std::string& id() const { return id_; }
    bool is_region() const { return region_ != nullptr; }

    std::chrono::seconds offset_at(const Moment& moment) const;
    bool is_summer_at(const Moment& moment) const;
    /// "CEST"; for a fixed offset its id
    std::string abbreviation_at(const Moment& moment) const;

    /// What the clock on the wall shows then
    ZonedDateTime at(const Moment& moment) const;
    /// When the clock on the wall shows that: in a gap the time moves forward by the gap, of two the earlier one
    /// counts.
    ZonedDateTime at(const WallTime& wall) const;

  private:
    Zone(std::string id, std::chrono::seconds offset) : id_(std::move(id)), offset_(offset) {}
    Zone(std::string id, const date::time_zone* region) : id_(std::move(id)), region_(region) {}

    std::string id_;
    const date::time_zone* region_ = nullptr;
    std::chrono::seconds offset_{};  // of a fixed one
};

}  // namespace sluice::expr
