#pragma once
#include "store/search.h"
#include "store/triggers.h"
#include "value/value.h"

namespace sluice::store {

/// A trigger as people see it: its state, and its definition where the flow still has it.
struct TriggerView {
    TriggerId id{};
    std::int64_t flow_revision = 0;
    std::string type{};
    schedule::TriggerState state{};
    bool disabled = false;
    std::optional<Timestamp> disabled_at{};
    std::string disabled_by{};   // who, for people; empty: nobody told, or it is so in the flow
    ExecutionId execution_id{};  // runs, and must end before the next one may start
    std::optional<Timestamp> evaluating_at{};
    std::string worker_id{};
    std::string error{};
    Timestamp updated_at{};
    Value definition{};  // null: the flow has no such trigger any more

    bool is_locked() const { return !execution_id.empty() || evaluating_at.has_value(); }
};

/// Fields  q scope namespace flowId triggerId workerId type triggerState (ENABLED, DISABLED, LOCKED, BACKFILL)
/// startDate
///         endDate (of the next date)
/// Errors  BadRequest: a filter; Invalid: a sort field
Result<Found<TriggerView>> find_triggers(pg::Connection& connection, const Search& search);

/// The next ones that match, by namespace, flow and id, after `after`.
Result<std::vector<TriggerView>> next_triggers(pg::Connection& connection, const std::vector<Filter>& filters,
                                               const TriggerId& after, std::size_t most);

/// Locked until the end of the transaction. Empty: there is none
std::optional<TriggerView> lock_trigger(pg::Transaction& tx, const TriggerId& id);

/// Writes what a person may change: disabled, dates, backfill, and what holds it. The scheduler's next compare-and-set
/// on the old date will miss.
void write_trigger(pg::Transaction& tx, const TriggerView& trigger);

/// false: there was none
bool delete_trigger(pg::Transaction& tx, const TriggerId& id);

}  // namespace sluice::store
