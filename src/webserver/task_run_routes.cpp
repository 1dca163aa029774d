// Task runs of all executions.
#include "store/find_task_runs.h"
#include "webserver/api.h"
#include "webserver/search_request.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace task_run_routes {

Result<http::Response> search(Api& api, const http::Request& request) {
    const Timestamp now = api.services.pool.clock().now();
    const auto wanted = search_of(request, now);
    if (!wanted) return tl::unexpected(wanted.error());
    const auto found = run_search(
        api.lists, request, [&](pg::Connection& connection) { return store::find_task_runs(connection, *wanted); });
    if (!found) return tl::unexpected(found.error());
    List results;
    for (const store::FoundTaskRun& one : found->rows) {
        engine::Execution execution;
        execution.id = one.owned.execution_id;
        execution.flow = one.flow;
        std::optional<RunningClaim> claim;
        if (one.claimed_at) claim = RunningClaim{one.claimed_by, *one.claimed_at};
        results.push_back(task_run_on_wire(execution, one.owned.run, claim, now));
    }
    return paged(std::move(results), found->total);
}

}  // namespace task_run_routes

void add_task_run_routes(http::Router& router, Api& api) {
    using namespace task_run_routes;
    using http::Method;
    route(router, Method::Get, "/taskruns/search", [&api](const http::Request& r) { return search(api, r); },
          {"Task runs, filtered and paged", kSearchParameters});
    // In other products a limit of how many may be shown; here there is none to tell.
    route(router, Method::Get, "/taskruns/maxTaskRunSetting",
          [](const http::Request&) { return http::Response::json(Value(0)); });
}

}  // namespace sluice::webserver
