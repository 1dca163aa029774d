#include "store/trigger_views.h"

#include "sql/store.h"
#include "store/find_executions.h"
#include "store/json_column.h"
#include "store/optional_text.h"

namespace sluice::store {
namespace {

constexpr Field kTriggerFields[] = {
    {"namespace", Field::Kind::Text, "t.namespace"},
    {"flowId", Field::Kind::Text, "t.flow_id"},
    {"triggerId", Field::Kind::Text, "t.trigger_id"},
    {"workerId", Field::Kind::Text, "t.worker_id"},
    {"type", Field::Kind::Text, "t.type"},
    {"executionId", Field::Kind::Text, "t.execution_id"},
    {"startDate", Field::Kind::Time, "t.next_at"},
    {"endDate", Field::Kind::Time, "t.next_at"},
};

constexpr SortField kTriggerOrders[] = {
    {"triggerId", "t.trigger_id"},      {"flowId", "t.flow_id"},
    {"namespace", "t.namespace"},       {"executionId", "t.execution_id"},
    {"nextExecutionDate", "t.next_at"}, {"date", "t.last_at"},
    {"updatedDate", "t.updated_at"},    {"disabled", "t.disabled"},
};

constexpr std::string_view kTriggerSelect =
    "select t.namespace, t.flow_id, t.trigger_id, t.flow_revision, t.type, t.next_at, t.last_at, t.backfill, "
    "t.disabled, "
    "t.execution_id, t.evaluating_at, t.worker_id, t.error, t.updated_at, t.disabled_at, t.disabled_by, "
    "(select d from jsonb_array_elements(case jsonb_typeof(f.definition -> 'triggers') when 'array' then "
    "f.definition -> 'triggers' end) as d where d ->> 'id' = t.trigger_id limit 1)";

TriggerView trigger_view_of(pg::Row row) {
    TriggerView out;
    TriggerRow planned = trigger_row_of(row);
    out.id = std::move(planned.id);
    out.flow_revision = planned.flow_revision;
    out.type = std::move(planned.type);
    out.state = std::move(planned.state);
    out.disabled = row.boolean();
    out.execution_id = ExecutionId{row.maybe_text().value_or("")};
    out.evaluating_at = row.maybe_timestamp();
    out.worker_id = row.maybe_text().value_or("");
    out.error = row.maybe_text().value_or(planned.problem);
    out.updated_at = row.timestamp();
    out.disabled_at = row.maybe_timestamp();
    out.disabled_by = row.maybe_text().value_or("");
    out.definition = value_of_column(row.maybe_text());
    return out;
}

Result<void> apply_trigger_state(Query& query, const Filter& filter) {
    if (filter.operation != Operation::Equals && filter.operation != Operation::NotEquals)
        return unfit_operation(filter);
    for (const std::string& value : filter.values) {
        std::string condition;
        if (value == "ENABLED")
            condition = "not t.disabled";
        else if (value == "DISABLED")
            condition = "t.disabled";
        else if (value == "LOCKED")
            condition = "t.execution_id is not null or t.evaluating_at is not null";
        else if (value == "BACKFILL")
            condition = "t.backfill is not null";
        else {
            return refuse(ErrorCode::BadRequest,
                          "Invalid query filters: triggerState is ENABLED, DISABLED, LOCKED or BACKFILL, not '{}'",
                          value);
        }
        query.where(filter.operation == Operation::NotEquals ? "not (" + condition + ")" : condition);
    }
    return {};
}

Result<void> apply_to_triggers(Query& query, const Filter& filter) {
    if (filter.field == "q") {
        for (const std::string& words : filter.values) {
            apply_words(query, "t.namespace || ' ' || t.flow_id || ' ' || t.trigger_id", words,
                        filter.operation == Operation::NotEquals);
        }
        return {};
    }
    if (filter.field == "scope") return apply_scope(query, filter, "t.namespace");
    if (filter.field == "triggerState") return apply_trigger_state(query, filter);
    return apply(query, filter, kTriggerFields);
}

Result<Query> trigger_query(const std::vector<Filter>& filters) {
    Query query(
        "find_triggers", std::string(kTriggerSelect),
        "from sluice.triggers t left join sluice.flows f on f.namespace = t.namespace and f.flow_id = t.flow_id "
        "and f.latest and not f.deleted where true");
    for (const Filter& filter : filters) {
        if (auto applied = apply_to_triggers(query, filter); !applied) return tl::unexpected(applied.error());
    }
    return query;
}

std::vector<TriggerView> trigger_views(const pg::Rows& rows) {
    std::vector<TriggerView> out;
    out.reserve(rows.size());
    for (pg::Row row : rows) out.push_back(trigger_view_of(row));
    return out;
}

}  // namespace

Result<Found<TriggerView>> find_triggers(pg::Connection& connection, const Search& search) {
    auto query = trigger_query(search.filters);
    if (!query) return tl::unexpected(query.error());
    Found<TriggerView> found;
    found.total = count(*query, connection, search.total);
    if (auto sorted = apply_sort(*query, search.sort, kTriggerOrders); !sorted) return tl::unexpected(sorted.error());
    query->order_by("t.namespace, t.flow_id, t.trigger_id").limit(search.size, search.offset);
    found.rows = trigger_views(query->run(connection));
    return found;
}

Result<std::vector<TriggerView>> next_triggers(pg::Connection& connection, const std::vector<Filter>& filters,
                                               const TriggerId& after, std::size_t most) {
    auto query = trigger_query(filters);
    if (!query) return tl::unexpected(query.error());
    query->where("(t.namespace, t.flow_id, t.trigger_id) > ($?, $?, $?)", after.flow.namespace_name, after.flow.id,
                 after.id);
    query->order_by("t.namespace, t.flow_id, t.trigger_id").limit(most);
    return trigger_views(query->run(connection));
}

std::optional<TriggerView> lock_trigger(pg::Transaction& tx, const TriggerId& id) {
    const pg::Rows rows = tx.run(sql::lock_trigger, id.flow.namespace_name, id.flow.id, id.id);
    if (rows.empty()) return {};
    return trigger_view_of(rows[0]);
}

void write_trigger(pg::Transaction& tx, const TriggerView& trigger) {
    const auto& backfill = trigger.state.backfill;
    tx.send(sql::write_trigger, trigger.id.flow.namespace_name, trigger.id.flow.id, trigger.id.id, trigger.disabled,
            trigger.state.next, trigger.state.last,
            backfill ? std::optional(to_json(schedule::to_value(*backfill, schedule::Zone::utc()))) : std::nullopt,
            trigger.execution_id.empty() ? std::nullopt : std::optional(trigger.execution_id.text()),
            trigger.evaluating_at, trigger.disabled_at, optional_text(trigger.disabled_by));
}

bool delete_trigger(pg::Transaction& tx, const TriggerId& id) {
    return tx.run(sql::delete_trigger, id.flow.namespace_name, id.flow.id, id.id).affected() > 0;
}

}  // namespace sluice::store
