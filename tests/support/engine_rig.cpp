#include "support/engine_rig.h"

#include "engine/moves.h"
#include "flow/checks.h"
#include "value/json.h"

namespace sluice::test {
namespace {

flow::TypeInfo test_type(const char* name, flow::Runs runs) {
    flow::TypeInfo type;
    type.name = std::string(flow::kTypePrefix) + name;
    type.runs = runs;
    type.properties = {{.name = "result", .shape = flow::Shape::Text}, {.name = "value", .shape = flow::Shape::Any},
                       {.name = "exit", .shape = flow::Shape::Text}};
    return type;
}

std::string joined(const engine::History& history) {
    std::string out;
    for (const auto& entry : history.entries()) (out += out.empty() ? "" : ",") += to_text(entry.state);
    return out;
}

/// The value at "a.b.c" of the context.
std::optional<Value> at_path(const Value& context, std::string_view path) {
    const auto dot = path.find('.');
    const auto found = context.get(path.substr(0, dot));
    if (!found || dot == std::string_view::npos) return found;
    return at_path(*found, path.substr(dot + 1));
}

}  // namespace

const flow::Catalog& test_catalog() {
    static const flow::Catalog catalog = [] {
        flow::Catalog all = flow::Catalog::with_language_types();
        all.add(test_type("t.Light", flow::Runs::Light));
        all.add(test_type("t.Work", flow::Runs::OnWorker));
        all.add(test_type("core.flow.ForEachItem$ForEachItemSplit", flow::Runs::OnWorker));
        all.add(test_type("core.flow.ForEachItem$ForEachItemMergeOutputs", flow::Runs::OnWorker));
        return all;
    }();
    return catalog;
}

flow::FlowPtr flow_of(const std::string& yaml) {
    const auto parsed = flow::parse_flow("id: f\nnamespace: n\n" + yaml, test_catalog());
    if (!parsed.ok()) FAIL(parsed.error().text());
    return parsed.flow;
}

EngineRig::EngineRig(const std::string& tasks_yaml) : EngineRig(flow_of(tasks_yaml)) {}

EngineRig::EngineRig(flow::FlowPtr flow_) : flow(std::move(flow_)) {
    execution.id = ExecutionId{time_ordered_id(now, 1, 2)};
    execution.flow = flow->id;
    execution.flow_revision = 1;
    execution.history.add(State::Created, now);
}

void EngineRig::apply(const engine::Event& event) {
    std::deque<engine::Event> queue{event};
    while (!queue.empty()) {
        const engine::Event next = queue.front();
        queue.pop_front();
        auto transition = engine::step(*flow, execution, next, now, *this, limits);
        if (!transition) FAIL(transition.error().text());
        ++steps;
        for (const engine::Event& own : transition->events) queue.push_back(own);
        // Jobs that nobody has claimed end at once; claimed ones would be killed by their worker.
        std::vector<engine::TaskFinished> killed;
        for (const TaskRunId& id : transition->cancels) {
            for (const engine::Job& job : jobs) {
                if (job.task_run_id == id) killed.push_back({id, job.epoch, State::Killed, {}, "w", now, now});
            }
            std::erase_if(jobs, [&](const engine::Job& job) { return job.task_run_id == id; });
        }
        write(std::move(*transition));
        for (engine::TaskFinished& one : killed) queue.emplace_back(std::move(one));
        check_invariants(!queue.empty());
    }
}

bool EngineRig::accepts_restart() {
    engine::Execution copy = execution;
    return engine::step(*flow, copy, engine::RestartRequested{}, now, *this, limits).has_value();
}

void EngineRig::write(engine::Transition&& t) {
    for (const TaskRunId& id : t.deleted) stored.erase(id);
    for (const TaskRunId& id : t.timers_dropped) {
        std::erase_if(timers, [&](const engine::Timer& timer) { return timer.task_run_id == id; });
    }
    if (t.finished) timers.clear();
    for (const engine::TaskRun& one : t.created) {
        CHECK_MESSAGE(stored.try_emplace(one.id, one).second, "task run of " << one.task_id << " was made twice");
    }
    for (const engine::TaskRun& one : t.changed) stored[one.id] = one;
    for (engine::Job& job : t.jobs) jobs.push_back(std::move(job));
    for (engine::Timer& timer : t.timers) timers.push_back(std::move(timer));
    for (engine::LogLine& line : t.logs) logs.push_back(std::move(line));
    most_children_in_a_step = std::max(most_children_in_a_step, t.children.size());
    for (engine::Execution& child : t.children) children.push_back(std::move(child));
    for (engine::Message& message : t.messages) messages.push_back(std::move(message));
    for (engine::LoopValues& values : t.loop_values) loops[values.task_run_id][values.chunk] = std::move(values.values);
    finished = finished || t.finished;
    most_rows_in_a_step = std::max(most_rows_in_a_step, t.created.size() + t.changed.size());
}

void EngineRig::finish(const std::string& task_id, State state, Value outputs) {
    for (auto job = jobs.begin(); job != jobs.end(); ++job) {
        if (stored.at(job->task_run_id).task_id != task_id) continue;
        const engine::TaskFinished result{job->task_run_id, job->epoch, state, std::move(outputs), "w1", now, now};
        jobs.erase(job);
        return apply(result);
    }
    FAIL("there is no job of task " << task_id);
}

void EngineRig::finish_all() {
    while (!jobs.empty()) finish(stored.at(jobs.front().task_run_id).task_id);
}

void EngineRig::fire_timers() {
    for (std::size_t i = 0; i < timers.size();) {
        if (timers[i].due_at > now) {
            ++i;
            continue;
        }
        const engine::Timer due = timers[i];
        timers.erase(timers.begin() + static_cast<std::ptrdiff_t>(i));
        apply(engine::TimerFired{due.kind, due.task_run_id, due.payload});
        i = 0;
    }
}

std::vector<engine::TaskRun> EngineRig::runs() const {
    std::vector<engine::TaskRun> out;
    for (const auto& [id, one] : stored) out.push_back(one);
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.ordinal < b.ordinal; });
    return out;
}

