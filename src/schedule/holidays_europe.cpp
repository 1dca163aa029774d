// Public holidays of southern, eastern and northern Europe.
#include "schedule/holiday_rules.h"

namespace sluice::schedule::holidays {
namespace {

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

constexpr Country kRestOfEurope[] = {
    {"CZ", kCzechia},     {"DK", kDenmark}, {"ES", kSpain, "AN AR AS CB CL CM CN CT EX GA IB MC MD NC PV RI VC"},
    {"FI", kFinland},     {"GR", kGreece},  {"HU", kHungary},
    {"IT", kItaly, "BZ"}, {"NO", kNorway},  {"PL", kPoland},
    {"PT", kPortugal},    {"RO", kRomania}, {"SE", kSweden},
    {"SK", kSlovakia},
};

}  // namespace

std::span<const Country> other_europe() {
    return kRestOfEurope;
}

}  // namespace sluice::schedule::holidays
