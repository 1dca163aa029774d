// What an expression gives in an execution: for people who write one and want to see it.
#include "engine/context.h"
#include "expr/render.h"
#include "store/executions.h"
#include "store/large_outputs.h"
#include "store/task_runs.h"
#include "webserver/api.h"

namespace sluice::webserver {
namespace execution_eval_routes {

/// An expression that somebody tries out must not keep a thread of the server for long.
constexpr Duration kLongest = 5s;

engine::TaskRunReader reader(Api& api, const ExecutionId& id, store::Environment& environment) {
    const auto with_outputs = [&environment](std::vector<engine::TaskRun> runs) {
        store::fetch_outputs(runs, environment);
        return runs;
    };
    return {[&api, id, with_outputs](std::string_view task_id) {
                return with_outputs(api.services.pool.with_connection([&](pg::Connection& connection) {
                    return store::load_task_runs_of(connection, id, {std::string(task_id)});
                }));
            },
            [&api, id, with_outputs] {
                return with_outputs(api.services.pool.with_connection(
                    [&](pg::Connection& connection) { return store::load_task_runs(connection, id); }));
            }};
}

/// A task run and those around it, the nearest first. Empty: there is none of this id
std::vector<engine::TaskRun> lineage(Api& api, const ExecutionId& id, const TaskRunId& wanted) {
    std::map<TaskRunId, engine::TaskRun> by_id;
    for (engine::TaskRun& run : api.services.pool.with_connection(
             [&](pg::Connection& connection) { return store::load_task_runs(connection, id); })) {
        const TaskRunId own = run.id;
        by_id.emplace(own, std::move(run));
    }
    std::vector<engine::TaskRun> out;
    for (auto at = by_id.find(wanted); at != by_id.end(); at = by_id.find(at->second.parent_id)) {
        out.push_back(at->second);
    }
    return out;
}

/// Errors  Expression and what else rendering knows; Invalid: the flow can't be read
Result<std::string> evaluate(Api& api, const engine::Execution& execution, const std::vector<engine::TaskRun>& around,
                             const std::string& text, store::Environment& environment) {
    const auto flow = api.services.pool.with_connection([&](pg::Connection& connection) {
        return api.services.flows.get(connection, execution.flow, execution.flow_revision);
    });
    if (!flow) return tl::unexpected(flow.error());
    const engine::TaskRun* run = around.empty() ? nullptr : &around.front();
    const flow::TaskPlace* place = run != nullptr ? (*flow)->place(run->task_id) : nullptr;
    std::vector<engine::Parent> parents;
    for (std::size_t i = 1; i < around.size(); ++i) parents.push_back({around[i].value, around[i].outputs});
    expr::Limits limits = api.services.instance.limits;
    limits.time = std::min(limits.time, kLongest);
    return expr::render(text,
                        engine::context_of(**flow, execution, place != nullptr ? place->task : nullptr, run, parents,
                                           reader(api, execution.id, environment), environment.names()),
                        environment, limits);
}

/// A wrong expression is an answer, not a wrong request.
Result<http::Response> answer(Api& api, const http::Request& request, const std::string& task_run_id) {
    const ExecutionId id{std::string(request.parameter("id"))};
    const auto execution = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::load_execution(connection, id); });
    if (!execution) return not_found("Not Found: execution {} does not exist", id);
    std::vector<engine::TaskRun> around;
    if (!task_run_id.empty()) {
        around = lineage(api, id, TaskRunId{task_run_id});
        if (around.empty()) return not_found("Not Found: execution {} has no task run {}", id, task_run_id);
    }
    store::Environment environment(store::connection_of(api.services.pool), api.services.instance,
                                   execution->flow.namespace_name, id.text(), api.services.pool.clock().now());
    const auto result = evaluate(api, *execution, around, request.body, environment);
    const auto masked = [&](std::string text) { return environment.masked(std::move(text)); };
    if (result) return http::Response::json(Value{{"result", masked(*result)}});
    return http::Response::json(Value{{"error", masked(result.error().message)}, {"kind", result.error().kind}});
}

}  // namespace execution_eval_routes

void add_execution_eval_routes(http::Router& router, Api& api) {
    using namespace execution_eval_routes;
    using http::Method;
    using http::Request;
    for (const std::string eval : {"/executions/{id}/eval", "/executions/{id}/actions/eval"}) {
        route(router, Method::Post, eval, [&api](const Request& r) { return answer(api, r, ""); },
              {"What an expression gives in an execution: text"});
        route(router, Method::Post, eval + "/{taskRunId}",
              [&api](const Request& r) { return answer(api, r, std::string(r.parameter("taskRunId"))); },
              {"What an expression gives in a task run: text"});
    }
}

}  // namespace sluice::webserver
