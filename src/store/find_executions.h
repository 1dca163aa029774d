#pragma once
#include <map>

#include "engine/execution.h"
#include "store/search.h"

namespace sluice::store {

/// Executions that match, newest first unless asked otherwise. Those of the kinds TEST, PLAYGROUND and LOOP are left
/// out unless `kind` is filtered.
///
/// Fields  q scope namespace flowId startDate endDate state labels triggerExecutionId childFilter kind, and ours: id,
///         trigger.type, taskState, inputs, outputs
/// Errors  BadRequest: a filter; Invalid: a sort field
Result<Found<engine::Execution>> find_executions(pg::Connection& connection, const Search& search);

/// The next ids that match, newest first, after `after` (empty: from the newest).
Result<std::vector<ExecutionId>> find_execution_ids(pg::Connection& connection, const std::vector<Filter>& filters,
                                                    const ExecutionId& after, std::size_t most);

/// How many match, by their states.
Result<std::map<std::string, std::int64_t>> count_executions_by_state(pg::Connection& connection,
                                                                      const std::vector<Filter>& filters);

/// Values that a field has among the newest executions that match, sorted: to suggest them where somebody filters. So
/// many executions are looked at that it takes no time, and rare old values may be missing.
///
/// field  namespace flowId state kind labels (as key:value) triggerExecutionId trigger.id trigger.type
/// Errors  BadRequest: another field, or a filter
Result<std::vector<std::string>> values_of_field(pg::Connection& connection, const std::vector<Filter>& filters,
                                                 std::string_view field, std::size_t most);

/// The namespace of the instance's own flows: the scope SYSTEM.
inline constexpr std::string_view kSystemNamespace = "system";

/// USER or SYSTEM of a namespace column.
Result<void> apply_scope(Query& query, const Filter& filter, std::string_view column);

}  // namespace sluice::store
