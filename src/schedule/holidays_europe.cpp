// Public holidays of European countries. Where communities of one state differ, the state's larger part counts.
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

// Each community moves one or two of these by decree each year; such decrees are not in the table.
constexpr Rule kSpain[] = {
    kNewYear,
    kEpiphany,
    fixed(2, 28, "Day of Andalusia").in("AN"),
    fixed(3, 1, "Day of the Balearic Islands").in("IB"),
    fixed(3, 19, "Saint Joseph's Day").in("GA MC NC PV VC"),
    kMaundyThursday.in("-CT VC"),
    kGoodFriday,
    kEasterMonday.in("CT IB NC PV RI VC"),
    fixed(4, 23, "Day of the Community").in("AR CL"),
    kLabourDay,
    fixed(5, 2, "Day of the Community").in("MD"),
    fixed(5, 17, "Galician Literature Day").in("GA"),
    fixed(5, 30, "Day of the Canary Islands").in("CN"),
    fixed(5, 31, "Day of the Community").in("CM"),
    kCorpusChristi.in("CM"),
    fixed(6, 9, "Day of the Community").in("MC RI"),
    fixed(6, 24, "Saint John's Day").in("CT VC"),
    fixed(7, 25, "Saint James's Day").in("GA PV"),
    fixed(7, 28, "Day of the Institutions").in("CB"),
    kAssumption,
    fixed(9, 8, "Day of the Community").in("AS EX"),
    fixed(9, 11, "National Day of Catalonia").in("CT"),
    fixed(9, 15, "Our Lady of Bien Aparecida").in("CB"),
    fixed(10, 9, "Day of the Community").in("VC"),
    fixed(10, 12, "National Day"),
    kAllSaints,
    fixed(12, 6, "Constitution Day"),
    kImmaculateConception,
    kChristmas,
    kSecondChristmas.in("CT"),
};

constexpr Rule kPortugal[] = {
    kNewYear,
    kGoodFriday,
    kEasterSunday,
    fixed(4, 25, "Freedom Day"),
    kLabourDay,
    kCorpusChristi.since(2016),
    fixed(6, 10, "Portugal Day"),
    kAssumption,
    fixed(10, 5, "Republic Day").since(2016),
    kAllSaints.since(2016),
    fixed(12, 1, "Restoration of Independence").since(2016),
    kImmaculateConception,
    kChristmas,
};

constexpr Rule kItaly[] = {
    kNewYear,
    kEpiphany,
    kEasterSunday,
    kEasterMonday,
    fixed(4, 25, "Liberation Day"),
    kLabourDay,
    kWhitMonday.in("BZ"),
    fixed(6, 2, "Republic Day"),
    kAssumption,
    fixed(10, 4, "Saint Francis of Assisi").since(2026),
    kAllSaints,
    kImmaculateConception,
    kChristmas,
    fixed(12, 26, "Saint Stephen's Day"),
};

constexpr Rule kPoland[] = {
    kNewYear,
    kEpiphany,
    kEasterSunday,
    kEasterMonday,
    kLabourDay,
    fixed(5, 3, "Constitution Day"),
    kWhitSunday,
    kCorpusChristi,
    kAssumption,
    kAllSaints,
    fixed(11, 11, "Independence Day"),
    fixed(11, 12, "Centenary of Independence").only(2018),
    kChristmasEve.since(2025),
    kChristmas,
    kSecondChristmas,
};

constexpr Rule kCzechia[] = {
    kNewYear,
    kGoodFriday.since(2016),
    kEasterMonday,
    kLabourDay,
    fixed(5, 8, "Liberation Day"),
    fixed(7, 5, "Saints Cyril and Methodius"),
    fixed(7, 6, "Jan Hus Day"),
    fixed(9, 28, "Statehood Day"),
    fixed(10, 28, "Independence Day"),
    fixed(11, 17, "Freedom and Democracy Day"),
    kChristmasEve,
    kChristmas,
    kSecondChristmas,
};

constexpr Rule kSlovakia[] = {
    kNewYear,
    kEpiphany,
    kGoodFriday,
    kEasterMonday,
    kLabourDay,
    fixed(5, 8, "Victory Day").until(2025),
    fixed(7, 5, "Saints Cyril and Methodius"),
    fixed(8, 29, "National Uprising Day"),
    fixed(9, 1, "Constitution Day").until(2023),
    fixed(9, 15, "Our Lady of Sorrows").until(2025),
    kAllSaints,
    fixed(11, 17, "Freedom and Democracy Day").until(2024),
    kChristmasEve,
    kChristmas,
    kSecondChristmas,
};

