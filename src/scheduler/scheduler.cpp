#include "scheduler/scheduler.h"

#include "base/probe.h"
#include "base/utf8.h"
#include "queue/queue.h"
#include "store/executions.h"
#include "store/logs.h"

namespace sluice::scheduler {
namespace {

constexpr std::size_t kMostFailures = 10'000;  // some are of triggers that are gone; who still fails comes again
constexpr Duration kHeldRows = 20ms;           // what is due is locked by somebody else: until the next look

void write(pg::Transaction& tx, std::int64_t epoch, std::vector<Outcome> outcomes) {
    std::vector<store::Fire> fires;
    std::vector<store::TriggerWrite> writes;
    for (const Outcome& one : outcomes) fires.insert(fires.end(), one.fires.begin(), one.fires.end());
    const auto is_new = store::insert_fires(tx, epoch, fires);

    std::vector<engine::Execution> executions;
    std::vector<engine::Message> started;
    std::vector<store::LogWrite> logs;
    for (Outcome& one : outcomes) {
        if (one.execution) {
            const store::Fire& fire = one.fires.back();
            if (!is_new.contains({fire.trigger, fire.run, fire.scheduled_at})) {
                one.write.execution_id = {};  // somebody has dealt with this date before; its row counts this
            } else {
                const ExecutionId id = one.execution->id;
                if (one.failure.empty()) {
                    started.push_back({id, engine::Started{.check_inputs = true}});
                } else {
                    logs.push_back({.execution_id = id.text(),
                                    .flow = one.execution->flow,
                                    .trigger_id = one.write.id.id,
                                    .line = {.at = tx.now(), .level = LogLevel::Error, .message = one.failure}});
                }
                executions.push_back(std::move(*one.execution));
            }
        }
        writes.push_back(std::move(one.write));
    }
    // The rows are locked since they were read, so that compare-and-set can't fail here; it is there for whoever edits
    // rows without our locks.
    const auto written = store::update_triggers(tx, writes);
    ensure(written.size() == writes.size(), "{} of {} trigger rows changed under their locks",
           writes.size() - written.size(), writes.size());
    if (!executions.empty()) store::insert_executions(tx, executions);
    if (!started.empty()) queue::put_events(tx, started);
    if (!logs.empty()) store::insert_logs(tx, logs);
}

}  // namespace

struct Scheduler::Work {
    std::string_view name;
    std::function<std::vector<store::TriggerRow>(pg::Transaction&)> take;
    std::function<Outcome(pg::Transaction&, const store::TriggerRow&)> decide;
    std::function<Outcome(pg::Transaction&, const store::TriggerRow&, Timestamp quiet_until, const std::string& reason)>
        set_back;
};

Scheduler::Scheduler(pg::Pool& pool, pg::Signals& signals, const cluster::Membership& membership,
                     pg::ConnectionConfig direct, const Tools& tools, SchedulerConfig config)
    : Service("scheduler", {.poll = config.poll, .longest_poll = config.longest_poll}),
      pool_(pool),
      signals_(signals),
      membership_(membership),
      config_(config),
      leadership_("scheduler", std::move(direct), pool.clock()),
      book_(tools) {}

sluice::Turn Scheduler::turn(std::stop_token) {
    pause_ = Duration::max();
    if (!membership_.is_alive()) {
        stop_leading();
        return sluice::Turn::Idle;
    }
    const ServiceId me = membership_.id();
    store::NextTrigger next;
    const auto epoch = leadership_.lead(me, [&](pg::Connection& session) { next = store::next_trigger(session); });
    leads_ = epoch.has_value();
    if (!epoch) return sluice::Turn::Idle;
    if (epoch != epoch_) {
        book_.forget_all();  // triggers may have gone while another one led
        failures_.clear();
        epoch_ = epoch;
        watching_since_ = pool_.clock().now() - config_.handover;
    }
    // Dates of a maintenance are those of a scheduler that was away: each trigger says what becomes of them.
    if (std::exchange(paused_, next.in_maintenance) && !paused_) watching_since_ = pool_.clock().now();
    if (!next.wait || *next.wait > Duration{0}) {
        if (next.wait) pause_ = *next.wait + 1ms;
        return sluice::Turn::Idle;
    }
    const std::size_t planned = do_batch(me, planning());
    if (planned > 0) signals_.notify(pg::kTriggersChannel);  // workers have polling triggers to evaluate, perhaps
    if (planned + do_batch(me, firing()) > 0) return sluice::Turn::Worked;
    pause_ = kHeldRows;
    return sluice::Turn::Later;
}

void Scheduler::stop_leading() {
    leadership_.resign();
    leads_ = false;
}

Scheduler::Work Scheduler::planning() {
    return {"plan", [this](pg::Transaction& tx) { return store::unplanned_triggers(tx, config_.batch); },
            [this](pg::Transaction& tx, const auto& row) { return book_.plan(tx.connection(), row, tx.now()); },
            [](pg::Transaction&, const auto& row, Timestamp, const std::string& reason) {
                return TriggerBook::give_up(row, reason);
            }};
}

Scheduler::Work Scheduler::firing() {
    return {"fire", [this](pg::Transaction& tx) { return store::due_triggers(tx, config_.batch); },
            [this](pg::Transaction& tx, const auto& row) {
                return book_.decide(tx.connection(), row,
                                    {.now = tx.now(),
                                     .watching_since = watching_since_,
                                     .waited_for = row.waited_for,
                                     .released_at = row.released_at});
            },
            [this](pg::Transaction& tx, const auto& row, Timestamp quiet_until, const std::string& reason) {
                return book_.set_back(tx.connection(), row, tx.now(), quiet_until, reason);
            }};
}

/// Runs `use` in a transaction in which we surely lead. false: somebody else does
bool Scheduler::in_lead(const ServiceId& me, const std::function<void(pg::Transaction&)>& use) {
    const bool leads = pool_.in_transaction([&](pg::Transaction& tx) {
        if (!leadership_.still_leads(tx, me)) return false;
        use(tx);
        return true;
    });
    if (!leads) stop_leading();  // the lock may be ours all the same, if somebody changed the row: take it anew
    return leads;
}

std::size_t Scheduler::do_batch(const ServiceId& me, const Work& work) {
    std::vector<store::TriggerRow> rows;
    try {
        return do_together(me, work, rows);
    } catch (const OutsideError&) {
        throw;
    } catch (const std::exception& bug) {
        log_.error("triggers.batch_failed",
                   {{"work", work.name}, {"triggers", rows.size()}, {"reason", std::string_view(bug.what())}});
    }
    for (const store::TriggerRow& row : rows) do_alone(me, work, row);
    return rows.size();
}

/// `rows` says whom it was about, also when it throws.
std::size_t Scheduler::do_together(const ServiceId& me, const Work& work, std::vector<store::TriggerRow>& rows) {
    std::size_t executions = 0;
    std::vector<store::TriggerRow> suspects;
    in_lead(me, [&](pg::Transaction& tx) {
        executions = 0;
        suspects.clear();
        rows = work.take(tx);
        book_.read_ahead(tx.connection(), rows);
        std::vector<Outcome> outcomes;
        for (const store::TriggerRow& row : rows) {
            if (failures_.contains(row.id)) {
                suspects.push_back(row);
                continue;
            }
            outcomes.push_back(work.decide(tx, row));
            executions += outcomes.back().execution ? 1 : 0;
        }
        if (!outcomes.empty()) write(tx, *epoch_, std::move(outcomes));
        book_.tidy(tx.connection());
        if (executions > 0) {
            tx.flush();
            probe(Probe::SchedulerBeforeFire);
        }
    });
    if (executions > 0) {
        probe(Probe::SchedulerAfterFire);
        signals_.notify(pg::kEventsChannel);
        log_.debug("triggers.fired", {{"triggers", rows.size()}, {"executions", executions}});
    }
    for (const store::TriggerRow& row : suspects) do_alone(me, work, row);
    return rows.size();
}

void Scheduler::do_alone(const ServiceId& me, const Work& work, const store::TriggerRow& row) {
    try {
        in_lead(me, [&](pg::Transaction& tx) {
            const auto now = store::due_trigger(tx, row);
            if (!now) return;
            std::vector<Outcome> outcome;
            outcome.push_back(work.decide(tx, *now));
            write(tx, *epoch_, std::move(outcome));
        });
        failures_.erase(row.id);
        signals_.notify(pg::kEventsChannel);
    } catch (const OutsideError&) {
        throw;
    } catch (const std::exception& bug) {
        if (failures_.size() >= kMostFailures) failures_.clear();
        set_back(me, work, row, repaired_utf8(bug.what()));
    }
}

/// The date fails, and the trigger is left alone for a while; or it has no dates any more, if not even that can be
/// done.
void Scheduler::set_back(const ServiceId& me, const Work& work, const store::TriggerRow& row,
                         const std::string& reason) {
    const int failures = ++failures_[row.id];
    const Duration quiet = std::min(config_.longest_quiet, config_.quiet * (1 << std::min(failures - 1, 20)));
    log_.error("trigger.failed", {{"work", work.name},
                                  {"flow", row.id.flow.text()},
                                  {"trigger_id", row.id.id},
                                  {"failures", failures},
                                  {"quiet_ms", in_ms(quiet)},
                                  {"reason", reason}});
    const auto attempt = [&](const auto& outcome_of) {
        in_lead(me, [&](pg::Transaction& tx) {
            const auto now = store::due_trigger(tx, row);
            if (!now) return;
            std::vector<Outcome> outcome;
            outcome.push_back(outcome_of(tx, *now));
            write(tx, *epoch_, std::move(outcome));
        });
    };
    try {
        attempt([&](pg::Transaction& tx, const auto& now) { return work.set_back(tx, now, tx.now() + quiet, reason); });
    } catch (const OutsideError&) {
        throw;
    } catch (const std::exception&) {  // not even its next date can be told
        attempt([&](pg::Transaction&, const auto& now) { return TriggerBook::give_up(now, reason); });
    }
}

}  // namespace sluice::scheduler
