#include "schedule/timetable.h"

#include <algorithm>

#include "schedule/read_trigger.h"

namespace sluice::schedule {
namespace {

struct RecoverName {
    Recover recover;
    std::string_view text;
};
constexpr RecoverName kRecoverNames[] = {{Recover::All, "ALL"}, {Recover::Last, "LAST"}, {Recover::None, "NONE"}};

/// How far a search may still go: dates that need no rendering are cheap and skipped in leaps.
constexpr int kMaxTests = 20 * kMaxRenderings;

/// Counts what a search costs.
class Effort {
  public:
    explicit Effort(const RenderFor& render) : render_(render) {}

    RenderFor counted() {
        if (!render_) return {};
        return [this](std::string_view text, const Value& trigger) {
            ++renderings_;
            return render_(text, trigger);
        };
    }
    bool is_too_much() { return ++tests_ > kMaxTests || renderings_ >= kMaxRenderings; }

  private:
    const RenderFor& render_;
    int renderings_ = 0;
    int tests_ = 0;
};

}  // namespace

std::string_view to_text(Recover recover) {
    return kRecoverNames[static_cast<std::size_t>(recover)].text;
}

std::optional<Recover> recover_of(std::string_view text) {
    for (const RecoverName& name : kRecoverNames) {
        if (name.text == text) return name.recover;
    }
    return {};
}

Result<Timetable> Timetable::of(const flow::Trigger& trigger, const Zones& zones, const Defaults& defaults,
                                const RenderFor& render) {
    const auto zone = read_zone(trigger, zones, defaults.zone);
    if (!zone) return tl::unexpected(zone.error());
    const auto late = read_late_maximum_delay(trigger);
    if (!late) return tl::unexpected(late.error());
    const auto dates = [&]() -> Result<Timetable> {
        if (is_on_dates(trigger)) {
            auto read = read_dates(trigger, *zone, render);
            if (!read) return tl::unexpected(read.error());
            return Timetable(*zone, std::move(*read));
        }
        auto cron = read_cron(trigger);
        if (!cron) return tl::unexpected(cron.error());
        return Timetable(*zone, CronInZone(std::move(*cron), *zone, read_dst(trigger)));
    };
    auto out = dates();
    if (!out) return out;
    out->conditions_ = trigger.conditions;
    out->late_maximum_delay_ = *late;
    out->recover_ = recover_of(trigger.properties.text("recoverMissedSchedules")).value_or(defaults.recover);
    out->default_country_ = defaults.country;
    return out;
}

std::optional<Instant> Timetable::next(Timestamp after) const {
    if (const CronInZone* cron = this->cron()) return cron->next(after);
    const auto& dates = std::get<std::vector<Instant>>(dates_);
    const auto found = std::upper_bound(dates.begin(), dates.end(), after);
    return found == dates.end() ? std::nullopt : std::optional(*found);
}

std::optional<Instant> Timetable::previous(Timestamp before) const {
    if (const CronInZone* cron = this->cron()) return cron->previous(before);
    const auto& dates = std::get<std::vector<Instant>>(dates_);
    const auto found = std::lower_bound(dates.begin(), dates.end(), before);
    return found == dates.begin() ? std::nullopt : std::optional(*std::prev(found));
}

/// What a condition sees: the neighbours are taken as they are, or testing one date would test all.
Value Timetable::own_variables(Instant date) const {
    Map out{{"date", Value(text(date))}};
    if (const auto after = next(date)) out.set("next", Value(text(*after)));
    if (const auto before = previous(date)) out.set("previous", Value(text(*before)));
    return Value(std::move(out));
}

Result<Verdict> Timetable::test(Instant date, const RenderFor& render) const {
    ConditionContext context;
    context.date = ZonedTime::in(zone_, date);
    context.zone = zone_;
    context.default_country = default_country_;
    if (render) {
        context.render = [&](std::string_view text) { return render(text, own_variables(date)); };
    }
    return evaluate_all(conditions_, context);
}

Timetable::Found Timetable::search_next(Timestamp after, const RenderFor& render) const {
    auto date = next(after);
    if (conditions_.empty()) return {date};
    Effort effort(render);
    const RenderFor counted = effort.counted();
    const auto horizon = after + std::chrono::years{10};
    while (date && *date < horizon) {
        const auto verdict = test(*date, counted);
        if (!verdict || verdict->holds) return {date};
        if (effort.is_too_much()) return {date, true};
        date = at_or_after(std::max(*date + Seconds{1}, verdict->same.until));
    }
    return {};
}

std::optional<Instant> Timetable::next_allowed(Timestamp after, const RenderFor& render) const {
    return search_next(after, render).date;
}

std::optional<Instant> Timetable::previous_allowed(Timestamp before, const RenderFor& render) const {
    auto date = previous(before);
    if (conditions_.empty()) return date;
    Effort effort(render);
    const RenderFor counted = effort.counted();
    const auto horizon = before - std::chrono::years{10};
    while (date && *date > horizon) {
        const auto verdict = test(*date, counted);
        if (!verdict || verdict->holds) return date;
        if (effort.is_too_much()) return {};
        date = previous(std::min(*date, verdict->same.from));
    }
    return {};
}

Value Timetable::variables(Instant date, const RenderFor& render) const {
    Map out;
    if (!has_cron()) return Value(std::move(out));
    out.set("date", Value(text(date)));
    const Found after = search_next(date, render);
    if (after.date && !after.given_up) out.set("next", Value(text(*after.date)));
    if (const auto before = previous_allowed(date, render)) out.set("previous", Value(text(*before)));
    return Value(std::move(out));
}

}  // namespace sluice::schedule
