#include "expr/dates.h"
#include "expr/failure.h"
#include "expr/zone_names.h"

namespace sluice::expr {
namespace {

using Type = PatternItem::Type;

class Formatter {
  public:
    Formatter(const DateInZone& date, const DateLocale& locale)
        : date_(date), locale_(locale), shown_(date.shown()), day_(shown_.wall().day()), ymd_(day_) {}

    void append(std::string& out, const PatternItem& item) {
        std::string field;
        append_field(field, item);
        const auto width = static_cast<std::size_t>(item.padded_to);
        if (field.size() > width && width > 0) {
            throw failure(FailureKind::DateError, "the field '{}' is wider than its padding to {}", item.letter, width);
        }
        if (field.size() < width) out.append(width - field.size(), ' ');
        out += field;
    }

  private:
    int year() const { return static_cast<int>(ymd_.year()); }
    int month() const { return static_cast<int>(static_cast<unsigned>(ymd_.month())); }
    int day_of_month() const { return static_cast<int>(static_cast<unsigned>(ymd_.day())); }
    int day_of_year() const {
        return static_cast<int>((day_ - std::chrono::local_days{ymd_.year() / 1 / 1}).count()) + 1;
    }
    unsigned weekday() const { return std::chrono::weekday(day_).c_encoding(); }  // Sunday is 0
    std::size_t weekday_from_monday() const { return (weekday() + 6) % 7; }
    std::int64_t second_of_day() const { return shown_.wall().second_of_day(); }
    int hour() const { return static_cast<int>(second_of_day() / 3600); }
    int year_of_era() const { return year() > 0 ? year() : 1 - year(); }

    static void number(std::string& out, std::int64_t value, int width) { out += fmt::format("{:0{}}", value, width); }

    void append_field(std::string& out, const PatternItem& item) {
        const int count = item.count;
        switch (item.letter) {
            case 'u':
                year_field(out, year(), count);
                break;
            case 'y':
                year_field(out, year_of_era(), count);
                break;
            case 'Y':
                year_field(out, week_based(locale_.week).year, count);
                break;
            case 'G':
                out += era(count);
                break;
            case 'M':
            case 'L':
                month_field(out, item.letter == 'L', count);
                break;
            case 'Q':
            case 'q':
                quarter_field(out, count);
                break;
            case 'd':
                number(out, day_of_month(), count);
                break;
            case 'D':
                number(out, day_of_year(), count);
                break;
            case 'F':
                number(out, (day_of_month() - 1) / 7 + 1, count);
                break;
            case 'w':
                number(out, week_based(locale_.week).week, count);
                break;
            case 'W':
                number(out, week_of_month(), count);
                break;
            case 'E':
                day_name(out, false, count);
                break;
            case 'e':
            case 'c':
                if (count <= 2)
                    number(out, day_of_week(locale_.week), count);
                else
                    day_name(out, item.letter == 'c', count);
                break;
            case 'g':
                number(out, day_.time_since_epoch().count() + 40587, count);
                break;
            case kIsoWeekYear:
                year_field(out, week_based({1, 4}).year, 4);
                break;
            case kIsoWeek:
                number(out, week_based({1, 4}).week, 2);
                break;
            case kIsoDayOfWeek:
                number(out, day_of_week({1, 4}), 1);
                break;
            default:
                append_time_field(out, item);
                break;
        }
    }

    void append_time_field(std::string& out, const PatternItem& item) {
        const int count = item.count;
        const std::int64_t nanos = shown_.wall().nanos;
        switch (item.letter) {
            case 'a':
                out += DateLocale::part(locale_.names.halves_of_day, hour() < 12 ? 0 : 1);
                break;
            case 'B':
                out += locale_.day_period(hour(), second_of_day() % 3600 == 0 && nanos == 0);
                break;
            case 'h':
                number(out, (hour() + 11) % 12 + 1, count);
                break;
            case 'K':
                number(out, hour() % 12, count);
                break;
            case 'H':
                number(out, hour(), count);
                break;
            case 'k':
                number(out, hour() == 0 ? 24 : hour(), count);
                break;
            case 'm':
                number(out, second_of_day() / 60 % 60, count);
                break;
            case 's':
                number(out, second_of_day() % 60, count);
                break;
            case 'S':
                out += fmt::format("{:09}", nanos).substr(0, static_cast<std::size_t>(count));
                break;
            case 'A':
                number(out, shown_.wall().nano_of_day() / 1'000'000, count);
                break;
            case 'n':
                number(out, nanos, count);
                break;
            case 'N':
                number(out, shown_.wall().nano_of_day(), count);
                break;
            case kFractionAsNeeded:
                fraction_as_needed(out, nanos);
                break;
            default:
                append_zone_field(out, item);
                break;
        }
    }

