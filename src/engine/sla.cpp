// What must hold while an execution runs. Source: flows.md §1.10
#include "engine/context.h"
#include "engine/stepper.h"

namespace sluice::engine {

void Stepper::duration_exceeded(std::string_view id) {
    for (const flow::Sla& sla : flow_.sla) {
        if (sla.id != id) continue;
        const auto took = std::chrono::duration_cast<Duration>(now_ - execution_.history.created_at());
        violate(sla, fmt::format("execution duration of {} exceed the maximum duration of {}.", to_iso(took),
                                 to_iso(sla.duration)));
        return;
    }
}

/// After each event: the first that does not hold acts. One that can't be evaluated says so, and is asked again.
void Stepper::check_assertions() {
    for (const flow::Sla& sla : flow_.sla) {
        if (is_over(execution_.state()) || execution_.state() == State::Killing) return;
        if (sla.kind != flow::Sla::Kind::ExecutionAssertion || is_missed(sla)) continue;
        const auto holds = facts_.render(sla.assertion, context(nullptr, nullptr));
        if (!holds) {
            log_execution(LogLevel::Warn, fmt::format("SLA {}: {}", sla.id, holds.error().text()));
        } else if (!is_truthy(*holds)) {
            return violate(sla, fmt::format("assertion is false: {}.", sla.assertion));
        }
    }
}

bool Stepper::is_missed(const flow::Sla& sla) const {
    const auto& missed = execution_.progress.missed;
    return std::find(missed.begin(), missed.end(), sla.id) != missed.end();
}

/// FAIL and CANCEL end the execution as an Exit task would, and what runs is killed; children go on.
void Stepper::violate(const flow::Sla& sla, const std::string& reason) {
    if (is_over(execution_.state()) || execution_.state() == State::Killing || is_missed(sla)) return;
    execution_.progress.missed.push_back(sla.id);
    for (const flow::Label& label : sla.labels) {
        const auto same = [&](const flow::Label& one) { return one.key == label.key; };
        if (std::none_of(execution_.labels.begin(), execution_.labels.end(), same)) execution_.labels.push_back(label);
    }
    out_.execution_changed = true;
    log_execution(sla.behavior == flow::Sla::Behavior::None ? LogLevel::Warn : LogLevel::Error,
                  fmt::format("SLA {} is violated: {}", sla.id, reason));
    if (sla.behavior == flow::Sla::Behavior::None) return;
    const State state = sla.behavior == flow::Sla::Behavior::Fail ? State::Failed : State::Cancelled;
    if (execution_.state() == State::Queued || execution_.state() == State::Created) {
        move_execution(state);
        out_.finished = true;
        return;
    }
    execution_.progress.exit = state;
    kill_everything();
    later({});
}

}  // namespace sluice::engine
