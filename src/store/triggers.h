#pragma once
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/id.h"
#include "flow/flow.h"
#include "pg/pg.h"
#include "schedule/plan.h"

namespace sluice::store {

struct TriggerId {
    flow::FlowId flow{};
    std::string id{};
    auto operator<=>(const TriggerId&) const = default;
};

/// A trigger as the scheduler sees it.
struct TriggerRow {
    TriggerId id{};
    std::int64_t flow_revision = 0;
    std::string type{};
    schedule::TriggerState state{};
    std::string problem{};     // what its row holds can't be read
    bool resumed = false;      // it was switched on again: dates that passed meanwhile are to be dealt with
    std::string waited_for{};  // the execution that held it last, until
    std::optional<Timestamp> released_at{};
    std::optional<Timestamp> renew_at{};  // from that date on its list of next dates is short
};

/// Reads namespace, flow_id, trigger_id, flow_revision, type, next_at, last_at, backfill.
TriggerRow trigger_row_of(pg::Row& row);

/// Triggers that are new, or whose definition changed; locked until the end of the transaction.
std::vector<TriggerRow> unplanned_triggers(pg::Transaction& tx, std::size_t most);
/// Triggers whose date has come, the longest overdue first; locked too. Those whose execution runs are left out.
std::vector<TriggerRow> due_triggers(pg::Transaction& tx, std::size_t most);
/// One of those again, locked; empty: its date has changed meanwhile, or somebody else has it.
std::optional<TriggerRow> due_trigger(pg::Transaction& tx, const TriggerRow& as_it_was);
/// Dates as the column `upcoming` has them; nothing for none.
std::optional<std::string> dates_column(const std::vector<schedule::Instant>& dates);

/// Which of these are still there.
std::set<TriggerId> living_triggers(pg::Connection& connection, const std::vector<TriggerId>& ids);
/// Which of these somebody switched off.
std::set<TriggerId> disabled_triggers(pg::Transaction& tx, const std::set<TriggerId>& ids);
struct NextTrigger {
    std::optional<Duration> wait{};  // until the next date comes; empty: there is none, or nothing is to fire
    bool in_maintenance = false;
};
NextTrigger next_trigger(pg::Connection& connection);

/// What follows for the row of a trigger.
struct TriggerWrite {
    TriggerId id{};
    std::optional<Timestamp> expected_next{};  // compare-and-set
    schedule::TriggerState after{};
    ExecutionId execution_id{};  // holds it until its end; empty: it is free
    std::string error{};
    std::vector<schedule::Instant> upcoming{};  // for people with psql; empty: those that it has
};
/// Returns those that were written; the others had been changed meanwhile.
std::set<TriggerId> update_triggers(pg::Transaction& tx, const std::vector<TriggerWrite>& writes);

/// What became of a date.
struct Fire {
    TriggerId trigger{};
    std::string run{};  // name of the backfill
    Timestamp scheduled_at{};
    schedule::Fate fate = schedule::Fate::Fired;
    std::string reason{};
    ExecutionId execution_id{};
};
struct FireKey {
    TriggerId trigger{};
    std::string run{};
    Timestamp scheduled_at{};
    auto operator<=>(const FireKey&) const = default;
};
/// Returns the dates that had no row yet. What is made of a date hangs on that: an execution for any other is refused,
/// and the date's row counts it.
std::set<FireKey> insert_fires(pg::Transaction& tx, std::int64_t epoch, const std::vector<Fire>& fires);

/// Triggers may fire again whose execution is over. `released` is called, before the commit returns, if there are any.
void release_triggers(pg::Transaction& tx, const std::vector<ExecutionId>& ended, std::function<void()> released = {});

/// Triggers may fire again that wait for the end of an execution which is over, for longer than `older`: a repair.
std::vector<std::string> free_broken_triggers(pg::Transaction& tx, Duration older);

/// Schedules that lost their next date are planned anew: a repair.
std::vector<std::string> replan_dateless_triggers(pg::Transaction& tx, Duration older);

/// A trigger that starts nothing more until somebody switches it on again.
struct Stop {
    TriggerId trigger{};
    std::string by{};  // why, for people
};
void stop_triggers(pg::Transaction& tx, const std::vector<Stop>& stops);

/// A task switches a trigger off or on; `by` says which. false: there is no such trigger
bool set_trigger_disabled(pg::Connection& connection, const TriggerId& trigger, bool disabled, const std::string& by);

/// One of another installation goes on where it was there: `next_at` counts when it is before ours. false: there is
/// none
bool adopt_trigger(pg::Transaction& tx, const TriggerId& trigger, std::optional<Timestamp> next_at,
                   std::optional<Timestamp> last_at);

}  // namespace sluice::store
