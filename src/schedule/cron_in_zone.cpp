#include "schedule/cron_in_zone.h"

namespace sluice::schedule {
namespace {

using namespace std::chrono;

LocalTime shown(Instant at, Seconds offset) {
    return LocalTime{(at + offset).time_since_epoch()};
}
Instant instant_of(LocalTime local, Seconds offset) {
    return Instant{local.time_since_epoch()} - offset;
}

}  // namespace

/// The first local time of a period that may count. What the clock showed before it went back has had its run,
/// unless the expression means every so often.
LocalTime CronInZone::first_local(std::size_t period) const {
    const auto periods = zone_.periods();
    Seconds offset = periods[period].offset;
    if (period > 0 && !cron_.is_interval()) offset = std::max(offset, periods[period - 1].offset);
    return shown(periods[period].begin, offset);
}

LocalTime CronInZone::last_local(std::size_t period) const {
    return shown(zone_.end_of(period), zone_.periods()[period].offset) - 1s;
}

/// Whether the local time was skipped when the period began.
bool CronInZone::is_in_gap(std::size_t period, LocalTime local) const {
    const auto periods = zone_.periods();
    if (period == 0) return false;
    return local >= shown(periods[period].begin, periods[period - 1].offset) &&
           local < shown(periods[period].begin, periods[period].offset);
}

/// Whether a run that the gap before the period swallowed takes place when the gap is over. An expression that goes
/// on at its pace has lost nothing: a gap of whole hours leaves the minute hand alone.
bool CronInZone::makes_up_for_gap(std::size_t period) const {
    if (dst_ == Dst::Skip) return false;
    if (!cron_.is_interval()) return true;
    const auto periods = zone_.periods();
    const Seconds gap = periods[period].offset - periods[period - 1].offset;
    const LocalTime over = shown(periods[period].begin, periods[period].offset);
    const local_days day = floor<days>(over);
    const bool goes_on = gap % 1h == 0s && cron_.matches_day(day) &&
                         cron_.matches_hour(static_cast<int>(duration_cast<hours>(over - day).count()));
    return !goes_on;
}

std::optional<Instant> CronInZone::next(Timestamp after) const {
    const auto periods = zone_.periods();
    const Instant first = floor<seconds>(after) + 1s;
    std::size_t period = zone_.period_at(first - 1s);  // so that a run right after a gap is seen
    LocalTime from = std::max(shown(first, periods[period].offset), first_local(period));
    std::optional<LocalTime> found = cron_.next(from);
    while (found) {
        const Instant at = instant_of(*found, periods[period].offset);
        if (at < zone_.end_of(period)) return at;
        if (++period == periods.size()) return {};
        if (is_in_gap(period, *found) && makes_up_for_gap(period)) return periods[period].begin;
        const LocalTime begins = first_local(period);
        if (begins < from || begins > *found) found = cron_.next(begins);
        from = begins;
    }
    return {};
}

std::optional<Instant> CronInZone::previous(Timestamp before) const {
    const auto periods = zone_.periods();
    const Instant last = ceil<seconds>(before) - 1s;
    std::size_t period = zone_.period_at(last);
    LocalTime until = shown(last, periods[period].offset);
    std::optional<LocalTime> found = cron_.previous(until);
    while (found) {
        if (*found >= first_local(period)) return instant_of(*found, periods[period].offset);
        if (is_in_gap(period, *found) && makes_up_for_gap(period)) return periods[period].begin;
        if (period-- == 0) return {};
        const LocalTime ends = last_local(period);
        if (*found > ends || until < ends) found = cron_.previous(ends);
        until = ends;
    }
    return {};
}

}  // namespace sluice::schedule
