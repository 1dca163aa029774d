#include "base/time.h"

#include <cctype>
#include <charconv>
#include <cmath>

namespace sluice {
namespace {

constexpr std::string_view kDurationHint =
    "expected an ISO-8601 duration such as PT30S, PT5M or P1D, or a number of seconds";

bool digits(std::string_view text, std::size_t& at, int count, int& out) {
    if (at + static_cast<std::size_t>(count) > text.size()) return false;
    out = 0;
    for (int i = 0; i < count; ++i) {
        const char c = text[at + static_cast<std::size_t>(i)];
        if (c < '0' || c > '9') return false;
        out = out * 10 + (c - '0');
    }
    at += static_cast<std::size_t>(count);
    return true;
}

/// The digits after a decimal point, as microseconds; digits beyond the sixth are cut.
std::int64_t fraction(std::string_view text, std::size_t& at) {
    std::int64_t micros = 0;
    int seen = 0;
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at])) != 0) {
        if (seen < 6) micros = micros * 10 + (text[at] - '0');
        ++seen;
        ++at;
    }
    for (; seen < 6; ++seen) micros *= 10;
    return micros;
}

// 31,000 years: dates that are so far away are still numbers.
constexpr std::int64_t kLongestMicros = 1'000'000'000'000'000'000;

struct IsoUnit {
    char letter;
    std::int64_t seconds;
};
constexpr IsoUnit kDateUnits[] = {{'W', 7 * 86400}, {'D', 86400}};
constexpr IsoUnit kTimeUnits[] = {{'H', 3600}, {'M', 60}, {'S', 1}};

std::optional<Duration> parse_iso_duration(std::string_view text) {
    std::size_t at = 0;
    std::int64_t sign = 1;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) sign = text[at++] == '-' ? -1 : 1;
    if (at >= text.size() || std::toupper(text[at]) != 'P') return {};
    ++at;
    bool time_part = false;
    bool any = false;
    std::int64_t micros = 0;
    while (at < text.size()) {
        if (std::toupper(text[at]) == 'T') {
            if (time_part) return {};
            time_part = true;
            ++at;
            any = false;
            continue;
        }
        std::int64_t part_sign = 1;
        if (text[at] == '-' || text[at] == '+') part_sign = text[at++] == '-' ? -1 : 1;
        std::int64_t whole = 0;
        const auto [end, failed] = std::from_chars(text.data() + at, text.data() + text.size(), whole);
        if (failed != std::errc{} || whole < 0 || whole > kLongestMicros / 1'000'000) return {};
        at = static_cast<std::size_t>(end - text.data());
        std::int64_t part = 0;
        bool fractional = false;
        if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
            fractional = true;
            part = fraction(text, ++at);
        }
        if (at >= text.size()) return {};
        const char letter = static_cast<char>(std::toupper(text[at++]));
        const IsoUnit* found = nullptr;
        if (time_part) {
            for (const auto& unit : kTimeUnits) found = unit.letter == letter ? &unit : found;
        } else {
            for (const auto& unit : kDateUnits) found = unit.letter == letter ? &unit : found;
        }
        if (found == nullptr || (fractional && letter != 'S')) return {};
        std::int64_t product = 0;
        if (__builtin_mul_overflow(whole * 1'000'000 + part, found->seconds, &product) || product > kLongestMicros)
            return {};
        micros += part_sign * product;
        if (micros > kLongestMicros || micros < -kLongestMicros) return {};
        any = true;
    }
    if (!any) return {};
    return Duration{sign * micros};
}

std::optional<Duration> parse_short_duration(std::string_view text) {
    double number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{}) return {};
    std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
    while (!unit.empty() && unit.front() == ' ') unit.remove_prefix(1);
    double seconds = 0;
    if (unit.empty() || unit == "s")
        seconds = 1;
    else if (unit == "ms")
        seconds = 0.001;
    else if (unit == "m" || unit == "min")
        seconds = 60;
    else if (unit == "h")
        seconds = 3600;
    else if (unit == "d")
        seconds = 86400;
    else
        return {};
    const double micros = number * seconds * 1e6;
    if (!(std::abs(micros) <= static_cast<double>(kLongestMicros))) return {};
    return Duration{static_cast<std::int64_t>(micros)};
}

}  // namespace

