#include "schedule/holidays.h"

#include <algorithm>
#include <cctype>
#include <string>

#include "base/nearest.h"
#include "schedule/holiday_rules.h"

namespace sluice::schedule {
namespace holidays {
namespace {

using namespace std::chrono;

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

/// Easter Sunday of the western churches, by Gauss's rule in the form of Meeus and Butcher.
local_days western_easter(int y) {
    const int a = y % 19, b = y / 100, c = y % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    const int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    const int m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;
    return local_days{year{y} / (n / 31) / (n % 31 + 1)};
}

/// Easter Sunday of the eastern churches: by the Julian calendar, which has been 13 days behind since 1900.
local_days eastern_easter(int y) {
    const int a = y % 4, b = y % 7, c = y % 19, d = (19 * c + 15) % 30, e = (2 * a + 4 * b - d + 34) % 7;
    const int n = d + e + 114;
    return local_days{year{y} / (n / 31) / (n % 31 + 1)} + days{y / 100 - y / 400 - 2};
}

std::optional<local_days> day_of(const Rule& rule, int y) {
    if (y < rule.first_year || y > rule.last_year || y == rule.left_out) return {};
    const local_days date = rule.month == 0
                                ? local_days{}
                                : local_days{year{y} / static_cast<int>(rule.month) / static_cast<int>(rule.day)};
    switch (rule.kind) {
        case Rule::Kind::Fixed:
            return date;
        case Rule::Kind::Easter:
            return western_easter(y) + days{rule.days};
        case Rule::Kind::OrthodoxEaster:
            return eastern_easter(y) + days{rule.days};
        case Rule::Kind::OnOrAfter:
            return date + (weekday{rule.weekday} - weekday{date});
        case Rule::Kind::OnOrBefore:
            return date - (weekday{date} - weekday{rule.weekday});
        case Rule::Kind::Computed:
            return rule.compute(y);
    }
    return {};
}

bool has_word(std::string_view words, std::string_view word) {
    for (std::size_t at = 0; at < words.size();) {
        const std::size_t end = std::min(words.find(' ', at), words.size());
        if (words.substr(at, end - at) == word) return true;
        at = end + 1;
    }
    return false;
}

bool holds_in(const Rule& rule, std::string_view region) {
    if (rule.regions.empty()) return true;
    if (region.empty()) return false;
    return rule.regions[0] == '-' ? !has_word(rule.regions.substr(1), region) : has_word(rule.regions, region);
}

bool is_taken(const std::vector<Holiday>& all, local_days day) {
    return std::any_of(all.begin(), all.end(), [&](const Holiday& holiday) { return holiday.day == day; });
}

bool is_weekend(local_days day) {
    return weekday{day} == Saturday || weekday{day} == Sunday;
}

std::optional<local_days> substitute_of(const Rule& rule, local_days day, const std::vector<Holiday>& all) {
    const bool sunday = weekday{day} == Sunday;
    if (!is_weekend(day)) return {};
    if (rule.substitute == Substitute::NearestWeekday) return sunday ? day + days{1} : day - days{1};
    const bool moves = rule.substitute == Substitute::NextFreeWeekday ||
                       (rule.substitute == Substitute::SundayNextFreeWeekday && sunday);
    if (!moves) return {};
    local_days free = day + days{1};
    while (is_weekend(free) || is_taken(all, free)) free += days{1};
    return free;
}

/// The holidays that the rules give for a year; a substitute may fall into the year before.
std::vector<Holiday> by_rules(const Country& country, std::string_view region, int y) {
    std::vector<Holiday> out;
    std::vector<std::pair<const Rule*, local_days>> movable;
    for (const Rule& rule : country.rules) {
        if (!holds_in(rule, region)) continue;
        auto day = day_of(rule, y);
        if (!day) continue;
        if (rule.substitute == Substitute::SundaySaturday && weekday{*day} == Sunday) *day -= days{1};
        out.push_back({*day, rule.name});
        if (rule.substitute != Substitute::None) movable.emplace_back(&rule, *day);
    }
    for (const auto& [rule, day] : movable) {
        if (const auto instead = substitute_of(*rule, day, out)) out.push_back({*instead, rule->name});
    }
    return out;
}

void add_days_between(std::vector<Holiday>& all) {
    std::vector<Holiday> added;
    for (const Holiday& holiday : all) {
        const local_days between = holiday.day + days{1};
        if (is_taken(all, between + days{1}) && !is_taken(all, between) && weekday{between} != Sunday) {
            added.push_back({between, "Citizens' Holiday"});
        }
    }
    all.insert(all.end(), added.begin(), added.end());
}

std::vector<Holiday> of_year(const Country& country, std::string_view region, int y) {
    std::vector<Holiday> out = by_rules(country, region, y);
    if (country.day_between_holidays_too) add_days_between(out);
    for (const Holiday& next : by_rules(country, region, y + 1)) out.push_back(next);
    std::erase_if(out, [&](const Holiday& holiday) { return year_month_day{holiday.day}.year() != year{y}; });
    std::stable_sort(out.begin(), out.end(), [](const Holiday& a, const Holiday& b) { return a.day < b.day; });
    const auto same = [](const Holiday& a, const Holiday& b) { return a.day == b.day && a.name == b.name; };
    out.erase(std::unique(out.begin(), out.end(), same), out.end());
    return out;
}

std::vector<std::string> known_countries() {
    std::vector<std::string> out;
    for (const auto tables : {western_europe(), other_europe(), overseas()}) {
        for (const Country& country : tables) out.emplace_back(country.code);
    }
    std::sort(out.begin(), out.end());
    return out;
}

Result<const Country*> country_of(std::string_view code) {
    const std::string wanted = upper(code);
    for (const auto tables : {western_europe(), other_europe(), overseas()}) {
        for (const Country& country : tables) {
            if (country.code == wanted) return &country;
        }
    }
    return invalid("there is no calendar of public holidays for country '{}'; known are {}", code,
                   fmt::join(known_countries(), ", "));
}

/// "BY", also of "DE-by"
Result<std::string> region_of(const Country& country, std::string_view subdivision) {
    std::string wanted = upper(subdivision);
    const std::string prefix = std::string(country.code) + "-";
    if (wanted.starts_with(prefix)) wanted.erase(0, prefix.size());
    if (wanted.empty() || has_word(country.regions, wanted)) return wanted;
    if (country.regions.empty()) {
        return invalid("the calendar of public holidays of {} has no subdivisions; found '{}'", country.code,
                       subdivision);
    }
    return invalid("subdivision '{}' of {} is not known; known are {}", subdivision, country.code, country.regions);
}

}  // namespace
}  // namespace holidays

Result<std::vector<Holiday>> public_holidays(std::string_view country, std::string_view subdivision,
                                             std::chrono::year year) {
    const auto found = holidays::country_of(country);
    if (!found) return tl::unexpected(found.error());
    const auto region = holidays::region_of(**found, subdivision);
    if (!region) return tl::unexpected(region.error());
    return holidays::of_year(**found, *region, static_cast<int>(year));
}

Result<std::string_view> public_holiday(std::string_view country, std::string_view subdivision,
                                        std::chrono::local_days day) {
    const auto all = public_holidays(country, subdivision, std::chrono::year_month_day{day}.year());
    if (!all) return tl::unexpected(all.error());
    for (const Holiday& holiday : *all) {
        if (holiday.day == day) return holiday.name;
    }
    return std::string_view{};
}

Result<void> check_country(std::string_view country, std::string_view subdivision) {
    const auto found = holidays::country_of(country);
    if (!found) return tl::unexpected(found.error());
    const auto region = holidays::region_of(**found, subdivision);
    if (!region) return tl::unexpected(region.error());
    return {};
}

}  // namespace sluice::schedule
