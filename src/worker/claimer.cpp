#include "worker/claimer.h"

#include "base/probe.h"
#include "store/executions.h"

namespace sluice::worker {

using std::chrono::steady_clock;

Claimer::Claimer(pg::Pool& pool, pg::Signals& signals, cluster::Membership& membership, const Tools& tools,
                 Reporter& reporter, const SharedFolders& folders, const WorkerConfig& config)
    : Service("claimer", {.poll = config.poll, .longest_poll = config.longest_poll}),
      pool_(pool),
      signals_(signals),
      membership_(membership),
      tools_(tools),
      reporter_(reporter),
      folders_(folders),
      config_(config) {
    for (const std::string& type : config.plugin_types)
        plugin_queues_.push_back(config.group + engine::kPluginMark + type);
}

std::vector<queue::ClaimId> Claimer::not_begun() const {
    std::vector<queue::ClaimId> out;
    for (const queue::TakenJob& job : unbegun_) out.push_back({job.claim.task_run_id, job.claim.epoch});
    return out;
}

Turn Claimer::turn(std::stop_token) {
    if (!unbegun_.empty()) begin();
    if (membership_.is_doubtful()) return Turn::Later;
    wants_slots_ = true;  // first: a slot that gets free from here on wakes us
    bool all = false;
    auto claims = take(all);
    if (all && is_woken()) wants_slots_ = false;
    crowded_ = claims.size() > 1;
    if (claims.empty()) return Turn::Idle;
    probe(Probe::WorkerAfterClaim);
    unbegun_.assign(std::make_move_iterator(claims.begin()), std::make_move_iterator(claims.end()));
    begin();
    return wants_slots_ ? Turn::Worked : Turn::Later;  // what is put from now on wakes us
}

/// Jobs that only this worker may take come first.
/// all  whether there were fewer than free slots
std::vector<queue::TakenJob> Claimer::take(bool& all) {
    std::size_t free = std::min(slots_->free(), config_.most_per_claim);
    std::vector<queue::TakenJob> out;
    if (free > 0 && folders_.count() > 0) {
        out = take_of("@" + membership_.id().text(), free, 0);
        free -= out.size();
    }
    all = free > 0;
    if (draining_) return out;
    // Each goes first every other time, so that neither waits for the other's queue to be empty.
    plugins_first_ = !plugins_first_;
    if (plugins_first_) take_of_plugins(out, free);
    take_of_group(out, free);
    if (!plugins_first_) take_of_plugins(out, free);
    all = free > 0;
    return out;
}

std::vector<queue::TakenJob> Claimer::take_of(const std::string& queue, std::size_t most, std::int64_t from) {
    return pool_.with_connection([&](pg::Connection& connection) {
        return queue::take_jobs_to_run(connection, most, queue, from, membership_.id(), store::execution_of);
    });
}

void Claimer::take_of_group(std::vector<queue::TakenJob>& to, std::size_t& free) {
    if (free == 0) return;
    const std::int64_t from = mark_.begin(steady_clock::now());
    auto taken = take_of(config_.group, free, from);
    const auto seq = [](const queue::TakenJob& job) { return job.claim.seq; };
    mark_.end(taken.empty() ? 0 : seq(std::ranges::min(taken, {}, seq)), steady_clock::now());
    free -= taken.size();
    to.insert(to.end(), std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end()));
}

/// One look at all of their queues; then only those that have something are asked.
void Claimer::take_of_plugins(std::vector<queue::TakenJob>& to, std::size_t& free) {
    if (free == 0 || plugin_queues_.empty()) return;
    const auto filled = pool_.with_connection(
        [&](pg::Connection& connection) { return queue::groups_with_jobs(connection, plugin_queues_); });
    for (const std::string& queue : filled) {
        if (free == 0) return;
        auto taken = take_of(queue, free, 0);
        free -= taken.size();
        to.insert(to.end(), std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end()));
    }
}

Duration Claimer::idle_pause() {
    return mark_.idle_pause(steady_clock::now());
}

void Claimer::begin() {
    std::vector<queue::ClaimId> homeless;
    pool_.with_connection([&](pg::Connection& connection) {
        for (; !unbegun_.empty(); unbegun_.pop_front()) {
            const queue::Claim& claim = unbegun_.front().claim;
            auto task = running_task(connection, unbegun_.front());
            if (task) {
                slots_->run(std::move(*task));
                continue;
            }
            log_.warn("job.given_back", {{"task_run_id", claim.task_run_id}, {"reason", task.error().message}});
            homeless.push_back({claim.task_run_id, claim.epoch});
        }
    });
    give_back(homeless);
}

Result<RunningTaskPtr> Claimer::running_task(pg::Connection& connection, const queue::TakenJob& job) const {
    if (!job.execution) return not_found("its execution was purged");
    auto flow = tools_.flows.get(connection, job.execution->flow, job.execution->flow_revision);
    if (!flow) return tl::unexpected(flow.error());
    try {
        return std::make_shared<RunningTask>(job.claim, job.execution, std::move(*flow));
    } catch (const std::exception& broken) {  // what can't be begun must not keep the others from it
        return refuse(ErrorCode::Internal, "{}", broken.what());
    }
}

/// The executor decides what becomes of them: it drops what belongs to no execution any more.
void Claimer::give_back(const std::vector<queue::ClaimId>& claims) {
    if (claims.empty()) return;
    const std::size_t returned = pool_.in_transaction(
        [&](pg::Transaction& tx) { return queue::return_claims(tx, membership_.id(), claims, queue::kNotBegun); });
    if (returned == 0) return;
    log_.info("claims.returned", {{"count", returned}});
    signals_.notify(pg::kEventsChannel);
}

void Claimer::recover() {
    pool_.drop_idle();
    give_back_unknown_claims();
}

/// A claim goes from here to a slot, then to the reporter, then it is gone; so they are asked in this order, after the
/// database: what nobody knows then was either told meanwhile, and giving it back does nothing, or nobody runs it.
void Claimer::give_back_unknown_claims() {
    const auto stored = pool_.with_connection(
        [&](pg::Connection& connection) { return queue::claims_of_worker(connection, membership_.id()); });
    std::set<queue::ClaimId> known;
    for (const queue::TakenJob& job : unbegun_) known.insert({job.claim.task_run_id, job.claim.epoch});
    for (const RunningTaskPtr& task : slots_->running()) known.insert(task->id());
    known.merge(reporter_.untold());
    std::vector<queue::ClaimId> unknown;
    for (const queue::ClaimId& claim : stored) {
        if (!known.contains(claim)) unknown.push_back(claim);
    }
    give_back(unknown);
}

}  // namespace sluice::worker
