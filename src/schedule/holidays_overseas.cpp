// Public holidays of countries outside Europe.
#include <array>
#include <cmath>

#include "schedule/holiday_rules.h"

namespace sluice::schedule::holidays {
namespace {

using namespace std::chrono;

constexpr Substitute kObserved = Substitute::NearestWeekday;
constexpr Rule kUnitedStates[] = {
    kNewYear.or_else(kObserved),
    nth(3, kMonday, 1, "Martin Luther King Jr. Day"),
    nth(3, kMonday, 2, "Washington's Birthday"),
    on_or_before(5, 31, kMonday, "Memorial Day"),
    fixed(6, 19, "Juneteenth").since(2021).or_else(kObserved),
    fixed(7, 4, "Independence Day").or_else(kObserved),
    nth(1, kMonday, 9, "Labor Day"),
    nth(2, kMonday, 10, "Columbus Day"),
    fixed(11, 11, "Veterans Day").or_else(kObserved),
    nth(4, kThursday, 11, "Thanksgiving Day"),
    kChristmas.or_else(kObserved),
};

constexpr Rule kCanada[] = {
    kNewYear,
    nth(3, kMonday, 2, "Family Day").in("AB NB ON SK"),
    nth(3, kMonday, 2, "Family Day").since(2019).in("BC"),
    nth(3, kMonday, 2, "Louis Riel Day").in("MB"),
    nth(3, kMonday, 2, "Heritage Day").in("NS"),
    nth(3, kMonday, 2, "Islander Day").in("PE"),
    kGoodFriday,
    on_or_before(5, 24, kMonday, "Victoria Day").in("AB BC MB NT NU ON SK YT"),
    on_or_before(5, 24, kMonday, "National Patriots' Day").in("QC"),
    fixed(6, 21, "National Indigenous Peoples Day").in("NT YT"),
    fixed(6, 24, "National Holiday").in("QC"),
    fixed(7, 1, "Canada Day").or_else(Substitute::SundayNextFreeWeekday),
    nth(1, kMonday, 8, "Civic Holiday").in("BC NB NT NU SK"),
    nth(3, kMonday, 8, "Discovery Day").in("YT"),
    nth(1, kMonday, 9, "Labour Day"),
    fixed(9, 30, "Truth and Reconciliation").since(2021).in("NT NU PE YT"),
    fixed(9, 30, "Truth and Reconciliation").since(2023).in("BC"),
    fixed(9, 30, "Truth and Reconciliation").since(2024).in("MB"),
    nth(2, kMonday, 10, "Thanksgiving").in("AB BC MB NT NU ON QC SK YT"),
    fixed(11, 11, "Remembrance Day").in("AB BC NB NL NS NT NU PE SK YT"),
    kChristmas,
    fixed(12, 26, "Boxing Day").in("ON"),
};

// Holidays that a governor proclaims for one year are not in the table.
constexpr Substitute kNextWeekday = Substitute::NextFreeWeekday;
constexpr Rule kAustralia[] = {
    kNewYear.or_else(kNextWeekday),
    fixed(1, 26, "Australia Day").or_else(kNextWeekday),
    nth(1, kMonday, 3, "Labour Day").in("WA"),
    nth(2, kMonday, 3, "Labour Day").in("VIC"),
    nth(2, kMonday, 3, "Eight Hours Day").in("TAS"),
    nth(2, kMonday, 3, "Canberra Day").in("ACT"),
    nth(2, kMonday, 3, "Adelaide Cup Day").in("SA"),
    kGoodFriday,
    easter(-1, "Easter Saturday").in("ACT NSW NT QLD SA VIC"),
    kEasterSunday.in("ACT NSW NT QLD SA VIC WA"),
    kEasterMonday,
    fixed(4, 25, "Anzac Day"),
    fixed(4, 25, "Anzac Day").or_else(Substitute::SundayNextFreeWeekday).in("NT QLD SA"),
    fixed(4, 25, "Anzac Day").or_else(kNextWeekday).in("ACT WA"),
    fixed(4, 25, "Anzac Day").or_else(kNextWeekday).in("NSW").since(2026).until(2027),
    nth(1, kMonday, 5, "Labour Day").in("NT QLD"),
    on_or_after(5, 27, kMonday, "Reconciliation Day").since(2018).in("ACT"),
    nth(1, kMonday, 6, "Western Australia Day").in("WA"),
    nth(2, kMonday, 6, "King's Birthday").in("ACT NSW NT SA TAS VIC"),
    nth(1, kMonday, 8, "Picnic Day").in("NT"),
    fixed(9, 22, "National Day of Mourning").only(2022),
    on_or_before(9, 30, kMonday, "King's Birthday").in("WA"),
    nth(1, kMonday, 10, "King's Birthday").in("QLD"),
    nth(1, kMonday, 10, "Labour Day").in("ACT NSW SA"),
    nth(1, kTuesday, 11, "Melbourne Cup Day").in("VIC"),
    kChristmas.or_else(kNextWeekday),
    fixed(12, 26, "Boxing Day").or_else(kNextWeekday),
};

/// The Māori new year, by the moon: the dates of the act of 2022.
std::optional<local_days> matariki(int y) {
    constexpr int kFirst = 2022;
    constexpr std::array kDates{624, 714, 628, 620, 710, 625, 714, 706, 621, 711, 702, 624, 707, 629, 718, 710,
                                625, 715, 706, 719, 711, 703, 625, 707, 629, 719, 703, 625, 715, 630, 621};
    if (y < kFirst || y >= kFirst + static_cast<int>(kDates.size())) return {};
    const int date = kDates[static_cast<std::size_t>(y - kFirst)];
    return local_days{year{y} / (date / 100) / (date % 100)};
}

constexpr Rule kNewZealand[] = {
    kNewYear.or_else(kNextWeekday),
    fixed(1, 2, "Day after New Year's Day").or_else(kNextWeekday),
    fixed(2, 6, "Waitangi Day").or_else(kNextWeekday),
    kGoodFriday,
    kEasterMonday,
    fixed(4, 25, "Anzac Day").or_else(kNextWeekday),
    nth(1, kMonday, 6, "King's Birthday"),
    computed(matariki, "Matariki"),
    fixed(9, 26, "Queen Elizabeth II Memorial Day").only(2022),
    nth(4, kMonday, 10, "Labour Day"),
    kChristmas.or_else(kNextWeekday),
    fixed(12, 26, "Boxing Day").or_else(kNextWeekday),
};

/// The equinoxes as the observatory computes them for 1980 to 2099.
std::optional<local_days> equinox(int y, int month, double day_in_1980) {
    if (y < 1980 || y > 2099) return {};
    const int since = y - 1980;
    return local_days{year{y} / month / static_cast<int>(std::floor(day_in_1980 + 0.242194 * since) - since / 4)};
}
std::optional<local_days> vernal_equinox(int y) {
    return equinox(y, 3, 20.8431);
}
std::optional<local_days> autumnal_equinox(int y) {
    return equinox(y, 9, 23.2488);
}

// As of 2022; the dates that were moved for the games of 2020 and 2021 are not in the table.
constexpr Substitute kFurikae = Substitute::SundayNextFreeWeekday;
constexpr Rule kJapan[] = {
    kNewYear.or_else(kFurikae),
    nth(2, kMonday, 1, "Coming of Age Day"),
    fixed(2, 11, "Foundation Day").or_else(kFurikae),
    fixed(2, 23, "Emperor's Birthday").since(2020).or_else(kFurikae),
    computed(vernal_equinox, "Vernal Equinox Day").or_else(kFurikae),
    fixed(4, 29, "Showa Day").or_else(kFurikae),
    fixed(5, 3, "Constitution Day").or_else(kFurikae),
    fixed(5, 4, "Greenery Day").or_else(kFurikae),
    fixed(5, 5, "Children's Day").or_else(kFurikae),
    nth(3, kMonday, 7, "Marine Day"),
    fixed(8, 11, "Mountain Day").since(2016).or_else(kFurikae),
    nth(3, kMonday, 9, "Respect for the Aged Day"),
    computed(autumnal_equinox, "Autumnal Equinox Day").or_else(kFurikae),
    nth(2, kMonday, 10, "Sports Day"),
    fixed(11, 3, "Culture Day").or_else(kFurikae),
    fixed(11, 23, "Labour Thanksgiving Day").or_else(kFurikae),
    fixed(12, 23, "Emperor's Birthday").until(2018).or_else(kFurikae),
};

constexpr Rule kBrazil[] = {
    kNewYear,
    kGoodFriday,
    fixed(4, 21, "Tiradentes' Day"),
    kLabourDay,
    fixed(9, 7, "Independence Day"),
    fixed(10, 12, "Our Lady of Aparecida"),
    fixed(11, 2, "All Souls' Day"),
    fixed(11, 15, "Republic Day"),
    fixed(11, 20, "Black Awareness Day").since(2024),
    kChristmas,
};

constexpr Country kOverseas[] = {
    {"AU", kAustralia, "ACT NSW NT QLD SA TAS VIC WA"},
    {"BR", kBrazil},
    {"CA", kCanada, "AB BC MB NB NL NS NT NU ON PE QC SK YT"},
    {"JP", kJapan, "", true},
    {"NZ", kNewZealand},
    {"US", kUnitedStates},
};

}  // namespace

std::span<const Country> overseas() {
    return kOverseas;
}

}  // namespace sluice::schedule::holidays
