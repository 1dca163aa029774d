#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "base/error.h"

namespace sluice {

/// The states of executions and task runs.
/// Source  flows.md §5.2
enum class State {
    Created,
    Running,
    Paused,
    Restarted,
    Killing,
    Success,
    Warning,
    Failed,
    Killed,
    Cancelled,
    Queued,
    Retrying,
    Retried,
    Skipped,
    Breakpoint,
};

struct StateName {
    State state;
    std::string_view text;
    bool over;  // terminal: nothing follows by itself
};

/// The one table that maps states to their words and back, in the order of the enum.
inline constexpr std::array<StateName, 15> kStateNames{{
    {State::Created, "CREATED", false},
    {State::Running, "RUNNING", false},
    {State::Paused, "PAUSED", false},
    {State::Restarted, "RESTARTED", false},
    {State::Killing, "KILLING", false},
    {State::Success, "SUCCESS", true},
    {State::Warning, "WARNING", true},
    {State::Failed, "FAILED", true},
    {State::Killed, "KILLED", true},
    {State::Cancelled, "CANCELLED", true},
    {State::Queued, "QUEUED", false},
    {State::Retrying, "RETRYING", false},
    {State::Retried, "RETRIED", true},
    {State::Skipped, "SKIPPED", true},
    {State::Breakpoint, "BREAKPOINT", false},
}};

constexpr std::string_view to_text(State state) {
    return kStateNames[static_cast<std::size_t>(state)].text;
}
constexpr bool is_over(State state) {
    return kStateNames[static_cast<std::size_t>(state)].over;
}
constexpr bool is_created(State state) {
    return state == State::Created || state == State::Restarted;
}
constexpr bool is_failed(State state) {
    return state == State::Failed;
}

/// Also accepts CANCELED.
constexpr std::optional<State> state_of(std::string_view text) {
    for (const StateName& name : kStateNames) {
        if (name.text == text) return name.state;
    }
    if (text == "CANCELED") return State::Cancelled;
    return {};
}

}  // namespace sluice
