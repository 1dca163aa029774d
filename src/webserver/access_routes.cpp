// Users, groups, roles and who has which: for administrators.
#include "access/accounts.h"
#include "access/act.h"
#include "value/json.h"
#include "webserver/api.h"
#include "webserver/parameters.h"

namespace sluice::webserver {
namespace access_routes {

using http::Request;

constexpr std::size_t kMostUsers = 200;

Result<Value> body_of(const Request& request) {
    auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    if (!body->is_map()) return invalid("Invalid json mapping: expected an object");
    return body;
}

Value texts_on_wire(const std::vector<std::string>& texts) {
    List out;
    for (const std::string& one : texts) out.emplace_back(one);
    return Value(std::move(out));
}

std::vector<std::string> texts_in(const Value& list) {
    std::vector<std::string> out;
    if (!list.is_list()) return out;
    for (const Value& one : list.as_list()) {
        if (const std::string* text = one.if_string()) out.push_back(*text);
    }
    return out;
}

std::optional<std::string> text_if_any(const Value& body, std::string_view name) {
    const auto found = body.get(name);
    const std::string* text = found ? found->if_string() : nullptr;
    return text != nullptr ? std::optional(*text) : std::nullopt;
}

/// An act, and 204.
template <class Act>
Result<http::Response> done(Api& api, const Act& act) {
    const auto result = access::in_act(api.services.pool, act);
    if (!result) return tl::unexpected(result.error());
    api.authenticator.forget();  // others learn it by NOTIFY
    return http::Response::empty();
}

// ------------------------------------------------------------------------------------------------------ users

Value user_on_wire(const access::UserRow& row) {
    Map out;
    out.set("username", row.name);
    out.set("kind", row.kind);
    if (!row.full_name.empty()) out.set("fullName", row.full_name);
    out.set("disabled", row.disabled);
    out.set("locked", row.locked);
    out.set("created", to_iso(row.created_at));
    if (row.last_login_at) out.set("lastLogin", to_iso(*row.last_login_at));
    out.set("groups", texts_on_wire(row.groups));
    return Value(std::move(out));
}

/// By name, after that of `after`.
Result<http::Response> users(Api& api, const Request& request) {
    const auto rows = api.services.pool.with_connection([&](pg::Connection& connection) {
        return access::list_users(connection, text_parameter(request, "after"), text_parameter(request, "q"),
                                  kMostUsers);
    });
    List results;
    for (const access::UserRow& row : rows) results.push_back(user_on_wire(row));
    Map out;
    out.set("total", static_cast<std::int64_t>(results.size()));
    out.set("results", Value(std::move(results)));
    if (rows.size() == kMostUsers) out.set("nextCursor", rows.back().name);
    return http::Response::json(Value(std::move(out)));
}

Result<http::Response> add_user(Api& api, const Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    const access::NewUser user{.name = body->text("username"),
                               .password = body->text("password"),
                               .full_name = body->text("fullName"),
                               .is_service = body->text("kind") == "SERVICE"};
    const std::string role = body->text("role");
    return done(api, [&](pg::Transaction& tx) -> Result<void> {
        if (auto added = access::add_user(tx, user); !added || role.empty()) return added;
        const auto bound =
            access::put_binding(tx, {.user = user.name, .role = role, .name_space = body->text("namespace")});
        return bound ? Result<void>() : tl::unexpected(bound.error());
    });
}

Result<http::Response> change_user(Api& api, const Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    const access::UserChange change{.password = text_if_any(*body, "password"),
                                    .full_name = text_if_any(*body, "fullName"),
                                    .disabled = (*body)["disabled"].if_bool()};
    return done(api, [&](pg::Transaction& tx) {
        return access::change_user(tx, std::string(request.parameter("username")), change);
    });
}

// ------------------------------------------------------------------------------------ roles, groups, bindings

http::Response roles(Api& api) {
    List out;
    for (const access::RoleRow& row :
         api.services.pool.with_connection([](pg::Connection& connection) { return access::list_roles(connection); })) {
        const auto known = access::Capabilities::known_of(row.capabilities);
        out.push_back(Value{{"name", row.name},
                            {"description", row.description},
                            {"builtIn", row.builtin},
                            {"capabilities", texts_on_wire(row.capabilities)},
                            {"allows", texts_on_wire(known.texts())}});
    }
    return http::Response::json(Value(std::move(out)));
}

Result<http::Response> put_role(Api& api, const Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    const access::RoleRow role{.name = std::string(request.parameter("role")),
                               .description = body->text("description"),
                               .capabilities = texts_in((*body)["capabilities"])};
    return done(api, [&](pg::Transaction& tx) { return access::put_role(tx, role); });
}

http::Response groups(Api& api) {
    List out;
    for (const access::GroupRow& row : api.services.pool.with_connection(
             [](pg::Connection& connection) { return access::list_groups(connection); })) {
        out.push_back(
            Value{{"name", row.name}, {"description", row.description}, {"members", texts_on_wire(row.members)}});
    }
    return http::Response::json(Value(std::move(out)));
}

Result<http::Response> put_group(Api& api, const Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    const access::GroupRow group{.name = std::string(request.parameter("group")),
                                 .description = body->text("description"),
                                 .members = texts_in((*body)["members"])};
    return done(api, [&](pg::Transaction& tx) { return access::put_group(tx, group); });
}

http::Response bindings(Api& api) {
    List out;
    for (const access::Binding& row : api.services.pool.with_connection(
             [](pg::Connection& connection) { return access::list_bindings(connection); })) {
        Map one;
        one.set("id", row.id);
        if (!row.user.empty()) one.set("username", row.user);
        if (!row.group.empty()) one.set("group", row.group);
        one.set("role", row.role);
        one.set("namespace", row.name_space);
        out.push_back(Value(std::move(one)));
    }
    return http::Response::json(Value(std::move(out)));
}

Result<http::Response> put_binding(Api& api, const Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    const access::Binding binding{.user = body->text("username"),
                                  .group = body->text("group"),
                                  .role = body->text("role"),
                                  .name_space = body->text("namespace")};
    const auto id =
        access::in_act(api.services.pool, [&](pg::Transaction& tx) { return access::put_binding(tx, binding); });
    if (!id) return tl::unexpected(id.error());
    api.authenticator.forget();
    return http::Response::json(Value{{"id", *id}});
}

Result<std::int64_t> number_in_path(const Request& request, const char* name) {
    const std::string text(request.parameter(name));
    const bool number = !text.empty() && text.size() < 18 && text.find_first_not_of("0123456789") == std::string::npos;
    if (!number) return not_found("Not Found: '{}' is no number of one", text);
    return std::stoll(text);
}

Result<http::Response> delete_binding(Api& api, const Request& request) {
    const auto id = number_in_path(request, "bindingId");
    if (!id) return tl::unexpected(id.error());
    return done(api, [&](pg::Transaction& tx) { return access::delete_binding(tx, *id); });
}

}  // namespace access_routes

void add_access_routes(http::Router& router, Api& api) {
    using namespace access_routes;
    using http::Method;
    /// A deletion by the name in the path
    const auto remove = [&](const char* pattern, const char* name, const char* summary,
                            Result<void> (*act)(pg::Transaction&, const std::string&)) {
        route(router, Method::Delete, pattern,
              [&api, name, act](const Request& r) {
                  return done(api, [&](pg::Transaction& tx) { return act(tx, std::string(r.parameter(name))); });
              },
              {summary});
    };
    route(router, Method::Get, "/users", [&api](const Request& r) { return users(api, r); }, {"Users", {"q", "after"}});
    route(router, Method::Post, "/users", [&api](const Request& r) { return add_user(api, r); },
          {"A new user or service account"});
    route(router, Method::Put, "/users/{username}", [&api](const Request& r) { return change_user(api, r); },
          {"Changes a user: password, fullName, disabled"});
    remove("/users/{username}", "username", "Deletes a user with his tokens", access::delete_user);
    remove("/users/{username}/sessions", "username", "Logs a user out everywhere",
           [](pg::Transaction& tx, const std::string& name) -> Result<void> {
               access::end_sessions(tx, name);
               return {};
           });
    route(router, Method::Get, "/roles", [&api](const Request&) { return roles(api); }, {"Roles, and what they allow"});
    route(router, Method::Put, "/roles/{role}", [&api](const Request& r) { return put_role(api, r); },
          {"A role of one's own"});
    remove("/roles/{role}", "role", "Deletes a role that nobody has", access::delete_role);
    route(router, Method::Get, "/groups", [&api](const Request&) { return groups(api); }, {"Groups and their members"});
    route(router, Method::Put, "/groups/{group}", [&api](const Request& r) { return put_group(api, r); },
          {"A group, and who is in it"});
    remove("/groups/{group}", "group", "Deletes a group", access::delete_group);
    route(router, Method::Get, "/bindings", [&api](const Request&) { return bindings(api); },
          {"Who has which role where"});
    route(router, Method::Post, "/bindings", [&api](const Request& r) { return put_binding(api, r); },
          {"Gives a user or a group a role in a namespace"});
    route(router, Method::Delete, "/bindings/{bindingId}", [&api](const Request& r) { return delete_binding(api, r); },
          {"Takes a role away"});
}

}  // namespace sluice::webserver
