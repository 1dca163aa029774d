#include "queue/parked.h"

#include "sql/queue.h"

namespace sluice::queue {

ParkedEvents parked_events(pg::Connection& connection, std::size_t most) {
    ParkedEvents out;
    for (pg::Row row : connection.run(sql::parked_events, most)) {
        ParkedEvent one;
        one.id = row.integer();
        one.execution_id = row.maybe_text().value_or("");
        one.name_space = row.maybe_text().value_or("");
        one.flow_id = row.maybe_text().value_or("");
        one.kind = row.maybe_text().value_or("");
        one.task_run_id = row.maybe_text().value_or("");
        one.error = row.text();
        one.parked_at = row.timestamp();
        out.total = row.integer();
        out.rows.push_back(std::move(one));
    }
    return out;
}

bool retry_parked(pg::Transaction& tx, std::int64_t id) {
    return !tx.run(sql::retry_parked, id).empty();
}

bool drop_parked(pg::Transaction& tx, std::int64_t id) {
    return !tx.run(sql::drop_parked, id).empty();
}

}  // namespace sluice::queue