    void append_zone_field(std::string& out, const PatternItem& item) {
        const int count = item.count;
        switch (item.letter) {
            case 'V':
                out += date_.zone.id();
                break;
            case 'z':
                out += name_of_zone(count == 4 ? ZoneNameLength::Long : ZoneNameLength::Short, true);
                break;
            case 'v':
                out += name_of_zone(count == 4 ? ZoneNameLength::Long : ZoneNameLength::Short, false);
                break;
            case 'O':
                localized_offset(out, count == 4);
                break;
            case 'X':
                offset_or(out, "Z", count);
                break;
            case 'x':
                offset(out, count);
                break;
            case 'Z':
                if (count == 4)
                    localized_offset(out, true);
                else if (count == 5)
                    offset_or(out, "Z", 5);
                else
                    offset(out, 2);
                break;
            case kOffsetOrGmt:
                offset_or(out, "GMT", 2);
                break;
            case kRegionInBrackets:
                if (!shown_.region().empty()) out += "[" + shown_.region() + "]";
                break;
            default:
                break;
        }
    }

    // ---- dates ----

    static void year_field(std::string& out, int year, int count) {
        if (count == 2) {
            number(out, std::abs(year % 100), 2);
        } else {
            if (year > 9999 && count >= 4 && count < 5) out += '+';
            if (year < 0) out += '-';
            number(out, std::abs(year), count);
        }
    }

    std::string_view era(int count) const {
        const std::size_t index = year() > 0 ? 1 : 0;
        if (count == 4) return DateLocale::part(locale_.names.eras, index);
        return DateLocale::part(count == 5 ? locale_.names.narrow_eras : locale_.names.short_eras, index);
    }

    void month_field(std::string& out, bool alone, int count) const {
        const auto index = static_cast<std::size_t>(month() - 1);
        if (count <= 2)
            number(out, month(), count);
        else if (count == 3)
            out += DateLocale::part(alone ? locale_.names.lone_short_months : locale_.names.short_months, index);
        else
            out += DateLocale::part(count == 4 ? locale_.names.months : locale_.names.narrow_months, index);
    }

    void quarter_field(std::string& out, int count) const {
        const auto index = static_cast<std::size_t>((month() - 1) / 3);
        if (count == 4)
            out += DateLocale::part(locale_.names.quarters, index);
        else if (count == 3)
            out += DateLocale::part(locale_.names.short_quarters, index);
        else
            number(out, static_cast<int>(index) + 1, count == 5 ? 1 : count);
    }

    void day_name(std::string& out, bool alone, int count) const {
        const DateNames& names = locale_.names;
        const std::string_view short_names = alone ? names.lone_short_days : names.short_days;
        const std::string_view list = count == 4 ? names.days : count == 5 ? names.narrow_days : short_names;
        out += DateLocale::part(list, weekday_from_monday());
    }

    // ---- weeks ----

    struct Week {
        int year = 0;
        int week = 0;
    };

    int day_of_week(const WeekRule& rule) const { return static_cast<int>((weekday() + 7 - rule.first_day) % 7) + 1; }

    /// The day on which the first week of this year begins; it may be in the year before.
    static std::chrono::local_days first_week(std::chrono::year year, const WeekRule& rule) {
        const std::chrono::local_days new_year{year / 1 / 1};
        const unsigned into_week = (std::chrono::weekday(new_year).c_encoding() + 7 - rule.first_day) % 7;
        const std::chrono::local_days begin = new_year - std::chrono::days{into_week};
        const int days_in_it = 7 - static_cast<int>(into_week);
        return days_in_it >= rule.days_in_first_week ? begin : begin + std::chrono::days{7};
    }

