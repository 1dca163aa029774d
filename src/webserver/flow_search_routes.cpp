// Flows: lists and namespaces.
#include "store/find_flows.h"
#include "webserver/api.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace flow_search_routes {

Result<http::Response> search(Api& api, const http::Request& request) {
    const auto wanted = search_of(request, api.services.pool.clock().now());
    if (!wanted) return tl::unexpected(wanted.error());
    const auto found = run_search(api.lists, request,
                                  [&](pg::Connection& connection) { return store::find_flows(connection, *wanted); });
    if (!found) return tl::unexpected(found.error());
    List results;
    for (const store::FlowRow& row : found->rows) results.push_back(flow_on_wire(row, false));
    return paged(std::move(results), found->total);
}

/// All of exactly this namespace.
Result<http::Response> of_namespace(Api& api, const http::Request& request) {
    List out;
    for (const store::FlowRow& row : api.services.pool.with_connection([&](pg::Connection& connection) {
             return store::flows_of_namespace(connection, std::string(request.parameter("namespace")));
         })) {
        out.push_back(flow_on_wire(row, false));
    }
    return http::Response::json(Value(std::move(out)));
}

/// Lines that hold the words, which are marked: [mark]…[/mark].
List fragments_of(const std::string& source, std::string_view words) {
    constexpr std::size_t kMostFragments = 5;
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
    };
    List out;
    auto from = source.begin();
    while (out.size() < kMostFragments) {
        const auto hit = std::search(from, source.end(), words.begin(), words.end(), same);
        if (hit == source.end()) break;
        const auto hit_end = hit + static_cast<std::ptrdiff_t>(words.size());
        const auto line = std::find(std::make_reverse_iterator(hit), source.rend(), '\n').base();
        const auto line_end = std::find(hit_end, source.end(), '\n');
        out.emplace_back(std::string(line, hit) + "[mark]" + std::string(hit, hit_end) + "[/mark]" +
                         std::string(hit_end, line_end));
        from = line_end;
    }
    return out;
}

Result<http::Response> search_sources(Api& api, const http::Request& request) {
    auto wanted = search_of(request, api.services.pool.clock().now());
    if (!wanted) return tl::unexpected(wanted.error());
    std::string words;
    std::erase_if(wanted->filters, [&](const store::Filter& filter) {
        if (filter.field != "q") return false;
        words = filter.values.front();
        return true;
    });
    const auto found = run_search(api.lists, request, [&](pg::Connection& connection) {
        return store::find_in_sources(connection, *wanted, words);
    });
    if (!found) return tl::unexpected(found.error());
    List results;
    for (const store::FlowRow& row : found->rows) {
        results.push_back(Value{{"model", flow_on_wire(row, false)},
                                {"fragments", Value(words.empty() ? List() : fragments_of(row.source, words))}});
    }
    return paged(std::move(results), found->total);
}

Result<http::Response> namespaces(Api& api, const http::Request& request) {
    List out;
    for (std::string& one : api.services.pool.with_connection([&](pg::Connection& connection) {
             return store::flow_namespaces(connection, text_parameter(request, "q"));
         })) {
        if (may(request, one)) out.emplace_back(std::move(one));
    }
    return http::Response::json(Value(std::move(out)));
}

}  // namespace flow_search_routes

void add_flow_search_routes(http::Router& router, Api& api) {
    using namespace flow_search_routes;
    using http::Method;
    using http::Request;
    route(router, Method::Get, "/flows/search", [&api](const Request& r) { return search(api, r); },
          {"Flows, filtered and paged", kSearchParameters});
    route(router, Method::Get, "/flows/source", [&api](const Request& r) { return search_sources(api, r); },
          {"Flows whose text has some words", kSearchParameters});
    route(router, Method::Get, "/flows/distinct-namespaces", [&api](const Request& r) { return namespaces(api, r); });
    route(router, Method::Get, "/flows/{namespace}", [&api](const Request& r) { return of_namespace(api, r); });
}

}  // namespace sluice::webserver
