#pragma once
#include "base/log.h"
#include "flow/flow.h"
#include "store/search.h"

namespace sluice::store {

struct LogRow {
    ExecutionId execution_id{};
    std::int64_t seq = 0;
    Timestamp at{};
    LogLevel level = LogLevel::Info;
    flow::FlowId flow{};
    std::string task_id{};
    TaskRunId task_run_id{};
    std::optional<std::int64_t> attempt{};
    std::string trigger_id{};
    std::string message{};
};

/// Log lines that match, newest first unless asked otherwise.
///
/// Fields  q namespace flowId executionId triggerId taskId taskRunId attemptNumber level startDate endDate scope
/// Errors  BadRequest: a filter; Invalid: a sort field
Result<Found<LogRow>> find_logs(pg::Connection& connection, const Search& search);

/// Which lines of an execution.
struct LogSelection {
    ExecutionId execution_id{};
    LogLevel min_level = LogLevel::Trace;
    std::string task_id{};
    TaskRunId task_run_id{};
    std::optional<std::int64_t> attempt{};
    std::string words{};

    bool matches(const LogRow& row) const;
};

/// The next lines after `after_seq`, in the order in which they were written.
std::vector<LogRow> execution_logs(pg::Connection& connection, const LogSelection& selection, std::int64_t after_seq,
                                   std::size_t most);

/// The lines of all executions and triggers with numbers in (after, upto], the lowest first.
std::vector<LogRow> logs_to_ship(pg::Connection& connection, std::int64_t after, std::int64_t upto, LogLevel least,
                                 std::int64_t most);

/// How many lines of each level each task run of an execution has, and the first one's seq.
struct LogCount {
    TaskRunId task_run_id{};
    LogLevel level = LogLevel::Info;
    std::int64_t lines = 0;
    std::int64_t first_seq = 0;
};
std::vector<LogCount> count_logs(pg::Connection& connection, const ExecutionId& id);

// Return how many lines went.
std::size_t delete_logs(pg::Connection& connection, const LogSelection& selection);
std::size_t delete_trigger_logs(pg::Connection& connection, const flow::FlowId& flow, const std::string& trigger_id);

}  // namespace sluice::store
