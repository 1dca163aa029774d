#include "worker/slots.h"

#include <pthread.h>

#include "base/probe.h"
#include "base/waker.h"
#include "expr/encoding.h"
#include "store/large_outputs.h"
#include "store/task_cache.h"
#include "value/json.h"
#include "worker/kept_files.h"

namespace sluice::worker {
namespace {

const Logger kLog("worker");
// A job is claimed when a slot is free, so it begins at once. When it does not (this process stood still), the cluster
// may have given it away meanwhile: then it is asked first.
constexpr Duration kFreshClaim = 1s;
constexpr Duration kPauseWithoutDatabase = 1s;

/// What the outputs of a task depend on, as far as the flow tells. Properties that the task renders by itself are
/// rendered here too; its folders, which differ each time, do not count.
Result<std::string> cache_key(const RunningTask& running, WorkerContext& context) {
    static const Map kFolders{{"workingDir", ""}, {"outputDir", ""}};
    const auto properties = context.render_tree(running.task().properties, kFolders);
    if (!properties) return tl::unexpected(properties.error());
    const engine::TaskRun& run = running.info().run;
    List values;
    for (const std::string& value : run.value_chain()) values.emplace_back(value);
    return expr::sha256_of(to_json(Value{{"namespace", running.flow().id.namespace_name},
                                         {"flow", running.flow().id.id},
                                         {"task", running.task().id},
                                         {"type", running.task().info->name},
                                         {"values", Value(std::move(values))},
                                         {"properties", *properties}}));
}

}  // namespace

Slots::Slots(pg::Pool& pool, pg::Signals& signals, cluster::Membership& membership, Tools tools, Reporter& reporter,
             const Folders& folders, std::size_t size, std::function<void()> on_free)
    : pool_(pool),
      signals_(signals),
      membership_(membership),
      tools_(tools),
      reporter_(reporter),
      keys_(pool),
      size_(size),
      folders_(folders),
      on_free_(std::move(on_free)),
      waiting_(size) {
    threads_.reserve(size_);
    for (std::size_t i = 0; i < size_; ++i) {
        threads_.emplace_back([this](std::stop_token stop) {
            pthread_setname_np(pthread_self(), "task");
            loop(stop);
        });
    }
}

Slots::~Slots() {
    end(Stop::LostLease);
}

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

Slots::Start Slots::may_start(RunningTask& task) {
    if (task.asked_to_stop() != Stop::None) return Start::Now;  // it is reported as killed, without having begun
    const bool fresh = std::chrono::steady_clock::now() - task.taken_at() < kFreshClaim;
    const ServiceId& worker = task.claim().worker;
    // Whoever was declared dead has lost its claims with its name.
    if (membership_.is_over(worker)) return Start::Never;
    if (membership_.is_suspended()) return Start::Later;
    if (fresh && !membership_.is_doubtful()) return Start::Now;
    bool allowed = false;
    bool killed = false;
    pool_.with_connection([&](pg::Connection& connection) {
        allowed = !queue::may_start(connection, worker, {task.id()}).empty();
        if (allowed) return;
        const auto cancelled = queue::cancelled_claims(connection, worker);
        killed = std::find(cancelled.begin(), cancelled.end(), task.id()) != cancelled.end();
    });
    if (killed) task.ask_to_stop(Stop::Killed);  // the claim is ours until it is reported
    return allowed || killed ? Start::Now : Start::Never;
}

/// Ended for the sake of a lease that we may have all the same: then the claim is ours, and nobody runs it.
void Slots::give_back(const RunningTask& task) {
    reporter_.given_back({task.id(), task.claim().worker});
}

/// A task that the database kept from beginning is tried again, as long as the claim is ours.
void Slots::run_one(const RunningTaskPtr& task) {
    Waker nobody;
    while (!try_to_run(task)) {
        nobody.wait(task->stop_token(), back_off(1, kPauseWithoutDatabase, kPauseWithoutDatabase));
        const Stop stop = task->asked_to_stop();
        if (stop == Stop::LostLease) give_back(*task);
        if (stop == Stop::LostLease || stop == Stop::Draining) return;  // the claim is, or will be, somebody else's
    }
}

/// One of the four boundaries: whatever a task does, it ends as one result and one log line.
/// false: the database went away before it began, or is away
bool Slots::try_to_run(const RunningTaskPtr& running) {
    RunningTask& task = *running;
    try {
        const Start start = may_start(task);
        if (start == Start::Later) return false;
        if (start == Start::Never) {
            kLog.warn("task.not_started", {{"task_run_id", task.claim().task_run_id}, {"reason", "the claim is gone"}});
            return true;
        }
        const Timestamp started = std::max(task.claim().claimed_at, pool_.clock().now());
        WorkerContext context(task, pool_, signals_, tools_, reporter_, keys_, folders_);
        task.note_begun();
        probe(Probe::WorkerBeforeStart);
        Result<Value> outcome = invalid("killed before it began");
        if (task.asked_to_stop() == Stop::None) {
            outcome = prepared_properties(task, context);
            if (outcome) outcome = cached_or_run(running, context, *outcome);
        }
        probe(Probe::WorkerAfterRun);
        settle_folder(task, report(task, context, std::move(outcome), started));
    } catch (const pg::DatabaseError& away) {
        kLog.warn("task.not_begun",
                  {{"task_run_id", task.claim().task_run_id}, {"reason", std::string_view(away.what())}});
        return false;
    } catch (const std::exception& bug) {
        kLog.error("task.broken",
                   {{"task_run_id", task.claim().task_run_id}, {"reason", std::string_view(bug.what())}});
        finish(task, State::Failed, {}, task.claim().claimed_at, task.claim().claimed_at);
    }
    return true;
}

/// Errors  DatabaseError (thrown): an expression asked the database, and it was away
Result<Value> Slots::prepared_properties(const RunningTask& running, WorkerContext& context) {
    const flow::Task& task = running.task();
    const plugin::TaskType* type = tools_.tasks.find(task.info->name);
    if (type == nullptr && task.info->external) {
        return refuse(
            ErrorCode::Unavailable,
            "this worker does not have the plugin of {}; put it into the folder of `plugins.folder` here, or let "
            "the task run on a group of workers that have it",
            task.type);
    }
    if (type == nullptr) return invalid("no worker of this version runs tasks of type {}", task.type);
    try {
        return plugin::rendered_properties(*type, task.properties, context);
    } catch (const pg::DatabaseError&) {
        throw;
    } catch (const std::exception& failed) {
        return refuse(ErrorCode::Internal, "{}", failed.what());
    }
}

Result<Value> Slots::execute(const RunningTaskPtr& running, WorkerContext& context, const Value& properties) {
    const flow::Task& task = running->task();
    try {
        if (!task.timeout.empty()) {
            const auto rendered = context.render(task.timeout, {});
            if (!rendered) return tl::unexpected(rendered.error());
            const auto timeout = parse_duration(*rendered);
            if (!timeout) return tl::unexpected(timeout.error());
            running->set_timeout(*timeout);
            deadlines_.add(running, *timeout);
        }
        return tools_.tasks.find(task.info->name)->run(properties, context);
    } catch (const std::exception& failed) {
        return refuse(ErrorCode::Internal, "{}", failed.what());
    }
}

/// With a taskCache: what an earlier run put out for the same properties, or a run that is remembered.
Result<Value> Slots::cached_or_run(const RunningTaskPtr& running, WorkerContext& context, const Value& properties) {
    const flow::Task& task = running->task();
    if (!task.cache || !task.cache->enabled) return execute(running, context, properties);
    const auto key = cache_key(*running, context);
    if (!key) return tl::unexpected(key.error());
    const auto found =
        pool_.with_connection([&](pg::Connection& connection) { return store::find_cached_outputs(connection, *key); });
    if (found) {
        const auto missing = missing_file(*found, context.storage());
        if (!missing) {
            context.log(LogLevel::Info, "Outputs come from the task's cache");
            return *found;
        }
        context.log(LogLevel::Info,
                    fmt::format("The outputs in the task's cache name {}, which is gone with the execution that "
                                "made it: the task runs again",
                                *missing));
    }
    auto outcome = execute(running, context, properties);
    if (outcome) *outcome = context.without_secrets(std::move(*outcome));
    if (outcome && store::is_large(*outcome)) {
        context.log(LogLevel::Warn, "The outputs are too large for the task's cache");
        return outcome;
    }
    if (!outcome || context.end_state() || running->asked_to_stop() != Stop::None) return outcome;
    try {
        pool_.with_connection(
            [&](pg::Connection& connection) { store::cache_outputs(connection, *key, *outcome, task.cache->ttl); });
    } catch (const pg::DatabaseError& away) {
        context.log(LogLevel::Warn, fmt::format("The outputs were not put into the task's cache: {}", away.what()));
    }
    return outcome;
}

/// Empty: nothing is told, because the claim is not ours any more, and there is nothing that could count
std::optional<State> Slots::report(RunningTask& task, WorkerContext& context, Result<Value> outcome,
                                   Timestamp started) {
    const Timestamp ended = std::max(started, pool_.clock().now());
    const Stop stop = task.asked_to_stop();
    // A task that we stopped has no result: its claim is, or will be, somebody else's. One that was finished all the
    // same is told: whether it still counts is the database's to say, which keeps a record of what it refuses.
    if ((stop == Stop::LostLease || stop == Stop::Draining) && !outcome) {
        if (stop == Stop::LostLease) give_back(task);
        return {};
    }
    // Its children are killed as soon as we know that the lease is lost; that this was why may be seen here earlier.
    if (stop == Stop::None && !outcome && membership_.is_over(task.claim().worker)) return {};
    State state = State::Failed;
    Value outputs = context.kept_outputs();
    if (stop == Stop::Killed) {
        state = State::Killed;
    } else if (stop == Stop::TimedOut) {
        context.log(LogLevel::Error, "Timeout after " + as_clock(task.timeout()));
    } else if (outcome) {
        state = context.end_state().value_or(State::Success);
        if (!outcome->is_null()) outputs = std::move(*outcome);
    } else {
        context.log(LogLevel::Error, outcome.error().text());
    }
    kLog.debug("task.finished", {{"task_run_id", task.claim().task_run_id},
                                 {"execution_id", task.claim().execution_id},
                                 {"type", task.task().type},
                                 {"state", to_text(state)},
                                 {"took_ms", in_ms(ended - started)}});
    if (auto fitting = context.fitting_outputs(context.without_secrets(std::move(outputs)))) {
        outputs = std::move(*fitting);
    } else {
        context.log(LogLevel::Error, fitting.error().text());
        outputs = {};
        state = State::Failed;
    }
    finish(task, state, std::move(outputs), started, ended, context.close_log());
    return state;
}

/// A shared folder goes when it was closed, or could not be filled.
void Slots::settle_folder(const RunningTask& task, std::optional<State> told) {
    const engine::JobInfo& info = task.info();
    if (!info.folder || info.folder_step.empty()) return;
    const bool filled = told == State::Success || told == State::Warning;
    if (info.folder_step == "close" || !filled) folders_.shared->remove(*info.folder);
}

void Slots::finish(const RunningTask& task, State state, Value outputs, Timestamp started, Timestamp ended,
                   std::string log_file) {
    queue::Finished finished{task.claim().task_run_id, task.claim().execution_id, {}};
    finished.result = {task.claim().task_run_id,
                       task.claim().epoch,
                       state,
                       std::move(outputs),
                       task.claim().worker.text(),
                       started,
                       ended,
                       std::move(log_file)};
    reporter_.finished(task.claim().worker, std::move(finished));
}

}  // namespace sluice::worker
