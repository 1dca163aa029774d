#include "store/polls.h"

#include "sql/store.h"
#include "store/executions.h"
#include "store/json_column.h"
#include "store/optional_text.h"

namespace sluice::store {

std::vector<Poll> take_polls(pg::Connection& connection, std::size_t most, const ServiceId& worker) {
    std::vector<Poll> out;
    for (pg::Row row : connection.run(sql::take_polls, most, worker)) {
        Poll poll;
        poll.id.flow.namespace_name = row.text();
        poll.id.flow.id = row.text();
        poll.id.id = row.text();
        poll.flow_revision = row.integer();
        poll.due_at = row.timestamp();
        poll.taken_at = row.timestamp();
        poll.memory = value_of_column(row.maybe_text());
        out.push_back(std::move(poll));
    }
    return out;
}

std::optional<Duration> next_poll(pg::Connection& connection) {
    const pg::Rows rows = connection.run(sql::next_poll);
    return rows.empty() ? std::nullopt : std::optional(Duration{rows[0].integer()});
}

bool finish_poll(pg::Transaction& tx, const Poll& poll, const ServiceId& worker, const PollEnd& end) {
    const bool fires = end.execution.has_value();
    const std::string held = fires && end.holds ? end.execution->id.text() : "";
    const pg::Rows own = tx.run(sql::finish_poll, poll.id.flow.namespace_name, poll.id.flow.id, poll.id.id, worker,
                                poll.taken_at, end.interval, optional_text(held), fires, optional_text(end.error),
                                end.memory ? std::optional(to_json(*end.memory)) : std::nullopt);
    if (own.empty()) return false;
    if (!fires) return true;
    const bool failed = is_over(end.execution->state());
    insert_fires(tx, 0,
                 {{.trigger = poll.id,
                   .scheduled_at = poll.due_at,
                   .fate = failed ? schedule::Fate::Failed : schedule::Fate::Fired,
                   .reason = end.error,
                   .execution_id = end.execution->id}});
    insert_executions(tx, {*end.execution});
    return true;
}

bool return_poll(pg::Connection& connection, const Poll& poll, const ServiceId& worker) {
    const TriggerId& id = poll.id;
    return connection.run(sql::return_poll, id.flow.namespace_name, id.flow.id, id.id, worker, poll.taken_at)
               .affected() > 0;
}

std::size_t return_unknown_polls(pg::Connection& connection, const ServiceId& worker,
                                 const std::vector<TriggerId>& known) {
    std::vector<std::string> namespaces, flows, triggers;
    for (const TriggerId& id : known) {
        namespaces.push_back(id.flow.namespace_name);
        flows.push_back(id.flow.id);
        triggers.push_back(id.id);
    }
    return connection.run(sql::return_unknown_polls, worker, namespaces, flows, triggers).affected();
}

}  // namespace sluice::store
