// API tokens: one's own, and, for administrators, those of others. A token is shown once, when it is made.
#include "access/act.h"
#include "value/json.h"
#include "webserver/api.h"
#include "webserver/parameters.h"

namespace sluice::webserver {
namespace token_routes {

using http::Request;
using OwnerOf = std::string (*)(const Request&);

std::string named(const Request& request) {
    return std::string(request.parameter("username"));
}

Value token_on_wire(const access::TokenRow& row) {
    Map out;
    out.set("id", row.id);
    out.set("name", row.name);
    out.set("beginning", row.beginning);
    if (!row.role.empty()) out.set("role", row.role);
    if (!row.name_space.empty()) out.set("namespace", row.name_space);
    out.set("created", to_iso(row.created_at));
    if (row.expires_at) out.set("expires", to_iso(*row.expires_at));
    if (row.last_used_at) out.set("lastUsed", to_iso(*row.last_used_at));
    return Value(std::move(out));
}

http::Response list(Api& api, const std::string& owner) {
    List results;
    for (const access::TokenRow& row : api.services.pool.with_connection(
             [&](pg::Connection& connection) { return access::tokens_of(connection, owner); })) {
        results.push_back(token_on_wire(row));
    }
    const auto total = static_cast<std::int64_t>(results.size());
    return http::Response::json(Value{{"results", Value(std::move(results))}, {"total", total}});
}

/// {"name", "role", "namespace", "expires" or "lifetime"}
Result<access::TokenRow> token_in(const Value& body, Timestamp now) {
    access::TokenRow row{.name = body.text("name"), .role = body.text("role"), .name_space = body.text("namespace")};
    if (const std::string text = body.text("expires"); !text.empty()) {
        const auto at = parse_iso(text);
        if (!at) return invalid("Invalid format: expires: {}", at.error().message);
        row.expires_at = *at;
    }
    if (const std::string text = body.text("lifetime"); !text.empty()) {
        const auto length = parse_duration(text);
        if (!length) return invalid("Invalid format: lifetime: {}", length.error().message);
        row.expires_at = now + *length;
    }
    return row;
}

Result<http::Response> create(Api& api, const Request& request, const std::string& owner) {
    if (visitor_of(request).identity.by == access::Identity::By::Token)
        return refuse(ErrorCode::Forbidden, "a token makes no tokens: log in with a password");
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    auto row = token_in(*body, api.services.pool.clock().now());
    if (!row) return tl::unexpected(row.error());
    const auto token =
        access::in_act(api.services.pool, [&](pg::Transaction& tx) { return access::add_token(tx, owner, *row); });
    if (!token) return tl::unexpected(token.error());
    Value answer = token_on_wire(*row);
    answer.mutable_map().set("token", *token);
    return http::Response::json(answer);
}

Result<http::Response> revoke(Api& api, const Request& request, const std::string& owner) {
    const std::string text(request.parameter("tokenId"));
    if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string::npos)
        return not_found("Not Found: there is no token '{}'", text);
    const auto done = access::in_act(
        api.services.pool, [&](pg::Transaction& tx) { return access::revoke_token(tx, owner, std::stoll(text)); });
    if (!done) return tl::unexpected(done.error());
    api.authenticator.forget();
    return http::Response::empty();
}

}  // namespace token_routes

void add_token_routes(http::Router& router, Api& api) {
    using namespace token_routes;
    using http::Method;
    for (const auto& [root, owner] :
         {std::pair<std::string, OwnerOf>("/me", [](const Request& r) { return user_of(r); }),
          std::pair<std::string, OwnerOf>("/users/{username}", named)}) {
        const std::string pattern = root + "/api-tokens";
        route(router, Method::Get, pattern, [&api, owner = owner](const Request& r) { return list(api, owner(r)); },
              {"API tokens"});
        route(router, Method::Post, pattern,
              [&api, owner = owner](const Request& r) { return create(api, r, owner(r)); },
              {"A new API token, which is shown this once"});
        route(router, Method::Delete, pattern + "/{tokenId}",
              [&api, owner = owner](const Request& r) { return revoke(api, r, owner(r)); }, {"Revokes an API token"});
    }
}

}  // namespace sluice::webserver
