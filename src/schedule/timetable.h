#pragma once
#include <variant>
#include <vector>

#include "schedule/conditions.h"
#include "schedule/cron_in_zone.h"

namespace sluice::schedule {

/// What happens to dates that were missed, at the scheduler's start and when a trigger is enabled again.
enum class Recover {
    All,   // they run, one after the other
    Last,  // the last one runs
    None,  // none
};
std::string_view to_text(Recover recover);
std::optional<Recover> recover_of(std::string_view text);

/// What the installation gives to triggers that don't say it themselves.
struct Defaults {
    Zone zone = Zone::utc();
    Recover recover = Recover::All;
    std::string country{};  // of PublicHoliday
};

/// Renders a text for one date of a trigger; `trigger` has date, next and previous.
using RenderFor = std::function<Result<std::string>(std::string_view text, const Value& trigger)>;

/// Tests of conditions with expressions in one search. What lies beyond is decided when it is due.
inline constexpr int kMaxRenderings = 1000;

/// The dates of one trigger (Schedule or ScheduleOnDates), made ready for planning. It belongs to one revision of the
/// flow, and keeps what it needs of the trigger.
/// Threads  any, as long as `render` may be called by any
class Timetable {
  public:
    /// render  for `dates` with expressions; may be empty
    /// Errors  Invalid or Expression, with the property: a trigger that check_trigger would refuse, or whose dates
    ///         can't be rendered
    static Result<Timetable> of(const flow::Trigger& trigger, const Zones& zones, const Defaults& defaults,
                                const RenderFor& render = {});

    /// The first date later than `after`, whatever the conditions say.
    std::optional<Instant> next(Timestamp after) const;
    /// The last date earlier than `before`, whatever the conditions say.
    std::optional<Instant> previous(Timestamp before) const;
    std::optional<Instant> at_or_after(Timestamp at) const { return next(at - Duration{1}); }

    /// Whether the conditions let this date run.
    /// Errors  as evaluate
    Result<Verdict> test(Instant date, const RenderFor& render) const;

    /// The first date later than `after` that the conditions let run. A date whose conditions can't be tested counts
    /// (it must fail where people see it), and so does the date at which the search is given up: it is tested again
    /// when it is due.
    std::optional<Instant> next_allowed(Timestamp after, const RenderFor& render) const;
    /// The last one earlier than `before`; none when the search is given up.
    std::optional<Instant> previous_allowed(Timestamp before, const RenderFor& render) const;

    /// {date, next, previous} as ISO text in the trigger's zone; next and previous honour the conditions and are left
    /// out when there is none, or the search is given up. Empty for ScheduleOnDates, which has no such variables.
    Value variables(Instant date, const RenderFor& render) const;
    /// "2024-01-01T11:00:00+01:00"
    std::string text(Instant date) const { return to_iso(ZonedTime::in(zone_, date)); }

    const Zone& zone() const { return zone_; }
    Recover recover() const { return recover_; }
    const std::optional<Duration>& late_maximum_delay() const { return late_maximum_delay_; }
    bool has_conditions() const { return !conditions_.empty(); }
    bool has_cron() const { return std::holds_alternative<CronInZone>(dates_); }
    /// Null for ScheduleOnDates.
    const CronInZone* cron() const { return std::get_if<CronInZone>(&dates_); }

  private:
    Timetable(Zone zone, std::variant<CronInZone, std::vector<Instant>> dates)
        : zone_(std::move(zone)), dates_(std::move(dates)) {}

    /// Where a search ended, and whether the conditions were asked about that date.
    struct Found {
        std::optional<Instant> date{};
        bool given_up = false;
    };
    Found search_next(Timestamp after, const RenderFor& render) const;
    Value own_variables(Instant date) const;

    Zone zone_;
    std::variant<CronInZone, std::vector<Instant>> dates_;
    std::vector<flow::Condition> conditions_{};
    std::optional<Duration> late_maximum_delay_{};
    Recover recover_ = Recover::All;
    std::string default_country_{};
};

}  // namespace sluice::schedule
