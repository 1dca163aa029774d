#include "executor/batch.h"

#include <algorithm>

#include "base/log.h"
#include "executor/executor.h"
#include "store/logs.h"
#include "store/triggers.h"

namespace sluice::executor {
namespace {
const Logger kLog("executor");

/// Whether its state is one of its trigger's stopAfter.
bool stops_trigger(const flow::Flow& flow, const engine::Execution& execution) {
    const auto trigger = std::ranges::find(flow.triggers, execution.trigger.text("id"), &flow::Trigger::id);
    return trigger != flow.triggers.end() &&
           std::ranges::find(trigger->stop_after, execution.state()) != trigger->stop_after.end();
}

/// Whether it lets an execution begin, or begin again. Under a kill switch it does not.
bool begins(const engine::Event& event) {
    return std::holds_alternative<engine::Started>(event) || std::holds_alternative<engine::RestartRequested>(event) ||
           std::holds_alternative<engine::TaskStateChanged>(event);
}

}  // namespace

Batch::Batch(pg::Transaction& tx, const Runtime& runtime, FlowTriggers& flow_triggers, const engine::StepLimits& limits)
    : tx_(tx), runtime_(runtime), flow_triggers_(flow_triggers), limits_(limits) {}

void Batch::load(const std::vector<queue::EventRow>& events) {
    now_ = events.front().now;
    std::set<ExecutionId> wanted;
    for (const queue::EventRow& event : events) wanted.insert(event.execution_id);
    const std::vector<ExecutionId> ids(wanted.begin(), wanted.end());
    store::lock_executions(tx_, ids, [this](store::LockedExecution one) {
        const ExecutionId id = one.execution.id;
        if (one.kill_reason) switched_off_.emplace(id, std::move(*one.kill_reason));
        locked_.emplace(id, std::move(one.execution));
    });
    // In the same round trip, but after the lock: what nobody changes any more. Of those that are not ours it is not
    // used.
    std::vector<std::pair<ExecutionId, TaskRunId>> touched;
    for (const queue::EventRow& event : events) {
        if (!event.task_run_id.empty()) touched.emplace_back(event.execution_id, event.task_run_id);
    }
    store::load_lineage(tx_, touched, [this](store::OwnedTaskRun loaded) {
        known_[loaded.execution_id].push_back(std::move(loaded.run));
    });
    tx_.flush();
    if (locked_.size() < wanted.size()) {
        // Locked by somebody else, or purged?
        for (const engine::Execution& there : store::load_executions(tx_.connection(), ids)) {
            if (!locked_.contains(there.id)) busy_.push_back(there.id);
            wanted.erase(there.id);
        }
        for (const ExecutionId& id : wanted) {
            if (!locked_.contains(id)) gone_.insert(id);
        }
    }
}

Work* Batch::work_of(const queue::EventRow& event) {
    const auto found = works_.find(event.execution_id);
    if (found != works_.end()) return found->second.get();
    auto locked = locked_.find(event.execution_id);
    if (locked == locked_.end()) return nullptr;
    engine::Execution& execution = locked->second;
    auto flow = runtime_.flows.get(tx_.connection(), execution.flow, execution.flow_revision);
    ensure(flow.has_value(), "execution {}: {}", execution.id, flow ? "" : flow.error().message);
    auto work = std::make_unique<Work>(tx_, runtime_, std::move(execution), *flow, event.now);
    for (engine::TaskRun& run : known_[event.execution_id]) work->add_known(std::move(run));
    return works_.emplace(event.execution_id, std::move(work)).first->second.get();
}

/// A restarted ForEachItem that asked for an execution which is there no more would wait for ever.
void Batch::answer_for_purged(const queue::EventRow& row) {
    const auto event = engine::event_of(row.kind, row.task_run_id, row.payload);
    const auto* restart = event ? std::get_if<engine::RestartRequested>(&*event) : nullptr;
    if (restart == nullptr || restart->caller_id.empty()) return;
    answers_.push_back(
        {restart->caller_id,
         engine::ChildEnded{restart->caller_task_run_id, row.execution_id, State::Failed, {}, restart->batch}});
}

bool Batch::apply(const queue::EventRow& row) {
    if (gone_.contains(row.execution_id)) {
        kLog.warn("event.dropped", {{"seq", row.seq}, {"execution_id", row.execution_id}, {"reason", "it was purged"}});
        done_.push_back(row.seq);
        answer_for_purged(row);
        return true;
    }
    Work* work = work_of(row);
    if (work == nullptr) return false;
    ensure(row.problem.empty(), "event {}: {}", row.seq, row.problem);
    const auto event = engine::event_of(row.kind, row.task_run_id, row.payload);
    ensure(event.has_value(), "event {}: {}", row.seq, event ? "" : event.error().message);
    if (const auto off = switched_off_.find(row.execution_id); off != switched_off_.end()) {
        kill(*work, off->second);
        if (begins(*event)) {
            // Whoever waits for it learns that it stays over; what ended just now is told with the others.
            if (!work->finished && is_over(work->execution().state())) work->tell_caller();
            done_.push_back(row.seq);
            return true;
        }
    }
    work->apply(*event, limits_);
    done_.push_back(row.seq);
    return true;
}

/// A kill switch ends an execution before its event is looked at.
void Batch::kill(Work& work, const std::string& reason) const {
    const State state = work.execution().state();
    if (is_over(state) || state == State::Killing) return;
    work.logs.push_back({.at = now_, .level = LogLevel::Warn, .message = "killed by a kill switch: " + reason});
    work.apply(engine::KillRequested{true, "kill switch"}, limits_);
}

void Batch::write(pg::Signals& signals) {
    end_executions();
    ask_flow_triggers();
    queue::delete_events(tx_, done_);
    write_rows();
    write_queues();
    tell(signals);
}

void Batch::write_rows() {
    std::vector<store::TaskRunWrite> created, updated;
    std::vector<std::pair<ExecutionId, TaskRunId>> deleted;
    std::vector<std::pair<ExecutionId, const engine::LoopValues*>> loop_values;
    std::vector<store::ExecutionUpdate> executions;
    std::vector<engine::Execution> children = std::move(reactions_.executions);
    std::vector<store::LogWrite> logs = std::move(reactions_.logs);
    std::vector<store::MetricWrite> metrics;
    for (const auto& [id, work] : works_) {
        const engine::Execution& execution = work->execution();
        const bool rows = !work->created.empty() || !work->updated.empty() || !work->deleted.empty();
        if (work->changed || rows) executions.push_back({&execution, work->inputs_changed});
        for (const TaskRunId& run : work->created) created.push_back({&execution, &work->run(run)});
        for (const TaskRunId& run : work->updated) updated.push_back({&execution, &work->run(run)});
        for (const TaskRunId& run : work->deleted) deleted.emplace_back(id, run);
        for (const auto& [chunk, values] : work->new_loop_values) loop_values.emplace_back(id, &values);
        children.insert(children.end(), work->children.begin(), work->children.end());
        for (const engine::LogLine& line : work->logs) logs.push_back({id.text(), execution.flow, "", line});
        for (const engine::Metric& metric : work->metrics) metrics.push_back({id.text(), execution.flow, metric});
    }
    store::delete_task_runs(tx_, deleted);
    store::insert_task_runs(tx_, created);
    store::update_task_runs(tx_, updated);
    store::insert_loop_values(tx_, loop_values);
    store::insert_executions(tx_, children);
    store::update_executions(tx_, executions);
    store::insert_logs(tx_, logs);
    store::insert_metrics(tx_, metrics);
}

void Batch::write_queues() {
    std::vector<queue::JobWrite> jobs;
    std::vector<queue::TimerWrite> timers;
    std::vector<std::pair<ExecutionId, TaskRunId>> dropped;
    std::vector<engine::Message> messages = reactions_.started;
    messages.insert(messages.end(), answers_.begin(), answers_.end());
    for (const auto& [id, work] : works_) {
        for (const engine::Job& job : work->jobs) jobs.push_back({id, &job});
        for (const engine::Timer& timer : work->timers) timers.push_back({id, &timer});
        for (const TaskRunId& run : work->timers_dropped) dropped.emplace_back(id, run);
        for (const engine::Execution& child : work->children) messages.push_back({child.id, engine::Started{}});
        messages.insert(messages.end(), work->messages.begin(), work->messages.end());
        if (work->queued) queue::queue_execution(tx_, work->flow().id, id);
    }
    queue::drop_timers(tx_, dropped);
    queue::put_timers(tx_, timers);
    queue::put_jobs(tx_, jobs);
    queue::put_events(tx_, messages);
}

/// What the end of an execution sets free: the slot of its flow, the task that waits for it, the trigger that it locks.
void Batch::end_executions() {
    std::vector<ExecutionId> ended, with_slot, triggered;
    std::set<flow::FlowId> limited;
    std::vector<store::Stop> stopped;
    for (const auto& [id, work] : works_) {
        if (!work->finished) continue;
        ended.push_back(id);
        const engine::Execution& execution = work->execution();
        if (work->flow().concurrency || execution.progress.slot) {
            with_slot.push_back(id);
            limited.insert(execution.flow);
        }
        if (execution.trigger.is_map() && execution.caller_id.empty()) {
            triggered.push_back(id);
            if (stops_trigger(work->flow(), execution)) {
                stopped.push_back({{execution.flow, execution.trigger.text("id")},
                                   fmt::format("stopAfter: execution {} ended {}", id, to_text(execution.state()))});
            }
        }
        work->tell_caller();
    }
    queue::drop_timers(tx_, ended);
    queue::release_slots(tx_, limited, with_slot);
    store::release_triggers(tx_, triggered, [released = released_] { *released = true; });
    store::stop_triggers(tx_, stopped);
}

void Batch::ask_flow_triggers() {
    std::vector<Work*> works;
    for (const auto& [id, work] : works_) works.push_back(work.get());
    reactions_ = flow_triggers_.react(tx_, works);
}

void Batch::tell(pg::Signals& signals) {
    bool jobs = false;
    bool events = !reactions_.started.empty() || !answers_.empty();
    bool kills = false;
    bool timers = false;
    const Timestamp soon = now_ + kLongestTimerPoll;
    std::vector<std::string> changed;
    std::vector<Span> spans;
    for (const auto& [id, work] : works_) {
        if (runtime_.trace) std::ranges::move(spans_of(*work), std::back_inserter(spans));
        jobs = jobs || !work->jobs.empty();
        events = events || !work->messages.empty() || !work->children.empty() || work->finished;
        kills = kills || work->kills;
        for (const engine::Timer& timer : work->timers) timers = timers || timer.due_at < soon;
        changed.push_back(id.text());
    }
    if (!spans.empty()) {
        tx_.after_commit([sink = runtime_.trace, spans = std::move(spans)] { sink(spans); });
    }
    tx_.after_commit([&signals, jobs, events, kills, released = released_, timers, changed = std::move(changed)] {
        if (jobs) signals.notify(pg::kJobsChannel);
        if (events) signals.notify(pg::kEventsChannel);
        if (kills) signals.notify(pg::kCancelsChannel);
        if (*released) signals.notify(pg::kTriggersChannel);
        if (timers) signals.notify(pg::kTimersChannel);
        for (const std::string& id : changed) signals.notify(pg::kChangesChannel, id);
    });
}

}  // namespace sluice::executor
