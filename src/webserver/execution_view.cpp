#include "webserver/execution_view.h"

#include "queue/queue.h"
#include "store/find_task_runs.h"
#include "webserver/api_profile.h"
#include "webserver/execution_rules.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace {

Value runs_on_wire(const engine::Execution& execution, const std::vector<engine::TaskRun>& runs,
                   const std::map<TaskRunId, RunningClaim>& claims, Timestamp now) {
    List list;
    for (const engine::TaskRun& run : runs) {
        const auto claim = claims.find(run.id);
        list.push_back(
            task_run_on_wire(execution, run, claim != claims.end() ? std::optional(claim->second) : std::nullopt, now));
    }
    return Value(std::move(list));
}

}  // namespace

Value execution_with_runs(Api& api, const engine::Execution& execution) {
    std::vector<engine::TaskRun> runs;
    std::map<TaskRunId, RunningClaim> claims;
    api.services.pool.with_connection([&](pg::Connection& connection) {
        runs = store::load_task_runs(connection, execution.id);
        if (is_over(execution.state())) return;
        for (const queue::ClaimView& claim : queue::claims_of(connection, execution.id)) {
            claims[claim.task_run_id] = {claim.worker.text(), claim.claimed_at};
        }
    });
    const Timestamp now = api.services.pool.clock().now();
    Map out = execution_on_wire(execution, now);
    out.set("taskRunList", runs_on_wire(execution, runs, claims, now));
    put_actions(out, execution, runs);
    return Value(std::move(out));
}

Value execution_with_runs(Api& api, const http::Request& request, const engine::Execution& execution) {
    Value out = execution_with_runs(api, execution);
    if (!is_second_profile(request)) return out;
    for (Value& run : out.mutable_map()["taskRunList"].mutable_list()) {
        for (const char* told_elsewhere : {"outputs", "executionId", "namespace", "flowId"})
            run.mutable_map().erase(told_elsewhere);
    }
    return out;
}

List executions_on_wire(Api& api, const std::vector<engine::Execution>& executions, Form form) {
    const Timestamp now = api.services.pool.clock().now();
    List out;
    if (form == Form::Light) {
        for (const engine::Execution& one : executions) {
            Map light = execution_on_wire(one, now);
            light.erase("variables");
            light.erase("metadata");
            out.push_back(Value(std::move(light)));
        }
        return out;
    }
    std::vector<ExecutionId> ids;
    for (const engine::Execution& one : executions) ids.push_back(one.id);
    std::map<ExecutionId, std::vector<engine::TaskRun>> runs;
    std::map<TaskRunId, RunningClaim> claims;
    api.services.pool.with_connection([&](pg::Connection& connection) {
        for (auto& [execution_id, run] : store::load_task_runs_of_executions(connection, ids)) {
            runs[execution_id].push_back(std::move(run));
        }
        for (const engine::Execution& one : executions) {
            if (is_over(one.state())) continue;
            for (const queue::ClaimView& claim : queue::claims_of(connection, one.id)) {
                claims[claim.task_run_id] = {claim.worker.text(), claim.claimed_at};
            }
        }
    });
    for (const engine::Execution& one : executions) {
        Map full = execution_on_wire(one, now);
        full.set("taskRunList", runs_on_wire(one, runs[one.id], claims, now));
        out.push_back(Value(std::move(full)));
    }
    return out;
}

Value started_on_wire(Api& api, const engine::Execution& execution) {
    Map out = execution_on_wire(execution, api.services.pool.clock().now());
    out.set("url", fmt::format("{}/ui/main/executions/{}/{}/{}", api.public_url(), execution.flow.namespace_name,
                               execution.flow.id, execution.id));
    return Value(std::move(out));
}

}  // namespace sluice::webserver
