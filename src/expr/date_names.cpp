// Names of months, days and the like, and the date formats of some languages.
#include "expr/date_names.h"

#include <algorithm>
#include <array>

// clang-format off
namespace sluice::expr {
namespace {

constexpr DateNames kNames[] = {
    {"en",
     "January|February|March|April|May|June|July|August|September|October|November|December",
     "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec",
     "J|F|M|A|M|J|J|A|S|O|N|D",
     "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec",
     "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
     "Mon|Tue|Wed|Thu|Fri|Sat|Sun",
     "M|T|W|T|F|S|S",
     "Mon|Tue|Wed|Thu|Fri|Sat|Sun",
     "AM|PM",
     "BC|AD",
     "Before Christ|Anno Domini",
     "B|A",
     "Q1|Q2|Q3|Q4",
     "1st quarter|2nd quarter|3rd quarter|4th quarter",
     "0 at night|6 in the morning|12 in the afternoon|18 in the evening|21 at night",
     "midnight|noon",
     "EEEE, MMMM d, y, h:mm:ss a zzzz|MMMM d, y, h:mm:ss a z|MMM d, y, h:mm:ss a|M/d/yy, h:mm a"},
    {"en_GB",
     "January|February|March|April|May|June|July|August|September|October|November|December",
     "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept|Oct|Nov|Dec",
     "J|F|M|A|M|J|J|A|S|O|N|D",
     "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept|Oct|Nov|Dec",
     "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
     "Mon|Tue|Wed|Thu|Fri|Sat|Sun",
     "M|T|W|T|F|S|S",
     "Mon|Tue|Wed|Thu|Fri|Sat|Sun",
     "am|pm",
     "BC|AD",
     "Before Christ|Anno Domini",
     "B|A",
     "Q1|Q2|Q3|Q4",
     "1st quarter|2nd quarter|3rd quarter|4th quarter",
     "0 at night|6 in the morning|12 in the afternoon|18 in the evening|21 at night",
     "midnight|noon",
     "EEEE, d MMMM y, HH:mm:ss zzzz|d MMMM y, HH:mm:ss z|d MMM y, HH:mm:ss|dd/MM/y, HH:mm"},
    {"fr",
     "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
     "janv.|févr.|mars|avr.|mai|juin|juil.|août|sept.|oct.|nov.|déc.",
     "J|F|M|A|M|J|J|A|S|O|N|D",
     "janv.|févr.|mars|avr.|mai|juin|juil.|août|sept.|oct.|nov.|déc.",
     "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche",
     "lun.|mar.|mer.|jeu.|ven.|sam.|dim.",
     "L|M|M|J|V|S|D",
     "lun.|mar.|mer.|jeu.|ven.|sam.|dim.",
     "AM|PM",
     "BC|ap. J.-C.",
     "avant Jésus-Christ|après Jésus-Christ",
     "av. J.-C.|ap. J.-C.",
     "T1|T2|T3|T4",
     "1er trimestre|2e trimestre|3e trimestre|4e trimestre",
     "0 du matin|12 de l’après-midi|18 du soir",
     "minuit|midi",
     "EEEE d MMMM y 'à' HH:mm:ss zzzz|d MMMM y 'à' HH:mm:ss z|d MMM y, HH:mm:ss|dd/MM/y HH:mm"},
    {"de",
     "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember",
     "Jan.|Feb.|März|Apr.|Mai|Juni|Juli|Aug.|Sept.|Okt.|Nov.|Dez.",
     "J|F|M|A|M|J|J|A|S|O|N|D",
     "Jan|Feb|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez",
     "Montag|Dienstag|Mittwoch|Donnerstag|Freitag|Samstag|Sonntag",
     "Mo.|Di.|Mi.|Do.|Fr.|Sa.|So.",
     "M|D|M|D|F|S|S",
     "Mo|Di|Mi|Do|Fr|Sa|So",
     "AM|PM",
     "v. Chr.|n. Chr.",
     "v. Chr.|n. Chr.",
     "v. Chr.|n. Chr.",
     "Q1|Q2|Q3|Q4",
     "1. Quartal|2. Quartal|3. Quartal|4. Quartal",
     "0 nachts|5 morgens|10 vormittags|12 mittags|13 nachmittags|18 abends",
     "Mitternacht|",
     "EEEE, d. MMMM y 'um' HH:mm:ss zzzz|d. MMMM y 'um' HH:mm:ss z|dd.MM.y, HH:mm:ss|dd.MM.yy, HH:mm"},
    {"es",
     "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre",
     "ene|feb|mar|abr|may|jun|jul|ago|sept|oct|nov|dic",
     "E|F|M|A|M|J|J|A|S|O|N|D",
     "ene|feb|mar|abr|may|jun|jul|ago|sept|oct|nov|dic",
     "lunes|martes|miércoles|jueves|viernes|sábado|domingo",
     "lun|mar|mié|jue|vie|sáb|dom",
     "L|M|X|J|V|S|D",
     "lun|mar|mié|jue|vie|sáb|dom",
     "a. m.|p. m.",
     "antes de Cristo|anno Dómini",
     "antes de Cristo|después de Cristo",
     "a. C.|d. C.",
     "T1|T2|T3|T4",
     "1.er trimestre|2.º trimestre|3.er trimestre|4.º trimestre",
     "0 de la madrugada|6 de la mañana|12 de la tarde|20 de la noche",
     "|del mediodía",
     "EEEE, d 'de' MMMM 'de' y, H:mm:ss (zzzz)|d 'de' MMMM 'de' y, H:mm:ss z|d MMM y H:mm:ss|d/M/yy H:mm"},
    {"it",
     "gennaio|febbraio|marzo|aprile|maggio|giugno|luglio|agosto|settembre|ottobre|novembre|dicembre",
     "gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic",
     "G|F|M|A|M|G|L|A|S|O|N|D",
     "gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic",
     "lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica",
     "lun|mar|mer|gio|ven|sab|dom",
     "L|M|M|G|V|S|D",
     "lun|mar|mer|gio|ven|sab|dom",
     "AM|PM",
     "BC|dopo Cristo",
     "a.C.|d.C.",
     "aC|dC",
     "T1|T2|T3|T4",
     "1º trimestre|2º trimestre|3º trimestre|4º trimestre",
     "0 di notte|6 di mattina|12 del pomeriggio|18 di sera",
     "mezzanotte|mezzogiorno",
     "EEEE d MMMM y HH:mm:ss zzzz|d MMMM y HH:mm:ss z|d MMM y, HH:mm:ss|dd/MM/yy, HH:mm"},
    {"pt",
     "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro",
     "jan.|fev.|mar.|abr.|mai.|jun.|jul.|ago.|set.|out.|nov.|dez.",
     "J|F|M|A|M|J|J|A|S|O|N|D",
     "jan.|fev.|mar.|abr.|mai.|jun.|jul.|ago.|set.|out.|nov.|dez.",
     "segunda-feira|terça-feira|quarta-feira|quinta-feira|sexta-feira|sábado|domingo",
     "seg.|ter.|qua.|qui.|sex.|sáb.|dom.",
     "S|T|Q|Q|S|S|D",
     "seg.|ter.|qua.|qui.|sex.|sáb.|dom.",
     "AM|PM",
     "a.C.|d.C.",
     "antes de Cristo|depois de Cristo",
     "a.C.|d.C.",
     "T1|T2|T3|T4",
     "1º trimestre|2º trimestre|3º trimestre|4º trimestre",
     "0 da madrugada|6 da manhã|12 da tarde|19 da noite",
     "meia-noite|meio-dia",
     "EEEE, d 'de' MMMM 'de' y HH:mm:ss zzzz|d 'de' MMMM 'de' y HH:mm:ss z|d 'de' MMM 'de' y HH:mm:ss|dd/MM/y HH:mm"},
    {"nl",
     "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december",
     "jan.|feb.|mrt.|apr.|mei|jun.|jul.|aug.|sep.|okt.|nov.|dec.",
     "J|F|M|A|M|J|J|A|S|O|N|D",
     "jan.|feb.|mrt.|apr.|mei|jun.|jul.|aug.|sep.|okt.|nov.|dec.",
     "maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag",
     "ma|di|wo|do|vr|za|zo",
     "M|D|W|D|V|Z|Z",
     "ma|di|wo|do|vr|za|zo",
     "a.m.|p.m.",
     "v. Chr.|n. Chr.",
     "voor Christus|na Christus",
     "v.C.|n.C.",
     "K1|K2|K3|K4",
     "1e kwartaal|2e kwartaal|3e kwartaal|4e kwartaal",
     "0 ’s nachts|6 ’s ochtends|12 ’s middags|18 ’s avonds",
     "middernacht|",
     "EEEE d MMMM y 'om' HH:mm:ss zzzz|d MMMM y 'om' HH:mm:ss z|d MMM y HH:mm:ss|dd-MM-y HH:mm"},
    {"ja",
     "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
     "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
     "1|2|3|4|5|6|7|8|9|10|11|12",
     "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
     "月曜日|火曜日|水曜日|木曜日|金曜日|土曜日|日曜日",
     "月|火|水|木|金|土|日",
     "月|火|水|木|金|土|日",
     "月|火|水|木|金|土|日",
     "午前|午後",
     "紀元前|西暦",
     "紀元前|西暦",
     "BC|AD",
     "Q1|Q2|Q3|Q4",
     "第1四半期|第2四半期|第3四半期|第4四半期",
     "0 夜中|4 朝|12 昼|16 夕方|19 夜|23 夜中",
     "真夜中|正午",
     "y年M月d日EEEE H時mm分ss秒 zzzz|y年M月d日 H:mm:ss z|y/MM/dd H:mm:ss|y/MM/dd H:mm"},
    {"zh",
     "一月|二月|三月|四月|五月|六月|七月|八月|九月|十月|十一月|十二月",
     "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
     "1|2|3|4|5|6|7|8|9|10|11|12",
     "1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
     "星期一|星期二|星期三|星期四|星期五|星期六|星期日",
     "周一|周二|周三|周四|周五|周六|周日",
     "一|二|三|四|五|六|日",
     "周一|周二|周三|周四|周五|周六|周日",
     "上午|下午",
     "公元前|公元",
     "公元前|公元",
     "公元前|公元",
     "1季度|2季度|3季度|4季度",
     "第一季度|第二季度|第三季度|第四季度",
     "0 凌晨|5 清晨|8 上午|12 中午|13 下午|19 晚上",
     "午夜|",
     "y年M月d日EEEE zzzz ah:mm:ss|y年M月d日 z ah:mm:ss|y年M月d日 ah:mm:ss|y/M/d ah:mm"},
};
// clang-format on

// Where the week begins on Monday, and the first week of a year has at least four days. Elsewhere, as in en_US, it
// begins on Sunday, and the first week holds 1 January.
constexpr std::string_view kMondayRegions = "AD AT BE CH CZ DE DK ES FI FR GB IE IT LU NL NO PL SE SK";

std::string normal(std::string_view tag) {
    std::string out(tag);
    std::replace(out.begin(), out.end(), '-', '_');
    return out;
}

}  // namespace

DateLocale DateLocale::of(std::string_view tag) {
    const std::string wanted = normal(tag);
    const std::string language = wanted.substr(0, wanted.find('_'));
    const DateNames* best = &kNames[0];
    for (const DateNames& names : kNames) {
        if (names.language == language) best = &names;
    }
    for (const DateNames& names : kNames) {
        if (names.language == wanted) best = &names;
    }
    const std::size_t underscore = wanted.rfind('_');
    const std::string region = underscore == std::string::npos ? "" : wanted.substr(underscore + 1);
    const bool from_monday = region.size() == 2 && kMondayRegions.find(region) != std::string_view::npos;
    return {*best, from_monday ? WeekRule{1, 4} : WeekRule{0, 1}};
}

std::string_view DateLocale::part(std::string_view list, std::size_t index) {
    for (; index > 0; --index) list.remove_prefix(std::min(list.find('|'), list.size() - 1) + 1);
    return list.substr(0, list.find('|'));
}

std::string_view DateLocale::day_period(int hour, bool exact) const {
    if (exact && hour == 0 && !part(names.midnight_and_noon, 0).empty()) return part(names.midnight_and_noon, 0);
    if (exact && hour == 12 && !part(names.midnight_and_noon, 1).empty()) return part(names.midnight_and_noon, 1);
    // "0 at night|6 in the morning": each begins with its first hour
    std::string_view found;
    for (std::string_view rest = names.day_periods; !rest.empty();) {
        const std::string_view entry = rest.substr(0, rest.find('|'));
        const std::size_t blank = entry.find(' ');
        const int first = blank == 1 ? entry[0] - '0' : (entry[0] - '0') * 10 + (entry[1] - '0');
        if (first > hour) break;
        found = entry.substr(blank + 1);
        rest.remove_prefix(std::min(entry.size() + 1, rest.size()));
    }
    return found;
}

}  // namespace sluice::expr
