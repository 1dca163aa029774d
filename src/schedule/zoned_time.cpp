#include "schedule/zoned_time.h"

#include <algorithm>
#include <vector>

#include "base/nearest.h"

namespace sluice::schedule {
namespace {

using namespace std::chrono;

constexpr std::string_view kWeekdays[] = {"SUNDAY", "MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY"};

/// A text cut into what the clock shows and where.
struct Parts {
    std::string_view local{};
    std::optional<Seconds> offset{};
    std::string_view region{};
};

/// Cuts an offset and a bracketed region off the end. `time_at`: where the time begins, so that the dashes of a date
/// are not taken for a sign. Empty: the offset is malformed
std::optional<Parts> parts_of(std::string_view text, std::size_t time_at) {
    Parts out;
    if (!text.empty() && text.back() == ']') {
        const std::size_t bracket = text.find('[');
        if (bracket == std::string_view::npos) return {};
        out.region = text.substr(bracket + 1, text.size() - bracket - 2);
        text = text.substr(0, bracket);
    }
    out.local = text;
    if (time_at >= text.size()) return out;
    const std::size_t sign = text.find_first_of("+-Zz", time_at);
    if (sign == std::string_view::npos) return out;
    out.local = text.substr(0, sign);
    const std::string_view offset = text.substr(sign);
    out.offset = offset == "z" ? Seconds{0} : parse_offset(offset);
    if (!out.offset) return {};
    return out;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

}  // namespace

std::string to_iso(const ZonedTime& time) {
    std::string out = sluice::to_iso(time.at + time.offset);
    if (time.offset == 0s) return out;
    out.pop_back();
    return out + Zone::of_offset(time.offset).name();
}

Result<ZonedTime> parse_zoned(std::string_view text, const Zone& zone) {
    const std::string_view whole = trimmed(text);
    const auto wrong = [&] {
        return invalid("'{}' is not a date; expected a form such as 2026-01-31T10:00:00+01:00", text);
    };
    const auto parts = parts_of(whole, whole.find_first_of("Tt "));
    if (!parts) return wrong();
    std::string local(parts->local);
    if (local.find_first_of("Tt ") == std::string::npos) local += "T00:00";
    const auto shown = parse_iso(local + "Z");
    if (!shown) return wrong();
    if (parts->offset) return ZonedTime{*shown - *parts->offset, *parts->offset};

    Zone there = zone;
    if (!parts->region.empty()) {
        auto found = find_zone(parts->region);
        if (!found) return tl::unexpected(found.error());
        there = std::move(*found);
    }
    const auto second = floor<seconds>(*shown);
    const Instant at = there.instant(LocalTime{second.time_since_epoch()});
    return ZonedTime::in(there, at + (*shown - second));
}

Result<OffsetTime> parse_offset_time(std::string_view text) {
    const std::string_view whole = trimmed(text);
    const auto parts = parts_of(whole, 0);
    const auto shown = parts && parts->region.empty() ? parse_iso(fmt::format("1970-01-01T{}Z", parts->local))
                                                      : Result<Timestamp>(tl::unexpected(Error{}));
    if (!shown) return invalid("'{}' is not a time of day; expected a form such as 10:00:00 or 10:00:00+01:00", text);
    return OffsetTime{shown->time_since_epoch(), parts->offset};
}

std::string_view name_of(weekday day) {
    return kWeekdays[day.c_encoding()];
}

Result<weekday> weekday_of(std::string_view name) {
    for (unsigned i = 0; i < 7; ++i) {
        if (kWeekdays[i] == name) return weekday{i};
    }
    const auto near = nearest(name, std::span<const std::string_view>(kWeekdays));
    return invalid("'{}' is not a day of the week; expected MONDAY to SUNDAY{}", name,
                   near ? fmt::format("; did you mean '{}'?", *near) : "");
}

std::string to_text(local_days day) {
    return sluice::to_iso(Timestamp{sys_days{day.time_since_epoch()}}).substr(0, 10);
}

std::string clock_text(Duration time_of_day) {
    return sluice::to_iso(Timestamp{time_of_day}).substr(11, 8);
}

}  // namespace sluice::schedule
