#pragma once
#include "schedule/timetable.h"
#include "store/environment.h"
#include "store/flows.h"

namespace sluice::store {

/// Renders the expressions of a flow's triggers: they see the flow, its variables and `trigger`, but no execution.
/// Threads  one; the connection must live as long
class TriggerExpressions {
  public:
    TriggerExpressions(pg::Connection& connection, const Instance& instance, const flow::Flow& flow, Timestamp now);

    /// Errors  Expression
    Result<std::string> render(std::string_view text, const Value& trigger) const;
    Result<Value> render_tree(const Value& tree, const Value& trigger) const;
    /// What was rendered, as it may be stored and shown.
    Value without_secrets(Value value) const { return environment_->without_secrets(std::move(value)); }
    std::string masked(std::string text) const { return environment_->masked(std::move(text)); }
    /// As the schedule module wants it. Keeps what it needs.
    schedule::RenderFor for_dates() const;

  private:
    Value names(const Value& trigger) const;

    std::shared_ptr<Environment> environment_;
    Map names_{};
};

/// The dates of a trigger, Schedule or ScheduleOnDates; null when it is of another type, which has none.
/// Errors  as schedule::Timetable::of
Result<std::shared_ptr<const schedule::Timetable>> timetable_of(const flow::Trigger& trigger,
                                                                const schedule::Zones& zones, const Instance& instance,
                                                                const TriggerExpressions& expressions);

}  // namespace sluice::store
