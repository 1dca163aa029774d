// Zone tables end in 2037. Summer time goes on by the rule that the table's last years follow.
#include <algorithm>
#include <array>

#include "schedule/zone.h"

namespace sluice::schedule {
namespace {

using namespace std::chrono;

constexpr int kFirstYear = 2026;  // of the years that show the rule: twelve hold each date of a weekday once
constexpr int kLastYear = 2037;
constexpr int kExtendedYear = 2150;

/// "When the clock shows 02:00 on the first Sunday from 25 March on, it becomes UTC plus `after`."
struct YearlyChange {
    month_day from{};
    weekday day{};
    Seconds time{};
    Seconds before{};
    Seconds after{};

    local_days date_in(year y) const {
        const local_days first{year_month_day{y, from.month(), from.day()}};
        return first + (day - weekday{first});
    }
    Instant instant_in(year y) const { return Instant{(date_in(y) + time - before).time_since_epoch()}; }
};

struct Change {
    LocalTime local{};  // by the clock before it changed
    Seconds before{};
    Seconds after{};
};

year year_of(LocalTime at) {
    return year_month_day{floor<days>(at)}.year();
}

std::vector<Change> changes_of(const std::vector<OffsetPeriod>& periods, int y) {
    std::vector<Change> out;
    for (std::size_t i = 1; i < periods.size(); ++i) {
        const Seconds before = periods[i - 1].offset;
        const LocalTime local{(periods[i].begin + before).time_since_epoch()};
        if (year_of(local) == year{y}) out.push_back({local, before, periods[i].offset});
    }
    return out;
}

/// The rule behind one change of each year, if there is one.
std::optional<YearlyChange> rule_of(const std::vector<Change>& yearly) {
    const Change& first = yearly.front();
    YearlyChange rule{.day = weekday{floor<days>(first.local)},
                      .time = first.local - floor<days>(first.local),
                      .before = first.before,
                      .after = first.after};
    rule.from = month_day{December, day{31}};
    for (const Change& change : yearly) {
        const year_month_day date{floor<days>(change.local)};
        rule.from = std::min(rule.from, month_day{date.month(), date.day()});
    }
    if (!rule.from.ok() || rule.from == February / 29) return {};
    for (const Change& change : yearly) {
        const bool follows = change.local == rule.date_in(year_of(change.local)) + rule.time &&
                             change.before == rule.before && change.after == rule.after;
        if (!follows) return {};
    }
    return rule;
}

/// Summer time is two changes a year, each by its own rule.
std::optional<std::array<YearlyChange, 2>> rules_of(const std::vector<OffsetPeriod>& periods) {
    std::array<std::vector<Change>, 2> yearly;
    for (int y = kFirstYear; y <= kLastYear; ++y) {
        const std::vector<Change> changes = changes_of(periods, y);
        if (changes.size() != 2) return {};
        yearly[0].push_back(changes[0]);
        yearly[1].push_back(changes[1]);
    }
    const auto spring = rule_of(yearly[0]);
    const auto autumn = rule_of(yearly[1]);
    if (!spring || !autumn) return {};
    return std::array{*spring, *autumn};
}

}  // namespace

void extend_by_rule(std::vector<OffsetPeriod>& periods) {
    const auto rules = rules_of(periods);
    if (!rules || year_of(LocalTime{periods.back().begin.time_since_epoch()}) != year{kLastYear}) return;
    for (int y = kLastYear + 1; y <= kExtendedYear; ++y) {
        for (const YearlyChange& rule : *rules) periods.push_back({rule.instant_in(year{y}), rule.after});
    }
}

}  // namespace sluice::schedule
