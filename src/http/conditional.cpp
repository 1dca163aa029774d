#include "http/conditional.h"

#include <charconv>
#include <chrono>
#include <fmt/format.h>

namespace sluice::http {
namespace {

constexpr std::string_view kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string_view strong_part(std::string_view etag) {
    return etag.starts_with("W/") ? etag.substr(2) : etag;
}

std::optional<int> parse_digits(std::string_view text) {
    int number = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failed != std::errc{} || end != text.data() + text.size() || number < 0) return {};
    return number;
}

std::optional<unsigned> month_of(std::string_view name) {
    for (unsigned i = 0; i < std::size(kMonths); ++i) {
        if (kMonths[i] == name) return i + 1;
    }
    return {};
}

}  // namespace

std::string to_http_date(std::int64_t seconds_since_1970) {
    const std::chrono::sys_seconds at{std::chrono::seconds(seconds_since_1970)};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{at - day};
    return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday{day}.c_encoding()],
                       static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

std::optional<std::int64_t> parse_http_date(std::string_view text) {
    // "Tue, 24 Nov 2026 05:10:00 GMT"
    if (text.size() != 29 || text.substr(25) != " GMT" || text[3] != ',') return {};
    const auto day = parse_digits(text.substr(5, 2));
    const auto month = month_of(text.substr(8, 3));
    const auto year = parse_digits(text.substr(12, 4));
    const auto hours = parse_digits(text.substr(17, 2));
    const auto minutes = parse_digits(text.substr(20, 2));
    const auto seconds = parse_digits(text.substr(23, 2));
    if (!day || !month || !year || !hours || !minutes || !seconds) return {};
    const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{*month},
                                           std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return {};
    const auto at = std::chrono::sys_days{date} + std::chrono::hours{*hours} + std::chrono::minutes{*minutes} +
                    std::chrono::seconds{*seconds};
    return at.time_since_epoch().count();
}

bool etag_matches(std::string_view list, std::string_view etag) {
    for (const std::string_view entry : split_list(list)) {
        if (entry == "*" || strong_part(entry) == strong_part(etag)) return true;
    }
    return false;
}

bool is_not_modified(const Headers& request, const Headers& response) {
    const auto etag = response.find("ETag");
    if (const auto wanted = request.find("If-None-Match")) return etag && etag_matches(*wanted, *etag);
    const auto since = request.find("If-Modified-Since");
    const auto modified = response.find("Last-Modified");
    if (!since || !modified) return false;
    const auto asked = parse_http_date(*since);
    const auto changed = parse_http_date(*modified);
    return asked && changed && *changed <= *asked;
}

bool range_still_applies(const Headers& request, const Headers& response) {
    const auto wanted = request.find("If-Range");
    if (!wanted) return true;
    const auto etag = response.find("ETag");
    if (etag && *wanted == *etag) return !etag->starts_with("W/");
    const auto modified = response.find("Last-Modified");
    return modified && *wanted == *modified;
}

}  // namespace sluice::http
