#include "webserver/replaying.h"

#include "access/audit.h"
#include "engine/replay.h"
#include "queue/queue.h"
#include "store/executions.h"
#include "store/task_runs.h"
#include "webserver/starting.h"

namespace sluice::webserver {
namespace {

/// Stores the copy with its task runs, and what makes it go.
void store_replay(pg::Transaction& tx, const engine::Execution& original, const engine::Replay& replay) {
    const engine::Execution& made = replay.execution;
    store::insert_executions(tx, {made});
    if (!made.variables.is_null())
        store::update_executions(tx, {{&made}});  // new ones never have any, so there is no place for them
    std::vector<store::TaskRunWrite> writes;
    for (const engine::TaskRun& run : replay.runs) writes.push_back({&made, &run});
    store::insert_task_runs(tx, writes);
    store::copy_loop_values(tx, original.id, made.id, replay.ids);
    queue::put_events(tx, {{made.id, replay.first}});
}

Result<flow::FlowPtr> flow_of(Api& api, pg::Connection& connection, const engine::Execution& original,
                              std::optional<std::int64_t> revision) {
    auto flow = api.services.flows.get(connection, original.flow, revision.value_or(original.flow_revision));
    if (flow && (*flow)->disabled) return conflict("Requested Flow is disabled.");
    return flow;
}

/// The sent inputs over those that there were, checked like those of a new execution.
Result<Value> new_inputs(Api& api, pg::Connection& connection, const flow::Flow& flow,
                         const engine::Execution& original, const ReplayRequest& request) {
    Value supplied = original.inputs.is_map() ? original.inputs : Value(Map());
    for (const auto& [name, value] : request.inputs->as_map()) supplied.mutable_map().set(name, value);
    store::Environment environment([&connection](const auto& use) { use(connection); }, api.services.instance,
                                   flow.id.namespace_name, request.id.text(), api.services.pool.clock().now());
    const auto context = store::input_context(environment, api.services.instance, flow, request.id.text());
    return flow::resolve_inputs(flow.inputs, supplied, context);
}

void mark(engine::Execution& execution, const ReplayRequest& request) {
    flow::put_label(execution.labels, {"system.replay", "true"});
    if (!request.user.empty()) flow::put_label(execution.labels, {"system.username", request.user});
    execution.progress.stops_at = request.breakpoints;
}

Result<engine::Replay> make_replay(Api& api, pg::Transaction& tx, const engine::Execution& original,
                                   const ReplayRequest& request) {
    const auto flow = flow_of(api, tx.connection(), original, request.revision);
    if (!flow) return tl::unexpected(flow.error());
    auto replay = request.from.empty()
                      ? Result<engine::Replay>(engine::replay(**flow, original, request.id, tx.now()))
                      : engine::replay_from(**flow, original, store::load_task_runs(tx.connection(), original.id),
                                            request.from, request.id, tx.now());
    if (!replay) return replay;
    if (request.inputs) {
        auto inputs = new_inputs(api, tx.connection(), **flow, original, request);
        if (!inputs) return tl::unexpected(inputs.error());
        replay->execution.inputs = std::move(*inputs);
    }
    mark(replay->execution, request);
    return replay;
}

}  // namespace

Result<engine::Execution> replay_execution(Api& api, const ReplayRequest& request) {
    auto made = api.services.pool.in_transaction([&](pg::Transaction& tx) -> Result<engine::Execution> {
        const auto original = store::load_execution(tx.connection(), request.original);
        if (!original) return not_found("Not Found: execution {} does not exist", request.original);
        auto replay = make_replay(api, tx, *original, request);
        if (!replay) return tl::unexpected(replay.error());
        store_replay(tx, *original, *replay);
        access::note(tx, "EXECUTION", original->flow.namespace_name, original->id.text());
        return std::move(replay->execution);
    });
    if (made) api.services.signals.notify(pg::kEventsChannel);
    return made;
}

Result<engine::Execution> restart_as_new(Api& api, const ExecutionId& id, std::int64_t revision) {
    auto made = api.services.pool.in_transaction([&](pg::Transaction& tx) -> Result<engine::Execution> {
        const auto original = store::load_execution(tx.connection(), id);
        if (!original) return not_found("Not Found: execution {} does not exist", id);
        if (!is_over(original->state()) && original->state() != State::Paused) {
            return conflict("Execution must be terminated to be restarted, current state is '{}' !",
                            to_text(original->state()));
        }
        const auto flow = flow_of(api, tx.connection(), *original, revision);
        if (!flow) return tl::unexpected(flow.error());
        auto replay = engine::restart_anew(**flow, *original, store::load_task_runs(tx.connection(), id),
                                           ExecutionId{time_ordered_id(tx.now())}, tx.now());
        if (!replay) return tl::unexpected(replay.error());
        store_replay(tx, *original, *replay);
        access::note(tx, "EXECUTION", original->flow.namespace_name, original->id.text());
        return std::move(replay->execution);
    });
    if (made) api.services.signals.notify(pg::kEventsChannel);
    return made;
}

Change replaying(Api& api, bool latest, ReplayRequest wanted) {
    return
        [&api, latest, wanted = std::move(wanted)](pg::Transaction& tx, engine::Execution& original) -> Result<void> {
            ReplayRequest request = wanted;
            request.original = original.id;
            if (request.id.empty()) request.id = ExecutionId{time_ordered_id(tx.now())};
            if (!wanted.id.empty() && store::load_execution(tx.connection(), wanted.id))
                return conflict("Illegal state: execution {} exists already", wanted.id);
            if (latest) {
                const auto newest = store::latest_flow(tx.connection(), original.flow);
                if (!newest || newest->deleted)
                    return not_found("Not Found: flow {} does not exist", original.flow.text());
                request.revision = newest->revision;
            }
            const auto replay = make_replay(api, tx, original, request);
            if (!replay) return tl::unexpected(replay.error());
            store_replay(tx, original, *replay);
            return {};
        };
}

}  // namespace sluice::webserver
