#include "schedule/read_trigger.h"

#include <algorithm>

#include "value/json.h"

namespace sluice::schedule {
namespace {

bool has_expression(std::string_view text) {
    return text.find("{{") != std::string_view::npos || text.find("{%") != std::string_view::npos;
}

Result<std::string> rendered(const std::string& text, const RenderFor& render) {
    if (!has_expression(text)) return text;
    if (!render) return refuse(ErrorCode::Expression, "expressions can't be rendered here: '{}'", text);
    return render(text, Value(Map()));
}

Result<Instant> read_date(const std::string& text, const Zone& zone) {
    const auto date = parse_zoned(text, zone);
    if (!date) return tl::unexpected(date.error());
    return std::chrono::floor<Seconds>(date->at);
}

/// The texts of the dates, rendered. A text that is no JSON list is one date.
Result<std::vector<std::string>> date_texts(const Value& dates, const RenderFor& render) {
    Value list = dates;
    if (const std::string* text = dates.if_string()) {
        const auto whole = rendered(*text, render);
        if (!whole) return tl::unexpected(whole.error());
        const auto json = parse_json(*whole);
        list = json && json->is_list() ? *json : Value(List{Value(*whole)});
    }
    if (!list.is_list()) return invalid("expected a list of dates");
    std::vector<std::string> out;
    for (const Value& item : list.as_list()) {
        if (!item.is_string())
            return invalid("expected a date such as 2026-01-31T10:00:00+01:00, found {}", to_json(item));
        auto text = rendered(item.as_string(), render);
        if (!text) return tl::unexpected(text.error());
        out.push_back(std::move(*text));
    }
    return out;
}

}  // namespace

Error in_property(Error error, std::string_view property) {
    error.place.property = property;
    return error;
}

bool is_schedule(const flow::Trigger& trigger) {
    return trigger.is("core.trigger.Schedule");
}

bool is_on_dates(const flow::Trigger& trigger) {
    return trigger.is("core.trigger.ScheduleOnDates");
}

Result<Cron> read_cron(const flow::Trigger& trigger) {
    const bool with_seconds = trigger.properties["withSeconds"].if_bool().value_or(false);
    auto cron = parse_cron(trigger.properties.text("cron"), with_seconds);
    if (!cron) return tl::unexpected(in_property(std::move(cron.error()), "cron"));
    return cron;
}

Result<Zone> read_zone(const flow::Trigger& trigger, const Zones& zones, const Zone& otherwise) {
    const std::string name = trigger.properties.text("timezone");
    if (name.empty()) return otherwise;
    auto zone = zones.find(name);
    if (!zone) return tl::unexpected(in_property(std::move(zone.error()), "timezone"));
    return zone;
}

Dst read_dst(const flow::Trigger& trigger) {
    return trigger.properties.text("dst") == "SKIP" ? Dst::Skip : Dst::RunAfterGap;
}

Result<std::optional<Duration>> read_late_maximum_delay(const flow::Trigger& trigger) {
    const Value value = trigger.properties["lateMaximumDelay"];
    if (value.is_null()) return std::nullopt;
    const std::string text = value.is_string() ? value.as_string() : to_json(value);
    auto delay = parse_duration(text);
    if (!delay) return tl::unexpected(in_property(std::move(delay.error()), "lateMaximumDelay"));
    if (*delay < Duration{0})
        return tl::unexpected(in_property(Error{ErrorCode::Invalid, "must not be negative"}, "lateMaximumDelay"));
    return *delay;
}

Result<std::vector<Instant>> read_dates(const flow::Trigger& trigger, const Zone& zone, const RenderFor& render) {
    auto texts = date_texts(trigger.properties["dates"], render);
    if (!texts) return tl::unexpected(in_property(std::move(texts.error()), "dates"));
    std::vector<Instant> out;
    for (std::size_t i = 0; i < texts->size(); ++i) {
        auto date = read_date((*texts)[i], zone);
        if (!date) return tl::unexpected(in_property(std::move(date.error()), fmt::format("dates[{}]", i)));
        out.push_back(*date);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

}  // namespace sluice::schedule
