// How task runs are created, started and ended.
#include "engine/replay.h"
#include "engine/stepper.h"
#include "value/json.h"

namespace sluice::engine {

/// The id of a task run is made of its place: the same one can't be made twice.
TaskRunId Stepper::id_at(const Node& node, const flow::Task& task, const std::optional<std::string>& value,
                         std::optional<std::int64_t> iteration) const {
    const std::int64_t round = node.progress->iteration;  // LoopUntil: each round has task runs of its own
    return id_of_place(execution_.id, node.id, task.id, value, iteration, round);
}

void Stepper::create(Node& node, const flow::Task& task, std::optional<std::string> value,
                     std::optional<std::int64_t> iteration) {
    TaskRun one;
    const TaskRun* parent = run(node.id);
    one.id = id_at(node, task, value, iteration);
    one.parent_id = node.id;
    one.task_id = task.id;
    one.value = std::move(value);
    if (parent != nullptr) one.parent_values = parent->value_chain();
    one.iteration = iteration;
    one.ordinal = execution_.progress.ordinal++;
    one.history.add(State::Created, now_);
    if (phase_of(one) == Phase::Tasks)
        ++node.progress->active;
    else
        ++node.progress->in_phase;
    if (!node.id.empty()) touch(*run(node.id));
    out_.execution_changed = true;
    ++created_;
    const TaskRunId id = one.id;
    touched_[id] = true;
    runs_.insert_or_assign(id, std::move(one));
    todo_.push_back({Todo::What::Dispatch, id});
}

/// Whether a breakpoint names this task, or this task with its value.
bool Stepper::stops_here(const TaskRun& one) const {
    for (const std::string& stop : execution_.progress.stops_at) {
        if (stop == one.task_id) return true;
        if (one.value && stop == one.task_id + "." + *one.value) return true;
    }
    return false;
}

void Stepper::dispatch(const TaskRunId& id) {
    TaskRun* found = run(id);
    if (found == nullptr || !is_created(found->state())) return;
    TaskRun& one = *found;
    if (execution_.state() == State::Killing) return complete(one, State::Killed);
    if (stops_here(one) && !one.history.ever(State::Breakpoint)) return move(one, State::Breakpoint);
    const flow::Task& task = task_of(one);
    if (!task.run_if.empty()) {
        const auto condition = facts_.render(task.run_if, context(&task, &one));
        if (!condition) {
            return fail(one, fmt::format("Unable to evaluate the runIf condition for task {}: {}", task.id,
                                         condition.error().text()));
        }
        if (!is_truthy(*condition)) return complete(one, State::Skipped);
    }
    switch (task.info->runs) {
        case flow::Runs::Flowable:
            return dispatch_flowable(one, task);
        case flow::Runs::Light:
            // What it keeps outside of the database is a worker's to write.
            if (task.log_to_file || (task.cache && task.cache->enabled)) return dispatch_job(one, task);
            return dispatch_light(one, task);
        case flow::Runs::Updating:
            return dispatch_light(one, task);
        case flow::Runs::Child:
            return starts_batches(task) ? start_batches(one, task) : dispatch_child(one, task);
        case flow::Runs::OnWorker:
            return dispatch_job(one, task);
    }
}

namespace {

/// Workers have plugins or have not: jobs of a plugin's type wait in a queue of their own, which only those that have
/// it take from. A WorkingDirectory is opened where its first such task can run.
std::string plugin_queue(const flow::Task& task) {
    if (task.info->external) return kPluginMark + task.info->name;
    if (!task.is("core.flow.WorkingDirectory")) return "";
    for (const flow::Branch& branch : task.branches) {
        for (const flow::Task& inner : branch.tasks) {
            if (inner.info->external) return kPluginMark + inner.info->name;
        }
    }
    return "";
}

}  // namespace

void Stepper::dispatch_job(TaskRun& one, const flow::Task& task) {
    const auto& wanted = task.worker_group ? task.worker_group : flow_.worker_group;
    const std::string group = (wanted ? wanted->key : "") + plugin_queue(task);
    const bool waits = !wanted || wanted->fallback.empty() || wanted->fallback == "WAIT";
    if (!waits && !facts_.has_worker(group)) {
        const std::string reason = fmt::format("No worker of the group '{}' is alive{}", wanted->key,
                                               task.info->external ? " that has the plugin of " + task.type : "");
        if (wanted->fallback == "FAIL") return fail(one, reason);
        log(one, LogLevel::Warn, reason);
        return complete(one, State::Cancelled);
    }
    touch(one).epoch++;
    Job job{one.id, one.epoch, group, job_payload(execution_, one, parents_of(one))};
    if (const TaskRun* home = home_of(one)) put_into_folder(job, one, *home);
    out_.jobs.push_back(std::move(job));
}

void Stepper::dispatch_light(TaskRun& one, const flow::Task& task) {
    move(one, State::Running);
    LightResult result = facts_.run_light(task, one, context(&task, &one));
    one.attempts.push_back({result.state, "", now_, now_, ""});
    for (auto& [level, message] : result.logs) log(one, level, std::move(message));
    for (Metric& metric : result.metrics) {
        metric.task_id = one.task_id;
        metric.task_run_id = one.id;
        metric.at = now_;
        out_.metrics.push_back(std::move(metric));
    }
    for (flow::Label& label : result.labels) {
        flow::put_label(execution_.labels, std::move(label));
        out_.execution_changed = true;
    }
    if (result.variables.is_map()) {
        execution_.variables =
            execution_.variables.is_map() ? deep_merge(execution_.variables, result.variables) : result.variables;
        out_.execution_changed = true;
    }
    for (const std::string& name : result.unset) {
        if (execution_.variables.is_map()) execution_.variables.mutable_map().erase(name);
        out_.execution_changed = true;
    }
    one.outputs = std::move(result.outputs);
    if (result.exit) return exit_execution(one, *result.exit);
    complete(one, result.state);
}

/// Nothing more is started but finally and afterExecution; what runs is waited for, or killed.
void Stepper::exit_execution(TaskRun& one, State state) {
    execution_.progress.exit = state;
    if (state == State::Killed) out_.events.emplace_back(KillRequested{});
    complete(one, state);
}

// ------------------------------------------------------------------------------------------------- flowables

void Stepper::dispatch_flowable(TaskRun& one, const flow::Task& task) {
    move(one, State::Running);
    if (task.is("core.flow.If") || task.is("core.flow.Switch")) return start_choice(one, task);
    if (task.is("core.flow.ForEach") || task.is("core.flow.EachSequential") || task.is("core.flow.EachParallel")) {
        return start_loop(one, task);
    }
    if (task.is("core.flow.Pause")) return start_pause(one, task);
    if (task.is("core.flow.LoopUntil")) {
        one.progress.iteration = 1;
        one.progress.loop_since = now_;
        one.outputs = Value{{"iterationCount", 1}};
    }
    later(one.id);
}

/// If and Switch look once; the branch never changes afterwards.
void Stepper::start_choice(TaskRun& one, const flow::Task& task) {
    const bool is_if = task.is("core.flow.If");
    const auto rendered = facts_.render(task.properties.text(is_if ? "condition" : "value"), context(&task, &one));
    if (!rendered) return fail(one, rendered.error().text());
    if (is_if) {
        const bool holds = is_truthy(*rendered);
        one.progress.branch = holds ? "then" : "else";
        one.outputs = Value{{"evaluationResult", holds}};
        return later(one.id);
    }
    const bool matched = task.branch("cases." + *rendered) != nullptr;
    one.progress.branch = matched ? "cases." + *rendered : "defaults";
    one.outputs = Value{{"value", *rendered}, {"defaults", !matched}};
    if (!matched && task.branch("defaults") == nullptr) {
        log(one, LogLevel::Warn,
            fmt::format("No task found on flow '{}', task '{}', execution '{}'", flow_.id.text(), task.id,
                        execution_.id));
        return complete(one, State::Failed);
    }
    later(one.id);
}

namespace {

/// A loop's value as its task runs have it: text as it is, anything else as compact JSON.
std::string value_text(const Value& value) {
    return value.is_string() ? value.as_string() : to_json(value);
}

/// The values as Java would print them in a list, for the message about nulls.
std::string java_list(const Value& value) {
    if (const List* list = value.if_list()) {
        std::string out = "[";
        for (const Value& item : *list) (out += out.size() > 1 ? ", " : "") += java_list(item);
        return out + "]";
    }
    if (const Map* map = value.if_map()) {
        std::string out = "{";
        for (const auto& [key, item] : *map) (out += out.size() > 1 ? ", " : "") += key + "=" + java_list(item);
        return out + "}";
    }
    return value_text(value);
}

}  // namespace

Result<std::vector<std::string>> Stepper::loop_values_of(const TaskRun& one, const flow::Task& task) {
    const Value declared = task.properties[task.is("core.flow.ForEach") ? "values" : "value"];
    const Value seen = context(&task, &one);
    Value list = declared;
    if (const std::string* text = declared.if_string()) {
        const auto rendered = facts_.render(*text, seen);
        if (!rendered) return tl::unexpected(rendered.error());
        auto parsed = parse_json(*rendered);
        if (!parsed || !parsed->is_list())
            return invalid("Invalid values: expected a JSON list, found '{}'", *rendered);
        list = std::move(*parsed);
    } else {
        auto rendered = facts_.render_tree(declared, seen);
        if (!rendered) return tl::unexpected(rendered.error());
        list = std::move(*rendered);
    }
    std::vector<std::string> values;
    std::map<std::string_view, bool> seen_values;
    std::size_t nulls = 0;
    values.reserve(list.as_list().size());
    for (const Value& item : list.as_list()) {
        nulls += item.is_null() ? 1 : 0;
        values.push_back(value_text(item));
    }
    if (nulls > 0) return invalid("Found '{}' null values on Each, with values={}", nulls, java_list(list));
    std::vector<std::string> distinct;
    distinct.reserve(values.size());
    for (const std::string& value : values) {
        if (seen_values.emplace(value, true).second) distinct.push_back(value);
    }
    return distinct;
}

void Stepper::start_loop(TaskRun& one, const flow::Task& task) {
    auto values = loop_values_of(one, task);
    if (!values) return fail(one, values.error().message);
    keep_loop_values(one, std::move(*values));
    later(one.id);
}

void Stepper::keep_loop_values(TaskRun& one, std::vector<std::string>&& values) {
    one.progress.values = static_cast<std::int64_t>(values.size());
    for (std::size_t from = 0; from < values.size(); from += kLoopChunk) {
        const std::size_t to = std::min(values.size(), from + kLoopChunk);
        LoopValues chunk{one.id, static_cast<std::int64_t>(from / kLoopChunk), {}};
        chunk.values.assign(std::make_move_iterator(values.begin() + static_cast<std::ptrdiff_t>(from)),
                            std::make_move_iterator(values.begin() + static_cast<std::ptrdiff_t>(to)));
        loop_chunks_[{one.id, chunk.chunk}] = chunk.values;
        out_.loop_values.push_back(std::move(chunk));
    }
}

// ----------------------------------------------------------------------------------------- pauses and rounds

Result<std::optional<Duration>> Stepper::duration_of(const TaskRun& one, const flow::Task& task, const char* property) {
    const std::string declared =
        std::string_view(property) == "timeout" ? task.timeout : task.properties.text(property);
    if (declared.empty()) return std::nullopt;
    const auto rendered = facts_.render(declared, context(&task, &one));
    if (!rendered) return tl::unexpected(rendered.error());
    if (rendered->empty()) return std::nullopt;
    const auto duration = parse_duration(*rendered);
    if (!duration) return tl::unexpected(duration.error());
    return std::optional(*duration);
}

bool Stepper::is_on_pause_task(const TaskRun& one) const {
    const flow::TaskPlace* place = flow_.place(one.task_id);
    return place != nullptr && place->parent != nullptr && place->parent->branches[place->branch].name == "onPause";
}

void Stepper::start_pause(TaskRun& one, const flow::Task& task) {
    const auto duration = duration_of(one, task, "pauseDuration");
    if (!duration) return fail(one, duration.error().text());
    const auto timeout = duration_of(one, task, "timeout");
    if (!timeout) return fail(one, timeout.error().text());
    // Only one of the two counts; neither: until somebody resumes it.
    if (*duration)
        out_.timers.push_back({now_ + **duration, "pause", one.id, {}});
    else if (*timeout)
        out_.timers.push_back({now_ + **timeout, "pause-timeout", one.id, {}});
    move(one, State::Paused);
    if (const flow::Branch* branch = task.branch("onPause"); branch != nullptr && !branch->tasks.empty()) {
        Node node = node_of(one.id);
        create(node, branch->tasks.front());
        --node.progress->active;  // nobody waits for it
    }
}

void Stepper::pause_is_over(TaskRun& one, const TimerFired& timer) {
    const flow::Task& task = task_of(one);
    if (timer.kind == "pause-timeout") {
        log(one, LogLevel::Error, "Timeout: nobody resumed the pause in time");
        one.progress.pause_outcome = State::Failed;
        return complete(one, State::Failed);
    }
    const std::string behavior = task.properties.text("behavior");
    const State outcome = behavior == "WARN"     ? State::Warning
                          : behavior == "CANCEL" ? State::Cancelled
                          : behavior == "FAIL"   ? State::Failed
                                                 : State::Success;
    resume(one, outcome, Value());
}

/// The pause ends: its own tasks run, if it ends well; then the task run is over.
void Stepper::resume(TaskRun& one, State outcome, Value outputs) {
    out_.timers_dropped.push_back(one.id);
    if (!outputs.is_null()) one.outputs = std::move(outputs);
    move(one, State::Running);
    if (execution_.state() == State::Paused && execution_.progress.paused == 0 && !execution_.progress.held) {
        move_execution(State::Restarted);
    }
    one.progress.pause_outcome = outcome;
    const bool ends_well = outcome == State::Success || outcome == State::Warning;
    if (ends_well) return later(one.id);
    if (outcome == State::Failed) ++one.progress.failed;
    if (outcome == State::Cancelled) ++one.progress.cancelled;
    later(one.id);
}

/// All tasks of a round are done. false: another round follows, after a pause. A loop that may not go on and was to
/// fail then counts as having failed.
bool Stepper::is_last_round(TaskRun& one) {
    const flow::Task& task = task_of(one);
    const auto condition = facts_.render(task.properties.text("condition"), context(&task, &one));
    if (!condition) {
        log(one, LogLevel::Error, condition.error().text());
        ++touch(one).progress.failed;
        return true;
    }
    if (is_truthy(*condition)) return true;

    const Value frequency = task.properties["checkFrequency"];
    const auto most = frequency["maxIterations"].if_integer();
    const auto longest = parse_duration(frequency.text("maxDuration"));
    const bool too_many = most && one.progress.iteration >= *most;
    const bool too_long = longest && one.progress.loop_since && now_ - *one.progress.loop_since >= *longest;
    if (too_many || too_long) {
        log(one, LogLevel::Info, too_many ? "Max iterations reached" : "Max duration reached");
        if (task.properties["failOnMaxReached"].if_bool().value_or(false)) ++touch(one).progress.failed;
        return true;
    }
    const Duration pause = parse_duration(frequency.text("interval")).value_or(Duration{60s});
    out_.timers.push_back({now_ + pause, "loop", one.id, Value{{"iteration", one.progress.iteration}}});
    return false;
}

void Stepper::next_round(TaskRun& one) {
    forget_descendants(one.id);
    const std::int64_t round = one.progress.iteration + 1;
    const auto since = one.progress.loop_since;
    one.progress = Progress{};
    one.progress.iteration = round;
    one.progress.loop_since = since;
    one.outputs = Value{{"iterationCount", Value(static_cast<std::int32_t>(round))}};
    touch(one);
    later(one.id);
}

void Stepper::forget_descendants(const TaskRunId& id) {
    std::vector<TaskRunId> open{id};
    while (!open.empty()) {
        const TaskRunId parent = open.back();
        open.pop_back();
        for (const TaskRun& child : facts_.children_of(parent)) {
            open.push_back(child.id);
            if (!is_over(child.state()) && child.epoch > 0) out_.cancels.push_back(child.id);
            drop(child.id);
        }
    }
}

// ---------------------------------------------------------------------------------------------------- the end

bool Stepper::retry(TaskRun& one, const flow::Task& task) {
    const flow::Retry* policy = flow_.retry_of(task.id);
    const bool ending = execution_.state() == State::Killing || exits(&one);
    if (policy == nullptr || one.attempts.empty() || ending || task.is_flowable()) return false;
    if (policy->behavior == flow::Retry::Behavior::CreateNewExecution) {
        const auto next = policy->next_try(execution_.attempt, execution_.history.created_at(), now_, facts_.chance());
        if (!next) return false;
        out_.timers.push_back({*next, "retry-execution", {}, {}});
        move(one, State::Retried);
        for (TaskRun* at = run(one.parent_id); at != nullptr; at = run(at->parent_id)) move(*at, State::Retried);
        move_execution(State::Retried);
        out_.finished = true;
        return true;
    }
    const auto attempts = static_cast<int>(one.attempts.size());
    const auto next = policy->next_try(attempts, one.attempts.front().started_at,
                                       one.attempts.back().ended_at.value_or(now_), facts_.chance());
    if (!next) return false;
    out_.timers.push_back({*next, "retry", one.id, Value{{"attempt", Value(static_cast<std::int64_t>(attempts))}}});
    move(one, State::Retrying);
    return true;
}

void Stepper::fail(TaskRun& one, const std::string& message) {
    log(one, LogLevel::Error, message);
    complete(one, State::Failed);
}

void Stepper::complete(TaskRun& one, State state) {
    touch(one);
    const flow::Task& task = task_of(one);
    const flow::Retry* policy = flow_.retry_of(task.id);
    if (state == State::Failed && retry(one, task)) return;
    if (state == State::Success && policy != nullptr && policy->warning_on_retry && one.attempts.size() > 1) {
        state = State::Warning;
    }
    if (state == State::Failed && task.allow_failure) state = State::Warning;
    if (state == State::Warning && task.allow_warning) state = State::Success;
    if (!one.attempts.empty()) one.attempts.back().state = state;
    move(one, state);
    child_over(one);
}

}  // namespace sluice::engine
