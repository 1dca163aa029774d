#pragma once
#include <vector>

#include "engine/execution.h"
#include "value/value.h"

namespace sluice::webserver {

/// What people do to executions. The words that the page and other clients get are those of to_text().
enum class Act { Restart, Replay, Kill, Pause, Resume, Unqueue, ForceRun, ChangeStatus, Labels, Delete };
inline constexpr Act kActs[] = {Act::Restart, Act::Replay,   Act::Kill,         Act::Pause,  Act::Resume,
                                Act::Unqueue, Act::ForceRun, Act::ChangeStatus, Act::Labels, Act::Delete};
std::string_view to_text(Act act);

/// Whether its state allows it. Of a restart only half of the answer: there must be a task run to begin again from.
/// Errors  why not
Result<void> allows(Act act, const engine::Execution& execution);

/// "allowedActions", and "refusedActions" with the reason for each: nobody else has to know the states.
void put_actions(Map& out, const engine::Execution& execution, const std::vector<engine::TaskRun>& runs);

}  // namespace sluice::webserver
