// What an operator looks after: parked events.
#include <charconv>

#include "queue/parked.h"
#include "webserver/api.h"

namespace sluice::webserver {
namespace cluster_routes {

constexpr std::size_t kMostParked = 1000;

void set_text(Map& map, const char* key, const std::string& text) {
    if (!text.empty()) map.set(key, text);
}

http::Response parked(Api& api) {
    const auto found = api.services.pool.with_connection(
        [](pg::Connection& connection) { return queue::parked_events(connection, kMostParked); });
    List results;
    for (const queue::ParkedEvent& event : found.rows) {
        Map one;
        one.set("id", event.id);
        set_text(one, "executionId", event.execution_id);
        set_text(one, "namespace", event.name_space);
        set_text(one, "flowId", event.flow_id);
        set_text(one, "kind", event.kind);
        set_text(one, "taskRunId", event.task_run_id);
        one.set("error", event.error);
        one.set("parkedAt", to_iso(event.parked_at));
        results.push_back(Value(std::move(one)));
    }
    return http::Response::json(Value{{"results", Value(std::move(results))}, {"total", found.total}});
}

/// Errors  NotFound: no such event, or no number
Result<void> with_parked(Api& api, const http::Request& request, bool (*change)(pg::Transaction&, std::int64_t)) {
    const std::string_view text = request.parameter("id");
    std::int64_t id = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), id);
    const bool is_number = read.ec == std::errc() && read.ptr == text.data() + text.size();
    const bool done =
        is_number && api.services.pool.in_transaction([&](pg::Transaction& tx) { return change(tx, id); });
    if (!done) return not_found("Not Found: parked event {} does not exist", text);
    return {};
}

Result<http::Response> retry(Api& api, const http::Request& request) {
    if (const auto done = with_parked(api, request, queue::retry_parked); !done) return tl::unexpected(done.error());
    return http::Response::empty();
}

Result<http::Response> drop(Api& api, const http::Request& request) {
    if (const auto done = with_parked(api, request, queue::drop_parked); !done) return tl::unexpected(done.error());
    return http::Response::empty();
}

}  // namespace cluster_routes

void add_cluster_routes(http::Router& router, Api& api) {
    using namespace cluster_routes;
    using http::Method;
    using http::Request;
    route(router, Method::Get, "/cluster/parked", [&api](const Request&) { return parked(api); },
          {"Events that failed too often and were put aside"});
    route(router, Method::Post, "/cluster/parked/{id}/retry", [&api](const Request& r) { return retry(api, r); },
          {"Puts a parked event back into its queue"});
    route(router, Method::Delete, "/cluster/parked/{id}", [&api](const Request& r) { return drop(api, r); },
          {"Throws a parked event away"});
}

}  // namespace sluice::webserver
