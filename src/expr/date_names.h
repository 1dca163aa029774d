#pragma once
#include <string>
#include <string_view>

namespace sluice::expr {

/// The words of one language. Lists have '|' between their items; weeks begin on Monday in them.
struct DateNames {
    std::string_view language;
    std::string_view months;
    std::string_view short_months;
    std::string_view narrow_months;
    std::string_view lone_short_months;  // where the month stands alone
    std::string_view days;
    std::string_view short_days;
    std::string_view narrow_days;
    std::string_view lone_short_days;
    std::string_view halves_of_day;
    std::string_view short_eras;
    std::string_view eras;
    std::string_view narrow_eras;
    std::string_view short_quarters;
    std::string_view quarters;
    std::string_view day_periods;        // "0 at night|6 in the morning"
    std::string_view midnight_and_noon;  // empty where they have no name of their own
    std::string_view formats;            // full, long, medium, short
};

struct WeekRule {
    unsigned first_day = 0;  // 0 is Sunday
    int days_in_first_week = 1;
};

struct DateLocale {
    const DateNames& names;
    WeekRule week;

    /// "fr", "de_DE", "en-GB"; English for a language that is not known
    static DateLocale of(std::string_view tag);
    static DateLocale english() { return of("en_US"); }

    static std::string_view part(std::string_view list, std::size_t index);
    std::string_view day_period(int hour, bool exact) const;
};

}  // namespace sluice::expr
