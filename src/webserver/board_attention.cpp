// What a person should look at. Each list is short and comes from an index or a small table.
#include "queue/parked.h"
#include "sql/webserver.h"
#include "store/find_executions.h"
#include "webserver/board.h"

namespace sluice::webserver {
namespace board_attention_lists {

constexpr std::int64_t kMost = 20;

void set_text(Map& map, const char* key, const std::optional<std::string>& text) {
    if (text && !text->empty()) map.set(key, *text);
}

Map of_flow(pg::Row& row) {
    Map out;
    out.set("namespace", row.text());
    out.set("flowId", row.text());
    return out;
}

template <class OnWire>
Value list_of(const pg::Rows& rows, const OnWire& on_wire) {
    List out;
    for (pg::Row row : rows) out.push_back(Value(on_wire(row)));
    return Value(std::move(out));
}

Map failing(pg::Row& row) {
    Map out = of_flow(row);
    out.set("failed", row.integer());
    out.set("executionId", row.text());
    out.set("endedAt", to_iso(row.timestamp()));
    set_text(out, "taskId", row.maybe_text());
    set_text(out, "message", row.maybe_text());
    out.set("lastState", row.text());
    return out;
}

Map stranded(pg::Row& row) {
    Map out;
    out.set("what", row.text());
    out.set("workerGroup", row.text());
    out.set("waiting", row.integer());
    out.set("since", to_iso(row.timestamp()));
    return out;
}

Map queued(pg::Row& row) {
    Map out = of_flow(row);
    out.set("waiting", row.integer());
    out.set("since", to_iso(row.timestamp()));
    return out;
}

Map overdue(pg::Row& row) {
    Map out = of_flow(row);
    out.set("triggerId", row.text());
    out.set("dueAt", to_iso(row.timestamp()));
    return out;
}

Map troubled(pg::Row& row) {
    Map out = of_flow(row);
    out.set("triggerId", row.text());
    out.set("disabled", row.boolean());
    out.set("reason", row.text());
    out.set("since", to_iso(row.timestamp()));
    return out;
}

Map lost(pg::Row& row) {
    Map out;
    out.set("serviceId", row.text());
    out.set("roles", row.text());
    out.set("state", row.text());
    out.set("host", row.text());
    out.set("since", to_iso(row.timestamp()));
    return out;
}

bool is_within(const std::string& name_space, const std::optional<std::string>& wanted) {
    return !wanted || name_space == *wanted || name_space.starts_with(*wanted + ".");
}

Value parked(pg::Connection& connection, const BoardQuestion& q) {
    constexpr std::size_t kMostLookedAt = 500;
    List out;
    for (const queue::ParkedEvent& event : queue::parked_events(connection, kMostLookedAt).rows) {
        if (!is_within(event.name_space, q.name_space) || (q.flow_id && event.flow_id != *q.flow_id)) continue;
        Map one;
        one.set("id", event.id);
        set_text(one, "executionId", event.execution_id);
        set_text(one, "namespace", event.name_space);
        set_text(one, "flowId", event.flow_id);
        one.set("error", event.error);
        one.set("since", to_iso(event.parked_at));
        out.push_back(Value(std::move(one)));
    }
    return Value(std::move(out));
}

/// Those that wait for a person, or for their time.
Value paused(pg::Connection& connection, const BoardQuestion& q) {
    store::Search search;
    search.filters.push_back({"state", store::Operation::In, "", {"PAUSED", "BREAKPOINT"}});
    if (q.name_space) search.filters.push_back({"namespace", store::Operation::Prefix, "", {*q.name_space}});
    if (q.flow_id) search.filters.push_back({"flowId", store::Operation::Equals, "", {*q.flow_id}});
    search.size = static_cast<std::size_t>(kMost);
    search.total = store::Total::None;
    const auto found = store::find_executions(connection, search);
    ensure(found.has_value(), "paused executions can't be searched: {}", found ? "" : found.error().text());
    List out;
    for (const engine::Execution& one : found->rows) {
        Map on_wire;
        on_wire.set("executionId", one.id.text());
        on_wire.set("namespace", one.flow.namespace_name);
        on_wire.set("flowId", one.flow.id);
        on_wire.set("state", to_text(one.state()));
        on_wire.set("since", to_iso(one.history.since()));
        out.push_back(Value(std::move(on_wire)));
    }
    return Value(std::move(out));
}

}  // namespace board_attention_lists

Value board_attention(pg::Connection& connection, const BoardQuestion& q, Timestamp failed_since) {
    using namespace board_attention_lists;
    Map out;
    out.set("failing", list_of(connection.run(sql::board_failing, failed_since, q.until, lowest_id(failed_since),
                                              q.name_space, q.flow_id, kMost),
                               failing));
    out.set("paused", paused(connection, q));
    out.set("queued", list_of(connection.run(sql::board_queued, q.name_space, q.flow_id, kMost), queued));
    out.set("parked", parked(connection, q));
    out.set("overdue", list_of(connection.run(sql::board_overdue, q.name_space, q.flow_id, kMost), overdue));
    out.set("troubled", list_of(connection.run(sql::board_troubled, q.name_space, q.flow_id, kMost), troubled));
    // These belong to the cluster, not to a flow.
    const bool everything = !q.name_space && !q.flow_id;
    out.set("stranded", everything ? list_of(connection.run(sql::board_stranded), stranded) : Value(List()));
    out.set("lost", everything ? list_of(connection.run(sql::board_lost, kMost), lost) : Value(List()));
    return Value(std::move(out));
}

}  // namespace sluice::webserver
