#include "webserver/execution_view.h"

#include "queue/queue.h"
#include "store/task_runs.h"
#include "webserver/wire.h"

namespace sluice::webserver {

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
    List list;
    for (const engine::TaskRun& run : runs) {
        const auto claim = claims.find(run.id);
        list.push_back(task_run_on_wire(execution, run,
                                        claim != claims.end() ? std::optional(claim->second) : std::nullopt, now));
    }
    out.set("taskRunList", Value(std::move(list)));
    return Value(std::move(out));
}

Value started_on_wire(Api& api, const engine::Execution& execution) {
    Map out = execution_on_wire(execution, api.services.pool.clock().now());
    out.set("url", fmt::format("{}/ui/main/executions/{}/{}/{}", api.public_url(), execution.flow.namespace_name,
                               execution.flow.id, execution.id));
    return Value(std::move(out));
}

}  // namespace sluice::webserver
