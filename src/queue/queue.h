#pragma once
/// The queues: events of executions, jobs of workers and their claims, timers, slots of flow concurrency.
///
/// Promises
/// - An event is consumed in the transaction that writes what follows from it, or not at all.
/// - A job is claimed by one worker. Its result counts once: in the statement that deletes the claim of the same epoch.
/// - When a consumer dies, its events are free again with its transaction; its claims come back when its lease is over.
/// - A timer becomes an event in one statement.
/// - What is put wakes somebody by a signal after the commit; nobody's progress depends on it.
#include <set>
#include <vector>

#include "engine/transition.h"
#include "pg/pg.h"

namespace sluice::queue {

// ---------------------------------------------------------------------------------------------------- events

struct EventRow {
    std::int64_t seq = 0;
    ExecutionId execution_id{};
    std::string kind{};
    TaskRunId task_run_id{};
    Value payload{};
    std::string problem{};  // why it can't be applied; empty: nothing is known
    std::int64_t failures = 0;
    Timestamp now{};  // of the transaction that took it
};

/// The oldest events that nobody else works on, locked until the end of the transaction, in order. `from_seq`: where
/// the last taker found the lowest live one, less a margin for late commits; 0: look at all. `busy`: executions to
/// leave out, because somebody else holds them.
std::vector<EventRow> take_events(pg::Transaction& tx, std::size_t most, std::int64_t from_seq,
                                  const std::vector<ExecutionId>& busy);
void delete_events(pg::Transaction& tx, const std::vector<std::int64_t>& seqs);

/// Those of an execution that is deleted.
void delete_events_of(pg::Transaction& tx, const ExecutionId& execution);

/// Puts events for executions.
void put_events(pg::Transaction& tx, const std::vector<engine::Message>& messages);

/// One more failure of this event. Returns how many it has.
std::int64_t blame_event(pg::Transaction& tx, std::int64_t seq);
void park_event(pg::Transaction& tx, std::int64_t seq, const std::string& error);

// ------------------------------------------------------------------------------------------- jobs and claims

struct JobWrite {
    ExecutionId execution_id{};
    const engine::Job* job;
};
void put_jobs(pg::Transaction& tx, const std::vector<JobWrite>& jobs);

/// A job in the hands of a worker.
struct Claim {
    std::int64_t seq = 0;  // of the job that it was
    TaskRunId task_run_id{};
    ExecutionId execution_id{};
    std::int64_t epoch = 0;
    Value payload{};
    Timestamp claimed_at{};
    ServiceId worker{};  // that took it; a process which was fenced goes on under another id
};

/// Those of these queues that have jobs.
std::vector<std::string> groups_with_jobs(pg::Connection& connection, const std::vector<std::string>& groups);
/// Up to `most` jobs of a group, as claims of this worker. Nothing when it is not alive in the database's eyes.
std::vector<Claim> take_jobs(pg::Connection& connection, std::size_t most, const std::string& worker_group,
                             std::int64_t from_seq, const ServiceId& worker);

struct Finished {
    TaskRunId task_run_id{};
    ExecutionId execution_id{};
    engine::TaskFinished result{};
};
/// Reports results, with the next round trip of the transaction. Those that had lost their claim are refused, which is
/// kept on record.
/// accepted  learns how many were not, and must live until the commit
void finish_claims(pg::Transaction& tx, const std::vector<Finished>& finished, const ServiceId& worker,
                   std::size_t& accepted);

struct ClaimId {
    TaskRunId task_run_id{};
    std::int64_t epoch = 0;
    auto operator<=>(const ClaimId&) const = default;
};
/// Which of these claims the worker still has and may begin.
std::set<TaskRunId> may_start(pg::Connection& connection, const ServiceId& worker, const std::vector<ClaimId>& claims);
/// What the worker is to kill.
std::vector<ClaimId> cancelled_claims(pg::Connection& connection, const ServiceId& worker);
/// All that the worker has.
std::vector<ClaimId> claims_of_worker(pg::Connection& connection, const ServiceId& worker);
/// Which of these the worker has lost.
std::vector<TaskRunId> lost_claims(pg::Connection& connection, const ServiceId& worker,
                                   const std::vector<ClaimId>& claims);
struct ClaimView {
    TaskRunId task_run_id{};
    ServiceId worker{};
    Timestamp claimed_at{};
    bool cancelled = false;
};
/// Which task runs of an execution workers have now.
std::vector<ClaimView> claims_of(pg::Connection& connection, const ExecutionId& execution);
/// A worker gives back what it has not finished. Returns how many of them were still its own.
std::size_t return_claims(pg::Transaction& tx, const ServiceId& worker, const std::vector<ClaimId>& claims,
                          std::string_view reason);
// Reasons, as they stand in the history of attempts.
inline constexpr std::string_view kWorkerStopped = "worker stopped";
inline constexpr std::string_view kWorkerCutOff = "worker without database";  // and so it ended what ran in it
inline constexpr std::string_view kNotBegun = "worker did not begin it";
/// The claims of a dead worker become events. Returns how many.
std::size_t reap_claims(pg::Transaction& tx, const ServiceId& worker);
/// Jobs that only one worker may take, and that worker is gone, become events. Returns how many.
std::size_t reap_bound_jobs(pg::Transaction& tx);
/// Ends jobs that nobody has claimed (returned), and marks claims for their workers to kill.
std::vector<ClaimId> cancel_jobs(pg::Transaction& tx, const std::vector<TaskRunId>& ids);

/// How far a worker's spool has been told: 0 when nothing was.
std::int64_t told_through(pg::Connection& connection, const std::string& spool);
/// Notes it, in the transaction that stores what is told. A commit fails (StatementError of kToldInOrder) when `before`
/// is not what the database knows.
void mark_told(pg::Transaction& tx, const std::string& spool, std::int64_t before, std::int64_t told);
inline constexpr std::string_view kToldInOrder = "worker_spools_told_in_order";
void forget_spool(pg::Connection& connection, const std::string& spool);
void forget_old_spools(pg::Connection& connection, Duration age);

/// Removes refused results that are older than `keep`, at most `most`. Returns how many
std::size_t prune_refused_results(pg::Connection& connection, Duration keep, std::size_t most);

/// Whether a worker of this group is alive and takes jobs.
bool has_worker(pg::Connection& connection, const std::string& group);

// ---------------------------------------------------------------------------------------------------- timers

struct TimerWrite {
    ExecutionId execution_id{};
    const engine::Timer* timer;
};
void put_timers(pg::Transaction& tx, const std::vector<TimerWrite>& timers);
void drop_timers(pg::Transaction& tx, const std::vector<std::pair<ExecutionId, TaskRunId>>& of);
void drop_timers(pg::Transaction& tx, const std::vector<ExecutionId>& of);
/// Timers that are due become events. Returns how many.
std::size_t fire_timers(pg::Connection& connection, std::size_t most);
/// How long until the next one is due; empty: there is none
std::optional<Duration> next_timer(pg::Connection& connection);

// ----------------------------------------------------------------------------------------------- concurrency

/// Takes a slot of the flow's concurrency, under a lock until the end of the transaction. false: all are taken
bool take_slot(pg::Transaction& tx, const flow::FlowId& flow, const ExecutionId& execution, int slots);
void queue_execution(pg::Transaction& tx, const flow::FlowId& flow, const ExecutionId& execution);
/// Executions of these flows are over: their slots go to those that wait longest. Returns whom an event was put for.
std::vector<ExecutionId> release_slots(pg::Transaction& tx, std::set<flow::FlowId> flows,
                                       const std::vector<ExecutionId>& executions);

}  // namespace sluice::queue
