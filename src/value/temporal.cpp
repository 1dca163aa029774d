#include "value/temporal.h"

#include <fmt/format.h>

namespace sluice {
namespace {

std::string quoted(const std::string& text) {
    return '"' + text + '"';
}

/// Text and JSON differ in the seconds: JSON always has them.
std::string json_date_time(const WallTime& at) {
    return iso_date_time(at, FractionDigits::AsFewAsPossible, ZeroSeconds::Written);
}

void append_fraction(std::string& out, std::int64_t nanos, FractionDigits digits) {
    if (nanos == 0) return;
    std::string fraction = fmt::format("{:09}", nanos);
    const std::size_t group = digits == FractionDigits::Grouped ? 3 : 1;
    while (fraction.ends_with(std::string(group, '0'))) fraction.resize(fraction.size() - group);
    out += "." + fraction;
}

}  // namespace

Moment to_moment(Timestamp at) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
    return {seconds, static_cast<std::int32_t>((at - seconds).count() * 1000)};
}

Timestamp to_timestamp(const Moment& moment) {
    return Timestamp{moment.seconds} + std::chrono::microseconds{moment.nanos / 1000};
}

std::string iso_date(std::chrono::local_days day) {
    const std::chrono::year_month_day date(day);
    const int year = static_cast<int>(date.year());
    const auto month = static_cast<unsigned>(date.month());
    const auto of_month = static_cast<unsigned>(date.day());
    const char* sign = year > 9999 ? "+" : year < 0 ? "-" : "";
    return fmt::format("{}{:04}-{:02}-{:02}", sign, std::abs(year), month, of_month);
}

std::string iso_time(std::int64_t nano_of_day, FractionDigits digits, ZeroSeconds zero) {
    const std::int64_t seconds = nano_of_day / 1'000'000'000;
    const std::int64_t nanos = nano_of_day % 1'000'000'000;
    std::string out = fmt::format("{:02}:{:02}", seconds / 3600, seconds / 60 % 60);
    if (zero == ZeroSeconds::LeftOut && seconds % 60 == 0 && nanos == 0) return out;
    out += fmt::format(":{:02}", seconds % 60);
    append_fraction(out, nanos, digits);
    return out;
}

std::string iso_date_time(const WallTime& at, FractionDigits digits, ZeroSeconds zero) {
    return iso_date(at.day()) + "T" + iso_time(at.nano_of_day(), digits, zero);
}

std::string iso_instant(const Moment& at) {
    const WallTime utc{std::chrono::local_seconds{at.seconds.time_since_epoch()}, at.nanos};
    return iso_date_time(utc, FractionDigits::Grouped, ZeroSeconds::Written) + "Z";
}

std::string iso_offset(std::chrono::seconds offset) {
    if (offset.count() == 0) return "Z";
    const std::int64_t seconds = std::abs(offset.count());
    std::string out = fmt::format("{}{:02}:{:02}", offset.count() < 0 ? '-' : '+', seconds / 3600, seconds / 60 % 60);
    if (seconds % 60 != 0) out += fmt::format(":{:02}", seconds % 60);
    return out;
}

std::string Instant::text() const {
    return iso_instant(at_);
}
std::string Instant::json() const {
    return quoted(text());
}
bool Instant::equals(const Extension& other) const {
    const auto* same = if_a<Instant>(other);
    return same != nullptr && same->at_ == at_;
}

Moment ZonedDateTime::moment() const {
    return {std::chrono::sys_seconds{wall_.seconds.time_since_epoch() - offset_}, wall_.nanos};
}
std::string ZonedDateTime::text() const {
    std::string out = iso_date_time(wall_, FractionDigits::Grouped, ZeroSeconds::LeftOut) + iso_offset(offset_);
    return region_.empty() ? out : out + "[" + region_ + "]";
}
std::string ZonedDateTime::json() const {
    const Moment at = moment();
    return quoted(json_date_time({std::chrono::local_seconds{at.seconds.time_since_epoch()}, at.nanos}) + "Z");
}
bool ZonedDateTime::equals(const Extension& other) const {
    const auto* same = if_a<ZonedDateTime>(other);
    return same != nullptr && same->wall_ == wall_ && same->offset_ == offset_ && same->region_ == region_;
}

std::string LocalDate::text() const {
    return iso_date(day_);
}
std::string LocalDate::json() const {
    return quoted(text());
}
bool LocalDate::equals(const Extension& other) const {
    const auto* same = if_a<LocalDate>(other);
    return same != nullptr && same->day_ == day_;
}

std::string LocalDateTime::text() const {
    return iso_date_time(at_, FractionDigits::Grouped, ZeroSeconds::LeftOut);
}
std::string LocalDateTime::json() const {
    return quoted(json_date_time(at_));
}
bool LocalDateTime::equals(const Extension& other) const {
    const auto* same = if_a<LocalDateTime>(other);
    return same != nullptr && same->at_ == at_;
}

std::string LocalTime::text() const {
    return iso_time(nano_of_day_, FractionDigits::Grouped, ZeroSeconds::LeftOut);
}
std::string LocalTime::json() const {
    return quoted(iso_time(nano_of_day_, FractionDigits::AsFewAsPossible, ZeroSeconds::Written));
}
bool LocalTime::equals(const Extension& other) const {
    const auto* same = if_a<LocalTime>(other);
    return same != nullptr && same->nano_of_day_ == nano_of_day_;
}

TimeAmount::TimeAmount(Duration duration)
    : seconds_(std::chrono::floor<std::chrono::seconds>(duration).count()),
      nanos_(
          static_cast<std::int32_t>((duration - std::chrono::floor<std::chrono::seconds>(duration)).count() * 1000)) {}

std::string TimeAmount::text() const {
    if (seconds_ == 0 && nanos_ == 0) return "PT0S";
    // Java counts the seconds toward zero, so that -1.5 s is PT-1.5S.
    const bool rounds_up = seconds_ < 0 && nanos_ > 0;
    const std::int64_t whole = rounds_up ? seconds_ + 1 : seconds_;
    const std::int64_t nanos = rounds_up ? 1'000'000'000 - nanos_ : nanos_;
    std::string out = "PT";
    if (whole / 3600 != 0) out += fmt::format("{}H", whole / 3600);
    if (whole / 60 % 60 != 0) out += fmt::format("{}M", whole / 60 % 60);
    if (whole % 60 == 0 && nanos == 0) return out;
    out += rounds_up && whole % 60 == 0 ? "-0" : fmt::format("{}", whole % 60);
    append_fraction(out, nanos, FractionDigits::AsFewAsPossible);
    return out + "S";
}
std::string TimeAmount::json() const {
    const bool rounds_up = seconds_ < 0 && nanos_ > 0;
    const std::int64_t whole = rounds_up ? seconds_ + 1 : seconds_;
    const char* sign = rounds_up && whole == 0 ? "-" : "";
    return fmt::format("{}{}.{:09}", sign, whole, rounds_up ? 1'000'000'000 - nanos_ : nanos_);
}
bool TimeAmount::equals(const Extension& other) const {
    const auto* same = if_a<TimeAmount>(other);
    return same != nullptr && same->seconds_ == seconds_ && same->nanos_ == nanos_;
}

}  // namespace sluice
