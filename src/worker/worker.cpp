#include "worker/worker.h"

#include "base/service.h"
#include "process/supervisor.h"
#include "store/executions.h"
#include "worker/slots.h"

namespace sluice::worker {
namespace {

constexpr std::int64_t kLookBack = 2000;  // see executor.cpp
constexpr int kFullScanEvery = 50;

/// Turns free slots into claims.
class Claimer : public Service {
  public:
    Claimer(pg::Pool& pool, cluster::Membership& membership, const Tools& tools, const WorkerConfig& config)
        : Service("claimer", {.poll = config.poll}),
          pool_(pool),
          membership_(membership),
          tools_(tools),
          config_(config) {}

    void set_slots(Slots& slots) { slots_ = &slots; }
    void drain() { draining_ = true; }

  protected:
    Turn turn(std::stop_token) override {
        if (draining_ || membership_.is_doubtful()) return Turn::Idle;
        const std::size_t free = std::min(slots_->free(), config_.most_per_claim);
        if (free == 0) return Turn::Idle;
        const auto claims = pool_.with_connection([&](pg::Connection& connection) {
            return queue::take_jobs(connection, free, config_.group, scan_from(), membership_.id());
        });
        lowest_seq_ = claims.empty() ? 0 : claims.front().seq;
        if (claims.empty()) return Turn::Idle;
        begin(claims);
        return Turn::Worked;
    }

    void recover() override { pool_.drop_idle(); }

  private:
    std::int64_t scan_from() {
        if (++since_full_scan_ >= kFullScanEvery || lowest_seq_ == 0) {
            since_full_scan_ = 0;
            return 0;
        }
        return std::max<std::int64_t>(0, lowest_seq_ - kLookBack);
    }

    /// What many tasks of one execution need is read once.
    void begin(const std::vector<queue::Claim>& claims) {
        std::vector<ExecutionId> ids;
        for (const queue::Claim& claim : claims) ids.push_back(claim.execution_id);
        std::map<ExecutionId, std::shared_ptr<const engine::Execution>> executions;
        pool_.with_connection([&](pg::Connection& connection) {
            for (engine::Execution& one : store::load_executions(connection, ids)) {
                const ExecutionId id = one.id;
                executions[id] = std::make_shared<const engine::Execution>(std::move(one));
            }
            for (const queue::Claim& claim : claims) begin_one(connection, claim, executions[claim.execution_id]);
        });
    }

    void begin_one(pg::Connection& connection, const queue::Claim& claim,
                   std::shared_ptr<const engine::Execution> execution) {
        if (!execution) {
            log_.warn("job.dropped", {{"task_run_id", claim.task_run_id}, {"reason", "its execution was purged"}});
            return;
        }
        auto flow = tools_.flows.get(connection, execution->flow, execution->flow_revision);
        ensure(flow.has_value(), "job of {}: {}", claim.task_run_id, flow ? "" : flow.error().message);
        slots_->run(std::make_shared<RunningTask>(claim, std::move(execution), *flow));
    }

    pg::Pool& pool_;
    cluster::Membership& membership_;
    const Tools& tools_;
    const WorkerConfig& config_;
    Slots* slots_ = nullptr;
    std::atomic<bool> draining_{false};
    std::int64_t lowest_seq_ = 0;
    int since_full_scan_ = 0;
};

/// Ends tasks that somebody killed.
class KillWatch : public Service {
  public:
    KillWatch(pg::Pool& pool, cluster::Membership& membership)
        : Service("kills", {.poll = 5s}), pool_(pool), membership_(membership) {}

    void set_slots(Slots& slots) { slots_ = &slots; }

