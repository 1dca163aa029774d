#include "worker/worker_records.h"

#include "engine/step.h"
#include "queue/queue.h"
#include "store/executions.h"
#include "store/kv.h"
#include "store/records.h"

namespace sluice::worker {
namespace {

store::RecordFilter stored(const plugin::RecordFilter& filter) {
    return {filter.name_space, filter.flow_id, filter.execution_id, filter.task_ids,
            filter.states,     filter.levels,  filter.from,         filter.to};
}

}  // namespace

std::optional<plugin::KeyValue> WorkerKeyValues::find(const std::string& name_space, const std::string& key) {
    const auto row =
        pool_.with_connection([&](pg::Connection& connection) { return store::kv_get(connection, name_space, key); });
    if (!row) return {};
    return plugin::KeyValue{row->key, row->kind, row->value, row->description, row->expired};
}

bool WorkerKeyValues::set(const std::string& name_space, const plugin::KeyValue& value, std::optional<Duration> ttl,
                          bool overwrite) {
    store::KvRow row;
    row.name_space = name_space;
    row.key = value.key;
    row.kind = value.kind;
    row.value = value.value;
    row.description = value.description;
    return pool_
        .with_connection([&](pg::Connection& connection) { return store::kv_set(connection, row, ttl, overwrite); })
        .has_value();
}

bool WorkerKeyValues::remove(const std::string& name_space, const std::string& key) {
    return pool_.with_connection(
        [&](pg::Connection& connection) { return store::kv_delete(connection, name_space, key); });
}

std::vector<std::string> WorkerKeyValues::keys(const std::string& name_space, const std::string& prefix) {
    const auto rows = pool_.with_connection(
        [&](pg::Connection& connection) { return store::kv_list(connection, name_space, prefix); });
    std::vector<std::string> out;
    for (const store::KvRow& row : rows) out.push_back(row.key);
    return out;
}

std::int64_t WorkerExecutionRecords::count(const plugin::RecordFilter& filter) {
    return pool_.with_connection(
        [&](pg::Connection& connection) { return store::count_executions(connection, stored(filter)); });
}

std::vector<std::string> WorkerExecutionRecords::ended(const plugin::RecordFilter& filter, const std::string& after,
                                                       std::size_t most) {
    return pool_.with_connection(
        [&](pg::Connection& connection) { return store::ended_executions(connection, stored(filter), after, most); });
}

std::optional<flow::FlowId> WorkerExecutionRecords::flow_of(const std::string& execution_id) {
    const auto execution = pool_.with_connection(
        [&](pg::Connection& connection) { return store::load_execution(connection, ExecutionId{execution_id}); });
    return execution ? std::optional(execution->flow) : std::nullopt;
}

Result<void> WorkerExecutionRecords::resume(const std::string& execution_id, const Value& inputs) {
    auto done = pool_.in_transaction([&](pg::Transaction& tx) -> Result<void> {
        const auto execution = store::lock_execution(tx, ExecutionId{execution_id});
        if (!execution) return not_found("there is no execution {}", execution_id);
        const engine::ResumeRequested request{{}, inputs, by_};
        if (auto fits = engine::accepts(*execution, request); !fits) return fits;
        queue::put_events(tx, {{execution->id, request}});
        return {};
    });
    if (done) signals_.notify(pg::kEventsChannel);
    return done;
}

std::vector<plugin::LogRecord> WorkerExecutionRecords::logs(const plugin::RecordFilter& filter, std::int64_t after,
                                                            std::size_t most) {
    const auto rows = pool_.with_connection(
        [&](pg::Connection& connection) { return store::logs_after(connection, stored(filter), after, most); });
    std::vector<plugin::LogRecord> out;
    for (const store::LogRow& row : rows) {
        out.push_back({row.seq, row.at, row.level, row.task_id, row.task_run_id, row.attempt, row.message});
    }
    return out;
}

std::optional<std::vector<Value>> WorkerExecutionRecords::outputs_of_children(const plugin::TaskPlace& place,
                                                                              const std::string& task_id,
                                                                              std::int64_t piece) {
    return pool_.with_connection([&](pg::Connection& connection) {
        return store::outputs_of_batches(connection, place.execution_id, place.task_run_id, task_id, piece);
    });
}

plugin::PurgeCount WorkerExecutionRecords::purge(const std::vector<std::string>& execution_ids,
                                                 const plugin::PurgeWhat& what) {
    const store::Purged purged = pool_.with_connection([&](pg::Connection& connection) {
        return store::purge_executions(connection, execution_ids, {what.executions, what.logs, what.metrics});
    });
    return {purged.executions, purged.logs, purged.metrics};
}

std::int64_t WorkerExecutionRecords::purge_logs(const plugin::RecordFilter& filter) {
    return pool_.with_connection(
        [&](pg::Connection& connection) { return store::purge_logs(connection, stored(filter)); });
}

Result<void> WorkerExecutionRecords::set_trigger_disabled(const flow::FlowId& flow, const std::string& trigger,
                                                          bool disabled, const std::string& by) {
    const bool found = pool_.with_connection([&](pg::Connection& connection) {
        return store::set_trigger_disabled(connection, {flow, trigger}, disabled, by);
    });
    if (!found) return not_found("the flow {} has no trigger '{}'", flow.text(), trigger);
    signals_.notify(pg::kTriggersChannel);
    return {};
}

}  // namespace sluice::worker