engine::TaskRun EngineRig::run_of(const std::string& task_id, const std::string& value) const {
    for (const engine::TaskRun& one : runs()) {
        if (one.task_id == task_id && one.value.value_or("") == value) return one;
    }
    FAIL("there is no task run of " << task_id << " " << value);
    return {};
}

bool EngineRig::has_run(const std::string& task_id) const {
    return std::any_of(stored.begin(), stored.end(), [&](const auto& one) { return one.second.task_id == task_id; });
}

std::string EngineRig::states_of(const std::string& task_id, const std::string& value) const {
    return joined(run_of(task_id, value).history);
}

std::string EngineRig::execution_states() const {
    return joined(execution.history);
}

std::vector<std::string> EngineRig::waiting_jobs() const {
    std::vector<std::string> out;
    for (const engine::Job& job : jobs) out.push_back(stored.at(job.task_run_id).task_id);
    return out;
}

void EngineRig::check_invariants(bool more_events) const {
    const bool waits = more_events || !jobs.empty() || claimed > 0 || !timers.empty() || !children.empty() ||
                       execution.progress.paused > 0 || execution.progress.held || execution.progress.breakpoints > 0 ||
                       state() == State::Queued;
    std::int64_t paused = 0, retrying = 0;
    std::map<TaskRunId, std::int64_t> open_children;
    for (const auto& [id, one] : stored) {
        paused += one.state() == State::Paused ? 1 : 0;
        retrying += one.state() == State::Retrying ? 1 : 0;
        if (!is_over(one.state())) ++open_children[one.parent_id];
    }
    CHECK_MESSAGE(execution.progress.paused == paused, "the root counts the paused task runs");
    CHECK_MESSAGE(execution.progress.retrying == retrying, "the root counts the retrying task runs");
    for (const auto& [id, one] : stored) {
        const bool parent_over = is_over(one.state());
        if (parent_over) CHECK_MESSAGE(open_children[id] == 0, "children of " << one.task_id << " outlive it");
        const auto place = flow->place(one.task_id);
        const bool flowable = place->task->is_flowable();
        if (flowable && one.state() == State::Running) {
            const std::int64_t counted = one.progress.active + one.progress.in_phase;
            CHECK_MESSAGE(counted == open_children[id], one.task_id << " counts its open children");
        }
    }
    if (is_over(state()) && execution.progress.phase != engine::Phase::AfterExecution && state() != State::Retried) {
        CHECK_MESSAGE(open_children[TaskRunId{}] == 0, "task runs outlive the execution");
    }
    if (!is_over(state())) CHECK_MESSAGE(waits, "the execution is " << to_text(state()) << " and nothing will wake it");
}

std::optional<engine::TaskRun> EngineRig::task_run(const TaskRunId& id) {
    const auto found = stored.find(id);
    return found != stored.end() ? std::optional(found->second) : std::nullopt;
}

std::vector<engine::TaskRun> EngineRig::active_task_runs() {
    auto out = runs();
    std::erase_if(out, [](const engine::TaskRun& one) { return is_over(one.state()); });
    return out;
}