  protected:
    Turn turn(std::stop_token) override {
        const auto running = slots_->running();
        if (running.empty()) return Turn::Idle;
        std::vector<queue::ClaimId> ids;
        for (const RunningTaskPtr& task : running) ids.push_back(task->id());
        std::vector<queue::ClaimId> cancelled;
        std::vector<TaskRunId> lost;
        pool_.with_connection([&](pg::Connection& connection) {
            cancelled = queue::cancelled_claims(connection, membership_.id());
            lost = queue::lost_claims(connection, membership_.id(), ids);
        });
        for (const RunningTaskPtr& task : running) {
            const bool killed = std::find(cancelled.begin(), cancelled.end(), task->id()) != cancelled.end();
            const bool gone = std::find(lost.begin(), lost.end(), task->claim().task_run_id) != lost.end();
            if (killed) task->ask_to_stop(Stop::Killed);
            // A result that is on its way has taken the claim with it: only a task that still runs is concerned.
            else if (gone) task->ask_to_stop(Stop::LostLease);
        }
        return Turn::Idle;
    }

  private:
    pg::Pool& pool_;
    cluster::Membership& membership_;
    Slots* slots_ = nullptr;
};

}  // namespace

class Worker::Parts {
  public:
    Parts(pg::Pool& pool, pg::Signals& signals, cluster::Membership& membership, Tools tools_, WorkerConfig config_)
        : config(std::move(config_)),
          tools(tools_),
          pool_(pool),
          membership_(membership),
          reporter(pool, signals, membership),
          claimer(pool, membership, tools, config),
          kills(pool, membership),
          slots(pool, membership, tools, reporter, config, [this] { claimer.waker().wake(); }) {
        claimer.set_slots(slots);
        kills.set_slots(slots);
        signals.subscribe(pg::kJobsChannel, [this](const auto&) { claimer.waker().wake(); });
        signals.subscribe(pg::kCancelsChannel, [this](const auto&) { kills.waker().wake(); });
    }

    /// What the grace period did not finish goes back to the queue, through the executions.
    void give_back() {
        std::vector<queue::ClaimId> left;
        for (const RunningTaskPtr& task : slots.running()) {
            task->ask_to_stop(Stop::Draining);
            left.push_back(task->id());
        }
        slots.end(Stop::Draining);
        reporter.drain(2s);
        if (left.empty()) return;
        const std::size_t returned = pool_.in_transaction(
            [&](pg::Transaction& tx) { return queue::return_claims(tx, membership_.id(), left); });
        Logger("worker").info("claims.returned", {{"count", returned}});
    }

    const WorkerConfig config;
    const Tools tools;
    pg::Pool& pool_;
    cluster::Membership& membership_;
    Reporter reporter;
    Claimer claimer;
    KillWatch kills;
    Slots slots;
};

Worker::Worker(pg::Pool& pool, pg::Signals& signals, cluster::Membership& membership, Tools tools, WorkerConfig config)
    : parts_(std::make_unique<Parts>(pool, signals, membership, tools, std::move(config))) {}

Worker::~Worker() = default;

void Worker::start() {
    std::filesystem::create_directories(parts_->config.temporary_folder);
    parts_->reporter.start();
    parts_->kills.start();
    parts_->claimer.start();
}

void Worker::stop(Duration grace) {
    parts_->claimer.drain();
    parts_->claimer.stop();
    const auto until = std::chrono::steady_clock::now() + grace;
    Waker pause;
    while (parts_->slots.busy() > 0 && std::chrono::steady_clock::now() < until) pause.wait({}, 20ms);
    parts_->give_back();
    parts_->kills.stop();
    parts_->reporter.drain(5s);
    parts_->reporter.stop();
}

void Worker::fence() {
    for (const RunningTaskPtr& task : parts_->slots.running()) task->ask_to_stop(Stop::LostLease);
    const std::size_t killed = parts_->tools.processes.kill_all();
    Logger("worker").warn("tasks.fenced", {{"count", parts_->slots.busy()}, {"processes_killed", killed}});
}

void Worker::look_for_kills() { parts_->kills.waker().wake(); }

std::size_t Worker::running() const { return parts_->slots.busy(); }

}  // namespace sluice::worker
