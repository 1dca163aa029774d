#include "webserver/background.h"

#include <algorithm>
#include <array>

#include "store/find_executions.h"
#include "value/json.h"
#include "webserver/operation_acts.h"
#include "webserver/search_request.h"

namespace sluice::webserver {
namespace {

constexpr std::array kOptions{"newState",   "newStatus",     "latestRevision", "isOnKillCascade",
                              "deleteLogs", "deleteMetrics", "deleteStorage"};
// By a query these are filters.
constexpr std::array kOptionsOfListed{"state", "status"};

Value options_in(const http::Request& request, const OperationWish& wish) {
    Map out;
    const auto take = [&](const char* name) {
        if (const auto value = request.query.first(name)) out.set(name, std::string(*value));
    };
    for (const char* name : kOptions) take(name);
    if (!wish.filters) {
        for (const char* name : kOptionsOfListed) take(name);
    }
    if (wish.options.is_map()) {
        for (const auto& [name, value] : wish.options.as_map()) out.set(name, value);
    }
    return Value(std::move(out));
}

Result<std::int64_t> size_of_wish(Api& api, const OperationWish& wish) {
    if (!wish.filters) return static_cast<std::int64_t>(wish.members.size());
    const auto states = run_search(api.services.pool, [&](pg::Connection& connection) {
        return store::count_executions_by_state(connection, *wish.filters);
    });
    if (!states) return tl::unexpected(states.error());
    std::int64_t total = 0;
    for (const auto& [state, count] : *states) total += count;
    return total;
}

}  // namespace

Result<http::Response> in_background(Api& api, const http::Request& request, OperationWish wish) {
    std::sort(wish.members.begin(), wish.members.end());
    wish.members.erase(std::unique(wish.members.begin(), wish.members.end()), wish.members.end());
    wish.options = options_in(request, wish);
    wish.by = actor_of(request);
    wish.by.name = user_of(request);
    wish.within = visitor_of(request).identity.grants->scope_of(visitor_of(request).what);
    if (const auto act = act_of(api, wish); !act) return tl::unexpected(act.error());
    const auto total = size_of_wish(api, wish);
    if (!total) return tl::unexpected(total.error());
    wish.total = *total;
    if (wish.total == 0) return http::Response::json(Value{{"operationId", ""}, {"totalItems", 0}});
    const std::string id =
        api.services.pool.in_transaction([&](pg::Transaction& tx) { return put_operation(tx, wish); });
    api.services.signals.notify(pg::kOperationsChannel);
    auto response =
        http::Response::json(Value{{"operationId", id}, {"totalItems", wish.total}}, http::Status::Accepted);
    response.set("Location", "/api/v1/main/operations/" + id);
    return response;
}

}  // namespace sluice::webserver
