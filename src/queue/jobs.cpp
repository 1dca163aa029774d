#include "queue/queue.h"
#include "queue/taken_job.h"
#include "sql/queue.h"
#include "value/json.h"

namespace sluice::queue {
namespace {

std::pair<std::vector<TaskRunId>, std::vector<std::int64_t>> side_by_side(const std::vector<ClaimId>& claims) {
    std::pair<std::vector<TaskRunId>, std::vector<std::int64_t>> out;
    for (const ClaimId& claim : claims) {
        out.first.push_back(claim.task_run_id);
        out.second.push_back(claim.epoch);
    }
    return out;
}

Claim claim_of(pg::Row& row, const ServiceId& worker) {
    Claim claim;
    claim.seq = row.integer();
    claim.task_run_id = TaskRunId{row.text()};
    claim.execution_id = ExecutionId{row.text()};
    claim.epoch = row.integer();
    auto payload = parse_json(row.view());
    ensure(payload.has_value(), "the payload of job {} is no JSON", claim.seq);
    claim.payload = std::move(*payload);
    claim.claimed_at = row.timestamp();
    claim.worker = worker;
    return claim;
}

std::vector<ClaimId> claim_ids(const pg::Rows& rows) {
    std::vector<ClaimId> out;
    for (pg::Row row : rows) {
        TaskRunId id{row.text()};
        out.push_back({std::move(id), row.integer()});
    }
    return out;
}

}  // namespace

void put_jobs(pg::Transaction& tx, const std::vector<JobWrite>& jobs) {
    if (jobs.empty()) return;
    std::vector<std::string> groups, payloads;
    std::vector<ExecutionId> executions;
    std::vector<TaskRunId> runs;
    std::vector<std::int64_t> epochs;
    for (const JobWrite& write : jobs) {
        groups.push_back(write.job->worker_group);
        executions.push_back(write.execution_id);
        runs.push_back(write.job->task_run_id);
        epochs.push_back(write.job->epoch);
        payloads.push_back(to_json(write.job->payload));
    }
    tx.send(sql::put_jobs, groups, executions, runs, epochs, payloads);
}

std::vector<std::string> groups_with_jobs(pg::Connection& connection, const std::vector<std::string>& groups) {
    std::vector<std::string> out;
    for (pg::Row row : connection.run(sql::groups_with_jobs, groups)) out.push_back(row.text());
    return out;
}

std::vector<Claim> take_jobs(pg::Connection& connection, std::size_t most, const std::string& worker_group,
                             std::int64_t from_seq, const ServiceId& worker) {
    std::vector<Claim> out;
    for (pg::Row row : connection.run(sql::take_jobs, most, worker_group, from_seq, worker)) {
        out.push_back(claim_of(row, worker));
    }
    return out;
}

std::vector<TakenJob> take_jobs_to_run(pg::Connection& connection, std::size_t most, const std::string& worker_group,
                                       std::int64_t from_seq, const ServiceId& worker,
                                       const std::function<engine::Execution(pg::Row&)>& read) {
    std::vector<TakenJob> out;
    std::map<ExecutionId, std::shared_ptr<const engine::Execution>> executions;
    for (pg::Row row : connection.run(sql::take_jobs, most, worker_group, from_seq, worker)) {
        Claim claim = claim_of(row, worker);
        const bool has_execution = pg::Row(row).maybe_text().has_value();
        if (has_execution) executions[claim.execution_id] = std::make_shared<const engine::Execution>(read(row));
        out.push_back({std::move(claim), {}});
    }
    for (TakenJob& job : out) job.execution = executions[job.claim.execution_id];
    return out;
}

void finish_claims(pg::Transaction& tx, const std::vector<Finished>& finished, const ServiceId& worker,
                   std::size_t& accepted) {
    std::vector<TaskRunId> runs;
    std::vector<ExecutionId> executions;
    std::vector<std::int64_t> epochs;
    std::vector<std::string> payloads;
    for (const Finished& one : finished) {
        runs.push_back(one.task_run_id);
        executions.push_back(one.execution_id);
        epochs.push_back(one.result.epoch);
        payloads.push_back(to_json(engine::payload_of(one.result)));
    }
    tx.send_for([&accepted](const pg::Rows& counted) { accepted += counted.size(); }, sql::finish_claims, runs,
                executions, epochs, payloads, worker);
}

std::set<TaskRunId> may_start(pg::Connection& connection, const ServiceId& worker, const std::vector<ClaimId>& claims) {
    const auto [runs, epochs] = side_by_side(claims);
    std::set<TaskRunId> out;
    for (pg::Row row : connection.run(sql::may_start, worker, runs, epochs)) out.emplace(row.text());
    return out;
}

std::vector<ClaimId> cancelled_claims(pg::Connection& connection, const ServiceId& worker) {
    return claim_ids(connection.run(sql::cancelled_claims, worker));
}

std::vector<ClaimId> claims_of_worker(pg::Connection& connection, const ServiceId& worker) {
    return claim_ids(connection.run(sql::claims_of_worker, worker));
}

std::vector<TaskRunId> lost_claims(pg::Connection& connection, const ServiceId& worker,
                                   const std::vector<ClaimId>& claims) {
    const auto [runs, epochs] = side_by_side(claims);
    std::vector<TaskRunId> out;
    for (pg::Row row : connection.run(sql::lost_claims, worker, runs, epochs)) out.emplace_back(row.text());
    return out;
}

std::vector<ClaimView> claims_of(pg::Connection& connection, const ExecutionId& execution) {
    std::vector<ClaimView> out;
    for (pg::Row row : connection.run(sql::claims_of, execution)) {
        ClaimView claim;
        claim.task_run_id = TaskRunId{row.text()};
        claim.worker = ServiceId{row.text()};
        claim.claimed_at = row.timestamp();
        claim.cancelled = row.boolean();
        out.push_back(std::move(claim));
    }
    return out;
}

std::size_t return_claims(pg::Transaction& tx, const ServiceId& worker, const std::vector<ClaimId>& claims,
                          std::string_view reason) {
    const auto [runs, epochs] = side_by_side(claims);
    return tx.run(sql::return_claims, worker, runs, epochs, reason).size();
}

std::size_t reap_claims(pg::Transaction& tx, const ServiceId& worker) {
    return tx.run(sql::reap_claims, worker).size();
}

std::int64_t told_through(pg::Connection& connection, const std::string& spool) {
    const pg::Rows rows = connection.run(sql::told_through, spool);
    return rows.empty() ? 0 : rows[0].integer();
}

void mark_told(pg::Transaction& tx, const std::string& spool, std::int64_t before, std::int64_t told) {
    tx.send(sql::mark_told, spool, before, told);
}

void forget_spool(pg::Connection& connection, const std::string& spool) {
    connection.run(sql::forget_spool, spool);
}

void forget_old_spools(pg::Connection& connection, Duration age) {
    connection.run(sql::forget_old_spools, age);
}

std::size_t prune_refused_results(pg::Connection& connection, Duration keep, std::size_t most) {
    return static_cast<std::size_t>(connection.run(sql::prune_refused_results, keep, most).affected());
}

bool has_worker(pg::Connection& connection, const std::string& group) {
    return connection.run(sql::has_worker, group)[0].boolean();
}

std::size_t reap_bound_jobs(pg::Transaction& tx) {
    return tx.run(sql::reap_bound_jobs).size();
}

std::vector<ClaimId> cancel_jobs(pg::Transaction& tx, const std::vector<TaskRunId>& ids) {
    if (ids.empty()) return {};
    auto unclaimed = claim_ids(tx.run(sql::cancel_jobs, ids));
    tx.send(sql::cancel_claims, ids);
    return unclaimed;
}

}  // namespace sluice::queue
