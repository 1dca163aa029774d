#include "schedule/windows.h"

#include <algorithm>

namespace sluice::schedule {
namespace {

using namespace std::chrono;

constexpr local_days kFirstMonday{days{4}};  // 1970-01-05

/// The number of whole windows before `at`, also where it is negative.
std::int64_t whole_windows(Duration at, Duration window) {
    return at >= Duration{0} ? at / window : -((-at + window - Duration{1}) / window);
}

/// Between two local times, a fraction of a second included: zones know seconds, windows may begin within one.
WindowSpan span_of(local_time<Duration> from, local_time<Duration> until, const Zone& zone) {
    const auto instant = [&](local_time<Duration> local) {
        const LocalTime second = floor<seconds>(local);
        return Timestamp{zone.instant(second)} + (local - second);
    };
    return {instant(from), instant(until)};
}

local_time<Duration> local_of(Timestamp at, const Zone& zone) {
    return local_time<Duration>{(at + zone.offset_at(at)).time_since_epoch()};
}

WindowSpan duration_window(const TimeWindow& window, Timestamp at, const Zone& zone) {
    const local_time<Duration> local = local_of(at, zone) - window.advance;
    const local_days midnight = floor<days>(local);
    const bool of_days = window.window >= days{1};
    const local_time<Duration> base = of_days ? kFirstMonday : midnight;
    const auto from = base + whole_windows(local - base, window.window) * window.window;
    auto until = from + window.window;
    if (!of_days) until = std::min<local_time<Duration>>(until, midnight + days{1});
    return span_of(from + window.advance, until + window.advance, zone);
}

/// From one time of the day to another; the end may be on the next day.
std::optional<WindowSpan> daily_window(const OffsetTime& start, const OffsetTime& end, Timestamp at, const Zone& zone) {
    const Zone starts_in = start.offset ? Zone::of_offset(*start.offset) : zone;
    const Zone ends_in = end.offset ? Zone::of_offset(*end.offset) : zone;
    const local_days today = floor<days>(local_of(at, starts_in));
    for (const local_days day : {today, today - days{1}}) {
        const local_time<Duration> from = day + start.time;
        local_time<Duration> until = day + end.time;
        WindowSpan span{span_of(from, from, starts_in).start, span_of(until, until, ends_in).start};
        if (span.end <= span.start) span.end = span_of(until, until + days{1}, ends_in).end;
        if (at >= span.start && at < span.end) return span;
    }
    return {};
}

WindowState afresh(const WindowSpan& span) {
    return {span, {}};
}

}  // namespace

std::optional<WindowSpan> window_at(const TimeWindow& window, Timestamp at, const Zone& zone) {
    switch (window.kind) {
        case TimeWindow::Kind::Duration:
            return duration_window(window, at, zone);
        case TimeWindow::Kind::Sliding:
            // `at` itself is the newest that counts.
            return WindowSpan{at - window.window, at + Duration{1}};
        case TimeWindow::Kind::DailyDeadline:
            return daily_window({Duration{0}, window.deadline.offset}, window.deadline, at, zone);
        case TimeWindow::Kind::DailyWindow:
            return daily_window(window.start, window.end, at, zone);
    }
    return {};
}

Value to_value(const WindowState& state) {
    Map results;
    for (const auto& [key, at] : state.satisfied) results.set(key, Value(sluice::to_iso(at)));
    return Value(Map{{"start", Value(sluice::to_iso(state.span.start))},
                     {"end", Value(sluice::to_iso(state.span.end))},
                     {"results", Value(std::move(results))}});
}

Result<WindowState> window_state_of(const Value& value) {
    WindowState out;
    const auto start = parse_iso(value.text("start"));
    const auto end = parse_iso(value.text("end"));
    if (!start) return tl::unexpected(start.error());
    if (!end) return tl::unexpected(end.error());
    out.span = {*start, *end};
    const Value results = value["results"];
    if (!results.is_map()) return out;
    for (const auto& [key, result] : results.as_map()) {
        if (result.if_bool().value_or(false)) {
            out.satisfied[key] = *start;
        } else if (const std::string* text = result.if_string()) {
            const auto at = parse_iso(*text);
            if (!at) return tl::unexpected(at.error());
            out.satisfied[key] = *at;
        }
    }
    return out;
}

WindowStep step_window(const TimeWindow& window, const std::optional<WindowState>& before,
                       const std::vector<std::string>& now_true, const std::vector<std::string>& all, bool reset,
                       Timestamp now, const Zone& zone) {
    const auto span = window_at(window, now, zone);
    if (!span) return {};
    const bool sliding = window.kind == TimeWindow::Kind::Sliding;
    const bool goes_on = before && (sliding || before->span.start == span->start);
    WindowState state = goes_on ? *before : afresh(*span);
    state.span = *span;
    for (const std::string& key : now_true) state.satisfied[key] = now;
    std::erase_if(state.satisfied, [&](const auto& entry) {
        const bool too_old = sliding && entry.second < span->start;
        return too_old || std::find(all.begin(), all.end(), entry.first) == all.end();
    });

    WindowStep out;
    out.fires = !now_true.empty() && !all.empty() && state.satisfied.size() == all.size();
    if (!(out.fires && reset) && !state.satisfied.empty()) out.after = std::move(state);
    return out;
}

}  // namespace sluice::schedule
