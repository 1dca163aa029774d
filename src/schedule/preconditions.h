#pragma once
#include <string>
#include <vector>

#include "schedule/conditions.h"
#include "schedule/windows.h"

namespace sluice::schedule {

/// Conditions that several executions meet together within a window: `preconditions` of a Flow trigger, or the older
/// MultipleCondition among its conditions.
struct Preconditions {
    std::string id{};
    TimeWindow window{};
    bool reset_on_success = true;
    std::vector<std::string> keys{};  // of all its conditions: "condition_0", "condition_1_late" …
    Value definition{};               // flows and where, as they were written; null for a MultipleCondition
    const flow::Condition* multiple = nullptr;
    std::vector<State> states{};  // of the trigger: for flows without own ones; empty: any
};

/// The windows of a Flow trigger; none when it has only plain conditions. They point into the trigger.
/// Errors  Invalid; details have the property: "preconditions.timeWindow.deadline", "preconditions.where[0]…"
Result<std::vector<Preconditions>> preconditions_of(const flow::Trigger& trigger);

/// Which of the conditions an execution meets. One that can't be tested is not met; its reason goes to `problems`.
///
/// context  of ConditionContext: the execution, and `render` for expressions
/// matches  for the filter type REGEX
std::vector<std::string> met_by(const Preconditions& preconditions, const ConditionContext& context,
                                const MatchesWhole& matches, std::vector<Error>& problems);

/// What an execution's event does to the window of these preconditions: met_by, then step_window.
WindowStep step_preconditions(const Preconditions& preconditions, const std::optional<WindowState>& before,
                              const ConditionContext& context, const MatchesWhole& matches, Timestamp now,
                              std::vector<Error>& problems);

}  // namespace sluice::schedule
