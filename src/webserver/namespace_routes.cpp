// Namespaces: those of flows, those that say something of themselves, and all above them.
#include <set>

#include "store/find_flows.h"
#include "store/namespaces.h"
#include "value/json.h"
#include "webserver/api.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"

namespace sluice::webserver {
namespace namespace_routes {

using http::Request;

bool has_all_words(const std::string& name, const std::string& words) {
    std::size_t from = 0;
    while (from < words.size()) {
        const std::size_t end = std::min(words.find(' ', from), words.size());
        const std::string word = words.substr(from, end - from);
        if (word != "*" && name.find(word) == std::string::npos) return false;
        from = end + 1;
    }
    return true;
}

std::vector<std::string> with_flows_or_settings(Api& api) {
    return api.services.pool.with_connection([](pg::Connection& connection) {
        std::vector<std::string> out = store::flow_namespaces(connection);
        for (std::string& name : store::namespace_names(connection)) out.push_back(std::move(name));
        return out;
    });
}

/// By name. `above`: with the namespaces that have none of their own, but flows below them
std::set<std::string> namespaces(Api& api, const Request& request, bool above) {
    std::set<std::string> out;
    for (std::string name : with_flows_or_settings(api)) {
        out.insert(name);
        for (auto dot = name.rfind('.'); above && dot != std::string::npos; dot = name.rfind('.')) {
            name.resize(dot);
            out.insert(name);
        }
    }
    std::erase_if(out, [&](const std::string& name) { return !may(request, name); });
    return out;
}

Result<http::Response> search(Api& api, const Request& request) {
    const auto wanted = search_of(request, api.services.pool.clock().now());
    if (!wanted) return tl::unexpected(wanted.error());
    std::string words;
    bool existing = flag_parameter(request, "existing").value_or(false);
    for (const store::Filter& filter : wanted->filters) {
        if (filter.field == "q")
            words = filter.values.front();
        else if (filter.field == "existingOnly")
            existing = filter.values.front() == "true";
        else
            return store::unknown_filter(filter);
    }
    std::vector<std::string> found;
    for (const std::string& name : namespaces(api, request, !existing)) {
        if (has_all_words(name, words)) found.push_back(name);
    }
    for (const store::SortKey& key : wanted->sort) {
        if (key.field != "id")
            return invalid("Invalid sort parameter: there is no field '{}' to sort by here; there is id", key.field);
        if (key.descending) std::reverse(found.begin(), found.end());
    }
    List results;
    for (std::size_t i = wanted->offset; i < found.size() && results.size() < wanted->size; ++i) {
        results.push_back(Value{{"id", found[i]}, {"disabled", true}});
    }
    return paged(std::move(results), {static_cast<std::int64_t>(found.size()), false});
}

/// {"q", "ids", "existingOnly"}
Result<http::Response> complete(Api& api, const Request& request) {
    const auto body = request.body.empty() ? Result<Value>(Value(Map())) : parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const std::string words = body->text("q");
    List out;
    for (const std::string& name : namespaces(api, request, !(*body)["existingOnly"].if_bool().value_or(false))) {
        if (has_all_words(name, words)) out.emplace_back(name);
    }
    return http::Response::json(Value(std::move(out)));
}

}  // namespace namespace_routes

void add_namespace_routes(http::Router& router, Api& api) {
    using namespace namespace_routes;
    using http::Method;
    route(router, Method::Get, "/namespaces/search", [&api](const Request& r) { return search(api, r); },
          {"Namespaces", kSearchParameters});
    route(router, Method::Post, "/namespaces/autocomplete", [&api](const Request& r) { return complete(api, r); },
          {"Namespaces whose name has these words"});
}

}  // namespace sluice::webserver
