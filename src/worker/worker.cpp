#include "worker/worker.h"

#include "base/service.h"
#include "process/supervisor.h"
#include "worker/claimer.h"
#include "worker/poller.h"
#include "worker/work_folder.h"

namespace sluice::worker {
namespace {

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
            else if (gone)
                task->ask_to_stop(Stop::LostLease);
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
          signals_(signals),
          membership_(membership),
          work_folder(config.temporary_folder),
          folders(pool, work_folder.path() / "shared"),
          reporter(pool, signals, membership,
                   {.folder = config.temporary_folder / "spool", .most_bytes = config.most_spooled_bytes}),
          claimer(pool, signals, membership, tools, reporter, folders, config),
          kills(pool, membership),
          poller(pool, signals, membership, tools, work_folder.path()),
          slots(pool, signals, membership, tools, reporter, Folders{work_folder.path(), &folders}, config.slots,
                [this] { claimer.slot_is_free(); }) {
        claimer.set_slots(slots);
        kills.set_slots(slots);
        signals.subscribe(pg::kJobsChannel, [this](const auto&) { claimer.waker().wake(); });
        signals.subscribe(pg::kTriggersChannel, [this](const auto&) { poller.waker().wake(); });
        signals.subscribe(pg::kCancelsChannel, [this](const auto&) { kills.waker().wake(); });
    }

    /// What the grace period did not finish goes back to the queue, through the executions.
    void give_back() {
        std::vector<queue::ClaimId> left = claimer.not_begun();
        for (const RunningTaskPtr& task : slots.running()) {
            task->ask_to_stop(Stop::Draining);
            left.push_back(task->id());
        }
        slots.end(Stop::Draining);
        reporter.drain(2s);
        if (left.empty()) return;
        try {
            const std::size_t returned = pool_.in_transaction([&](pg::Transaction& tx) {
                return queue::return_claims(tx, membership_.id(), left, queue::kWorkerStopped);
            });
            Logger("worker").info("claims.returned", {{"count", returned}});
            signals_.notify(pg::kEventsChannel);
        } catch (const OutsideError& away) {
            Logger("worker").warn("claims.not_returned",
                                  {{"count", left.size()}, {"reason", std::string_view(away.what())}});
        }
    }

    const WorkerConfig config;
    const Tools tools;
    pg::Pool& pool_;
    pg::Signals& signals_;
    cluster::Membership& membership_;
    WorkFolder work_folder;
    SharedFolders folders;
    Reporter reporter;
    Claimer claimer;
    KillWatch kills;
    Poller poller;
    Slots slots;
};

Worker::Worker(pg::Pool& pool, pg::Signals& signals, cluster::Membership& membership, Tools tools, WorkerConfig config)
    : parts_(std::make_unique<Parts>(pool, signals, membership, tools, std::move(config))) {}

Worker::~Worker() = default;

void Worker::start() {
    parts_->reporter.start();
    parts_->kills.start();
    parts_->folders.start();
    parts_->claimer.start();
    parts_->poller.start();
}

void Worker::stop(Duration grace) {
    parts_->claimer.drain();
    parts_->poller.stop();
    const auto until = std::chrono::steady_clock::now() + grace;
    const auto busy = [this] { return parts_->slots.busy() > 0 || parts_->folders.count() > 0; };
    Waker pause;
    while (busy() && std::chrono::steady_clock::now() < until) pause.wait({}, 20ms);
    parts_->claimer.stop();
    parts_->folders.stop();
    parts_->give_back();
    parts_->kills.stop();
    parts_->reporter.drain(5s);
    parts_->reporter.stop();
}

std::vector<const Service*> Worker::loops() const {
    return {&parts_->claimer, &parts_->reporter, &parts_->kills};
}

void Worker::suspend() {
    parts_->tools.processes.renew_lease(Duration{0});
    std::size_t ended = 0;
    for (const RunningTaskPtr& task : parts_->slots.running()) {
        if (!task->runs_here()) continue;
        task->ask_to_stop(Stop::LostLease);
        ++ended;
    }
    Logger("worker").warn("tasks.held", {{"count", parts_->slots.busy()}, {"ended", ended}});
}

void Worker::fence() {
    for (const RunningTaskPtr& task : parts_->slots.running()) task->ask_to_stop(Stop::LostLease);
    const std::size_t killed = parts_->tools.processes.kill_all();
    Logger("worker").warn("tasks.fenced", {{"count", parts_->slots.busy()}, {"processes_killed", killed}});
}

void Worker::look_for_kills() {
    parts_->kills.waker().wake();
}

std::size_t Worker::running() const {
    return parts_->slots.busy();
}

Map Worker::details() const {
    const Reporter::Figures told = parts_->reporter.figures();
    const auto number = [](std::uint64_t one) { return static_cast<std::int64_t>(one); };
    return Map{{"running", number(running())},
               {"spooled_bytes", number(told.spooled_bytes)},
               {"refused_results", number(told.refused_results)},
               {"refused_lines", number(told.refused_lines)},
               {"refused_metrics", number(told.refused_metrics)}};
}

}  // namespace sluice::worker