std::string to_iso(Timestamp at) {
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::int64_t of_day = (at - day).count();
    std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", static_cast<int>(date.year()),
                                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                                  of_day / 3'600'000'000, of_day / 60'000'000 % 60, of_day / 1'000'000 % 60);
    const std::int64_t micros = of_day % 1'000'000;
    if (micros % 1000 != 0)
        out += fmt::format(".{:06}", micros);
    else if (micros != 0)
        out += fmt::format(".{:03}", micros / 1000);
    return out + "Z";
}

Result<Timestamp> parse_iso(std::string_view text) {
    const auto wrong = [&] {
        return invalid("'{}' is not an instant; expected a form such as 2026-01-31T10:00:00Z", text);
    };
    std::size_t at = 0;
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    if (!digits(text, at, 4, year) || at >= text.size() || text[at++] != '-' || !digits(text, at, 2, month) ||
        at >= text.size() || text[at++] != '-' || !digits(text, at, 2, day))
        return wrong();
    if (at >= text.size() || (text[at] != 'T' && text[at] != 't' && text[at] != ' ')) return wrong();
    ++at;
    if (!digits(text, at, 2, hour) || at >= text.size() || text[at++] != ':' || !digits(text, at, 2, minute)) {
        return wrong();
    }
    std::int64_t micros = 0;
    if (at < text.size() && text[at] == ':') {
        ++at;
        if (!digits(text, at, 2, second)) return wrong();
        if (at < text.size() && (text[at] == '.' || text[at] == ',')) micros = fraction(text, ++at);
    }
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok() || hour > 23 || minute > 59 || second > 59 || at >= text.size()) return wrong();
    std::chrono::seconds offset{0};
    if (text[at] == 'Z' || text[at] == 'z') {
        ++at;
    } else if (text[at] == '+' || text[at] == '-') {
        const int sign = text[at++] == '-' ? -1 : 1;
        int hours = 0, minutes = 0;
        if (!digits(text, at, 2, hours)) return wrong();
        if (at < text.size() && text[at] == ':') ++at;
        if (at < text.size() && !digits(text, at, 2, minutes)) return wrong();
        if (hours > 18 || minutes > 59) return wrong();
        offset = sign * (std::chrono::hours{hours} + std::chrono::minutes{minutes});
    } else {
        return wrong();
    }
    if (at < text.size() && text[at] == '[') at = text.find(']', at) == std::string_view::npos ? at : text.size();
    if (at != text.size()) return wrong();
    return Timestamp{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second} + Duration{micros} - offset;
}

std::string to_iso(Duration duration) {
    std::int64_t micros = duration.count();
    std::string out = micros < 0 ? "PT-" : "PT";
    const std::string sign = micros < 0 ? "-" : "";
    if (micros < 0) {
        micros = -micros;
        out = "PT";
    }
    const std::int64_t hours = micros / 3'600'000'000;
    const std::int64_t minutes = micros / 60'000'000 % 60;
    const std::int64_t seconds = micros / 1'000'000 % 60;
    const std::int64_t rest = micros % 1'000'000;
    if (hours != 0) out += fmt::format("{}{}H", sign, hours);
    if (minutes != 0) out += fmt::format("{}{}M", sign, minutes);
    if (seconds != 0 || rest != 0 || (hours == 0 && minutes == 0)) {
        std::string part = fmt::format("{}{}", sign, seconds);
        if (rest != 0) {
            part += fmt::format(".{:06}", rest);
            while (part.back() == '0') part.pop_back();
        }
        out += part + "S";
    }
    return out;
}

Result<Duration> parse_duration(std::string_view text) {
    if (const auto iso = parse_iso_duration(text)) return *iso;
    if (const auto simple = parse_short_duration(text)) return *simple;
    return invalid("'{}' is not a duration; {}", text, kDurationHint);
}

std::string for_people(Duration duration) {
    const double seconds = in_seconds(duration);
    if (seconds < 0) return "-" + for_people(-duration);
    if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1000);
    if (seconds < 60) return fmt::format("{:.1f} s", seconds);
    const auto whole = static_cast<std::int64_t>(seconds);
    if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
    if (whole < 86400) return fmt::format("{} h {} min", whole / 3600, whole / 60 % 60);
    return fmt::format("{} d {} h", whole / 86400, whole / 3600 % 24);
}

std::string as_clock(Duration duration) {
    const std::int64_t ms = duration.count() / 1000;
    return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

}  // namespace sluice
