// Operations: the same act on many, carried out in the background: start, progress, reasons, stop.
#include "sql/webserver.h"
#include "store/find_executions.h"
#include "store/find_flows.h"
#include "store/trigger_views.h"
#include "value/json.h"
#include "webserver/operation_acts.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"

namespace sluice::webserver {
namespace operation_routes {

using http::Request;

constexpr std::size_t kMostMembers = 100'000;
constexpr std::int64_t kLargestList = 1000;

/// What was asked for, and for executions of a query how many are in which state.
struct Asked {
    OperationWish wish{};
    std::map<std::string, std::int64_t> states{};
};

/// {"filters[state][IN]": "FAILED", "labels": ["a:b", "c:d"]}: the parameters of the lists.
Result<std::vector<store::Filter>> filters_in(Api& api, const Request& request, const access::Scope& within,
                                              const Value& given) {
    Request as_parameters;
    Visitor visitor = visitor_of(request);
    if (!within.everywhere) visitor.narrowed_to = within;
    as_parameters.context = std::move(visitor);
    for (const auto& [name, value] : given.as_map()) {
        const List values = value.is_list() ? value.as_list() : List{value};
        for (const Value& one : values) {
            if (!one.is_string())
                return invalid("Illegal argument: the filter '{}' must be a text or a list of them", name);
            as_parameters.query.add(name, one.as_string());
        }
    }
    return filters_of(as_parameters, api.services.pool.clock().now());
}

Result<std::string> member_of(const std::string& resource, const Value& id) {
    const auto texts = [&](std::initializer_list<const char*> names) -> Result<std::string> {
        std::string out;
        for (const char* name : names) {
            const std::string part = id.text(name);
            if (part.empty()) return invalid("Illegal argument: an id of {} needs '{}'", resource, name);
            out += (out.empty() ? "" : "/") + part;
        }
        return out;
    };
    if (id.is_string()) return id.as_string();
    if (resource == "flows") return texts({"namespace", "id"});
    if (resource == "triggers") return texts({"namespace", "flowId", "triggerId"});
    return invalid("Illegal argument: expected ids of executions");
}

Result<std::vector<std::string>> members_in(const std::string& resource, const List& ids) {
    if (ids.size() > kMostMembers)
        return invalid("Illegal argument: {} ids are too many (at most {}); use filters", ids.size(), kMostMembers);
    std::vector<std::string> out;
    for (const Value& id : ids) {
        auto member = member_of(resource, id);
        if (!member) return tl::unexpected(member.error());
        out.push_back(std::move(*member));
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

/// Flows and triggers are few: those that match now are written down.
Result<std::vector<std::string>> members_found(Api& api, const std::string& resource,
                                               std::vector<store::Filter> filters) {
    const store::Search search{.filters = std::move(filters), .size = kMostMembers + 1, .total = store::Total::None};
    auto members = run_search(api.services.pool, [&](pg::Connection& connection) -> Result<std::vector<std::string>> {
        std::vector<std::string> out;
        if (resource == "flows") {
            const auto found = store::find_flows(connection, search);
            if (!found) return tl::unexpected(found.error());
            for (const store::FlowRow& row : found->rows) out.push_back(row.id.namespace_name + "/" + row.id.id);
        } else {
            const auto found = store::find_triggers(connection, search);
            if (!found) return tl::unexpected(found.error());
            for (const store::TriggerView& row : found->rows)
                out.push_back(row.id.flow.namespace_name + "/" + row.id.flow.id + "/" + row.id.id);
        }
        return out;
    });
    if (members && members->size() > kMostMembers)
        return invalid("Illegal argument: more than {} {} match; narrow the filters", kMostMembers, resource);
    return members;
}

Result<void> find_targets(Api& api, const Request& request, Asked& asked, const Value& body) {
    OperationWish& wish = asked.wish;
    const auto ids = body.get("ids");
    const auto given = body.get("filters");
    if (ids.has_value() == given.has_value() || (ids && !ids->is_list()) || (given && !given->is_map()))
        return invalid("Invalid json mapping: expected either 'ids' (a list) or 'filters' (an object)");
    if (ids) {
        auto members = members_in(wish.resource, ids->as_list());
        if (!members) return tl::unexpected(members.error());
        wish.members = std::move(*members);
        wish.total = static_cast<std::int64_t>(wish.members.size());
        return {};
    }
    auto filters = filters_in(api, request, wish.within, *given);
    if (!filters) return tl::unexpected(filters.error());
    if (wish.resource != "executions") {
        auto members = members_found(api, wish.resource, std::move(*filters));
        if (!members) return tl::unexpected(members.error());
        wish.members = std::move(*members);
        wish.total = static_cast<std::int64_t>(wish.members.size());
        return {};
    }
    const auto states = run_search(api.services.pool, [&](pg::Connection& connection) {
        return store::count_executions_by_state(connection, *filters);
    });
    if (!states) return tl::unexpected(states.error());
    asked.states = *states;
    for (const auto& [state, count] : *states) wish.total += count;
    wish.filters = std::move(*filters);
    return {};
}

Result<Asked> asked_by(Api& api, const Request& request) {
    const auto body = parse_json(request.body);
    if (!body || !body->is_map())
        return invalid("Invalid json: expected {{\"resource\", \"action\", \"ids\" or \"filters\"}}");
    Asked out;
    out.wish.resource = body->text("resource");
    out.wish.action = body->text("action");
    if (const auto options = body->get("options"); options && options->is_map()) out.wish.options = *options;
    out.wish.by = actor_of(request);
    out.wish.by.name = user_of(request);
    if (const auto act = act_of(api, out.wish); !act) return tl::unexpected(act.error());
    const access::Capability needed = capability_for(out.wish.resource, out.wish.action);
    out.wish.within = visitor_of(request).identity.grants->scope_of(needed);
    if (out.wish.within.empty()) return tl::unexpected(demand(request, needed, "").error());
    if (auto found = find_targets(api, request, out, *body); !found) return tl::unexpected(found.error());
    return out;
}

Value counts_on_wire(Api& api, const Asked& asked) {
    Map out;
    out.set("totalItems", asked.wish.total);
    if (!asked.wish.filters) return Value(std::move(out));
    const auto wanted = state_wanted_by(api, asked.wish.action);
    Map states;
    std::int64_t fitting = 0;
    for (const auto& [state, count] : asked.states) {
        states.set(state, count);
        if (!wanted || to_text(*wanted) == state) fitting += count;
    }
    out.set("states", Value(std::move(states)));
    out.set("fitting", fitting);
    return Value(std::move(out));
}

Result<http::Response> start_operation(Api& api, const Request& request) {
    const auto dry_run = flag_parameter(request, "dryRun");
    if (!dry_run) return tl::unexpected(dry_run.error());
    const auto asked = asked_by(api, request);
    if (!asked) return tl::unexpected(asked.error());
    Value answer = counts_on_wire(api, *asked);
    if (*dry_run) return http::Response::json(answer);
    const std::string id =
        api.services.pool.in_transaction([&](pg::Transaction& tx) { return put_operation(tx, asked->wish); });
    api.services.signals.notify(pg::kOperationsChannel);
    answer.mutable_map().set("operationId", id);
    auto response = http::Response::json(answer, http::Status::Accepted);
    response.set("Location", "/api/v1/main/operations/" + id);
    return response;
}

bool is_own(const Request& request, const Value& operation) {
    return operation.text("createdBy") == user_of(request);
}

/// One's own, or about what one may see everywhere.
Result<Value> operation_for(Api& api, const Request& request) {
    const std::string id(request.parameter("id"));
    auto found = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return operation_on_wire(connection, id); });
    if (found) {
        const auto resource = capability_for(found->text("resource"), found->text("action")).resource;
        if (is_own(request, *found) || may(request, {resource, access::Action::Read}, "")) return std::move(*found);
    }
    return not_found("Not Found: there is no operation {}; it is kept for 30 days after its end", id);
}

Result<http::Response> progress_of(Api& api, const Request& request) {
    const auto found = operation_for(api, request);
    if (!found) return tl::unexpected(found.error());
    return http::Response::json(*found);
}

Result<http::Response> latest(Api& api, const Request& request) {
    const auto size = integer_parameter(request, "size");
    if (!size) return tl::unexpected(size.error());
    const std::int64_t most = std::clamp<std::int64_t>(size->value_or(20), 1, kLargestList);
    std::vector<std::string> readable;
    for (const char* resource : {"executions", "flows", "triggers"}) {
        if (may(request, {capability_for(resource, "").resource, access::Action::Read}, ""))
            readable.push_back(resource);
    }
    List rows = api.services.pool.with_connection([&](pg::Connection& connection) {
        return latest_operations_on_wire(connection, most, user_of(request), readable);
    });
    const auto total = static_cast<std::int64_t>(rows.size());
    return http::Response::json(Value{{"results", Value(std::move(rows))}, {"total", total}});
}

Result<http::Response> failures_of(Api& api, const Request& request) {
    const auto after = integer_parameter(request, "after");
    if (!after) return tl::unexpected(after.error());
    const auto size = integer_parameter(request, "size");
    if (!size) return tl::unexpected(size.error());
    const std::int64_t most = std::clamp<std::int64_t>(size->value_or(100), 1, kLargestList);
    if (const auto known = operation_for(api, request); !known) return tl::unexpected(known.error());
    List results;
    for (pg::Row row :
         api.services.pool.run(sql::operation_failures, request.parameter("id"), after->value_or(0), most)) {
        const std::int64_t seq = row.integer();
        const std::string member = row.text();
        results.push_back(Value{{"seq", seq}, {"id", member}, {"message", row.text()}});
    }
    return http::Response::json(Value{{"results", Value(std::move(results))}});
}

Result<http::Response> cancel(Api& api, const Request& request) {
    const auto found = operation_for(api, request);
    if (!found) return tl::unexpected(found.error());
    if (!is_own(request, *found)) {
        const auto needed = capability_for(found->text("resource"), found->text("action"));
        if (auto allowed = demand(request, needed, ""); !allowed) return tl::unexpected(allowed.error());
    }
    if (!api.services.pool.run(sql::cancel_operation, request.parameter("id")).empty()) return http::Response::empty();
    return conflict("Illegal state: the operation is over already");
}

}  // namespace operation_routes

void add_operation_routes(http::Router& router, Api& api) {
    using namespace operation_routes;
    using http::Method;
    route(router, Method::Post, "/operations", [&api](const Request& r) { return start_operation(api, r); },
          {"Does the same to many, in the background", {"dryRun"}});
    route(router, Method::Get, "/operations", [&api](const Request& r) { return latest(api, r); },
          {"The latest operations", {"size"}});
    route(router, Method::Get, "/operations/{id}", [&api](const Request& r) { return progress_of(api, r); },
          {"How far an operation is"});
    route(router, Method::Get, "/operations/{id}/failures", [&api](const Request& r) { return failures_of(api, r); },
          {"Those that an operation could not change, with the reasons", {"after", "size"}});
    route(router, Method::Delete, "/operations/{id}", [&api](const Request& r) { return cancel(api, r); },
          {"Stops an operation; what is done stays"});
}

}  // namespace sluice::webserver
