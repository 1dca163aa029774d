#include "rows/date_texts.h"

#include "expr/dates.h"
#include "expr/failure.h"
#include "value/temporal.h"

namespace sluice::rows {
namespace {

/// Of a time without zone: the optional parts [XXX] that would show one are left out.
std::string without_zone(const std::string& pattern) {
    std::string out;
    bool quoted = false;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        if (pattern[at] == '\'') quoted = !quoted;
        const std::size_t end = pattern[at] == '[' && !quoted ? pattern.find(']', at) : std::string::npos;
        if (end != std::string::npos && pattern.substr(at, end - at).find_first_of("XxZzVO") != std::string::npos) {
            at = end;
            continue;
        }
        out += pattern[at];
    }
    return out;
}

std::string shown(const Moment& moment, const expr::Zone& zone, const std::string& pattern) {
    const auto locale = expr::DateLocale::of("en_US");
    return expr::format_date({moment, zone}, expr::DatePattern::of(pattern, locale), locale);
}

Moment as_utc(const WallTime& wall) {
    return {std::chrono::sys_seconds{wall.seconds.time_since_epoch()}, wall.nanos};
}

std::optional<std::string> text_of(const Value& value, const DateTexts& how) {
    const auto local = [](const WallTime& wall, const std::string& pattern) {
        return shown(as_utc(wall), expr::Zone::utc(), without_zone(pattern));
    };
    if (const auto* day = if_a<LocalDate>(value)) return local({std::chrono::local_seconds(day->day()), 0}, how.date);
    if (const auto* at = if_a<LocalDateTime>(value)) return local(at->at(), how.date_time);
    if (const auto* time = if_a<LocalTime>(value)) {
        constexpr std::int64_t kNanos = 1'000'000'000;
        return local({std::chrono::local_seconds(std::chrono::seconds(time->nano_of_day() / kNanos)),
                      static_cast<std::int32_t>(time->nano_of_day() % kNanos)},
                     how.time);
    }
    const auto* zoned = if_a<ZonedDateTime>(value);
    const auto* instant = if_a<Instant>(value);
    if (zoned == nullptr && instant == nullptr) return {};
    const Moment moment = zoned != nullptr ? zoned->moment() : instant->at();
    const expr::Zone zone = !how.zone.empty()  ? expr::Zone::named(how.zone)
                            : zoned != nullptr ? expr::Zone::of_offset(zoned->offset())
                                               : expr::Zone::utc();
    return shown(moment, zone, how.date_time);
}

}  // namespace

Result<std::optional<std::string>> date_text(const Value& value, const DateTexts& how) {
    if (value.kind() != Kind::Extension) return std::optional<std::string>();
    try {
        return text_of(value, how);
    } catch (const expr::Failure& wrong) {
        return invalid("a date can't be written: {}", wrong.text());
    }
}

}  // namespace sluice::rows
