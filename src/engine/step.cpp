#include "engine/step.h"

#include "engine/stepper.h"

namespace sluice::engine {
namespace {
constexpr std::string_view kSlaTimer = "sla:";
}  // namespace

Result<Transition> step(const flow::Flow& flow, Execution& execution, const Event& event, Timestamp now, Facts& facts,
                        const StepLimits& limits) {
    Stepper stepper(flow, execution, now, facts, limits);
    if (const auto applied = stepper.apply(event); !applied) return tl::unexpected(applied.error());
    return stepper.finish();
}

Stepper::Stepper(const flow::Flow& flow, Execution& execution, Timestamp now, Facts& facts, const StepLimits& limits)
    : flow_(flow), execution_(execution), now_(now), facts_(facts), limits_(limits) {}

Result<void> Stepper::apply(const Event& event) {
    const auto done = std::visit([&](const auto& happened) { return on(happened); }, event);
    if (!done) return done;
    settle_execution_state();  // RETRYING or PAUSED ends before what follows may end the execution
    drain();
    settle_execution_state();
    check_assertions();
    drain();
    settle_execution_state();
    return {};
}

/// The execution was stored: it begins, waits for its date, or queues for a slot.
Result<void> Stepper::on(const Started& started) {
    if (execution_.state() != State::Created || execution_.progress.ordinal > 0) return {};
    if (started.check_inputs || execution_.progress.check_inputs) {
        auto inputs = facts_.checked_inputs(flow_, flow_.inputs, execution_.inputs);
        if (!inputs) {
            log_execution(LogLevel::Error, inputs.error().text());
            move_execution(State::Failed);
            out_.finished = true;
            return {};
        }
        // What is in an index stays as it is: a row that is updated in place costs half as much.
        const bool none = execution_.inputs.is_null() && (inputs->is_null() || inputs->as_map().empty());
        if (!none) execution_.inputs = std::move(*inputs);
        out_.inputs_changed = !none;
        execution_.progress.check_inputs = false;
        out_.execution_changed = true;
    }
    if (!flow_.checks.empty()) {
        // As expressions see them: some triggers keep no defaults.
        const Value inputs = context(nullptr, nullptr).get("inputs").value_or(Value(Map()));
        if (const auto held = facts_.hold_checks(flow_, inputs); !held) {
            log_execution(LogLevel::Error, held.error().text());
            move_execution(State::Failed);
            out_.finished = true;
            return {};
        }
    }
    if (execution_.schedule_date && *execution_.schedule_date > now_) {
        out_.timers.push_back({*execution_.schedule_date, "schedule", {}, {}});
        return {};
    }
    begin();
    return {};
}

void Stepper::begin() {
    const Timestamp from = execution_.schedule_date ? now_ : execution_.history.created_at();
    for (const flow::Sla& sla : flow_.sla) {
        if (sla.kind != flow::Sla::Kind::MaxDuration) continue;
        out_.timers.push_back({from + sla.duration, std::string(kSlaTimer) + sla.id, {}, {}});
    }
    if (flow_.concurrency && !execution_.progress.slot) {
        if (!facts_.take_slot(flow_)) {
            switch (flow_.concurrency->behavior) {
                case flow::Concurrency::Behavior::Queue:
                    move_execution(State::Queued);
                    out_.queued = true;
                    break;
                case flow::Concurrency::Behavior::Cancel:
                    move_execution(State::Cancelled);
                    out_.finished = true;
                    break;
                case flow::Concurrency::Behavior::Fail:
                    log_execution(LogLevel::Error, "Flow is FAILED due to concurrency limit exceeded");
                    move_execution(State::Failed);
                    out_.finished = true;
                    break;
            }
            return;
        }
        execution_.progress.slot = true;
    }
    if (has_work()) move_execution(State::Running);
    later({});
}

/// false: all tasks are disabled, and the execution is over at once
bool Stepper::has_work() const {
    const auto enabled = [](const flow::Task& task) { return !task.disabled; };
    return std::ranges::any_of(flow_.tasks(), enabled) || std::ranges::any_of(flow_.finally_tasks(), enabled);
}

Result<void> Stepper::on(const SlotGiven&) {
    if (execution_.state() != State::Queued) return {};
    execution_.progress.slot = true;
    move_execution(State::Running);
    later({});
    return {};
}

Result<void> Stepper::on(const Continued& continued) {
    if (is_over(execution_.state()) && execution_.progress.phase != Phase::AfterExecution) return {};
    TaskRun* one = run(continued.task_run_id);
    if (one != nullptr && starts_batches(task_of(*one))) {
        if (!is_over(one->state()) && one->progress.next < one->progress.values) more_batches(*one);
        return {};
    }
    later(continued.task_run_id);
    return {};
}

Result<void> Stepper::on(const TaskFinished& finished) {
    TaskRun* one = run(finished.task_run_id);
    if (one == nullptr || is_over(one->state()) || one->epoch != finished.epoch) return {};
    if (task_of(*one).is_flowable())
        folder_job_over(*one, finished);
    else
        end_attempt(*one, finished);
    return {};
}

void Stepper::end_attempt(TaskRun& one, const TaskFinished& finished) {
    touch(one);
    const Timestamp started = std::max(finished.started_at, one.history.since());
    const Timestamp ended = std::max(finished.ended_at, started);
    if (is_created(one.state())) {
        one.move_to(State::Running, started);
    }
    one.attempts.push_back({finished.state, finished.worker_id, started, ended, "", finished.log_file});
    one.outputs = finished.outputs;
    complete(one, finished.state);
}

/// The attempt ends as KILLED; the task runs again on another worker, or fails where it asked for that.
Result<void> Stepper::on(const WorkerLost& lost) {
    TaskRun* one = run(lost.task_run_id);
    if (one == nullptr || is_over(one->state()) || one->epoch != lost.epoch) return {};
    touch(*one);
    const Timestamp started = std::max(lost.claimed_at, one->history.since());
    if (!task_of(*one).is_flowable()) {
        one->attempts.push_back({State::Killed, lost.worker_id, started, std::max(now_, started), "worker lost"});
    }
    if (worker_of_folder_lost(*one)) return {};
    if (execution_.state() == State::Killing || one->state() == State::Killing) {
        complete(*one, State::Killed);
        return {};
    }
    const flow::Task& task = task_of(*one);
    log(*one, LogLevel::Warn, fmt::format("Worker {} was lost while it ran this task", lost.worker_id));
    if (task.on_worker_loss == flow::OnWorkerLoss::Fail) {
        if (is_created(one->state())) one->move_to(State::Running, started);
        one->attempts.back().state = State::Failed;
        complete(*one, State::Failed);
        return {};
    }
    dispatch_job(*one, task);
    return {};
}

Result<void> Stepper::on(const JobReturned& returned) {
    TaskRun* one = run(returned.task_run_id);
    if (one == nullptr || is_over(one->state()) || one->epoch != returned.epoch) return {};
    touch(*one);
    if (worker_of_folder_lost(*one)) return {};
    if (execution_.state() == State::Killing || one->state() == State::Killing) {
        complete(*one, State::Killed);
        return {};
    }
    const Timestamp started = std::max(returned.claimed_at, one->history.since());
    const std::string why = returned.reason.empty() ? "worker stopped" : returned.reason;
    one->attempts.push_back({State::Killed, returned.worker_id, started, std::max(now_, started), why});
    dispatch_job(*one, task_of(*one));
    return {};
}

Result<void> Stepper::on(const TimerFired& timer) {
    if (timer.kind == "schedule") {
        if (execution_.state() == State::Created) begin();
        return {};
    }
    if (timer.kind == "retry-execution") {
        if (execution_.state() == State::Retried) repeat_execution();
        return {};
    }
    if (timer.kind.starts_with(kSlaTimer)) {
        duration_exceeded(std::string_view(timer.kind).substr(kSlaTimer.size()));
        return {};
    }
    TaskRun* one = run(timer.task_run_id);
    if (one == nullptr || !alive()) return {};
    if (timer.kind == "retry") {
        const auto attempt = timer.payload["attempt"].if_integer();
        const auto made = static_cast<std::int64_t>(one->attempts.size());
        if (one->state() != State::Retrying || !attempt || *attempt != made) return {};
        move(touch(*one), State::Created);
        todo_.push_back({Todo::What::Dispatch, one->id});
    } else if (timer.kind == "pause" || timer.kind == "pause-timeout") {
        if (one->state() != State::Paused) return {};
        pause_is_over(*one, timer);
    } else if (timer.kind == "loop") {
        const auto round = timer.payload["iteration"].if_integer();
        if (one->state() != State::Running || !round || *round != one->progress.iteration) return {};
        next_round(*one);
    }
    return {};
}

Result<void> Stepper::on(const ChildEnded& ended) {
    TaskRun* one = run(ended.task_run_id);
    if (one == nullptr || is_over(one->state())) return {};
    if (starts_batches(task_of(*one))) {
        batch_is_over(*one, ended);
        return {};
    }
    if (one->outputs.text("executionId") != ended.child_id.text()) return {};
    touch(*one);
    child_is_over(*one, ended);
    return {};
}

void Stepper::drain() {
    while (!todo_.empty()) {
        const Todo next = todo_.back();
        todo_.pop_back();
        const std::size_t before = todo_.size();
        if (next.what == Todo::What::Dispatch)
            dispatch(next.id);
        else
            advance(next.id, next.finished.empty() ? nullptr : run(next.finished));
        // What it led to is done in the order in which it came up.
        std::reverse(todo_.begin() + static_cast<std::ptrdiff_t>(before), todo_.end());
    }
}

void Stepper::later(const TaskRunId& node) {
    todo_.push_back({Todo::What::Advance, node});
}

bool Stepper::alive() const {
    if (execution_.state() == State::Killing) return false;
    return !is_over(execution_.state()) || execution_.progress.phase == Phase::AfterExecution;
}

// ------------------------------------------------------------------------------------------------------ rows

TaskRun* Stepper::run(const TaskRunId& id) {
    if (id.empty()) return nullptr;
    if (const auto found = runs_.find(id); found != runs_.end()) return &found->second;
    auto loaded = facts_.task_run(id);
    if (!loaded) return nullptr;
    return &runs_.emplace(id, std::move(*loaded)).first->second;
}

TaskRun& Stepper::touch(TaskRun& one) {
    touched_.try_emplace(one.id, false);
    return one;
}

void Stepper::adopt(const std::vector<TaskRun>& runs) {
    for (const TaskRun& one : runs) runs_.try_emplace(one.id, one);
}

void Stepper::drop(const TaskRunId& id) {
    const auto found = touched_.find(id);
    const bool fresh = found != touched_.end() && found->second;
    if (const TaskRun* one = run(id)) {
        execution_.progress.paused -= one->state() == State::Paused ? 1 : 0;
        execution_.progress.retrying -= one->state() == State::Retrying ? 1 : 0;
        execution_.progress.breakpoints -= one->state() == State::Breakpoint ? 1 : 0;
    }
    runs_.erase(id);
    touched_.erase(id);
    if (!fresh) out_.deleted.push_back(id);
    out_.timers_dropped.push_back(id);
}

void Stepper::move(TaskRun& one, State to) {
    Progress& root = execution_.progress;
    const auto count = [&](State state, int by) {
        if (state == State::Paused) root.paused += by;
        if (state == State::Retrying) root.retrying += by;
        if (state == State::Breakpoint) root.breakpoints += by;
    };
    count(one.state(), -1);
    touch(one).move_to(to, std::max(now_, one.history.since()));
    count(to, 1);
}

void Stepper::move_execution(State to) {
    execution_.move_to(to, std::max(now_, execution_.history.since()));
    out_.execution_changed = true;
}

/// What the execution shows follows from what its task runs wait for.
void Stepper::settle_execution_state() {
    const State state = execution_.state();
    const bool settled = is_over(state) || state == State::Killing || state == State::Queued || state == State::Created;
    if (settled) return;
    const Progress& root = execution_.progress;
    const State wanted = root.paused > 0 || root.held ? State::Paused
                         : root.breakpoints > 0       ? State::Breakpoint
                         : root.retrying > 0          ? State::Retrying
                                                      : State::Running;
    if (wanted != state) move_execution(wanted);
}

Transition Stepper::finish() {
    // What began and ended in one step has nothing to be watched any more.
    if (out_.finished) std::erase_if(out_.timers, [](const Timer& one) { return one.kind.starts_with(kSlaTimer); });
    for (const auto& [id, chunk] : changed_pieces_) out_.loop_values.push_back({id, chunk, loop_chunks_[{id, chunk}]});
    for (const TaskRunId& node : continued_) out_.events.emplace_back(Continued{node});
    for (const auto& [id, fresh] : touched_) {
        const auto found = runs_.find(id);
        if (found == runs_.end()) continue;
        (fresh ? out_.created : out_.changed).push_back(found->second);
    }
    std::sort(out_.created.begin(), out_.created.end(),
              [](const TaskRun& a, const TaskRun& b) { return a.ordinal < b.ordinal; });
    return std::move(out_);
}

// --------------------------------------------------------------------------------------------------- context

const flow::Task& Stepper::task_of(const TaskRun& one) const {
    const flow::TaskPlace* place = flow_.place(one.task_id);
    ensure(place != nullptr, "task run {} is of task {}, which {} revision {} does not have", one.id, one.task_id,
           flow_.id.text(), flow_.revision);
    return *place->task;
}

std::vector<Parent> Stepper::parents_of(const TaskRun& one) {
    std::vector<Parent> out;
    for (TaskRun* at = run(one.parent_id); at != nullptr; at = run(at->parent_id)) {
        out.push_back({at->value, at->outputs});
    }
    return out;
}

/// Rows of this step come after, and in place of, those in the database.
TaskRunReader Stepper::reader() {
    const auto with_ours = [this](std::vector<TaskRun> stored, auto belongs) {
        std::erase_if(stored, [&](const TaskRun& one) {
            const bool dropped = std::find(out_.deleted.begin(), out_.deleted.end(), one.id) != out_.deleted.end();
            return dropped || touched_.contains(one.id);
        });
        for (const auto& [id, fresh] : touched_) {
            const auto found = runs_.find(id);
            if (found != runs_.end() && belongs(found->second)) stored.push_back(found->second);
        }
        std::sort(stored.begin(), stored.end(),
                  [](const TaskRun& a, const TaskRun& b) { return a.ordinal < b.ordinal; });
        facts_.fetch_outputs(stored);
        return stored;
    };
    return {[this, with_ours](std::string_view task_id) {
                return with_ours(facts_.task_runs_of(task_id),
                                 [&](const TaskRun& one) { return one.task_id == task_id; });
            },
            [this, with_ours] { return with_ours(facts_.all_task_runs(), [](const TaskRun&) { return true; }); }};
}

Value Stepper::context(const flow::Task* task, const TaskRun* one) {
    const auto parents = one != nullptr ? parents_of(*one) : std::vector<Parent>();
    if (one == nullptr) return context_of(flow_, execution_, task, one, parents, reader(), facts_.instance_context());
    TaskRun seen = *one;
    seen.value = seen_value(*one);
    return context_of(flow_, execution_, task, &seen, parents, reader(), facts_.instance_context());
}

void Stepper::log(const TaskRun& one, LogLevel level, std::string message) {
    const flow::Task& task = task_of(one);
    if (task.log_level && level < *task.log_level) return;
    const auto attempt = static_cast<int>(one.attempts.size());
    out_.logs.push_back({now_, level, one.task_id, one.id, std::max(0, attempt - 1), std::move(message)});
}

void Stepper::log_execution(LogLevel level, std::string message) {
    out_.logs.push_back({now_, level, "", {}, 0, std::move(message)});
}

}  // namespace sluice::engine
