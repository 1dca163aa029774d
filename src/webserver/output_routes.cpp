// Outputs as a resource of their own: who reads an execution need not get them all.
#include "expr/failure.h"
#include "store/executions.h"
#include "store/large_outputs.h"
#include "store/task_runs.h"
#include "webserver/api.h"

namespace sluice::webserver {
namespace output_routes {

ExecutionId id_of(const http::Request& request) {
    return ExecutionId{std::string(request.parameter("executionId"))};
}

bool has_outputs(const engine::TaskRun& run) {
    const Map* outputs = run.outputs.if_map();
    return outputs != nullptr && !outputs->empty();
}

/// Which task runs have some. `inline`: false where they stand in a file, because they are large.
Result<http::Response> list(Api& api, const http::Request& request) {
    return api.services.pool.with_connection([&](pg::Connection& connection) -> Result<http::Response> {
        if (!store::load_execution(connection, id_of(request)))
            return not_found("Not Found: execution {} does not exist", id_of(request));
        List out;
        for (const engine::TaskRun& run : store::load_task_runs(connection, id_of(request))) {
            if (!has_outputs(run)) continue;
            Map one;
            one.set("taskId", run.task_id);
            one.set("taskRunId", run.id.text());
            if (run.value) one.set("value", *run.value);
            if (run.iteration) one.set("iteration", *run.iteration);
            one.set("inline", !store::stand_in_a_file(run.outputs));
            out.push_back(Value(std::move(one)));
        }
        return http::Response::json(Value(std::move(out)));
    });
}

/// Those of one task run, whether they stand in its row or in a file.
Result<http::Response> of_task_run(Api& api, const http::Request& request) {
    const ExecutionId id = id_of(request);
    std::vector<engine::TaskRun> runs;
    const auto execution = api.services.pool.with_connection([&](pg::Connection& connection) {
        runs = store::load_task_runs(connection, id);
        return store::load_execution(connection, id);
    });
    if (!execution) return not_found("Not Found: execution {} does not exist", id);
    std::erase_if(runs, [&](const engine::TaskRun& run) { return run.id.text() != request.parameter("taskRunId"); });
    if (runs.empty())
        return not_found("Not Found: execution {} has no task run {}", id, request.parameter("taskRunId"));
    store::Environment environment(store::connection_of(api.services.pool), api.services.instance,
                                   execution->flow.namespace_name, id.text(), api.services.pool.clock().now());
    try {
        store::fetch_outputs(runs, environment);
    } catch (const expr::Failure& gone) {
        return not_found("Not Found: {}", gone.what());
    }
    const Value& outputs = runs.front().outputs;
    return http::Response::json(outputs.is_null() ? Value(Map()) : outputs);
}

}  // namespace output_routes

void add_output_routes(http::Router& router, Api& api) {
    using namespace output_routes;
    using http::Method;
    using http::Request;
    route(router, Method::Get, "/outputs/{executionId}", [&api](const Request& r) { return list(api, r); },
          {"Task runs that have outputs"});
    route(router, Method::Get, "/outputs/{executionId}/{taskRunId}",
          [&api](const Request& r) { return of_task_run(api, r); }, {"The outputs of a task run"});
}

}  // namespace sluice::webserver
