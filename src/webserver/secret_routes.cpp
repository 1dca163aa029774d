// Secrets of namespaces. Names only: what they are never leaves the server.
#include <map>

#include "access/act.h"
#include "store/secrets.h"
#include "value/json.h"
#include "webserver/api.h"

namespace sluice::webserver {
namespace secret_routes {

using http::Request;

Value name_on_wire(const store::SecretName& one) {
    Map out;
    out.set("key", one.key);
    out.set("namespace", one.name_space);
    if (!one.description.empty()) out.set("description", one.description);
    out.set("updated", to_iso(one.updated_at));
    if (one.of_previous_key) out.set("ofPreviousKey", true);
    return Value(std::move(out));
}

http::Response listed(Api& api, List results) {
    // Those of SECRET_<NAME> hold for all namespaces, and only who starts the servers changes them.
    for (const auto& [name, value] : api.services.instance.secrets)
        results.push_back(Value{{"key", name}, {"fromEnvironment", true}});
    const auto total = static_cast<std::int64_t>(results.size());
    const bool read_only = api.services.instance.encryption_key.empty();
    return http::Response::json(
        Value{{"readOnly", read_only}, {"results", Value(std::move(results))}, {"total", total}});
}

/// With those that it inherits: of two with the same name the nearer one counts.
http::Response of_namespace(Api& api, const Request& request) {
    const std::vector<std::string> namespaces = store::with_those_above(std::string(request.parameter("namespace")));
    List results;
    for (const store::SecretName& one : api.services.pool.with_connection([&](pg::Connection& connection) {
             return store::Secrets(api.services.instance.sealing_keys()).list(connection, namespaces);
         })) {
        results.push_back(name_on_wire(one));
    }
    return listed(api, std::move(results));
}

/// Names by the namespace above that has them, the nearest first: {"company": ["TOKEN"]}
http::Response inherited(Api& api, const Request& request) {
    std::vector<std::string> above = store::with_those_above(std::string(request.parameter("namespace")));
    above.erase(above.begin());
    if (above.empty()) return http::Response::json(Value(Map()));
    std::map<std::string, List> names;
    for (const store::SecretName& one : api.services.pool.with_connection([&](pg::Connection& connection) {
             return store::Secrets(api.services.instance.sealing_keys()).list(connection, above);
         })) {
        names[one.name_space].emplace_back(one.key);
    }
    Map out;
    for (const std::string& name : above) {
        if (const auto found = names.find(name); found != names.end()) out.set(name, Value(std::move(found->second)));
    }
    return http::Response::json(Value(std::move(out)));
}

http::Response all(Api& api, const Request& request) {
    List results;
    for (const store::SecretName& one : api.services.pool.with_connection([&](pg::Connection& connection) {
             return store::Secrets(api.services.instance.sealing_keys()).list(connection, {});
         })) {
        if (may(request, one.name_space)) results.push_back(name_on_wire(one));
    }
    return listed(api, std::move(results));
}

/// {"key", "value", "description"}
Result<http::Response> put(Api& api, const Request& request) {
    const auto body = parse_json(request.body);
    if (!body || !body->is_map()) return invalid("Invalid json: expected {{\"key\", \"value\", \"description\"}}");
    const auto done = access::in_act(api.services.pool, [&](pg::Transaction& tx) {
        return store::Secrets(api.services.instance.sealing_keys())
            .put(tx, std::string(request.parameter("namespace")), body->text("key"), body->text("value"),
                 body->text("description"));
    });
    if (!done) return tl::unexpected(done.error());
    return http::Response::empty();
}

Result<http::Response> remove(Api& api, const Request& request) {
    const std::string name_space(request.parameter("namespace"));
    const std::string key(request.parameter("key"));
    const bool removed = api.services.pool.in_transaction(
        [&](pg::Transaction& tx) { return store::Secrets::remove(tx, name_space, key); });
    if (!removed) return not_found("Not Found: {} has no secret {}", name_space, key);
    return http::Response::empty();
}

}  // namespace secret_routes

void add_secret_routes(http::Router& router, Api& api) {
    using namespace secret_routes;
    using http::Method;
    const std::string root = "/namespaces/{namespace}/secrets";
    route(router, Method::Get, root, [&api](const Request& r) { return of_namespace(api, r); },
          {"Names of a namespace's secrets, and of those that it inherits"});
    route(router, Method::Put, root, [&api](const Request& r) { return put(api, r); }, {"Stores a secret"});
    route(router, Method::Delete, root + "/{key}", [&api](const Request& r) { return remove(api, r); },
          {"Deletes a secret"});
    route(router, Method::Get, "/namespaces/{namespace}/inherited-secrets",
          [&api](const Request& r) { return inherited(api, r); }, {"Names of the secrets of the namespaces above"});
    route(router, Method::Get, "/secrets", [&api](const Request& r) { return all(api, r); }, {"Names of secrets"});
}

}  // namespace sluice::webserver
