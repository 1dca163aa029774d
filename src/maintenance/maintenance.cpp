#include "maintenance/maintenance.h"

#include "access/audit.h"
#include "base/probe.h"
#include "cluster/services.h"
#include "pg/migrations.h"
#include "queue/queue.h"
#include "queue/repairs.h"
#include "store/kv.h"
#include "store/task_cache.h"
#include "store/trigger_windows.h"

namespace sluice::maintenance {

Reaper::Reaper(pg::Pool& pool, pg::Signals& signals, const cluster::Membership& membership, ReaperConfig config)
    : Service("reaper", {.poll = config.every}),
      pool_(pool),
      signals_(signals),
      membership_(membership),
      config_(config) {}

Duration Reaper::idle_pause() {
    const Duration left = config_.grace - membership_.in_touch();
    return left > Duration{0} ? left + 10ms : Duration::max();
}

Turn Reaper::turn(std::stop_token) {
    if (membership_.in_touch() < config_.grace) return Turn::Later;
    std::optional<ServiceId> dead;
    std::size_t claims = 0;
    std::size_t bound_jobs = 0;
    pool_.in_transaction([&](pg::Transaction& tx) {
        dead = cluster::bury_service(tx);
        claims = dead ? queue::reap_claims(tx, *dead) : 0;
        bound_jobs = queue::reap_bound_jobs(tx);
        if (dead) probe(Probe::ReaperBeforeCommit);
    });
    if (dead) probe(Probe::ReaperAfterCommit);
    if (bound_jobs > 0) {
        log_.warn("jobs.bound_reaped", {{"count", bound_jobs}});
        signals_.notify(pg::kEventsChannel);
    }
    if (dead) {
        log_.warn("service.buried", {{"service_id", *dead}, {"claims", claims}});
        if (claims > 0) signals_.notify(pg::kEventsChannel);
    }
    enforce_kill_switches();
    return dead ? Turn::Worked : Turn::Idle;
}

/// In a transaction of its own: it may look at a long backlog, and nobody's claims wait for that.
void Reaper::enforce_kill_switches() {
    const auto killed = pool_.in_transaction([](pg::Transaction& tx) { return queue::kill_unkilled(tx); });
    if (killed.empty()) return;
    log_.info("kill_switch.enforced", {{"executions", killed.size()}, {"first", killed.front()}});
    signals_.notify(pg::kEventsChannel);
}

Housekeeper::Housekeeper(pg::Pool& pool, HousekeeperConfig config)
    : Service("housekeeper", {.poll = 600s}), pool_(pool), config_(config) {}

void Housekeeper::step(std::string_view name, const std::function<void(pg::Connection&)>& run) {
    try {
        pool_.with_connection(run);
    } catch (const OutsideError&) {
        throw;
    } catch (const std::exception& failed) {
        log_.error("step.failed", {{"step", name}, {"reason", std::string_view(failed.what())}});
    }
}

Turn Housekeeper::turn(std::stop_token stop) {
    step("partitions", [&](pg::Connection& connection) {
        const std::int64_t made = ensure_partitions(connection);
        if (made > 0) log_.info("partitions.made", {{"count", made}});
    });
    step("services", [](pg::Connection& connection) { cluster::forget_services(connection, 30 * 24h); });
    step("spools", [](pg::Connection& connection) { queue::forget_old_spools(connection, 90 * 24h); });
    step("kv", [](pg::Connection& connection) { store::kv_purge(connection); });
    step("task cache", [](pg::Connection& connection) { store::forget_cached_outputs(connection); });
    step("audit", [](pg::Connection& connection) { access::prune_audit(connection, 400 * 24h); });
    step("refused results", [this](pg::Connection& connection) {
        constexpr std::size_t kAtOnce = 10'000;
        queue::prune_refused_results(connection, config_.refused_results, kAtOnce);
    });
    step("trigger windows", [](pg::Connection& connection) { store::forget_windows(connection); });
    // Minutes, on a long history: nothing that is due waits behind it.
    if (config_.makes_indexes)
        step("indexes", [&](pg::Connection& connection) { pg::index_history(connection, stop); });
    return Turn::Idle;
}

std::int64_t ensure_partitions(pg::Connection& connection) {
    static constexpr pg::Statement kEnsure{"ensure_partitions", "select sluice.ensure_partitions()"};
    return connection.run(kEnsure)[0].integer();
}

}  // namespace sluice::maintenance