constexpr Rule kHungary[] = {
    kNewYear,
    fixed(3, 15, "National Day"),
    kGoodFriday.since(2017),
    kEasterSunday,
    kEasterMonday,
    kLabourDay,
    kWhitSunday,
    kWhitMonday,
    fixed(8, 20, "Saint Stephen's Day"),
    fixed(10, 23, "National Day"),
    kAllSaints,
    kChristmas,
    kSecondChristmas,
};

constexpr Rule kSweden[] = {
    kNewYear,
    kEpiphany,
    kGoodFriday,
    kEasterSunday,
    kEasterMonday,
    kLabourDay,
    kAscension,
    kWhitSunday,
    fixed(6, 6, "National Day").since(2005),
    on_or_after(6, 20, kSaturday, "Midsummer Day"),
    on_or_after(10, 31, kSaturday, "All Saints' Day"),
    kChristmas,
    kSecondChristmas,
};

constexpr Rule kNorway[] = {
    kNewYear,
    kMaundyThursday,
    kGoodFriday,
    kEasterSunday,
    kEasterMonday,
    kLabourDay,
    fixed(5, 17, "Constitution Day"),
    kAscension,
    kWhitSunday,
    kWhitMonday,
    kChristmas,
    kSecondChristmas,
};

constexpr Rule kDenmark[] = {
    kNewYear,      kMaundyThursday,  kGoodFriday,
    kEasterSunday, kEasterMonday,    easter(26, "Great Prayer Day").until(2023),
    kAscension,    kWhitSunday,      kWhitMonday,
    kChristmas,    kSecondChristmas,
};

constexpr Rule kFinland[] = {
    kNewYear,
    kEpiphany,
    kGoodFriday,
    kEasterSunday,
    kEasterMonday,
    kLabourDay,
    kAscension,
    kWhitSunday,
    on_or_after(6, 20, kSaturday, "Midsummer Day"),
    on_or_after(10, 31, kSaturday, "All Saints' Day"),
    fixed(12, 6, "Independence Day"),
    kChristmas,
    kSecondChristmas,
};

constexpr Rule kGreece[] = {
    kNewYear,
    kEpiphany,
    orthodox(-48, "Clean Monday"),
    fixed(3, 25, "Independence Day"),
    orthodox(-2, "Good Friday"),
    orthodox(0, "Easter Sunday"),
    orthodox(1, "Easter Monday"),
    kLabourDay,
    orthodox(49, "Whit Sunday"),
    orthodox(50, "Whit Monday"),
    kAssumption,
    fixed(10, 28, "Ohi Day"),
    kChristmas,
    kSecondChristmas,
};

constexpr Rule kRomania[] = {
    kNewYear,
    fixed(1, 2, "Day after New Year"),
    kEpiphany.since(2024),
    fixed(1, 7, "Saint John the Baptist").since(2024),
    fixed(1, 24, "Unification Day").since(2017),
    orthodox(-2, "Good Friday").since(2018),
    orthodox(0, "Easter Sunday"),
    orthodox(1, "Easter Monday"),
    kLabourDay,
    fixed(6, 1, "Children's Day").since(2017),
    orthodox(49, "Whit Sunday"),
    orthodox(50, "Whit Monday"),
    kAssumption,
    fixed(11, 30, "Saint Andrew's Day"),
    fixed(12, 1, "National Day"),
    kChristmas,
    kSecondChristmas,
};

constexpr Country kCountries[] = {
    {"AT", kAustria},
    {"BE", kBelgium},
    {"CH", kSwitzerland, "AG AI AR BE BL BS FR GE GL GR JU LU NE NW OW SG SH SO SZ TG TI UR VD VS ZG ZH"},
    {"CZ", kCzechia},
    {"DE", kGermany, "BB BE BW BY HB HE HH MV NI NW RP SH SL SN ST TH"},
    {"DK", kDenmark},
    {"ES", kSpain, "AN AR AS CB CL CM CN CT EX GA IB MC MD NC PV RI VC"},
    {"FI", kFinland},
    {"FR", kFrance, "57 67 68"},
    {"GB", kUnitedKingdom, "ENG NIR SCT WLS"},
    {"GR", kGreece},
    {"HU", kHungary},
    {"IE", kIreland},
    {"IT", kItaly, "BZ"},
    {"LU", kLuxembourg},
    {"NL", kNetherlands},
    {"NO", kNorway},
    {"PL", kPoland},
    {"PT", kPortugal},
    {"RO", kRomania},
    {"SE", kSweden},
    {"SK", kSlovakia},
};

}  // namespace

std::span<const Country> europe() {
    return kCountries;
}

}  // namespace sluice::schedule::holidays
