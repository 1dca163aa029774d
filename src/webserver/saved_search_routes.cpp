// Filters of lists that people keep under a name: their own, and those that others share.
#include "sql/webserver.h"
#include "value/json.h"
#include "webserver/api.h"

namespace sluice::webserver {
namespace saved_search_routes {

using http::Request;

constexpr std::array kPages{"executions", "taskruns", "logs", "flows", "triggers"};
constexpr std::size_t kLongestName = 100;
constexpr std::size_t kLongestQuery = 8000;

Result<std::string> page_of(const Request& request) {
    const std::string_view page = request.parameter("page");
    if (std::find(kPages.begin(), kPages.end(), page) == kPages.end())
        return not_found("Not Found: searches are kept of {}, not of '{}'", fmt::join(kPages, ", "), page);
    return std::string(page);
}

Result<http::Response> list_searches(Api& api, const Request& request) {
    const auto page = page_of(request);
    if (!page) return tl::unexpected(page.error());
    const std::string& user = user_of(request);
    List results;
    for (pg::Row row : api.services.pool.run(sql::saved_searches, *page, user)) {
        const std::string owner = row.text();
        Map one;
        for (const char* name : {"name", "query"}) one.set(name, row.text());
        one.set("shared", row.boolean());
        one.set("updated", to_iso(row.timestamp()));
        one.set("owner", owner);
        one.set("own", owner == user);
        results.emplace_back(std::move(one));
    }
    const auto total = static_cast<std::int64_t>(results.size());
    return http::Response::json(Value{{"results", Value(std::move(results))}, {"total", total}});
}

/// {"query", "shared"}
Result<http::Response> keep_search(Api& api, const Request& request) {
    const auto page = page_of(request);
    if (!page) return tl::unexpected(page.error());
    const std::string name(request.parameter("name"));
    if (name.empty() || name.size() > kLongestName)
        return invalid("Illegal argument: a name has 1 to {} bytes", kLongestName);
    const auto body = parse_json(request.body);
    if (!body || !body->is_map()) return invalid("Invalid json: expected {{\"query\", \"shared\"}}");
    const std::string query = body->text("query");
    if (query.size() > kLongestQuery) return invalid("Illegal argument: a query has at most {} bytes", kLongestQuery);
    api.services.pool.run(sql::put_saved_search, *page, user_of(request), name, query,
                          (*body)["shared"].if_bool().value_or(false));
    return http::Response::empty();
}

Result<http::Response> forget_search(Api& api, const Request& request) {
    const auto page = page_of(request);
    if (!page) return tl::unexpected(page.error());
    const std::string name(request.parameter("name"));
    if (api.services.pool.run(sql::delete_saved_search, *page, user_of(request), name).empty())
        return not_found("Not Found: you have kept no search '{}' of {}", name, *page);
    return http::Response::empty();
}

}  // namespace saved_search_routes

void add_saved_search_routes(http::Router& router, Api& api) {
    using namespace saved_search_routes;
    using http::Method;
    route(router, Method::Get, "/searches/{page}", [&api](const Request& r) { return list_searches(api, r); },
          {"Searches that are kept of a list"});
    route(router, Method::Put, "/searches/{page}/{name}", [&api](const Request& r) { return keep_search(api, r); },
          {"Keeps a search under a name"});
    route(router, Method::Delete, "/searches/{page}/{name}", [&api](const Request& r) { return forget_search(api, r); },
          {"Forgets a search"});
}

}  // namespace sluice::webserver
