#pragma once
// How the tables of public holidays are written. A country is a list of rules; a rule says which day of a year it is,
// in which years and where.
#include <chrono>
#include <optional>
#include <span>
#include <string_view>

namespace sluice::schedule::holidays {

/// What happens when a holiday falls on a day that is free anyway. The day itself stays a holiday.
enum class Substitute {
    None,
    NextFreeWeekday,        // Saturday, Sunday: the next weekday that is no holiday yet
    SundayNextFreeWeekday,  // Sunday only
    NearestWeekday,         // Saturday: the Friday before; Sunday: the Monday after
    SundaySaturday,         // Sunday: the day before, and the Sunday is none
};

struct Rule {
    enum class Kind { Fixed, Easter, OrthodoxEaster, OnOrAfter, OnOrBefore, Computed };
    std::string_view name{};
    Kind kind = Kind::Fixed;
    unsigned month = 0;
    unsigned day = 0;
    int days = 0;          // after Easter Sunday
    unsigned weekday = 0;  // 0: Sunday
    std::optional<std::chrono::local_days> (*compute)(int year) = nullptr;
    int first_year = 0;
    int last_year = 9999;
    int left_out = 0;            // one year without it
    std::string_view regions{};  // "BW BY": only there; "-TI VS": everywhere else; "": in the whole country
    Substitute substitute = Substitute::None;

    constexpr Rule in(std::string_view where) const {
        Rule out = *this;
        out.regions = where;
        return out;
    }
    constexpr Rule since(int year) const {
        Rule out = *this;
        out.first_year = year;
        return out;
    }
    constexpr Rule until(int year) const {
        Rule out = *this;
        out.last_year = year;
        return out;
    }
    constexpr Rule only(int year) const { return since(year).until(year); }
    constexpr Rule but(int year) const {
        Rule out = *this;
        out.left_out = year;
        return out;
    }
    constexpr Rule or_else(Substitute what) const {
        Rule out = *this;
        out.substitute = what;
        return out;
    }
};

constexpr unsigned kSunday = 0, kMonday = 1, kTuesday = 2, kWednesday = 3, kThursday = 4, kFriday = 5, kSaturday = 6;

constexpr Rule fixed(unsigned month, unsigned day, std::string_view name) {
    return {.name = name, .kind = Rule::Kind::Fixed, .month = month, .day = day};
}
/// So many days after Easter Sunday.
constexpr Rule easter(int days, std::string_view name) {
    return {.name = name, .kind = Rule::Kind::Easter, .days = days};
}
constexpr Rule orthodox(int days, std::string_view name) {
    return {.name = name, .kind = Rule::Kind::OrthodoxEaster, .days = days};
}
constexpr Rule on_or_after(unsigned month, unsigned day, unsigned weekday, std::string_view name) {
    return {.name = name, .kind = Rule::Kind::OnOrAfter, .month = month, .day = day, .weekday = weekday};
}
constexpr Rule on_or_before(unsigned month, unsigned day, unsigned weekday, std::string_view name) {
    return {.name = name, .kind = Rule::Kind::OnOrBefore, .month = month, .day = day, .weekday = weekday};
}
/// The first, second … of a weekday in a month.
constexpr Rule nth(unsigned n, unsigned weekday, unsigned month, std::string_view name) {
    return on_or_after(month, 1 + 7 * (n - 1), weekday, name);
}
constexpr Rule computed(std::optional<std::chrono::local_days> (*compute)(int year), std::string_view name) {
    return {.name = name, .kind = Rule::Kind::Computed, .compute = compute};
}

constexpr Rule kNewYear = fixed(1, 1, "New Year's Day");
constexpr Rule kEpiphany = fixed(1, 6, "Epiphany");
constexpr Rule kMaundyThursday = easter(-3, "Maundy Thursday");
constexpr Rule kGoodFriday = easter(-2, "Good Friday");
constexpr Rule kEasterSunday = easter(0, "Easter Sunday");
constexpr Rule kEasterMonday = easter(1, "Easter Monday");
constexpr Rule kLabourDay = fixed(5, 1, "Labour Day");
constexpr Rule kAscension = easter(39, "Ascension Day");
constexpr Rule kWhitSunday = easter(49, "Whit Sunday");
constexpr Rule kWhitMonday = easter(50, "Whit Monday");
constexpr Rule kCorpusChristi = easter(60, "Corpus Christi");
constexpr Rule kAssumption = fixed(8, 15, "Assumption Day");
constexpr Rule kAllSaints = fixed(11, 1, "All Saints' Day");
constexpr Rule kImmaculateConception = fixed(12, 8, "Immaculate Conception");
constexpr Rule kChristmasEve = fixed(12, 24, "Christmas Eve");
constexpr Rule kChristmas = fixed(12, 25, "Christmas Day");
constexpr Rule kSecondChristmas = fixed(12, 26, "Second Day of Christmas");

/// A country's table.
struct Country {
    std::string_view code{};
    std::span<const Rule> rules{};
    std::string_view regions{};             // those that can be asked for
    bool day_between_holidays_too = false;  // Japan: a day between two holidays is one
};

std::span<const Country> western_europe();
std::span<const Country> other_europe();
std::span<const Country> overseas();

}  // namespace sluice::schedule::holidays
