#include "worker/worker_records.h"

#include "engine/step.h"
#include "queue/queue.h"
#include "store/executions.h"
#include "store/find_flows.h"
#include "store/kv.h"
#include "store/records.h"
#include "store/task_runs.h"
#include "store/triggers.h"

namespace sluice::worker {
namespace {

constexpr std::size_t kShownErrors = 3;

store::RecordFilter stored(const plugin::RecordFilter& filter) {
    return {filter.name_space, filter.flow_id, filter.execution_id, filter.task_ids,
            filter.states,     filter.levels,  filter.from,         filter.to};
}

}  // namespace

std::optional<plugin::KeyValue> WorkerKeyValues::find(const std::string& name_space, const std::string& key) {
    const auto row = reader_.find({name_space, key});
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

std::optional<plugin::ExecutionSummary> WorkerExecutionRecords::summary(const std::string& execution_id) {
    const ExecutionId id{execution_id};
    return pool_.with_connection([&](pg::Connection& connection) -> std::optional<plugin::ExecutionSummary> {
        const auto execution = store::load_execution(connection, id);
        if (!execution) return {};
        plugin::ExecutionSummary out;
        out.flow = execution->flow;
        out.state = execution->state();
        out.started = execution->history.created_at();
        out.until = is_over(out.state) ? execution->history.since() : pool_.clock().now();
        out.failed_task = store::last_failed_task(connection, id);
        if (!out.failed_task.empty()) out.errors = store::last_errors(connection, id, out.failed_task, kShownErrors);
        return out;
    });
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
    for (const store::RecordedLine& row : rows) {
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

std::vector<plugin::StoredFlow> WorkerFlowRecords::flows(const std::string& name_space, bool below) {
    const auto rows = pool_.with_connection([&](pg::Connection& connection) {
        return store::find_flow_sources(
            connection, {{"namespace", below ? store::Operation::Prefix : store::Operation::Equals, "", {name_space}}});
    });
    ensure(rows.has_value(), "flows of a namespace: {}", rows ? "" : rows.error().message);
    std::vector<plugin::StoredFlow> out;
    for (const store::FlowRow& row : *rows) out.push_back({row.id, row.revision, row.source});
    return out;
}

std::vector<std::string> WorkerFlowRecords::namespaces() {
    return pool_.with_connection([](pg::Connection& connection) { return store::flow_namespaces(connection); });
}

Result<flow::FlowId> WorkerFlowRecords::check(const std::string& source) {
    const flow::ParsedFlow parsed = flows_.parse(source);
    if (!parsed.ok()) return tl::unexpected(parsed.error());
    return parsed.id;
}

struct WorkerFlowRecords::Checked {
    const std::string* source;
    flow::ParsedFlow parsed{};
};

Result<std::vector<WorkerFlowRecords::Checked>> WorkerFlowRecords::checked(
    const std::vector<std::string>& sources) const {
    std::vector<Checked> out;
    for (const std::string& source : sources) {
        out.push_back({&source, flows_.parse(source)});
        if (!out.back().parsed.ok()) return tl::unexpected(out.back().parsed.error());
    }
    return out;
}

Result<plugin::SavedFlow> WorkerFlowRecords::save(pg::Transaction& tx, const Checked& one, bool dry_run) const {
    const auto present = store::latest_flow(tx.connection(), one.parsed.id);
    const bool is_new = !present || present->deleted;
    if (!dry_run) {
        const auto saved = store::save_flow(tx, one.parsed, *one.source, store::Save::Either, by_, instance_);
        if (!saved) return tl::unexpected(saved.error());
        return plugin::SavedFlow{one.parsed.id, saved->row.revision, is_new, saved->changed};
    }
    const bool changed = is_new || flow::without_revision(present->source) != flow::without_revision(*one.source);
    const std::int64_t revision = present ? present->revision : 0;
    return plugin::SavedFlow{one.parsed.id, revision + (changed ? 1 : 0), is_new, changed};
}

Result<std::vector<plugin::SavedFlow>> WorkerFlowRecords::apply(const plugin::FlowChanges& changes) {
    const auto sources = checked(changes.sources);
    if (!sources) return tl::unexpected(sources.error());
    std::vector<plugin::SavedFlow> out;
    const auto done = pool_.in_transaction([&](pg::Transaction& tx) -> Result<void> {
        out.clear();
        for (const Checked& one : *sources) {
            auto saved = save(tx, one, changes.dry_run);
            if (!saved) return tl::unexpected(saved.error());
            out.push_back(std::move(*saved));
        }
        for (const flow::FlowId& id : changes.removed) {
            if (changes.dry_run) continue;
            if (auto gone = store::delete_flow(tx, id, by_); !gone) return gone;
        }
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    if (!changes.dry_run) signals_.notify(pg::kTriggersChannel);
    return out;
}

}  // namespace sluice::worker
