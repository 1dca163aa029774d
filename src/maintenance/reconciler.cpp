#include "maintenance/reconciler.h"

#include <set>

#include "queue/repairs.h"
#include "sql/maintenance.h"
#include "store/triggers.h"

namespace sluice::maintenance {
namespace {

struct Invariant {
    std::string_view name;
    std::vector<std::string> (*repair)(pg::Transaction& tx, Duration older);
};

// Slots are freed before they are given away.
constexpr Invariant kInvariants[] = {
    {"job_has_a_live_task_run", queue::drop_broken_jobs},
    {"claim_has_a_live_task_run", queue::cancel_broken_claims},
    {"claim_has_a_living_owner", queue::reap_ownerless_claims},
    {"queued_execution_is_live", queue::drop_broken_queued},
    {"slot_has_a_live_owner", queue::drop_broken_slots},
    {"slots_are_used", queue::give_free_slots},
    {"timer_has_a_live_execution", queue::drop_broken_timers},
    {"trigger_waits_for_a_live_execution", store::free_broken_triggers},
    {"schedule_has_a_next_date", store::replan_dateless_triggers},
};

constexpr std::string_view kWoken = "execution_has_a_reason_to_wake";
constexpr const char* kLastId = "~";  // sorts after all ids

}  // namespace

Reconciler::Reconciler(pg::Pool& pool, pg::Signals& signals, ReconcilerConfig config)
    : Service("reconciler", {.poll = config.every / 4}), pool_(pool), signals_(signals), config_(config) {}

void Reconciler::sweep(std::string_view invariant, const Sweep& run) {
    std::optional<Swept> swept;
    try {
        pool_.in_transaction([&](pg::Transaction& tx) {
            swept.reset();
            const pg::Rows ours = tx.run(sql::begin_sweep, invariant, config_.every);
            if (ours.empty()) return;
            const std::string cursor = ours[0].text();
            swept = run(tx, cursor);
            if (swept->ids.empty() && swept->cursor == cursor) return;
            const auto last = swept->ids.empty() ? std::nullopt : std::optional(swept->ids.back());
            tx.run(sql::end_sweep, invariant, swept->ids.size(), last, swept->cursor);
        });
    } catch (const OutsideError&) {
        throw;
    } catch (const std::exception& failed) {
        log_.error("sweep.failed", {{"invariant", invariant}, {"reason", std::string_view(failed.what())}});
        return;
    }
    if (!swept) return;
    for (const std::string& id : swept->ids) log_.warn("reconciler.repaired", {{"invariant", invariant}, {"id", id}});
    if (!swept->ids.empty()) {
        for (const auto& channel : {pg::kEventsChannel, pg::kCancelsChannel, pg::kTriggersChannel})
            signals_.notify(channel);
    }
}

Reconciler::Swept Reconciler::wake_executions(pg::Transaction& tx, const std::string& cursor) const {
    Swept out;
    out.cursor = queue::end_of_piece(tx, cursor, config_.piece);
    out.ids = queue::wake_executions(tx, config_.older, cursor, out.cursor.empty() ? kLastId : out.cursor);
    return out;
}

Turn Reconciler::turn(std::stop_token) {
    std::vector<std::string> names;
    for (const Invariant& one : kInvariants) names.emplace_back(one.name);
    names.emplace_back(kWoken);
    std::set<std::string, std::less<>> due;
    for (pg::Row row : pool_.run(sql::due_sweeps, names, config_.every)) due.insert(row.text());
    for (const Invariant& one : kInvariants) {
        if (!due.contains(one.name)) continue;
        sweep(one.name, [&](pg::Transaction& tx, const std::string&) {
            return Swept{one.repair(tx, config_.older), ""};
        });
    }
    if (due.contains(kWoken)) {
        sweep(kWoken, [&](pg::Transaction& tx, const std::string& cursor) { return wake_executions(tx, cursor); });
    }
    return Turn::Idle;
}

}  // namespace sluice::maintenance
