#pragma once
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
    std::string problem{};  // what its row holds can't be read
};

/// Reads namespace, flow_id, trigger_id, flow_revision, type, next_at, last_at, backfill.
TriggerRow trigger_row_of(pg::Row& row);

/// Triggers that are new, or whose definition changed; locked until the end of the transaction.
std::vector<TriggerRow> unplanned_triggers(pg::Transaction& tx, std::size_t most);
/// Triggers whose date has come, the longest overdue first; locked too. Those whose execution runs are left out.
std::vector<TriggerRow> due_triggers(pg::Transaction& tx, std::size_t most);
/// One of those again, locked; empty: its date has changed meanwhile, or somebody else has it.
std::optional<TriggerRow> due_trigger(pg::Transaction& tx, const TriggerRow& as_it_was);
/// Which of these are still there.
std::set<TriggerId> living_triggers(pg::Connection& connection, const std::vector<TriggerId>& ids);
/// How long until the next date comes; empty: there is none
std::optional<Duration> next_trigger(pg::Connection& connection);

/// What follows for the row of a trigger.
struct TriggerWrite {
    TriggerId id{};
    std::optional<Timestamp> expected_next{};  // compare-and-set
    schedule::TriggerState after{};
    ExecutionId execution_id{};  // holds it until its end; empty: it is free
    std::string error{};
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
/// Returns the dates that had no row yet. What is made of a date hangs on that.
std::set<FireKey> insert_fires(pg::Transaction& tx, std::int64_t epoch, const std::vector<Fire>& fires);

/// Triggers may fire again whose execution is over.
void release_triggers(pg::Transaction& tx, const std::vector<ExecutionId>& ended);

/// Triggers may fire again that wait for the end of an execution which is over, for longer than `older`: a repair.
std::vector<std::string> free_broken_triggers(pg::Transaction& tx, Duration older);

/// Triggers that start nothing more until a person switches them on again.
void stop_triggers(pg::Transaction& tx, const std::vector<TriggerId>& triggers);

}  // namespace sluice::store
