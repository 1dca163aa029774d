#include "schedule/plan.h"

namespace sluice::schedule {
namespace {

constexpr std::string_view kFates[] = {"FIRED", "SKIPPED", "OVERLAPPED", "MISSED", "RECOVERED", "FAILED"};

/// The row once the date has been dealt with, and `next` follows it.
TriggerState row_after(const TriggerState& state, Instant date, std::optional<Instant> next) {
    TriggerState out = state;
    if (!out.backfill) {
        out.last = date;
        out.next = next;
    } else if (next && *next <= out.backfill->end) {
        out.backfill->current = *next;
        out.next = *next;
    } else {
        out.next = out.backfill->previous_next;
        out.backfill.reset();
    }
    return out;
}

/// The row without a decision, when `next` is no date of the timetable: it moves to the date that is meant.
TriggerState moved_to(const TriggerState& state, std::optional<Instant> date) {
    TriggerState out = state;
    out.next = date;
    if (!out.backfill) return out;
    if (date && *date <= out.backfill->end) {
        out.backfill->current = *date;
    } else {
        out.next = out.backfill->previous_next;
        out.backfill.reset();
    }
    return out;
}

std::optional<std::string> too_late(const Timetable& timetable, Instant date, Timestamp now) {
    const auto& most = timetable.late_maximum_delay();
    if (!most || now - date <= *most) return {};
    return fmt::format("lateMaximumDelay: {} late, allowed are {}", for_people(now - date), for_people(*most));
}

Decision decide_date(const Timetable& timetable, const TriggerState& state, Instant date, const Moment& moment,
                     const RenderFor& render) {
    Decision out{.date = date};
    if (state.backfill) out.backfill = state.backfill->name;
    const auto verdict = timetable.test(date, render);
    if (verdict && !verdict->holds) {
        out.fate = Fate::Skipped;
        out.reason = verdict->reason;
        return out;
    }
    if (!state.backfill) {
        if (auto late = too_late(timetable, date, moment.now)) {
            out.fate = Fate::Missed;
            out.reason = std::move(*late);
            return out;
        }
    }
    out.variables = timetable.variables(date, render);
    if (!verdict) {
        out.fate = Fate::Failed;
        out.reason = verdict.error().message;
        out.error = verdict.error();
    } else if (!state.backfill && moment.released_at && date < *moment.released_at) {
        out.fate = Fate::Overlapped;
        out.reason = fmt::format("waited {} for the end of execution {}", for_people(*moment.released_at - date),
                                 moment.waited_for);
    } else if (!state.backfill && date < moment.watching_since) {
        out.fate = Fate::Recovered;
        out.reason = fmt::format("{} late: no scheduler was there", for_people(moment.now - date));
    }
    return out;
}

/// The ordinary dates follow a backfill, if there is one.
TriggerState behind_backfill(const TriggerState& state, TriggerState ordinary) {
    if (!state.backfill) return ordinary;
    TriggerState out = state;
    out.backfill->previous_next = ordinary.next;
    out.next = out.backfill->paused ? std::nullopt : std::optional(out.backfill->current);
    return out;
}

/// Dates from `from` until `until` that the conditions let run.
void collect(const Timetable& timetable, Timestamp from, Timestamp until, const RenderFor& render, std::size_t limit,
             Recovery& out) {
    auto date = timetable.next_allowed(from - Duration{1}, render);
    for (; date && *date < until; date = timetable.next_allowed(*date, render)) {
        if (out.missed.size() == limit) {
            out.is_complete = false;
            return;
        }
        out.missed.push_back(*date);
    }
}

}  // namespace

std::string_view to_text(Fate fate) {
    return kFates[static_cast<std::size_t>(fate)];
}

TriggerState begin(const Timetable& timetable, const TriggerState& before, Timestamp now, const RenderFor& render) {
    return behind_backfill(before, {.next = timetable.next_allowed(now, render), .last = before.last});
}

Turn decide(const Timetable& timetable, const TriggerState& state, const Moment& moment, const RenderFor& render) {
    const bool paused = state.backfill && state.backfill->paused;
    if (paused || !state.next || *state.next > moment.now) return {{}, state};
    const auto date = timetable.at_or_after(state.backfill ? state.backfill->current : *state.next);
    if (!date || *date > moment.now || (state.backfill && *date > state.backfill->end)) {
        return {{}, moved_to(state, date)};
    }
    return {decide_date(timetable, state, *date, moment, render),
            row_after(state, *date, timetable.next_allowed(*date, render))};
}

Recovery recover(const Timetable& timetable, const TriggerState& state, Timestamp now, const RenderFor& render,
                 std::size_t limit) {
    Recovery out{.after = state};
    if (state.backfill) return out;
    // Where the missed dates begin: at the date that was waiting, or after the last one.
    const auto from = state.next   ? state.next
                      : state.last ? std::optional<Timestamp>(*state.last + Duration{1})
                                   : std::nullopt;
    if (!from) {
        out.after.next = timetable.next_allowed(now, render);
        return out;
    }
    const auto first = timetable.next_allowed(*from - Duration{1}, render);
    if (timetable.recover() == Recover::All || !first || *first > now) {
        out.after.next = first;
        return out;
    }
    out.reason = fmt::format("recoverMissedSchedules: {}", to_text(timetable.recover()));
    std::optional<Instant> kept;
    if (timetable.recover() == Recover::Last) kept = timetable.previous_allowed(now + Duration{1}, render);
    if (kept && *kept < *first) kept.reset();
    collect(timetable, *first, kept ? Timestamp{*kept} : now + Duration{1}, render, limit, out);
    out.after.next = kept ? kept : timetable.next_allowed(now, render);
    return out;
}

Recovery resume(const Timetable& timetable, const TriggerState& state, Timestamp now, const RenderFor& render,
                std::size_t limit) {
    Recovery out = recover(timetable, {.next = {}, .last = state.last}, now, render, limit);
    out.after = behind_backfill(state, out.after);
    return out;
}

std::vector<Instant> upcoming(const Timetable& timetable, Timestamp after, const RenderFor& render, std::size_t count) {
    std::vector<Instant> out;
    auto date = timetable.next_allowed(after, render);
    for (; date && out.size() < count; date = timetable.next_allowed(*date, render)) out.push_back(*date);
    return out;
}

Skipped skipped_between(const Timetable& timetable, Timestamp last, Instant date, const RenderFor& render,
                        std::size_t limit) {
    Skipped out;
    if (!timetable.has_conditions()) return out;
    for (auto at = timetable.next(last); at && *at < date; at = timetable.next(*at)) {
        const auto verdict = timetable.test(*at, render);
        if (!verdict || verdict->holds) continue;
        out.is_complete = out.dates.size() < limit;
        if (!out.is_complete) break;
        out.dates.emplace_back(*at, verdict->reason);
    }
    return out;
}

Setback set_back(const Timetable& timetable, const TriggerState& state, Timestamp quiet_until, std::size_t limit) {
    Setback out;
    out.date = timetable.at_or_after(state.backfill ? state.backfill->current : *state.next);
    if (!out.date) {
        out.after = moved_to(state, {});
        return out;
    }
    auto next = timetable.next(*out.date);
    while (!state.backfill && next && *next < quiet_until && out.is_complete) {
        out.is_complete = out.missed.size() < limit;
        if (out.is_complete) out.missed.push_back(*next);
        next = out.is_complete ? timetable.next(*next) : timetable.at_or_after(quiet_until);
    }
    out.after = row_after(state, *out.date, next);
    return out;
}

}  // namespace sluice::schedule