    Week week_based(const WeekRule& rule) const {
        std::chrono::year year = ymd_.year();
        if (day_ >= first_week(year + std::chrono::years{1}, rule))
            ++year;
        else if (day_ < first_week(year, rule))
            --year;
        return {static_cast<int>(year), static_cast<int>((day_ - first_week(year, rule)).count() / 7) + 1};
    }

    int week_of_month() const {
        const std::chrono::local_days first{ymd_.year() / ymd_.month() / 1};
        const unsigned into_week = (std::chrono::weekday(first).c_encoding() + 7 - locale_.week.first_day) % 7;
        const int whole = (day_of_month() + static_cast<int>(into_week) - 1) / 7;
        return whole + (7 - static_cast<int>(into_week) >= locale_.week.days_in_first_week ? 1 : 0);
    }

    // ---- times and zones ----

    static void fraction_as_needed(std::string& out, std::int64_t nanos) {
        if (nanos == 0) return;
        std::string digits = fmt::format(".{:09}", nanos);
        while (digits.back() == '0') digits.pop_back();
        out += digits;
    }

    /// 1: +02 or +0230, 2: +0200, 3: +02:00, 4 and 5 the same with seconds where there are some
    void offset(std::string& out, int form) const {
        const std::int64_t seconds = std::abs(shown_.offset().count());
        const std::int64_t minutes = seconds / 60 % 60;
        const char* colon = form == 3 || form == 5 ? ":" : "";
        out += fmt::format("{}{:02}", shown_.offset().count() < 0 ? '-' : '+', seconds / 3600);
        if (form == 1 && minutes == 0) return;
        out += fmt::format("{}{:02}", colon, minutes);
        if (form >= 4 && seconds % 60 != 0) out += fmt::format("{}{:02}", colon, seconds % 60);
    }

    void offset_or(std::string& out, std::string_view zero, int form) const {
        if (shown_.offset().count() == 0)
            out += zero;
        else
            offset(out, form);
    }

    void localized_offset(std::string& out, bool full) const {
        out += "GMT";
        const std::int64_t seconds = std::abs(shown_.offset().count());
        if (seconds == 0) return;
        const char sign = shown_.offset().count() < 0 ? '-' : '+';
        const std::int64_t minutes = seconds / 60 % 60;
        if (full)
            out += fmt::format("{}{:02}:{:02}", sign, seconds / 3600, minutes);
        else if (minutes != 0)
            out += fmt::format("{}{}:{:02}", sign, seconds / 3600, minutes);
        else
            out += fmt::format("{}{}", sign, seconds / 3600);
    }

    std::string name_of_zone(ZoneNameLength length, bool of_season) const {
        const bool summer = date_.zone.is_summer_at(date_.moment);
        const ZoneNameSeason season = !of_season ? ZoneNameSeason::Both
                                      : summer   ? ZoneNameSeason::Summer
                                                 : ZoneNameSeason::Winter;
        const std::string_view name = zone_name(date_.zone.id(), length, season);
        return name.empty() ? date_.zone.abbreviation_at(date_.moment) : std::string(name);
    }

    const DateInZone& date_;
    const DateLocale& locale_;
    ZonedDateTime shown_;
    std::chrono::local_days day_;
    std::chrono::year_month_day ymd_;
};

}  // namespace

std::string format_date(const DateInZone& date, const DatePattern& pattern, const DateLocale& locale) {
    if (pattern.is_instant()) return iso_instant(date.moment);
    const DateLocale english = DateLocale::english();
    Formatter formatter(date, pattern.is_english() ? english : locale);
    std::string out;
    for (const PatternItem& item : pattern.items()) {
        if (item.type == Type::Literal)
            out += item.literal;
        else if (item.type == Type::Field)
            formatter.append(out, item);
    }
    return out;
}

}  // namespace sluice::expr
