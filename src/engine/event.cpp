#include "engine/event.h"

namespace sluice::engine {
namespace {

template <class... Fs>
struct overloaded : Fs... {
    using Fs::operator()...;
};
template <class... Fs>
overloaded(Fs...) -> overloaded<Fs...>;

Timestamp time_in(const Value& payload, const char* key) {
    return parse_iso(payload.text(key)).value_or(Timestamp{});
}

Value claim_payload(std::int64_t epoch, const std::string& worker, Timestamp claimed_at) {
    return Value{{"epoch", epoch}, {"worker", worker}, {"claimedAt", to_iso(claimed_at)}};
}

}  // namespace

std::string_view kind_of(const Event& event) {
    return std::visit(overloaded{
                          [](const Started&) { return "started"; },
                          [](const TaskFinished&) { return "task_finished"; },
                          [](const WorkerLost&) { return "worker_lost"; },
                          [](const JobReturned&) { return "job_returned"; },
                          [](const TimerFired&) { return "timer_fired"; },
                          [](const ChildEnded&) { return "child_ended"; },
                          [](const Continued&) { return "continued"; },
                          [](const KillRequested&) { return "kill_requested"; },
                          [](const ResumeRequested&) { return "resume_requested"; },
                          [](const RestartRequested&) { return "restart_requested"; },
                          [](const PauseRequested&) { return "pause_requested"; },
                          [](const TaskStateChanged&) { return "task_state_changed"; },
                          [](const ForceRunRequested&) { return "force_run_requested"; },
                          [](const SlotGiven&) { return "slot_given"; },
                          [](const BreakpointPassed&) { return "breakpoint_passed"; },
                      },
                      event);
}

TaskRunId task_run_of(const Event& event) {
    return std::visit(
        [](const auto& one) {
            if constexpr (requires { one.task_run_id; })
                return one.task_run_id;
            else
                return TaskRunId{};
        },
        event);
}

Value payload_of(const Event& event) {
    return std::visit(
        overloaded{
            [](const Started& e) {
                return e.check_inputs ? Value{{"checkInputs", true}} : Value();
            },
            [](const TaskFinished& e) {
                Value out{{"epoch", e.epoch},
                          {"state", to_text(e.state)},
                          {"startedAt", to_iso(e.started_at)},
                          {"endedAt", to_iso(e.ended_at)}};
                if (!e.worker_id.empty()) out.mutable_map().set("worker", e.worker_id);
                if (!e.outputs.is_null()) out.mutable_map().set("outputs", e.outputs);
                if (!e.log_file.empty()) out.mutable_map().set("logFile", e.log_file);
                return out;
            },
            [](const WorkerLost& e) { return claim_payload(e.epoch, e.worker_id, e.claimed_at); },
            [](const JobReturned& e) {
                Value out = claim_payload(e.epoch, e.worker_id, e.claimed_at);
                if (!e.reason.empty()) out.mutable_map().set("reason", e.reason);
                return out;
            },
            [](const TimerFired& e) {
                return Value{{"timer", e.kind}, {"payload", e.payload}};
            },
            [](const ChildEnded& e) {
                Map map{{"child", e.child_id.text()}, {"state", to_text(e.state)}, {"outputs", e.outputs}};
                if (e.batch) map.set("batch", Value(*e.batch));
                return Value(std::move(map));
            },
            [](const KillRequested& e) {
                return Value{{"cascade", e.cascade}, {"by", e.by}};
            },
            [](const ResumeRequested& e) {
                Map map{{"inputs", e.inputs}, {"by", Value(e.by)}};
                if (e.check_inputs) map.set("checkInputs", true);
                return Value(std::move(map));
            },
            [](const RestartRequested& e) {
                Map map{{"by", Value(e.by)}};
                if (!e.caller_id.empty()) {
                    map.set("caller", e.caller_id.text());
                    map.set("callerTaskRun", e.caller_task_run_id.text());
                }
                if (e.batch) map.set("batch", Value(*e.batch));
                return Value(std::move(map));
            },
            [](const PauseRequested& e) {
                return Value{{"by", Value(e.by)}};
            },
            [](const TaskStateChanged& e) {
                return Value{{"state", Value(to_text(e.state))}};
            },
            [](const ForceRunRequested& e) {
                return Value{{"state", to_text(e.state)}, {"by", e.by}};
            },
            [](const BreakpointPassed& e) {
                List next;
                for (const std::string& one : e.next) next.emplace_back(one);
                return Value{{"next", Value(std::move(next))}};
            },
            [](const auto&) { return Value(); },
        },
        event);
}

namespace {

Result<State> state_in(std::string_view kind, const Value& payload) {
    const auto state = state_of(payload.text("state"));
    if (!state) return invalid("the payload of a {} event has no known state: '{}'", kind, payload.text("state"));
    return *state;
}

std::vector<std::string> texts_in(const Value& payload, const char* key) {
    std::vector<std::string> out;
    const auto list = payload.get(key);
    if (!list || !list->is_list()) return out;
    for (const Value& item : list->as_list()) {
        if (const std::string* text = item.if_string()) out.push_back(*text);
    }
    return out;
}

}  // namespace

Result<Event> event_of(std::string_view kind, const TaskRunId& run, const Value& payload) {
    const std::int64_t epoch = payload["epoch"].if_integer().value_or(0);
    if (kind == "started") return Event{Started{payload["checkInputs"].if_bool().value_or(false)}};
    if (kind == "continued") return Event{Continued{run}};
    if (kind == "slot_given") return Event{SlotGiven{}};
    if (kind == "worker_lost") {
        return Event{WorkerLost{run, epoch, payload.text("worker"), time_in(payload, "claimedAt")}};
    }
    if (kind == "job_returned") {
        return Event{
            JobReturned{run, epoch, payload.text("worker"), time_in(payload, "claimedAt"), payload.text("reason")}};
    }
    if (kind == "timer_fired") return Event{TimerFired{payload.text("timer"), run, payload["payload"]}};
    if (kind == "kill_requested") {
        return Event{KillRequested{payload["cascade"].if_bool().value_or(true), payload.text("by")}};
    }
    if (kind == "resume_requested") {
        return Event{ResumeRequested{run, payload["inputs"], payload.text("by"),
                                     payload["checkInputs"].if_bool().value_or(false)}};
    }
    if (kind == "restart_requested") {
        return Event{RestartRequested{payload.text("by"), ExecutionId{payload.text("caller")},
                                      TaskRunId{payload.text("callerTaskRun")}, payload["batch"].if_integer()}};
    }
    if (kind == "pause_requested") return Event{PauseRequested{payload.text("by")}};
    if (kind == "breakpoint_passed") return Event{BreakpointPassed{texts_in(payload, "next")}};

    const bool with_state = kind == "task_finished" || kind == "child_ended" || kind == "task_state_changed" ||
                            kind == "force_run_requested";
    if (!with_state) return invalid("'{}' is no kind of event that this version knows", kind);
    const auto state = state_in(kind, payload);
    if (!state) return tl::unexpected(state.error());
    if (kind == "task_finished") {
        return Event{TaskFinished{run, epoch, *state, payload["outputs"], payload.text("worker"),
                                  time_in(payload, "startedAt"), time_in(payload, "endedAt"), payload.text("logFile")}};
    }
    if (kind == "child_ended") {
        return Event{ChildEnded{run, ExecutionId{payload.text("child")}, *state, payload["outputs"],
                                payload["batch"].if_integer()}};
    }
    if (kind == "task_state_changed") return Event{TaskStateChanged{run, *state}};
    return Event{ForceRunRequested{*state, payload.text("by")}};
}

}  // namespace sluice::engine
