#include "scheduler/scheduler.h"

#include "queue/queue.h"
#include "store/executions.h"
#include "store/logs.h"

namespace sluice::scheduler {
namespace {

constexpr Duration kHeldRows = 20ms;  // what is due is locked by somebody else: until the next look

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
                one.write.execution_id = {};  // somebody has dealt with this date before
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
        leadership_.resign();
        leads_ = false;
        return sluice::Turn::Idle;
    }
    const ServiceId me = membership_.id();
    const auto epoch = leadership_.lead(me);
    leads_ = epoch.has_value();
    if (!epoch) return sluice::Turn::Idle;
    if (epoch != epoch_) {
        epoch_ = epoch;
        watching_since_ = pool_.clock().now() - config_.handover;
    }
    const auto next = pool_.with_connection([](pg::Connection& connection) { return store::next_trigger(connection); });
    if (!next || *next > Duration{0}) {
        if (next) pause_ = *next + 1ms;
        return sluice::Turn::Idle;
    }
    if (plan(me) + fire(me) > 0) return sluice::Turn::Worked;
    pause_ = kHeldRows;
    return sluice::Turn::Later;
}

std::size_t Scheduler::plan(const ServiceId& me) {
    std::size_t count = 0;
    pool_.in_transaction([&](pg::Transaction& tx) {
        count = 0;
        if (!leadership_.still_leads(tx, me)) return;
        const auto rows = store::unplanned_triggers(tx, config_.batch);
        std::vector<Outcome> outcomes;
        for (const store::TriggerRow& row : rows) outcomes.push_back(book_.plan(tx.connection(), row, tx.now()));
        count = outcomes.size();
        if (count > 0) write(tx, *epoch_, std::move(outcomes));
    });
    if (count > 0) signals_.notify(pg::kTriggersChannel);  // workers have polling triggers to evaluate, perhaps
    return count;
}

std::size_t Scheduler::fire(const ServiceId& me) {
    std::size_t count = 0;
    std::size_t executions = 0;
    pool_.in_transaction([&](pg::Transaction& tx) {
        count = executions = 0;
        if (!leadership_.still_leads(tx, me)) return;
        const auto rows = store::due_triggers(tx, config_.batch);
        const schedule::Moment moment{.now = tx.now(), .watching_since = watching_since_};
        std::vector<Outcome> outcomes;
        for (const store::TriggerRow& row : rows) {
            outcomes.push_back(book_.decide(tx.connection(), row, moment));
            executions += outcomes.back().execution ? 1 : 0;
        }
        count = outcomes.size();
        if (count > 0) write(tx, *epoch_, std::move(outcomes));
    });
    if (executions > 0) {
        signals_.notify(pg::kEventsChannel);
        log_.debug("triggers.fired", {{"triggers", count}, {"executions", executions}});
    }
    return count;
}

}  // namespace sluice::scheduler