std::vector<engine::TaskRun> EngineRig::all_task_runs() {
    return runs();
}

std::vector<engine::TaskRun> EngineRig::task_runs_of(std::string_view task_id) {
    auto out = runs();
    std::erase_if(out, [&](const engine::TaskRun& one) { return one.task_id != task_id; });
    return out;
}

std::vector<engine::TaskRun> EngineRig::children_of(const TaskRunId& parent) {
    auto out = runs();
    std::erase_if(out, [&](const engine::TaskRun& one) { return one.parent_id != parent; });
    return out;
}

std::vector<std::string> EngineRig::loop_values(const TaskRunId& id, std::int64_t chunk) {
    return loops[id][chunk];
}

Result<std::vector<std::string>> EngineRig::lines_of(const std::string& uri) {
    const auto found = files.find(uri);
    if (found == files.end()) return not_found("there is no file {}", uri);
    return found->second;
}

Result<std::string> EngineRig::render(std::string_view text, const Value& context) {
    std::string out(text);
    for (auto open = out.find("{{"); open != std::string::npos; open = out.find("{{")) {
        const auto close = out.find("}}", open);
        std::string path = out.substr(open + 2, close - open - 2);
        std::erase(path, ' ');
        const auto value = at_path(context, path);
        if (!value) return refuse(ErrorCode::Expression, "Unable to find `{}` used in the expression `{}`", path, text);
        out.replace(open, close + 2 - open, value->is_string() ? value->as_string() : to_json(*value));
    }
    return out;
}

Result<Value> EngineRig::render_tree(const Value& tree, const Value& context) {
    if (const std::string* text = tree.if_string()) {
        auto rendered = render(*text, context);
        if (!rendered) return tl::unexpected(rendered.error());
        return Value(*rendered);
    }
    if (const Map* map = tree.if_map()) {
        Map out;
        for (const auto& [key, value] : *map) {
            auto rendered = render_tree(value, context);
            if (!rendered) return rendered;
            out.set(key, *rendered);
        }
        return Value(std::move(out));
    }
    if (const List* list = tree.if_list()) {
        List out;
        for (const Value& value : *list) {
            auto rendered = render_tree(value, context);
            if (!rendered) return rendered;
            out.push_back(*rendered);
        }
        return Value(std::move(out));
    }
    return tree;
}

engine::LightResult EngineRig::run_light(const flow::Task& task, const engine::TaskRun&, const Value& context) {
    ++light_runs;
    engine::LightResult result;
    const auto forced = light_results.find(task.id);
    if (forced != light_results.end())
        result.state = forced->second;
    else if (const auto state = state_of(task.properties.text("result")))
        result.state = *state;
    result.exit = state_of(task.properties.text("exit"));
    const auto rendered = render_tree(task.properties["value"], context);
    if (!rendered) {
        result.state = State::Failed;
        result.logs.emplace_back(LogLevel::Error, rendered.error().message);
    } else if (!rendered->is_null()) {
        result.outputs = Value{{"value", *rendered}};
    }
    return result;
}

Result<engine::ChildFlow> EngineRig::child_flow(const sluice::flow::FlowId& id, std::optional<std::int64_t>,
                                                const ExecutionId&, const Value& inputs) {
    if (id.id == "missing")
        return not_found("Unable to find flow '{}'.'{}' with revision '0'", id.namespace_name, id.id);
    return engine::ChildFlow{flow, inputs};
}

Result<void> EngineRig::hold_checks(const flow::Flow& of, const Value& inputs) {
    flow::InputContext plain;
    plain.render = [this](std::string_view text, const Value& seen) {
        return render_tree(Value(text), Value{{"inputs", seen}});
    };
    plain.render_text = [this](std::string_view text, const Value& seen) {
        return render(text, Value{{"inputs", seen}});
    };
    return flow::hold_checks(of, inputs, plain, true);
}

Result<bool> EngineRig::hears(const flow::Listener& listener, const Value& context) {
    for (const flow::Condition& condition : listener.conditions) {
        const auto holds = render(condition.properties.text("expression"), context);
        if (!holds) return tl::unexpected(holds.error());
        if (*holds != "true") return false;
    }
    return true;
}

Result<Value> EngineRig::typed_outputs(const flow::Flow& of, const Value& context) {
    Map out;
    for (const flow::FlowOutput& output : of.outputs) {
        auto rendered = render_tree(output.value, context);
        if (!rendered) return rendered;
        out.set(output.id, *rendered);
    }
    return Value(std::move(out));
}

}  // namespace sluice::test
