// Conditions on dates.
#include <algorithm>

#include "schedule/condition_kinds.h"
#include "schedule/holidays.h"

namespace sluice::schedule::kinds {
namespace {

using namespace std::chrono;

/// The date that a condition tests, and whether it is the context's own, so that other dates can be foretold.
struct TestedDate {
    ZonedTime time{};
    bool own = false;
};

Result<TestedDate> tested_date(const flow::Condition& condition, const ConditionContext& context) {
    const std::string given = condition.properties.text("date");
    if (given.empty() && context.date) return TestedDate{*context.date, true};
    if (given.empty() && !context.render) return invalid("there is no date here: set `date`");
    auto text = given.empty() ? context.render("{{ trigger.date }}") : rendered(condition, "date", context);
    if (!text) return tl::unexpected(text.error());
    const auto time = parse_zoned(*text, context.zone);
    if (!time) return tl::unexpected(time.error());
    return TestedDate{*time, false};
}

/// The whole local day of the tested date.
SameAnswer same_day(const TestedDate& date, const ConditionContext& context) {
    if (!date.own) return only_now(context);
    const local_days day = date.time.day();
    return {context.zone.instant(day), context.zone.instant(day + days{1})};
}

std::optional<std::string> given(const flow::Condition& condition, std::string_view property) {
    const Value value = condition.properties[property];
    if (!value.is_string() || value.as_string().empty()) return {};
    return value.as_string();
}

/// A bound of "between": what was given, read, and whether it may change with the tested date.
template <class T>
struct Bound {
    std::optional<T> value{};
    bool rendered = false;
};

template <class T, class Read>
Result<Bound<T>> bound_of(const flow::Condition& condition, std::string_view property, const ConditionContext& context,
                          Read read) {
    if (!given(condition, property)) return Bound<T>{};
    const auto text = rendered(condition, property, context);
    if (!text) return tl::unexpected(text.error());
    const Result<T> value = read(*text);
    if (!value) return tl::unexpected(value.error());
    return Bound<T>{*value, has_expression(condition.properties.text(property))};
}

/// The part between two bounds, or outside of them, in which `at` lies.
SameAnswer part_of(Instant at, Instant first_in, Instant first_after, SameAnswer whole) {
    const Instant low = std::clamp(first_in, whole.from, whole.until);
    const Instant high = std::clamp(first_after, low, whole.until);
    if (at < low) return {whole.from, low};
    if (at < high) return {low, high};
    return {high, whole.until};
}

Result<Verdict> date_time_between(const flow::Condition& condition, const ConditionContext& context) {
    const auto read = [&](const std::string& text) { return parse_zoned(text, context.zone); };
    const auto after = bound_of<ZonedTime>(condition, "after", context, read);
    const auto before = bound_of<ZonedTime>(condition, "before", context, read);
    if (!after) return tl::unexpected(after.error());
    if (!before) return tl::unexpected(before.error());
    if (!after->value && !before->value) return invalid("Invalid condition with no before nor after");
    const auto date = tested_date(condition, context);
    if (!date) return tl::unexpected(date.error());

    const Timestamp at = date->time.at;
    const bool holds = (!after->value || at > after->value->at) && (!before->value || at < before->value->at);
    const bool foretold = date->own && !after->rendered && !before->rendered;
    const Instant first_in = after->value ? floor<seconds>(after->value->at) + 1s : kBeginning;
    const Instant first_after = before->value ? ceil<seconds>(before->value->at) : kEnd;
    const SameAnswer same = foretold ? part_of(floor<seconds>(at), first_in, first_after, kAlways) : only_now(context);
    return verdict(holds, same, "{} is {}{}{}{}", to_iso(date->time), holds ? "" : "not ",
                   after->value ? "after " + to_iso(*after->value) : "", after->value && before->value ? " and " : "",
                   before->value ? "before " + to_iso(*before->value) : "");
}

/// Where a bound stands on the clock of the tested date. A bound with an offset is held against it as in Java's
/// OffsetTime: on one line without wrapping at midnight.
Duration on_clock_of(const ZonedTime& date, const OffsetTime& bound) {
    return bound.offset ? bound.time - *bound.offset + date.offset : bound.time;
}

std::string text_of(const OffsetTime& time) {
    return clock_text(time.time) + (time.offset ? Zone::of_offset(*time.offset).name() : "");
}

Result<Verdict> time_between(const flow::Condition& condition, const ConditionContext& context) {
    const auto read = [](const std::string& text) { return parse_offset_time(text); };
    const auto after = bound_of<OffsetTime>(condition, "after", context, read);
    const auto before = bound_of<OffsetTime>(condition, "before", context, read);
    if (!after) return tl::unexpected(after.error());
    if (!before) return tl::unexpected(before.error());
    if (!after->value && !before->value) return invalid("Invalid condition with no before nor after");
    const auto date = tested_date(condition, context);
    if (!date) return tl::unexpected(date.error());

    const Duration time = date->time.time_of_day();
    const Duration low = after->value ? on_clock_of(date->time, *after->value) : Duration{-48h};
    const Duration high = before->value ? on_clock_of(date->time, *before->value) : Duration{48h};
    const bool holds = time > low && time < high;

    const SameAnswer day = same_day(*date, context);
    SameAnswer same = only_now(context);
    const bool even_day = day.until - day.from == 24h;  // no clock change: the clock is a straight line
    if (date->own && even_day && !after->rendered && !before->rendered) {
        same = part_of(floor<seconds>(date->time.at), day.from + floor<seconds>(low) + 1s,
                       day.from + ceil<seconds>(high), day);
    }
    return verdict(holds, same, "{} is {}{}{}{}", to_iso(date->time), holds ? "" : "not ",
                   after->value ? "after " + text_of(*after->value) : "", after->value && before->value ? " and " : "",
                   before->value ? "before " + text_of(*before->value) : "");
}

Result<Verdict> day_week(const flow::Condition& condition, const ConditionContext& context) {
    const auto name = rendered(condition, "dayOfWeek", context);
    if (!name) return tl::unexpected(name.error());
    const auto wanted = weekday_of(*name);
    if (!wanted) return tl::unexpected(wanted.error());
    const auto date = tested_date(condition, context);
    if (!date) return tl::unexpected(date.error());
    const weekday found{date->time.day()};
    const SameAnswer same =
        has_expression(condition.properties.text("dayOfWeek")) ? only_now(context) : same_day(*date, context);
    return verdict(found == *wanted, same, "{} is a {}, wanted {}", to_text(date->time.day()), name_of(found),
                   name_of(*wanted));
}

constexpr std::string_view kWhich[] = {"FIRST", "SECOND", "THIRD", "FOURTH", "LAST"};

/// "the THIRD MONDAY of its month"; the last one is often also the fourth.
bool is_which(local_days day, std::string_view which) {
    const year_month_day date{day};
    const unsigned of_month = static_cast<unsigned>(date.day());
    if (which == "LAST") return year_month_day{day + days{7}}.month() != date.month();
    return kWhich[std::min((of_month - 1) / 7, 4U)] == which && of_month <= 28;
}

Result<void> known_which(std::string_view which) {
    if (std::find(std::begin(kWhich), std::end(kWhich), which) != std::end(kWhich)) return {};
    return invalid("'{}' is not one of {}", which, fmt::join(kWhich, ", "));
}

Result<Verdict> day_week_in_month(const flow::Condition& condition, const ConditionContext& context) {
    const auto name = rendered(condition, "dayOfWeek", context);
    const auto which = rendered(condition, "dayInMonth", context);
    if (!name) return tl::unexpected(name.error());
    if (!which) return tl::unexpected(which.error());
    const auto wanted = weekday_of(*name);
    if (!wanted) return tl::unexpected(wanted.error());
    if (const auto known = known_which(*which); !known) return tl::unexpected(known.error());
    const auto date = tested_date(condition, context);
    if (!date) return tl::unexpected(date.error());

    const local_days day = date->time.day();
    const bool holds = weekday{day} == *wanted && is_which(day, *which);
    const unsigned nth = (static_cast<unsigned>(year_month_day{day}.day()) - 1) / 7 + 1;
    const bool foretold = !has_expression(condition.properties.text("dayOfWeek")) &&
                          !has_expression(condition.properties.text("dayInMonth"));
    return verdict(holds, foretold ? same_day(*date, context) : only_now(context),
                   "{} is {} {} of its month, wanted the {} {}", to_text(day), name_of(weekday{day}), nth, *which,
                   name_of(*wanted));
}

Result<Verdict> weekend(const flow::Condition& condition, const ConditionContext& context) {
    const auto date = tested_date(condition, context);
    if (!date) return tl::unexpected(date.error());
    const weekday found{date->time.day()};
    return verdict(found == Saturday || found == Sunday, same_day(*date, context), "{} is a {}",
                   to_text(date->time.day()), name_of(found));
}

Result<Verdict> holiday(const flow::Condition& condition, const ConditionContext& context) {
    auto country = rendered(condition, "country", context);
    const auto subdivision = rendered(condition, "subDivision", context);
    if (!country) return tl::unexpected(country.error());
    if (!subdivision) return tl::unexpected(subdivision.error());
    if (country->empty()) country = context.default_country;
    if (country->empty()) return invalid("set `country`, for example DE");
    const auto date = tested_date(condition, context);
    if (!date) return tl::unexpected(date.error());
    const auto name = public_holiday(*country, *subdivision, date->time.day());
    if (!name) return tl::unexpected(name.error());
    const bool foretold = !has_expression(condition.properties.text("country")) &&
                          !has_expression(condition.properties.text("subDivision"));
    return verdict(!name->empty(), foretold ? same_day(*date, context) : only_now(context), "{} is {} in {}{}{}",
                   to_text(date->time.day()), name->empty() ? "no public holiday" : *name, *country,
                   subdivision->empty() ? "" : " ", *subdivision);
}

// ---- what can be known beforehand ----

template <class Read>
Result<void> readable(const flow::Condition& condition, std::string_view property, Read read) {
    const auto text = given(condition, property);
    if (!text || has_expression(*text)) return {};
    const auto value = read(*text);
    if (value) return {};
    Error error = value.error();
    error.place.property = property;
    return tl::unexpected(std::move(error));
}

Result<void> check_date(const flow::Condition& condition) {
    return readable(condition, "date", [](const std::string& text) { return parse_zoned(text, Zone::utc()); });
}

Result<void> check_bounds_given(const flow::Condition& condition) {
    if (given(condition, "after") || given(condition, "before")) return {};
    return invalid("Invalid condition with no before nor after");
}

Result<void> check_date_time_between(const flow::Condition& condition) {
    const auto read = [](const std::string& text) { return parse_zoned(text, Zone::utc()); };
    if (const auto bounds = check_bounds_given(condition); !bounds) return bounds;
    if (const auto after = readable(condition, "after", read); !after) return after;
    if (const auto before = readable(condition, "before", read); !before) return before;
    return check_date(condition);
}

Result<void> check_time_between(const flow::Condition& condition) {
    const auto read = [](const std::string& text) { return parse_offset_time(text); };
    if (const auto bounds = check_bounds_given(condition); !bounds) return bounds;
    if (const auto after = readable(condition, "after", read); !after) return after;
    if (const auto before = readable(condition, "before", read); !before) return before;
    return check_date(condition);
}

Result<void> check_day_week(const flow::Condition& condition) {
    const auto read = [](const std::string& text) { return weekday_of(text); };
    if (const auto day = readable(condition, "dayOfWeek", read); !day) return day;
    const auto which = [](const std::string& text) { return known_which(text); };
    if (const auto nth = readable(condition, "dayInMonth", which); !nth) return nth;
    return check_date(condition);
}

Result<void> check_holiday(const flow::Condition& condition) {
    const std::string country = given(condition, "country").value_or("");
    const std::string subdivision = given(condition, "subDivision").value_or("");
    if (country.empty() || has_expression(country)) return check_date(condition);
    Result<void> known = check_country(country, has_expression(subdivision) ? "" : subdivision);
    if (known) return check_date(condition);
    known.error().place.property = check_country(country, "") ? "subDivision" : "country";
    return known;
}

constexpr Kind kKinds[] = {
    {"DateTimeBetween", date_time_between, check_date_time_between},
    {"TimeBetween", time_between, check_time_between},
    {"DayWeek", day_week, check_day_week},
    {"DayWeekInMonth", day_week_in_month, check_day_week},
    {"Weekend", weekend, check_date},
    {"PublicHoliday", holiday, check_holiday},
};

}  // namespace

std::span<const Kind> date_kinds() {
    return kKinds;
}

}  // namespace sluice::schedule::kinds
