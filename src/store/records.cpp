#include "store/records.h"

#include "sql/store.h"

namespace sluice::store {
namespace {

std::vector<std::string> words_of(const std::vector<State>& states) {
    std::vector<std::string> out;
    for (const State state : states) out.emplace_back(to_text(state));
    return out;
}

std::vector<int> numbers_of(const std::vector<LogLevel>& levels) {
    std::vector<int> out;
    for (const LogLevel level : levels) out.push_back(static_cast<int>(level));
    return out;
}

}  // namespace

std::int64_t count_executions(pg::Connection& connection, const RecordFilter& filter) {
    return connection
        .run(sql::count_executions, filter.name_space, filter.flow_id, words_of(filter.states), filter.from,
             filter.to)[0]
        .integer();
}

std::vector<std::string> ended_executions(pg::Connection& connection, const RecordFilter& filter,
                                          const std::string& after, std::size_t most) {
    std::vector<std::string> out;
    for (pg::Row row : connection.run(sql::ended_executions, filter.name_space, filter.flow_id, words_of(filter.states),
                                      filter.from, filter.to, after, most)) {
        out.push_back(row.text());
    }
    return out;
}

Purged purge_executions(pg::Connection& connection, const std::vector<std::string>& ids, const Purge& what) {
    const pg::Rows rows = connection.run(sql::purge_executions, ids, what.executions, what.logs, what.metrics);
    pg::Row row = rows[0];
    Purged out;
    out.executions = row.integer();
    out.logs = row.integer();
    out.metrics = row.integer();
    return out;
}

std::int64_t purge_logs(pg::Connection& connection, const RecordFilter& filter) {
    return static_cast<std::int64_t>(connection
                                         .run(sql::purge_logs, filter.name_space, filter.flow_id, filter.execution_id,
                                              numbers_of(filter.levels), filter.from, filter.to)
                                         .affected());
}

std::vector<RecordedLine> logs_after(pg::Connection& connection, const RecordFilter& filter, std::int64_t after,
                               std::size_t most) {
    std::vector<RecordedLine> out;
    for (pg::Row row : connection.run(sql::logs_after, filter.execution_id, numbers_of(filter.levels), filter.task_ids,
                                      after, most)) {
        RecordedLine line;
        line.seq = row.integer();
        line.at = row.timestamp();
        line.level = static_cast<LogLevel>(row.integer());
        line.task_id = row.maybe_text().value_or("");
        line.task_run_id = row.maybe_text().value_or("");
        line.attempt = row.maybe_integer().value_or(0);
        line.message = row.text();
        out.push_back(std::move(line));
    }
    return out;
}

std::string last_failed_task(pg::Connection& connection, const ExecutionId& id) {
    const pg::Rows rows = connection.run(sql::last_failed_task, id.text());
    return rows.empty() ? "" : rows[0].text();
}

std::vector<std::string> last_errors(pg::Connection& connection, const ExecutionId& id, const std::string& task_id,
                                     std::size_t most) {
    std::vector<std::string> out;
    for (pg::Row row : connection.run(sql::last_errors, id.text(), task_id, most)) out.push_back(row.text());
    return out;
}

}  // namespace sluice::store
