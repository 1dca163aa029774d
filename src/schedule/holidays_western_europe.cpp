// Public holidays of western and central Europe. Where communities of one state differ, the state's larger part counts.
#include "schedule/holiday_rules.h"

namespace sluice::schedule::holidays {
namespace {

constexpr Rule kGermany[] = {
    kNewYear,
    kEpiphany.in("BW BY ST"),
    fixed(3, 8, "International Women's Day").since(2019).in("BE"),
    fixed(3, 8, "International Women's Day").since(2023).in("MV"),
    kGoodFriday,
    kEasterSunday.in("BB"),
    kEasterMonday,
    kLabourDay,
    fixed(5, 8, "Liberation Day").only(2020).in("BE"),
    fixed(5, 8, "Liberation Day").only(2025).in("BE"),
    kAscension,
    kWhitSunday.in("BB"),
    kWhitMonday,
    kCorpusChristi.in("BW BY HE NW RP SL"),
    fixed(6, 17, "Anniversary of the 1953 Uprising").only(2028).in("BE"),
    kAssumption.in("BY SL"),
    fixed(9, 20, "World Children's Day").since(2019).in("TH"),
    fixed(10, 3, "Day of German Unity").since(1990),
    fixed(10, 31, "Reformation Day").but(2017).in("BB MV SN ST TH"),
    fixed(10, 31, "Reformation Day").since(2018).in("HB HH NI SH"),
    fixed(10, 31, "Reformation Day").only(2017),
    kAllSaints.in("BW BY NW RP SL"),
    on_or_before(11, 22, kWednesday, "Repentance Day").in("SN"),
    kChristmas,
    kSecondChristmas,
};

constexpr Rule kAustria[] = {
    kNewYear,
    kEpiphany,
    kEasterMonday,
    kLabourDay,
    kAscension,
    kWhitMonday,
    kCorpusChristi,
    kAssumption,
    fixed(10, 26, "National Day"),
    kAllSaints,
    kImmaculateConception,
    kChristmas,
    kSecondChristmas,
};

constexpr Rule kSwitzerland[] = {
    kNewYear,
    fixed(1, 2, "Berchtold's Day").in("AG BE JU TG VD"),
    kEpiphany.in("SZ TI UR"),
    fixed(3, 1, "Republic Day").in("NE"),
    fixed(3, 19, "Saint Joseph's Day").in("NW SZ TI UR VS"),
    kGoodFriday.in("-TI VS"),
    kEasterMonday.in("-FR LU NW OW SO VS ZG"),
    kLabourDay.in("AG BL BS JU NE SH SO TG TI ZH"),
    kAscension,
    kWhitMonday.in("-FR LU NE NW OW SO VS ZG"),
    kCorpusChristi.in("AG AI FR JU LU NW OW SO SZ TI UR VS ZG"),
    fixed(6, 23, "Independence Day").in("JU"),
    fixed(6, 29, "Saints Peter and Paul").in("TI"),
    fixed(8, 1, "National Day"),
    kAssumption.in("AG AI FR JU LU NW OW SO SZ TI UR VS ZG"),
    on_or_after(9, 5, kThursday, "Genevan Fast").in("GE"),
    on_or_after(9, 16, kMonday, "Monday after the Federal Fast").in("VD"),
    fixed(9, 25, "Saint Nicholas of Flüe").in("OW"),
    kAllSaints.in("AG AI FR GL JU LU NW OW SG SO SZ TI UR VS ZG"),
    kImmaculateConception.in("AG AI FR LU NW OW SZ TI UR VS ZG"),
    kChristmas,
    kSecondChristmas.in("AG AR BE BL BS GL GR LU SG SH SZ TG TI UR ZH"),
    fixed(12, 31, "Restoration of the Republic").in("GE"),
};

constexpr Rule kFrance[] = {
    kNewYear,
    kGoodFriday.in("57 67 68"),
    kEasterMonday,
    kLabourDay,
    fixed(5, 8, "Victory Day"),
    kAscension,
    kWhitMonday,
    fixed(7, 14, "National Day"),
    kAssumption,
    kAllSaints,
    fixed(11, 11, "Armistice Day"),
    kChristmas,
    kSecondChristmas.in("57 67 68"),
};

constexpr Rule kBelgium[] = {
    kNewYear,    kEasterMonday, kLabourDay,
    kAscension,  kWhitMonday,   fixed(7, 21, "National Day"),
    kAssumption, kAllSaints,    fixed(11, 11, "Armistice Day"),
    kChristmas,
};

constexpr Rule kNetherlands[] = {
    kNewYear,
    kEasterSunday,
    kEasterMonday,
    fixed(4, 30, "Queen's Day").until(2013).or_else(Substitute::SundaySaturday),
    fixed(4, 27, "King's Day").since(2014).or_else(Substitute::SundaySaturday),
    kAscension,
    kWhitSunday,
    kWhitMonday,
    kChristmas,
    kSecondChristmas,
};

constexpr Rule kLuxembourg[] = {
    kNewYear,
    kEasterMonday,
    kLabourDay,
    fixed(5, 9, "Europe Day").since(2019),
    kAscension,
    kWhitMonday,
    fixed(6, 23, "National Day"),
    kAssumption,
    kAllSaints,
    kChristmas,
    kSecondChristmas,
};

constexpr Substitute kBankHoliday = Substitute::NextFreeWeekday;
constexpr Rule kUnitedKingdom[] = {
    kNewYear.or_else(kBankHoliday),
    fixed(1, 2, "2 January").in("SCT").or_else(kBankHoliday),
    fixed(3, 17, "Saint Patrick's Day").in("NIR").or_else(kBankHoliday),
    kGoodFriday,
    kEasterMonday.in("-SCT"),
    nth(1, kMonday, 5, "Early May Bank Holiday").but(2020),
    fixed(5, 8, "Early May Bank Holiday (VE Day)").only(2020),
    fixed(5, 8, "Coronation of King Charles III").only(2023),
    on_or_before(5, 31, kMonday, "Spring Bank Holiday").but(2022),
    fixed(6, 2, "Spring Bank Holiday").only(2022),
    fixed(6, 3, "Platinum Jubilee").only(2022),
    fixed(7, 12, "Battle of the Boyne").in("NIR").or_else(kBankHoliday),
    nth(1, kMonday, 8, "Summer Bank Holiday").in("SCT"),
    on_or_before(8, 31, kMonday, "Summer Bank Holiday").in("-SCT"),
    fixed(9, 19, "State Funeral of Queen Elizabeth II").only(2022),
    fixed(11, 30, "Saint Andrew's Day").since(2007).in("SCT").or_else(kBankHoliday),
    kChristmas.or_else(kBankHoliday),
    fixed(12, 26, "Boxing Day").or_else(kBankHoliday),
};

/// The first Monday of February, but the 1st itself when that is a Friday.
std::optional<std::chrono::local_days> saint_brigid(int y) {
    using namespace std::chrono;
    const local_days first{year{y} / February / 1};
    if (weekday{first} == Friday) return first;
    return first + (Monday - weekday{first});
}

constexpr Rule kIreland[] = {
    kNewYear,
    computed(saint_brigid, "Saint Brigid's Day").since(2023),
    fixed(3, 17, "Saint Patrick's Day"),
    fixed(3, 18, "Day of Remembrance").only(2022),
    kEasterMonday,
    nth(1, kMonday, 5, "May Day"),
    nth(1, kMonday, 6, "June Holiday"),
    nth(1, kMonday, 8, "August Holiday"),
    on_or_before(10, 31, kMonday, "October Holiday"),
    kChristmas,
    fixed(12, 26, "Saint Stephen's Day"),
};

constexpr Country kWesternEurope[] = {
    {"AT", kAustria},
    {"BE", kBelgium},
    {"CH", kSwitzerland, "AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TG TI UR VD VS ZG ZH"},
    {"DE", kGermany, "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH"},
    {"FR", kFrance, "57 67 68"},
    {"GB", kUnitedKingdom, "ENG NIR SCT WLS"},
    {"IE", kIreland},
    {"LU", kLuxembourg},
    {"NL", kNetherlands},
};

}  // namespace

std::span<const Country> western_europe() {
    return kWesternEurope;
}

}  // namespace sluice::schedule::holidays
