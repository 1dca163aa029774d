#include "worker/delivery.h"

#include "base/probe.h"

namespace sluice::worker {
namespace {

/// Reports as the tables take them.
struct Batch {
    std::vector<store::FencedLog> lines{};
    std::vector<store::FencedMetric> metrics{};
    std::map<ServiceId, std::vector<queue::Finished>> results{};
    std::map<ServiceId, std::vector<queue::ClaimId>> given_back{};

    explicit Batch(std::span<const Report> reports) {
        for (const Report& report : reports) add(report);
    }
    void add(const Report& report) {
        const queue::ClaimId& claim = report.claim;
        if (const auto* line = std::get_if<store::LogWrite>(&report.what)) {
            lines.push_back({claim.task_run_id, claim.epoch, report.worker, *line});
        } else if (const auto* metric = std::get_if<store::MetricWrite>(&report.what)) {
            metrics.push_back({claim.task_run_id, claim.epoch, report.worker, *metric});
        } else if (const auto* result = std::get_if<queue::Finished>(&report.what)) {
            results[report.worker].push_back(*result);
        } else {
            given_back[report.worker].push_back(claim);
        }
    }
};

}  // namespace

Delivery::Told Delivery::tell(std::span<const Report> reports) {
    try {
        if (!told_) {
            told_ = pool_.with_connection(
                [&](pg::Connection& connection) { return queue::told_through(connection, spool_id_); });
        }
        const auto first = std::ranges::find_if(reports, [&](const Report& one) { return one.seq > *told_; });
        Told out;
        if (first != reports.end()) out = write({first, reports.end()});
        // Who heard nothing of their commit has woken nobody.
        if (first != reports.begin()) out.events = true;
        return out;
    } catch (const pg::StatementError& failed) {
        told_.reset();
        if (failed.constraint() != queue::kToldInOrder) throw;
        throw OutsideError("a transaction that was given up has been committed after all");
    } catch (...) {
        told_.reset();
        throw;
    }
}

Delivery::Told Delivery::write(std::span<const Report> reports) {
    const Batch batch(reports);
    Told out;
    std::size_t accepted = 0;
    std::size_t results = 0;
    pool_.in_transaction([&](pg::Transaction& tx) {
        out = {};
        accepted = results = 0;
        store::insert_task_logs(tx, batch.lines, out.refused.lines);
        store::insert_task_metrics(tx, batch.metrics, out.refused.metrics);
        for (const auto& [worker, finished] : batch.results) {
            queue::finish_claims(tx, finished, worker, accepted);
            results += finished.size();
        }
        for (const auto& [worker, claims] : batch.given_back) {
            out.events |= queue::return_claims(tx, worker, claims, queue::kWorkerCutOff) > 0;
        }
        queue::mark_told(tx, spool_id_, *told_, reports.back().seq);
        probe(Probe::WorkerBeforeReport);
    });
    probe(Probe::WorkerAfterReport);
    told_ = reports.back().seq;
    out.refused.results = results - accepted;
    out.events |= accepted > 0;
    for (const store::FencedLog& line : batch.lines) out.changed.emplace_back(line.write.execution_id);
    return out;
}

void Delivery::forget() {
    pool_.with_connection([&](pg::Connection& connection) { queue::forget_spool(connection, spool_id_); });
}

}  // namespace sluice::worker
