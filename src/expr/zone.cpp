#include "expr/zone.h"

#include <algorithm>
#include <charconv>
#include <date/tz.h>
#include <optional>

#include "expr/failure.h"

namespace sluice::expr {
namespace {

using std::chrono::seconds;

// The database's files list changes up to this year. Later on the rules go on as before, so a later date is looked up
// in an earlier year of the same calendar: same leap day, same weekdays. One is found within 28 years.
constexpr int kLastListedYear = 2037;

std::optional<int> digits(std::string_view text) {
    int value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool plain = !text.empty() && text.size() <= 2 && text.front() != '-';
    if (!plain || failed != std::errc{} || end != text.data() + text.size()) return {};
    return value;
}

std::optional<seconds> seconds_of_parts(std::string_view hours, std::string_view minutes, std::string_view rest) {
    const auto h = digits(hours);
    const auto m = digits(minutes);
    const auto s = digits(rest);
    if (!h || !m || !s || *h > 18 || *m > 59 || *s > 59) return {};
    return seconds{*h * 3600 + *m * 60 + *s};
}

/// "+5", "+05", "+0530", "+05:30", "+05:30:15"
std::optional<seconds> parse_offset(std::string_view text) {
    if (text.empty() || (text.front() != '+' && text.front() != '-')) return {};
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    std::optional<seconds> size;
    const bool has_colons = text.size() > 2 && text[2] == ':';
    if (text.size() <= 2)
        size = seconds_of_parts(text, "0", "0");
    else if (has_colons && text.size() == 5)
        size = seconds_of_parts(text.substr(0, 2), text.substr(3), "0");
    else if (has_colons && text.size() == 8 && text[5] == ':')
        size = seconds_of_parts(text.substr(0, 2), text.substr(3, 2), text.substr(6));
    else if (text.size() == 4)
        size = seconds_of_parts(text.substr(0, 2), text.substr(2), "0");
    else if (text.size() == 6)
        size = seconds_of_parts(text.substr(0, 2), text.substr(2, 2), text.substr(4));
    if (!size) return {};
    return sign * *size;
}

date::year_month_day calendar(date::sys_days day) {
    return date::year_month_day{day};
}

/// How far a date beyond the listed years is moved back, to a year that looks the same.
seconds shift_of(seconds since_epoch) {
    const date::sys_days day{date::floor<date::days>(since_epoch)};
    const int year = static_cast<int>(calendar(day).year());
    if (year <= kLastListedYear) return seconds{0};
    const auto first_day = [](int y) { return date::sys_days{date::year{y} / 1 / 1}; };
    const auto looks_like = [&](int y) {
        return date::year{y}.is_leap() == date::year{year}.is_leap() &&
               date::weekday{first_day(y)} == date::weekday{first_day(year)};
    };
    int alike = kLastListedYear;
    while (!looks_like(alike)) --alike;
    return first_day(year) - first_day(alike);
}

date::sys_info info_at(const date::time_zone& zone, const Moment& moment) {
    const seconds at = moment.seconds.time_since_epoch();
    return zone.get_info(date::sys_seconds{at - shift_of(at)});
}

seconds offset_of_wall(const date::time_zone& zone, const WallTime& wall) {
    const seconds at = wall.seconds.time_since_epoch();
    const date::local_info info = zone.get_info(date::local_seconds{at - shift_of(at)});
    // In a gap the offset before it applies: the wall time then reads later by the gap.
    return info.first.offset;
}

}  // namespace

Zone Zone::of_offset(seconds offset) {
    return {iso_offset(offset), offset};
}

Zone Zone::named(std::string_view name) {
    if (name == "Z") return of_offset(seconds{0});
    if (const auto offset = parse_offset(name)) return of_offset(*offset);
    for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
        if (!name.starts_with(prefix) || name.size() == prefix.size()) continue;
        if (const auto offset = parse_offset(name.substr(prefix.size()))) {
            return {std::string(prefix) + (offset->count() == 0 ? "" : iso_offset(*offset)), *offset};
        }
    }
    // Java knows these without the database.
    if (name == "UTC" || name == "GMT" || name == "UT") return {std::string(name), seconds{0}};
    const bool is_plain = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '_' ||
               c == '-' || c == '+';
    });
    if (is_plain && !name.empty() && name.size() <= kLongestZoneName) {
        try {
            return {std::string(name), date::locate_zone(name)};
        } catch (const std::runtime_error&) {  // there is no such zone: told below
        }
    }
    throw failure(FailureKind::DateError, "there is no time zone '{}'", name);
}

seconds Zone::offset_at(const Moment& moment) const {
    return region_ != nullptr ? seconds{info_at(*region_, moment).offset} : offset_;
}

bool Zone::is_summer_at(const Moment& moment) const {
    return region_ != nullptr && info_at(*region_, moment).save.count() != 0;
}

std::string Zone::abbreviation_at(const Moment& moment) const {
    return region_ != nullptr ? info_at(*region_, moment).abbrev : id_;
}

ZonedDateTime Zone::at(const Moment& moment) const {
    const seconds offset = offset_at(moment);
    const WallTime wall{std::chrono::local_seconds{moment.seconds.time_since_epoch() + offset}, moment.nanos};
    const bool is_bare_offset = region_ == nullptr && id_ == iso_offset(offset_);
    return {wall, offset, is_bare_offset ? "" : id_};
}

ZonedDateTime Zone::at(const WallTime& wall) const {
    const seconds offset = region_ != nullptr ? offset_of_wall(*region_, wall) : offset_;
    return at(Moment{std::chrono::sys_seconds{wall.seconds.time_since_epoch() - offset}, wall.nanos});
}

}  // namespace sluice::expr
