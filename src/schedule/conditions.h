#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/flow.h"
#include "schedule/zoned_time.h"

namespace sluice::schedule {

/// Renders the expressions of a text in the context of what is being decided.
using Render = std::function<Result<std::string>(std::string_view text)>;
/// Whether a regular expression matches the whole text.
using MatchesWhole = std::function<Result<bool>(std::string_view pattern, std::string_view text)>;

/// The execution that a condition looks at.
struct ExecutionFacts {
    flow::FlowId flow{};
    State state = State::Created;
    std::vector<flow::Label> labels{};
    bool has_outputs = false;
    std::vector<State> retried_attempts{};  // of all attempts of its task runs that were tried more than once
};

/// What conditions are tested against. What the occasion has not stays empty.
struct ConditionContext {
    std::optional<ZonedTime> date{};            // trigger.date: the date that is being decided
    Zone zone = Zone::utc();                    // of dates without an offset
    const ExecutionFacts* execution = nullptr;  // whose state changed
    flow::FlowId flow{};                        // that would be started
    std::string default_country{};              // of PublicHoliday without a country
    Render render{};                            // for texts with expressions
};

/// The dates around the tested one for which the answer is the same: from `from`, before `until`.
struct SameAnswer {
    Instant from{};
    Instant until{};
};

struct Verdict {
    bool holds = false;
    std::string reason{};  // "DayWeek: 2026-01-05 is a MONDAY, wanted SUNDAY"
    SameAnswer same{};     // at least the second of the tested date itself
};

/// Tests one condition.
/// The date of a condition on dates is its `date`, by default the context's, by default what {{ trigger.date }}
/// renders. Errors  Expression, from rendering; Invalid: what it needs is not there or can't be read. The message
/// begins with
///         the condition's type
Result<Verdict> evaluate(const flow::Condition& condition, const ConditionContext& context);

/// Tests conditions that must all hold; the first that doesn't gives the reason. None: holds, for ever.
Result<Verdict> evaluate_all(const std::vector<flow::Condition>& conditions, const ConditionContext& context);

/// What there is to look at where a condition stands.
enum class Occasion {
    NoExecution,     // schedules, polling triggers, webhooks
    ExecutionEvent,  // Flow triggers: the execution that changed its state
};

/// What can be known before it runs: dates, days, countries and states are readable, and the occasion has what it
/// looks at. Expressions are left alone.
/// Errors  Invalid; details have the property: "conditions[0].country"
Result<void> check_conditions(const std::vector<flow::Condition>& conditions, Occasion occasion);

}  // namespace sluice::schedule
