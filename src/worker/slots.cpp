#include "worker/slots.h"

#include <pthread.h>

namespace sluice::worker {
namespace {

const Logger kLog("worker");
// A job is claimed when a slot is free, so it begins at once. When it does not (this process stood still), the cluster
// may have given it away meanwhile: then it is asked first.
constexpr Duration kFreshClaim = 1s;

}  // namespace

Slots::Slots(pg::Pool& pool, cluster::Membership& membership, Tools tools, Reporter& reporter,
             const WorkerConfig& config, std::function<void()> on_free)
    : pool_(pool),
      membership_(membership),
      tools_(tools),
      reporter_(reporter),
      size_(config.slots),
      temporary_folder_(config.temporary_folder),
      on_free_(std::move(on_free)),
      waiting_(config.slots) {
    threads_.reserve(size_);
    for (std::size_t i = 0; i < size_; ++i) {
        threads_.emplace_back([this](std::stop_token stop) {
            pthread_setname_np(pthread_self(), "task");
            loop(stop);
        });
    }
}

Slots::~Slots() { end(Stop::LostLease); }

void Slots::run(RunningTaskPtr task) {
    taken_.with([&](auto& taken) { taken.push_back(task); });
    ensure(waiting_.try_push(std::move(task)), "more tasks than slots");
}

std::size_t Slots::free() const {
    return size_ - taken_.with([](const auto& taken) { return taken.size(); });
}

std::vector<RunningTaskPtr> Slots::running() const {
    return taken_.with([](const auto& taken) { return taken; });
}

void Slots::end(Stop why) {
    for (const RunningTaskPtr& task : running()) task->ask_to_stop(why);
    for (std::jthread& thread : threads_) thread.request_stop();
    waiting_.close();
    threads_.clear();
}

void Slots::loop(std::stop_token stop) {
    while (true) {
        auto task = waiting_.pop(stop, 1h);
        if (!task) {
            if (stop.stop_requested()) return;
            continue;
        }
        run_one(*task);
        taken_.with([&](auto& taken) { std::erase(taken, *task); });
        on_free_();
    }
}

bool Slots::may_start(RunningTask& task) {
    if (task.asked_to_stop() != Stop::None) return true;  // it is reported as killed, without having begun
    const bool fresh = std::chrono::steady_clock::now() - task.taken_at() < kFreshClaim;
    if (fresh && membership_.is_alive() && !membership_.is_doubtful()) return true;
    const auto allowed = pool_.with_connection(
        [&](pg::Connection& connection) { return queue::may_start(connection, membership_.id(), {task.id()}); });
    return !allowed.empty();
}

/// One of the four boundaries: whatever a task does, it ends as one result and one log line.
void Slots::run_one(const RunningTaskPtr& running) {
    RunningTask& task = *running;
    try {
        if (!may_start(task)) {
            kLog.warn("task.not_started", {{"task_run_id", task.claim().task_run_id}, {"reason", "the claim is gone"}});
            return;
        }
        const Timestamp started = std::max(task.claim().claimed_at, pool_.clock().now());
        WorkerContext context(task, pool_, tools_, reporter_, membership_.id(), temporary_folder_);
        Result<Value> outcome = invalid("killed before it began");
        try {
            if (task.asked_to_stop() == Stop::None) outcome = execute(running, context);
        } catch (const std::exception& failed) {
            outcome = refuse(ErrorCode::Internal, "{}", failed.what());
        }
        report(task, context, std::move(outcome), started);
    } catch (const std::exception& failed) {
        // The database was away before the task began: the claim stays ours, and goes back by itself if we are gone.
        kLog.warn("task.not_run", {{"task_run_id", task.claim().task_run_id}, {"reason", std::string_view(failed.what())}});
        queue::Finished lost{task.claim().task_run_id, task.claim().execution_id, {}};
        lost.result = {task.claim().task_run_id, task.claim().epoch, State::Failed, {}, membership_.id().text(),
                       task.claim().claimed_at, task.claim().claimed_at};
        reporter_.finished(membership_.id(), std::move(lost));
    }
}

Result<Value> Slots::execute(const RunningTaskPtr& running, WorkerContext& context) {
    const flow::Task& task = running->task();
    if (!task.timeout.empty()) {
        const auto rendered = context.render(task.timeout, {});
        if (!rendered) return tl::unexpected(rendered.error());
        const auto timeout = parse_duration(*rendered);
        if (!timeout) return tl::unexpected(timeout.error());
        deadlines_.add(running, *timeout);
    }
    const plugin::TaskType* type = tools_.tasks.find(task.info->name);
    if (type == nullptr) return invalid("no worker of this version runs tasks of type {}", task.type);
    const auto properties = plugin::rendered_properties(*type, task.properties, context);
    if (!properties) return tl::unexpected(properties.error());
    return type->run(*properties, context);
}

void Slots::report(RunningTask& task, WorkerContext& context, Result<Value> outcome, Timestamp started) {
    const Timestamp ended = std::max(started, pool_.clock().now());
    const Stop stop = task.asked_to_stop();
    if (stop == Stop::LostLease || stop == Stop::Draining) return;  // the claim is, or will be, somebody else's
    State state = State::Failed;
    Value outputs = context.kept_outputs();
    if (stop == Stop::Killed) {
        state = State::Killed;
    } else if (outcome && stop == Stop::None) {
        state = context.end_state().value_or(State::Success);
        if (!outcome->is_null()) outputs = std::move(*outcome);
    } else if (stop == Stop::TimedOut) {
        context.log(LogLevel::Error, "Timeout after " + as_clock(ended - started));
    } else {
        context.log(LogLevel::Error, outcome.error().text());
    }
    kLog.debug("task.finished", {{"task_run_id", task.claim().task_run_id},
                                 {"type", task.task().type},
                                 {"state", to_text(state)},
                                 {"took_ms", in_ms(ended - started)}});
    queue::Finished finished{task.claim().task_run_id, task.claim().execution_id, {}};
    finished.result = {task.claim().task_run_id, task.claim().epoch, state, std::move(outputs),
                       membership_.id().text(),  started,             ended};
    reporter_.finished(membership_.id(), std::move(finished));
}

}  // namespace sluice::worker
