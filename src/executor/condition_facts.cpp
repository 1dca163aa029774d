#include "executor/condition_facts.h"

#include <algorithm>

namespace sluice::executor {
namespace {

bool tests_attempts(const flow::Condition& condition) {
    if (condition.info != nullptr && condition.info->short_name() == "core.condition.HasRetryAttempt") return true;
    return std::ranges::any_of(condition.nested, [](const auto& entry) { return tests_attempts(entry.second); });
}

std::vector<State> retried_attempts(engine::Facts& runs) {
    std::vector<State> out;
    for (const engine::TaskRun& run : runs.all_task_runs()) {
        if (run.attempts.size() < 2) continue;
        for (const engine::Attempt& attempt : run.attempts) out.push_back(attempt.state);
    }
    return out;
}

}  // namespace

schedule::ExecutionFacts facts_for(const std::vector<flow::Condition>& conditions, const engine::Execution& execution,
                                   State state, engine::Facts& runs) {
    const bool attempts = std::ranges::any_of(conditions, tests_attempts);
    return {.flow = execution.flow,
            .state = state,
            .labels = execution.labels,
            .has_outputs = execution.outputs.is_map() && !execution.outputs.as_map().empty(),
            .retried_attempts = attempts ? retried_attempts(runs) : std::vector<State>()};
}

}  // namespace sluice::executor
