#include "executor/work.h"

#include <sstream>

#include "executor/condition_facts.h"
#include "executor/light_context.h"
#include "flow/checks.h"
#include "store/input_context.h"
#include "store/large_outputs.h"

namespace sluice::executor {

Work::Work(pg::Transaction& tx, const Runtime& runtime, engine::Execution execution, flow::FlowPtr flow, Timestamp now)
    : tx_(tx),
      runtime_(runtime),
      execution_(std::move(execution)),
      execution_at_start_(execution_),
      state_before_(execution_.state()),
      flow_(std::move(flow)),
      now_(now),
      environment_(store::connection_of(tx), runtime.instance, flow_->id.namespace_name, execution_.id.text(), now),
      names_(environment_.names()) {}

void Work::add_known(engine::TaskRun run) {
    runs_.try_emplace(run.id, std::move(run));
}

void Work::apply(const engine::Event& event, const engine::StepLimits& limits) {
    std::vector<engine::Event> next{event};
    while (!next.empty()) {
        const engine::Event one = std::move(next.back());
        next.pop_back();
        const auto& states = execution_.history.entries();
        const auto last = states.empty() ? std::nullopt : std::optional(states.back());
        auto transition = engine::step(*flow_, execution_, one, now_, *this, limits);
        if (!transition) {  // refused in this state: who asked was told when the event was put
            const bool restart = std::holds_alternative<engine::RestartRequested>(one);
            if (restart && is_over(execution_.state())) tell_caller();
            return;
        }
        note_states_since(last);
        const auto cancels = std::exchange(transition->cancels, {});
        const bool kill_children = transition->kill_children;
        merge(std::move(*transition));
        if (kill_children) {
            for (const ExecutionId& child : store::active_children(tx_, execution_.id)) {
                messages.push_back({child, engine::KillRequested{true, ""}});
            }
        }
        // A job that nobody has claimed yet is over at once; a claimed one is killed by its worker, which then tells.
        const auto killed = [&](const TaskRunId& id, std::int64_t epoch) {
            next.emplace_back(engine::TaskFinished{id, epoch, State::Killed, {}, "", now_, now_});
        };
        for (const TaskRunId& id : cancels) {
            std::erase_if(jobs, [&](const engine::Job& job) {
                if (job.task_run_id != id) return false;
                killed(id, job.epoch);
                return true;
            });
        }
        kills = kills || !cancels.empty();
        for (const queue::ClaimId& unclaimed : queue::cancel_jobs(tx_, cancels)) {
            killed(unclaimed.task_run_id, unclaimed.epoch);
        }
    }
}

/// The task that waits for this execution learns how it ended.
void Work::tell_caller() {
    if (execution_.caller_task_run_id.empty()) return;
    messages.push_back(
        {execution_.caller_id,
         engine::ChildEnded{execution_.caller_task_run_id, execution_.id, execution_.state(), execution_.outputs,
                            execution_.trigger["variables"]["taskRunIteration"].if_integer()}});
}

/// A history is cut in its middle when it grows long, so that its length tells nothing.
void Work::note_states_since(const std::optional<engine::History::Entry>& last) {
    const auto& states = execution_.history.entries();
    const auto found = std::find(states.rbegin(), states.rend(), last.value_or(engine::History::Entry{}));
    passed.insert(passed.end(), found.base(), states.end());
}

namespace {
template <class T>
void append(std::vector<T>& to, std::vector<T>&& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}
}  // namespace

/// What expressions of the engine (runIf, cases, loops, labels) read of secrets must not be stored.
void Work::hide_secrets(engine::Transition& t) {
    if (environment_.secrets_read().empty()) return;
    for (engine::LogLine& line : t.logs) line.message = environment_.masked(std::move(line.message));
    for (auto* runs : {&t.created, &t.changed}) {
        for (engine::TaskRun& run : *runs) run.outputs = environment_.without_secrets(std::move(run.outputs));
    }
    for (engine::Execution& child : t.children) {
        for (flow::Label& label : child.labels) label.value = environment_.masked(std::move(label.value));
    }
}

/// Later steps of a batch build on earlier ones: rows are kept once, in their last form.
void Work::merge(engine::Transition&& t) {
    hide_secrets(t);
    changed = changed || t.execution_changed;
    inputs_changed = inputs_changed || t.inputs_changed;
    for (const TaskRunId& id : t.deleted) {
        runs_.erase(id);
        updated.erase(id);
        if (created.erase(id) == 0) deleted.insert(id);
    }
    for (engine::TaskRun& run : t.created) {
        created.insert(run.id);
        runs_.insert_or_assign(run.id, std::move(run));
    }
    for (engine::TaskRun& run : t.changed) {
        if (!created.contains(run.id)) updated.insert(run.id);
        runs_.insert_or_assign(run.id, std::move(run));
    }
    for (const TaskRunId& id : t.timers_dropped) {
        std::erase_if(timers, [&](const engine::Timer& timer) { return timer.task_run_id == id; });
    }
    append(timers_dropped, std::move(t.timers_dropped));
    append(jobs, std::move(t.jobs));
    append(timers, std::move(t.timers));
    append(messages, std::move(t.messages));
    append(children, std::move(t.children));
    for (engine::LoopValues& values : t.loop_values) {
        new_loop_values.insert_or_assign({values.task_run_id, values.chunk}, std::move(values));
    }
    append(logs, std::move(t.logs));
    append(metrics, std::move(t.metrics));
    for (engine::Event& event : t.events) messages.push_back({execution_.id, std::move(event)});
    queued = queued || t.queued;
    finished = finished || t.finished;
}

// ------------------------------------------------------------------------------------------------------ rows

std::optional<engine::TaskRun> Work::task_run(const TaskRunId& id) {
    if (const auto found = runs_.find(id); found != runs_.end()) return found->second;
    if (!has_stored_runs() || deleted.contains(id)) return {};
    store::load_lineage(tx_, {{execution_.id, id}},
                        [this](store::OwnedTaskRun loaded) { add_known(std::move(loaded.run)); });
    tx_.flush();
    const auto found = runs_.find(id);
    return found != runs_.end() ? std::optional(found->second) : std::nullopt;
}

/// What this batch changed stands in place of what is stored.
std::vector<engine::TaskRun> Work::with_own(std::vector<engine::TaskRun> stored,
                                            const std::function<bool(const engine::TaskRun&)>& belongs) const {
    std::erase_if(stored, [&](const engine::TaskRun& run) {
        return runs_.contains(run.id) || deleted.contains(run.id) || !belongs(run);
    });
    for (const auto& [id, run] : runs_) {
        if (belongs(run)) stored.push_back(run);
    }
    std::sort(stored.begin(), stored.end(),
              [](const engine::TaskRun& a, const engine::TaskRun& b) { return a.ordinal < b.ordinal; });
    return stored;
}

std::vector<engine::TaskRun> Work::active_task_runs() {
    auto stored = has_stored_runs() ? store::load_active_task_runs(tx_.connection(), execution_.id)
                                    : std::vector<engine::TaskRun>();
    return with_own(std::move(stored), [](const engine::TaskRun& run) { return !is_over(run.state()); });
}

std::vector<engine::TaskRun> Work::all_task_runs() {
    auto stored =
        has_stored_runs() ? store::load_task_runs(tx_.connection(), execution_.id) : std::vector<engine::TaskRun>();
    return with_own(std::move(stored), [](const engine::TaskRun&) { return true; });
}

std::vector<engine::TaskRun> Work::task_runs_of(std::string_view task_id) {
    const std::string id(task_id);
    auto stored = has_stored_runs() ? store::load_task_runs_of(tx_.connection(), execution_.id, {id})
                                    : std::vector<engine::TaskRun>();
    return with_own(std::move(stored), [&](const engine::TaskRun& run) { return run.task_id == id; });
}

std::vector<engine::TaskRun> Work::children_of(const TaskRunId& parent) {
    auto stored = has_stored_runs() ? store::load_children(tx_.connection(), execution_.id, parent)
                                    : std::vector<engine::TaskRun>();
    return with_own(std::move(stored), [&](const engine::TaskRun& run) { return run.parent_id == parent; });
}

std::vector<std::string> Work::loop_values(const TaskRunId& id, std::int64_t chunk) {
    const auto own = new_loop_values.find({id, chunk});
    if (own != new_loop_values.end()) return own->second.values;
    return store::load_loop_values(tx_.connection(), execution_.id, id, chunk);
}

Result<std::vector<std::string>> Work::lines_of(const std::string& uri) {
    const auto text = environment_.read_file(uri);
    if (!text) return tl::unexpected(text.error());
    std::vector<std::string> out;
    std::istringstream lines(*text);
    for (std::string line; std::getline(lines, line);) {
        if (!line.empty()) out.push_back(std::move(line));
    }
    return out;
}

// ------------------------------------------------------------------------------------------------ expressions

Result<std::string> Work::render(std::string_view text, const Value& context) {
    if (!expr::has_expression(text)) return std::string(text);
    return expr::render(text, context, environment_, environment_.limits());
}

Result<Value> Work::render_tree(const Value& tree, const Value& context) {
    if (!expr::tree_has_expression(tree)) return tree;
    return expr::render_tree(tree, context, environment_, environment_.limits());
}

engine::LightResult Work::run_light(const flow::Task& task, const engine::TaskRun& run, const Value& context) {
    const plugin::TaskType* type = runtime_.tasks.find(task.info->name);
    ensure(type != nullptr, "nothing runs tasks of type {}", task.info->name);
    plugin::TaskPlace place{flow_->id, flow_->revision, execution_.id,
                            task.id,   run.id,          static_cast<int>(run.attempts.size())};
    LightContext light(std::move(place), task, context, environment_);
    auto properties = plugin::rendered_properties(*type, task.properties, light);
    auto outputs = properties ? type->run(*properties, light) : Result<Value>(tl::unexpected(properties.error()));
    if (!outputs) {
        light.log(LogLevel::Error, outputs.error().text());
        light.result().state = State::Failed;
    } else if (!outputs->is_null()) {
        light.result().outputs = std::move(*outputs);
    }
    return light.take();
}

const Map& Work::instance_context() {
    return names_;
}

double Work::chance() {
    return static_cast<double>(random_bits() >> 11) * 0x1.0p-53;
}

bool Work::has_worker(const std::string& group) {
    return queue::has_worker(tx_.connection(), group);
}

void Work::fetch_outputs(std::vector<engine::TaskRun>& runs) {
    store::fetch_outputs(runs, environment_);
}

bool Work::take_slot(const flow::Flow& flow) {
    return queue::take_slot(tx_, flow.id, execution_.id, flow.concurrency->limit);
}

// --------------------------------------------------------------------------------------- inputs and outputs

Result<Value> Work::checked_inputs(const flow::Flow& flow, const std::vector<flow::Input>& wanted, const Value& given) {
    return flow::resolve_inputs(wanted, given,
                                store::input_context(environment_, runtime_.instance, flow, execution_.id.text()));
}

Result<void> Work::hold_checks(const flow::Flow& flow, const Value& inputs) {
    const auto context = store::input_context(environment_, runtime_.instance, flow, execution_.id.text());
    return flow::hold_checks(flow, inputs, context, true);
}

Result<bool> Work::hears(const flow::Listener& listener, const Value& context) {
    auto zone = runtime_.zones.find(runtime_.instance.time_zone);
    if (!zone) return tl::unexpected(zone.error());
    const schedule::ExecutionFacts facts = facts_for(listener.conditions, execution_, execution_.state(), *this);
    const schedule::ConditionContext seen{
        .zone = *zone, .execution = &facts, .flow = flow_->id, .render = [&](std::string_view text) {
            return render(text, context);
        }};
    const auto verdict = schedule::evaluate_all(listener.conditions, seen);
    if (!verdict) return tl::unexpected(verdict.error());
    return verdict->holds;
}

Result<engine::ChildFlow> Work::child_flow(const flow::FlowId& id, std::optional<std::int64_t> revision,
                                           const ExecutionId& child, const Value& inputs) {
    auto flow =
        revision ? runtime_.flows.get(tx_.connection(), id, *revision) : runtime_.flows.latest(tx_.connection(), id);
    if (!flow) return tl::unexpected(flow.error());
    if ((*flow)->disabled) return conflict("Cannot execute a flow which is disabled");
    auto resolved = flow::resolve_inputs((*flow)->inputs, inputs,
                                         store::input_context(environment_, runtime_.instance, **flow, child.text()));
    if (!resolved) return tl::unexpected(resolved.error());
    resolved = environment_.without_secrets(std::move(*resolved));
    const auto checks = store::input_context(environment_, runtime_.instance, **flow, child.text());
    if (auto held = flow::hold_checks(**flow, *resolved, checks, false); !held) return tl::unexpected(held.error());
    return engine::ChildFlow{*flow, std::move(*resolved)};
}

Result<Value> Work::typed_outputs(const flow::Flow& flow, const Value& context) {
    Map out;
    const auto types = store::input_context(environment_, runtime_.instance, flow, execution_.id.text());
    for (const flow::FlowOutput& output : flow.outputs) {
        auto value = render_tree(output.value, context);
        if (!value) return tl::unexpected(value.error());
        if (output.type) {
            value = flow::typed_value(*output.type, output.item_type, output.id, *value, types);
            if (!value) return tl::unexpected(value.error());
        }
        out.set(output.id, environment_.without_secrets(std::move(*value)));
    }
    return Value(std::move(out));
}

}  // namespace sluice::executor
