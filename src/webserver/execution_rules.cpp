#include "webserver/execution_rules.h"

#include <algorithm>

#include "engine/step.h"
#include "webserver/followers.h"

namespace sluice::webserver {
namespace {

bool can_begin_again(const engine::TaskRun& run) {  // as has_task_to_restart.sql
    return run.state() == State::Failed || run.state() == State::Paused;
}

Result<void> may_change_status(const engine::Execution& execution) {
    if (is_over(execution.state())) return {};
    return conflict("Illegal state: the execution is {}; its state can be changed when it is over",
                    to_text(execution.state()));
}

Result<void> may_kill(const engine::Execution& execution) {
    if (is_over(execution.state())) return conflict("Execution is already finished, can't kill it");
    if (execution.state() == State::Killing) return conflict("Execution is being killed already");
    return engine::accepts(execution, engine::KillRequested{});
}

}  // namespace

std::string_view to_text(Act act) {
    switch (act) {
        case Act::Restart:
            return "restart";
        case Act::Replay:
            return "replay";
        case Act::Kill:
            return "kill";
        case Act::Pause:
            return "pause";
        case Act::Resume:
            return "resume";
        case Act::Unqueue:
            return "unqueue";
        case Act::ForceRun:
            return "forceRun";
        case Act::ChangeStatus:
            return "changeStatus";
        case Act::Labels:
            return "labels";
        case Act::Delete:
            return "delete";
    }
    ensure(false, "act {} has no word", static_cast<int>(act));
    return {};
}

Result<void> allows(Act act, const engine::Execution& execution) {
    const State state = execution.state();
    switch (act) {
        case Act::Restart:
            return engine::accepts(execution, engine::RestartRequested{});
        case Act::Replay:
            return {};
        case Act::Kill:
            return may_kill(execution);
        case Act::Pause:
            return engine::accepts(execution, engine::PauseRequested{});
        case Act::Resume:
            return engine::accepts(execution, engine::ResumeRequested{});
        case Act::ForceRun:
            return engine::accepts(execution, engine::ForceRunRequested{});
        case Act::ChangeStatus:
            return may_change_status(execution);
        case Act::Unqueue:
            if (state == State::Queued) return {};
            return conflict("Illegal state: the execution is not queued, but {}", to_text(state));
        case Act::Labels:
            if (is_over(state)) return {};
            return refuse(ErrorCode::BadRequest,
                          "The execution is not terminated: its labels can be set when it is over");
        case Act::Delete:
            if (is_ended(execution)) return {};
            return conflict("Illegal state: the execution is {}; kill it first, then delete it", to_text(state));
    }
    return {};
}

void put_actions(Map& out, const engine::Execution& execution, const std::vector<engine::TaskRun>& runs) {
    List allowed;
    Map refused;
    for (const Act act : kActs) {
        auto verdict = allows(act, execution);
        if (verdict && act == Act::Restart && std::none_of(runs.begin(), runs.end(), can_begin_again))
            verdict = invalid("No task found to restart execution from!");
        if (verdict)
            allowed.emplace_back(std::string(to_text(act)));
        else
            refused.set(to_text(act), verdict.error().message);
    }
    out.set("allowedActions", Value(std::move(allowed)));
    out.set("refusedActions", Value(std::move(refused)));
}

}  // namespace sluice::webserver
