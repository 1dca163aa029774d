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

/// The next lines that match, by execution and in the order in which they were written, behind one of them. With a
/// startDate, lines of executions that began more than a week before it are left out.
Result<std::vector<LogRow>> next_logs(pg::Connection& connection, const std::vector<Filter>& filters,
                                      const ExecutionId& after, std::int64_t after_seq, std::size_t most);

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

/// Where the lines of a selection are, so that a page shows any part of a long log without having the rest. `words` of
/// the selection leave no line out: those that have them are hits.
struct LogMap {
    std::int64_t lines = 0;             // of the selection, in this piece
    std::int64_t hidden = 0;            // below its level
    std::vector<std::int64_t> marks{};  // seq of the first line and of each kMarkEvery-th after it
    std::int64_t hit_count = 0;
    std::vector<std::int64_t> hits{};  // places among the lines, the first kMostHits of them
    std::int64_t first_error = -1;     // its place; -1: there is none
    std::vector<std::string> tasks{};
    std::optional<std::int64_t> last{};  // seq of the last line that was looked at
    bool more = false;                   // there may be lines behind it

    static constexpr std::int64_t kMarkEvery = 500;
    static constexpr std::size_t kMostHits = 10'000;
    static constexpr std::int64_t kMostScanned = 100'000;
};
/// Of the next `most` lines after `after_seq`, whatever the selection says of them.
LogMap map_logs(pg::Connection& connection, const LogSelection& selection, std::int64_t after_seq, std::int64_t most);

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
