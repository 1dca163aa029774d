#pragma once
/// What tasks and people ask of executions as a whole: count, list, purge.
#include <optional>
#include <string>
#include <vector>

#include "base/log.h"
#include "flow/flow.h"
#include "pg/pg.h"

namespace sluice::store {

/// Which executions or log lines. Empty parts don't restrict.
struct RecordFilter {
    std::string name_space{};  // with those below it, when there is no flow
    std::string flow_id{};
    std::string execution_id{};
    std::vector<std::string> task_ids{};
    std::vector<State> states{};
    std::vector<LogLevel> levels{};
    std::optional<Timestamp> from{};
    std::optional<Timestamp> to{};
};

std::int64_t count_executions(pg::Connection& connection, const RecordFilter& filter);

/// Ids of executions that are over, in order, after this one.
std::vector<std::string> ended_executions(pg::Connection& connection, const RecordFilter& filter,
                                          const std::string& after, std::size_t most);

struct Purge {
    bool executions = true, logs = true, metrics = true;
};
struct Purged {
    std::int64_t executions = 0, logs = 0, metrics = 0;
};
/// Those that are not over stay.
Purged purge_executions(pg::Connection& connection, const std::vector<std::string>& ids, const Purge& what);

/// Returns how many lines.
std::int64_t purge_logs(pg::Connection& connection, const RecordFilter& filter);

struct RecordedLine {
    std::int64_t seq = 0;
    Timestamp at{};
    LogLevel level = LogLevel::Info;
    std::string task_id{};
    std::string task_run_id{};
    std::int64_t attempt = 0;
    std::string message{};
};
/// The log of filter.execution_id in order, after the line with this number.
std::vector<RecordedLine> logs_after(pg::Connection& connection, const RecordFilter& filter, std::int64_t after,
                               std::size_t most);

/// The task that failed last; empty: none did
std::string last_failed_task(pg::Connection& connection, const ExecutionId& id);
/// Its last ERROR lines, oldest first; at most `most`.
std::vector<std::string> last_errors(pg::Connection& connection, const ExecutionId& id, const std::string& task_id,
                                     std::size_t most);

}  // namespace sluice::store
