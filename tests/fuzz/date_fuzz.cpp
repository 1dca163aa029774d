#include <array>
#include <cstddef>
#include <cstdint>

#include "expr/dates.h"
#include "expr/failure.h"

// Four lines: a text, a format, a time zone and a locale. Dates are read and written, or refused with a date error;
// what is written in an ISO form reads as the same moment.

namespace {

using namespace sluice;
using namespace sluice::expr;

using Lines = std::array<std::string, 4>;

Lines lines_of(std::string_view text) {
    Lines out;
    for (std::string& line : out) {
        const auto end = std::min(text.find('\n'), text.size());
        line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

/// Whether it came to an end; a refusal is one, too.
template <class Try>
auto unless_refused(const Try& attempt) -> std::optional<decltype(attempt())> {
    try {
        return attempt();
    } catch (const Failure& refused) {
        ensure(refused.kind() == FailureKind::DateError, "refused as {}", to_text(refused.kind()));
        return {};
    }
}

void check(const DateInZone& date, const DatePattern& pattern, const DateLocale& locale) {
    const auto written = unless_refused([&] { return format_date(date, pattern, locale); });
    if (written) unless_refused([&] { return read_date(*written, pattern); });
    for (const char* unit : {"NANOS", "HOURS", "DAYS", "MONTHS", "CENTURIES", "ERAS"}) {
        for (const std::int64_t amount : {std::int64_t{1}, std::int64_t{-13}, INT64_MAX, INT64_MIN}) {
            unless_refused([&] { return date_plus(date, amount, unit); });
        }
    }
    const DatePattern iso = DatePattern::of("iso_zoned_date_time", DateLocale::english());
    const std::string text = format_date(date, iso, DateLocale::english());
    const auto same = unless_refused([&] { return to_date(Value(text), Zone::utc(), ""); });
    ensure(same && same->moment == date.moment, "{} is read as another date", text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const Lines lines = lines_of(std::string_view(reinterpret_cast<const char*>(data), size));
    const std::string& text = lines[0];
    const std::string& format = lines[1];
    const Zone zone = unless_refused([&] { return Zone::named(lines[2]); }).value_or(Zone::utc());
    const DateLocale locale = DateLocale::of(lines[3]);
    unless_refused([&] { return parse_iso_zoned(text); });
    unless_refused([&] { return parse_iso_time(text); });
    const auto pattern = unless_refused([&] { return DatePattern::of(format, locale); });
    const DatePattern known = pattern ? *pattern : DatePattern::of("iso", locale);
    for (const std::string& how : {std::string(), format}) {
        if (const auto date = unless_refused([&] { return to_date(Value(text), zone, how); }))
            check(*date, known, locale);
    }
    check({Moment{std::chrono::sys_seconds{std::chrono::seconds{1'709'164'800}}, 123'456'789}, zone}, known, locale);
    return 0;
}
