#include "executor/flow_triggers.h"

#include <algorithm>

#include "base/log.h"
#include "engine/context.h"
#include "executor/condition_facts.h"
#include "expr/pattern.h"
#include "expr/render.h"

namespace sluice::executor {
namespace {

const Logger kTriggerLog("flow-triggers");
constexpr std::string_view kCorrelation = "system.correlationId";

/// A trigger that names no states means executions that are over, or wait for a person.
bool is_default_state(State state) {
    return is_over(state) || state == State::Paused;
}

bool is_multiple(const flow::Condition& condition) {
    return condition.info != nullptr && condition.info->short_name() == "core.condition.MultipleCondition";
}

/// An execution as it was when it came into a state.
engine::Execution as_of(const engine::Execution& execution, const engine::History::Entry& change) {
    engine::Execution out = execution;
    std::vector<engine::History::Entry> states = execution.history.entries();
    const auto last = std::find(states.rbegin(), states.rend(), change).base();
    states.erase(last, states.end());
    out.history = engine::History(std::move(states));
    if (!is_over(change.state)) out.outputs = {};
    return out;
}

Value trigger_variables(const engine::Execution& upstream) {
    return Value{
        {"executionId", upstream.id.text()},  {"namespace", upstream.flow.namespace_name},
        {"flowId", upstream.flow.id},         {"flowRevision", upstream.flow_revision},
        {"state", to_text(upstream.state())}, {"outputs", upstream.outputs.is_map() ? upstream.outputs : Value(Map())}};
}

std::string correlation_of(const engine::Execution& execution) {
    const auto label = std::ranges::find(execution.labels, kCorrelation, &flow::Label::key);
    return label != execution.labels.end() ? label->value : execution.id.text();
}

store::LogWrite line_of(const std::string& execution_id, const flow::Flow& flow, const flow::Trigger& trigger,
                        Timestamp now, LogLevel level, std::string message) {
    return {.execution_id = execution_id.empty() ? time_ordered_id(now) : execution_id,
            .flow = flow.id,
            .trigger_id = trigger.id,
            .line = {.at = now, .level = level, .message = std::move(message)}};
}

}  // namespace

/// A change that meets the conditions of a trigger, as far as one execution can tell.
struct FlowTriggers::Match {
    const Listener* listener = nullptr;
    engine::Execution upstream{};
    Value context{};
    std::vector<std::vector<std::string>> met{};  // keys, for each of the preconditions
};

FlowTriggers::Listener FlowTriggers::listen(pg::Transaction& tx, const store::ListeningTrigger& row) {
    Listener out;
    const auto give_up = [&](const std::string& reason) {
        kTriggerLog.warn("trigger.unusable", {{"namespace", row.id.flow.namespace_name},
                                              {"flow_id", row.id.flow.id},
                                              {"trigger_id", row.id.id},
                                              {"reason", reason}});
        return Listener();
    };
    auto flow = runtime_.flows.get(tx.connection(), row.id.flow, row.flow_revision);
    if (!flow) return give_up(flow.error().text());
    out.flow = std::move(*flow);
    const auto trigger = std::ranges::find(out.flow->triggers, row.id.id, &flow::Trigger::id);
    if (trigger == out.flow->triggers.end()) return give_up("the flow has no such trigger");
    if (out.flow->disabled || trigger->disabled) return {};
    auto preconditions = schedule::preconditions_of(*trigger);
    if (!preconditions) return give_up(preconditions.error().text());
    out.preconditions = std::move(*preconditions);
    for (const flow::Condition& condition : trigger->conditions) {
        if (!is_multiple(condition)) out.conditions.push_back(condition);
    }
    if (const Value states = trigger->properties["states"]; states.is_list()) {
        for (const Value& state : states.as_list()) {
            if (const auto known = state_of(state.if_string() != nullptr ? state.as_string() : "")) {
                out.states.push_back(*known);
            }
        }
    }
    out.trigger = &*trigger;
    return out;
}

std::vector<const FlowTriggers::Listener*> FlowTriggers::listeners(pg::Transaction& tx) {
    std::vector<const Listener*> out;
    std::set<store::TriggerId> present;
    for (const store::ListeningTrigger& row : store::listening_triggers(tx)) {
        present.insert(row.id);
        auto& [revision, listener] = known_[row.id];
        if (revision != row.flow_revision) {
            listener = listen(tx, row);
            revision = row.flow_revision;
        }
        if (listener.trigger != nullptr) out.push_back(&listener);
    }
    std::erase_if(known_, [&](const auto& entry) { return !present.contains(entry.first); });
    return out;
}

Result<std::optional<FlowTriggers::Match>> FlowTriggers::match(pg::Transaction& tx, const Listener& listener,
                                                               Work& work, const engine::History::Entry& change,
                                                               Reactions& out) const {
    const bool wanted = listener.states.empty()
                            ? is_default_state(change.state)
                            : std::ranges::find(listener.states, change.state) != listener.states.end();
    // The flows and filters of preconditions may name states of their own.
    if (!wanted && listener.preconditions.empty()) return std::optional<Match>();

    Match match{.listener = &listener, .upstream = as_of(work.execution(), change)};
    const flow::Flow& flow = *listener.flow;
    store::Environment environment(store::connection_of(tx), runtime_.instance, flow.id.namespace_name,
                                   match.upstream.id.text(), tx.now());
    const auto context = [&]() -> const Value& {
        if (match.context.is_null()) {
            const auto with_outputs = [&work](std::vector<engine::TaskRun> found) {
                work.fetch_outputs(found);
                return found;
            };
            const engine::TaskRunReader runs{
                [&work, with_outputs](std::string_view id) { return with_outputs(work.task_runs_of(id)); },
                [&work, with_outputs] { return with_outputs(work.all_task_runs()); }};
            Value names = engine::context_of(flow, match.upstream, nullptr, nullptr, {}, runs, environment.names());
            names.mutable_map().set("trigger", trigger_variables(match.upstream));
            match.context = std::move(names);
        }
        return match.context;
    };
    auto zone = runtime_.zones.find(runtime_.instance.time_zone);
    if (!zone) return tl::unexpected(zone.error());
    const schedule::ExecutionFacts facts = facts_for(listener.trigger->conditions, match.upstream, change.state, work);
    const schedule::ConditionContext seen{
        .zone = *zone, .execution = &facts, .flow = flow.id, .render = [&](std::string_view text) {
            return expr::render(text, context(), environment, environment.limits());
        }};

    auto verdict = schedule::evaluate_all(listener.conditions, seen);
    if (!verdict) return tl::unexpected(environment.masked(verdict.error()));
    if (!verdict->holds) return std::optional<Match>();
    bool any = false;
    for (const schedule::Preconditions& one : listener.preconditions) {
        std::vector<Error> problems;
        match.met.push_back(schedule::met_by(
            one, seen,
            [](std::string_view pattern, std::string_view text) {
                return expr::matches_whole(std::string(pattern), std::string(text));
            },
            problems));
        any = any || !match.met.back().empty();
        for (const Error& problem : problems) {
            out.logs.push_back(
                line_of("", flow, *listener.trigger, tx.now(), LogLevel::Warn, environment.masked(problem.text())));
        }
    }
    if (!listener.preconditions.empty() && !any) return std::optional<Match>();
    context();  // the execution changes, and with it what this would be built of
    return std::optional(std::move(match));
}

Reactions FlowTriggers::react(pg::Transaction& tx, const std::vector<Work*>& works) {
    Reactions out;
    const bool changes = std::ranges::any_of(works, [](const Work* work) { return !work->passed.empty(); });
    if (!changes) return out;
    const auto all = listeners(tx);
    std::vector<Match> matches;
    for (Work* work : works) {
        for (const engine::History::Entry& change : work->passed) {
            for (const Listener* listener : all) {
                if (listener->flow->id == work->flow().id) continue;  // nothing starts itself
                auto found = match(tx, *listener, *work, change, out);
                if (!found) {
                    out.logs.push_back(line_of("", *listener->flow, *listener->trigger, tx.now(), LogLevel::Warn,
                                               found.error().text()));
                } else if (*found) {
                    matches.push_back(std::move(**found));
                }
            }
        }
    }
    std::set<store::WindowKey> keys;
    for (const Match& one : matches) {
        for (const schedule::Preconditions& each : one.listener->preconditions) {
            keys.insert({one.listener->flow->id, each.id});
        }
    }
    store::Windows windows = store::lock_windows(tx, keys);
    for (const Match& one : matches) {
        bool fires = true;
        const auto zone = runtime_.zones.find(runtime_.instance.time_zone);
        for (std::size_t i = 0; i < one.listener->preconditions.size(); ++i) {
            const schedule::Preconditions& each = one.listener->preconditions[i];
            auto& window = windows[{one.listener->flow->id, each.id}];
            auto step = schedule::step_window(each.window, window, one.met[i], each.keys, each.reset_on_success,
                                              tx.now(), *zone);
            window = std::move(step.after);
            fires = fires && step.fires;
        }
        if (fires) fire(tx, one, out);
    }
    store::write_windows(tx, windows);
    return out;
}

/// One whose labels or inputs can't be rendered has failed before it began: people look for a failed execution, not for
/// a silent trigger.
void FlowTriggers::fire(pg::Transaction& tx, const Match& match, Reactions& out) const {
    const flow::Flow& flow = *match.listener->flow;
    const flow::Trigger& trigger = *match.listener->trigger;
    store::Environment environment(store::connection_of(tx), runtime_.instance, flow.id.namespace_name,
                                   match.upstream.id.text(), tx.now());
    engine::Execution started;
    started.id = ExecutionId{time_ordered_id(tx.now())};
    started.flow = flow.id;
    started.flow_revision = flow.revision;
    started.history.add(State::Created, tx.now());
    started.trigger =
        Value{{"id", trigger.id}, {"type", trigger.type}, {"variables", trigger_variables(match.upstream)}};
    for (const flow::Label& label : flow.labels) {
        if (!label.key.starts_with("system.")) flow::put_label(started.labels, label);
    }
    std::optional<Error> failed;
    for (const flow::Label& label : trigger.labels) {
        auto value = expr::render(label.value, match.context, environment, environment.limits());
        if (value)
            flow::put_label(started.labels, {label.key, environment.masked(std::move(*value))});
        else
            failed = environment.masked(value.error());
    }
    flow::put_label(started.labels, {std::string(kCorrelation), correlation_of(match.upstream)});
    if (trigger.inputs.is_map()) {
        auto inputs = expr::render_tree(trigger.inputs, match.context, environment, environment.limits());
        if (inputs)
            started.inputs = environment.without_secrets(std::move(*inputs));
        else
            failed = environment.masked(inputs.error());
    }
    if (failed) {
        started.history.add(State::Failed, tx.now());
        out.logs.push_back(line_of(
            started.id.text(), flow, trigger, tx.now(), LogLevel::Error,
            fmt::format("Failed to trigger flow {} for trigger {}: {}", flow.id.text(), trigger.id, failed->text())));
    } else {
        started.progress.check_inputs = trigger.inputs.is_map();
        out.started.push_back({started.id, engine::Started{.check_inputs = started.progress.check_inputs}});
    }
    out.executions.push_back(std::move(started));
}

}  // namespace sluice::executor
