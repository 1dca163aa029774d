#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"
#include "value/value.h"

namespace sluice {

/// The wall clock somewhere: a date and a time of day, to the nanosecond.
struct WallTime {
    std::chrono::local_seconds seconds{};
    std::int32_t nanos = 0;  // 0 to 999,999,999

    auto operator<=>(const WallTime&) const = default;
    std::chrono::local_days day() const { return std::chrono::floor<std::chrono::days>(seconds); }
    std::int64_t second_of_day() const { return (seconds - day()).count(); }
    std::int64_t nano_of_day() const { return second_of_day() * 1'000'000'000 + nanos; }
};

/// A point on the time line, to the nanosecond.
struct Moment {
    std::chrono::sys_seconds seconds{};
    std::int32_t nanos = 0;  // 0 to 999,999,999

    auto operator<=>(const Moment&) const = default;
};

Moment to_moment(Timestamp at);
/// Cut to the microsecond
Timestamp to_timestamp(const Moment& moment);

// The texts are those of java.time: seconds are left out when they are zero (not by an instant), and a fraction has
// 3, 6 or 9 digits.

class Instant final : public Extension {
  public:
    static constexpr ExtensionType kType = ExtensionType::Instant;
    explicit Instant(Moment at) : at_(at) {}
    explicit Instant(Timestamp at) : at_(to_moment(at)) {}

    const Moment& at() const { return at_; }
    ExtensionType type() const override { return kType; }
    std::string text() const override;
    std::string json() const override;
    bool equals(const Extension& other) const override;

  private:
    Moment at_;
};

/// A wall time with its offset from UTC, and the region that it follows when there is one.
class ZonedDateTime final : public Extension {
  public:
    static constexpr ExtensionType kType = ExtensionType::ZonedDateTime;
    ZonedDateTime(WallTime wall, std::chrono::seconds offset, std::string region)
        : wall_(wall), offset_(offset), region_(std::move(region)) {}

    const WallTime& wall() const { return wall_; }
    std::chrono::seconds offset() const { return offset_; }
    const std::string& region() const { return region_; }  // "Europe/Paris", or empty
    Moment moment() const;
    ExtensionType type() const override { return kType; }
    std::string text() const override;
    std::string json() const override;  // moved to UTC
    bool equals(const Extension& other) const override;

  private:
    WallTime wall_;
    std::chrono::seconds offset_;
    std::string region_;
};

class LocalDate final : public Extension {
  public:
    static constexpr ExtensionType kType = ExtensionType::LocalDate;
    explicit LocalDate(std::chrono::local_days day) : day_(day) {}

    std::chrono::local_days day() const { return day_; }
    ExtensionType type() const override { return kType; }
    std::string text() const override;
    std::string json() const override;
    bool equals(const Extension& other) const override;

  private:
    std::chrono::local_days day_;
};

class LocalDateTime final : public Extension {
  public:
    static constexpr ExtensionType kType = ExtensionType::LocalDateTime;
    explicit LocalDateTime(WallTime at) : at_(at) {}

    const WallTime& at() const { return at_; }
    ExtensionType type() const override { return kType; }
    std::string text() const override;
    std::string json() const override;
    bool equals(const Extension& other) const override;

  private:
    WallTime at_;
};

class LocalTime final : public Extension {
  public:
    static constexpr ExtensionType kType = ExtensionType::LocalTime;
    explicit LocalTime(std::int64_t nano_of_day) : nano_of_day_(nano_of_day) {}

    std::int64_t nano_of_day() const { return nano_of_day_; }
    ExtensionType type() const override { return kType; }
    std::string text() const override;
    std::string json() const override;
    bool equals(const Extension& other) const override;

  private:
    std::int64_t nano_of_day_;
};

/// A length of time: PT5M
class TimeAmount final : public Extension {
  public:
    static constexpr ExtensionType kType = ExtensionType::TimeAmount;
    TimeAmount(std::int64_t seconds, std::int32_t nanos) : seconds_(seconds), nanos_(nanos) {}
    explicit TimeAmount(Duration duration);

    std::int64_t seconds() const { return seconds_; }
    std::int32_t nanos() const { return nanos_; }  // 0 to 999,999,999, also of a negative amount
    ExtensionType type() const override { return kType; }
    std::string text() const override;
    std::string json() const override;  // 300.000000000
    bool equals(const Extension& other) const override;

  private:
    std::int64_t seconds_;
    std::int32_t nanos_;
};

/// How many digits the fraction of a second gets, and whether seconds of zero are written.
enum class FractionDigits { Grouped, AsFewAsPossible };
enum class ZeroSeconds { Written, LeftOut };

/// "2024-02-29"; years beyond 9999 get a sign
std::string iso_date(std::chrono::local_days day);
/// "10:00:12.5"
std::string iso_time(std::int64_t nano_of_day, FractionDigits digits, ZeroSeconds zero);
std::string iso_date_time(const WallTime& at, FractionDigits digits, ZeroSeconds zero);
/// "2024-03-04T05:06:07.891Z"
std::string iso_instant(const Moment& at);
/// "Z", "+02:00", "-00:30:15"
std::string iso_offset(std::chrono::seconds offset);

}  // namespace sluice
