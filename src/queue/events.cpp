#include "queue/queue.h"
#include "sql/queue.h"
#include "value/json.h"

namespace sluice::queue {
namespace {

/// One that can't be read (somebody put it by SQL, or it is nested too deeply) must not keep the others from being
/// taken.
void read_payload(const std::optional<std::string>& json, EventRow& event) {
    if (!json) return;
    auto value = parse_json(*json);
    if (value)
        event.payload = std::move(*value);
    else
        event.problem = "its payload can't be read: " + value.error().message;
}

}  // namespace

std::vector<EventRow> take_events(pg::Transaction& tx, std::size_t most, std::int64_t from_seq,
                                  const std::vector<ExecutionId>& busy) {
    std::vector<EventRow> out;
    for (pg::Row row : tx.run(sql::take_events, most, from_seq, busy)) {
        EventRow event;
        event.seq = row.integer();
        event.execution_id = ExecutionId{row.text()};
        event.kind = row.text();
        event.task_run_id = TaskRunId{row.maybe_text().value_or("")};
        read_payload(row.maybe_text(), event);
        event.failures = row.integer();
        event.now = row.timestamp();
        out.push_back(std::move(event));
    }
    return out;
}

void delete_events(pg::Transaction& tx, const std::vector<std::int64_t>& seqs) {
    if (!seqs.empty()) tx.send(sql::delete_events, seqs);
}

void delete_events_of(pg::Transaction& tx, const ExecutionId& execution) {
    tx.send(sql::delete_events_of, execution);
}

void put_events(pg::Transaction& tx, const std::vector<engine::Message>& messages) {
    if (messages.empty()) return;
    std::vector<ExecutionId> executions;
    std::vector<std::string> kinds;
    std::vector<std::optional<std::string>> runs, payloads;
    for (const engine::Message& message : messages) {
        executions.push_back(message.to);
        kinds.emplace_back(engine::kind_of(message.event));
        const TaskRunId run = engine::task_run_of(message.event);
        runs.push_back(run.empty() ? std::nullopt : std::optional(run.text()));
        const Value payload = engine::payload_of(message.event);
        payloads.push_back(payload.is_null() ? std::nullopt : std::optional(to_json(payload)));
    }
    tx.send(sql::put_events, executions, kinds, runs, payloads);
}

std::int64_t blame_event(pg::Transaction& tx, std::int64_t seq) {
    const pg::Rows rows = tx.run(sql::blame_event, seq);
    return rows.empty() ? 0 : rows[0].integer();
}

void park_event(pg::Transaction& tx, std::int64_t seq, const std::string& error) {
    tx.run(sql::park_event, seq, error);
}

}  // namespace sluice::queue
