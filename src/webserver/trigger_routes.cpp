// Triggers: lists, switching them on and off, unlocking, backfills.
#include "value/json.h"
#include "webserver/background.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"
#include "webserver/trigger_changes.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace trigger_routes {

store::TriggerId id_of(const http::Request& request) {
    return {{std::string(request.parameter("namespace")), std::string(request.parameter("flowId"))},
            std::string(request.parameter("triggerId"))};
}

store::TriggerId id_in(const Value& body) {
    return {{body.text("namespace"), body.text("flowId")}, body.text("triggerId")};
}

std::string asker_of(const http::Request& request) {
    return asker(user_of(request));
}

Result<Value> body_of(const http::Request& request) {
    auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    return body;
}

/// Locks a trigger, changes it, writes it.
Result<store::TriggerView> change(Api& api, const store::TriggerId& id, const TriggerChange& by) {
    auto changed = api.services.pool.in_transaction(
        [&](pg::Transaction& tx) -> Result<store::TriggerView> { return change_trigger(tx, id, by); });
    if (changed) api.services.signals.notify(pg::kTriggersChannel);
    return changed;
}

Result<http::Response> answer(Api& api, const http::Request& request, const store::TriggerId& id,
                              const TriggerChange& by) {
    if (auto allowed = demand(request, id.flow.namespace_name); !allowed) return tl::unexpected(allowed.error());
    const auto changed = change(api, id, by);
    if (!changed) return tl::unexpected(changed.error());
    return http::Response::json(Value(trigger_on_wire(*changed)));
}

Result<http::Response> search(Api& api, const http::Request& request) {
    const auto wanted = search_of(request, api.services.pool.clock().now());
    if (!wanted) return tl::unexpected(wanted.error());
    const auto found = run_search(
        api.lists, request, [&](pg::Connection& connection) { return store::find_triggers(connection, *wanted); });
    if (!found) return tl::unexpected(found.error());
    List results;
    for (const store::TriggerView& one : found->rows) results.push_back(trigger_row_on_wire(one));
    return paged(std::move(results), found->total);
}

Result<http::Response> of_flow(Api& api, const http::Request& request) {
    auto wanted = search_of(request, api.services.pool.clock().now());
    if (!wanted) return tl::unexpected(wanted.error());
    std::erase_if(wanted->filters,
                  [](const store::Filter& filter) { return filter.field == "namespace" || filter.field == "flowId"; });
    wanted->filters.push_back(equal_to("namespace", std::string(request.parameter("namespace"))));
    wanted->filters.push_back(equal_to("flowId", std::string(request.parameter("flowId"))));
    const auto found = run_search(
        api.lists, request, [&](pg::Connection& connection) { return store::find_triggers(connection, *wanted); });
    if (!found) return tl::unexpected(found.error());
    List results;
    for (const store::TriggerView& one : found->rows) results.push_back(Value(trigger_on_wire(one)));
    return paged(std::move(results), found->total);
}

/// The older form: `disabled` changes that, and a `backfill` starts one.
Result<http::Response> update(Api& api, const http::Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    return answer(api, request, id_in(*body), [&](pg::Transaction& tx, store::TriggerView& trigger) -> Result<void> {
        const auto backfill = body->get("backfill");
        if (backfill && backfill->is_map() && !trigger.state.backfill) {
            if (auto made = create_backfill(api, tx, trigger, *backfill); !made) return made;
        }
        const auto disabled = body->get("disabled");
        return set_disabled(api, tx, trigger, disabled ? disabled->if_bool().value_or(false) : trigger.disabled,
                            asker_of(request));
    });
}

Result<http::Response> switch_one(Api& api, const http::Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    const auto disabled = (*body)["disabled"].if_bool();
    if (!disabled) return invalid("Invalid json mapping: 'disabled' must be true or false");
    return answer(api, request, id_in(*body), [&](pg::Transaction& tx, store::TriggerView& trigger) {
        return set_disabled(api, tx, trigger, *disabled, asker_of(request));
    });
}

Result<http::Response> new_backfill(Api& api, const http::Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    return answer(api, request, id_in(*body), [&](pg::Transaction& tx, store::TriggerView& trigger) {
        return create_backfill(api, tx, trigger, (*body)["backfill"]);
    });
}

Result<http::Response> change_backfill(Api& api, const http::Request& request,
                                       Result<void> (*by)(store::TriggerView&)) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    return answer(api, request, id_in(*body),
                  [by](pg::Transaction&, store::TriggerView& trigger) { return by(trigger); });
}

Result<void> remove_row(Api& api, const store::TriggerId& id) {
    return api.services.pool.in_transaction([&](pg::Transaction& tx) { return remove_trigger(tx, id); });
}

Result<http::Response> remove(Api& api, const http::Request& request) {
    if (auto done = remove_row(api, id_of(request)); !done) return tl::unexpected(done.error());
    return http::Response::empty();
}

// ---------------------------------------------------------------------------------------------------- several

constexpr std::size_t kMost = 100'000;

/// Those that the visitor may change are left: of the others he need not even know.
std::vector<store::TriggerId> ids_in(const http::Request& request, const Value& list) {
    std::vector<store::TriggerId> out;
    if (list.is_list()) {
        for (const Value& one : list.as_list()) {
            if (may(request, one.text("namespace"))) out.push_back(id_in(one));
        }
    }
    return out;
}

Result<std::vector<store::TriggerId>> ids_by_query(Api& api, const http::Request& request) {
    const Timestamp now = api.services.pool.clock().now();
    auto filters = filters_of(request, now);
    if (!filters) return tl::unexpected(filters.error());
    if (!request.body.empty()) {
        const auto body = parse_json(request.body);
        if (!body || !body->is_map()) return invalid("Invalid json: expected {{\"filters\": […]}}");
        auto more = filters_in_json((*body)["filters"], now);
        if (!more) return tl::unexpected(more.error());
        std::move(more->begin(), more->end(), std::back_inserter(*filters));
    }
    const store::Search search{.filters = std::move(*filters), .size = kMost, .total = store::Total::None};
    const auto found = run_search(api.services.pool,
                                  [&](pg::Connection& connection) { return store::find_triggers(connection, search); });
    if (!found) return tl::unexpected(found.error());
    std::vector<store::TriggerId> out;
    for (const store::TriggerView& one : found->rows) out.push_back(one.id);
    return out;
}

http::Response counted(std::size_t asked, std::size_t done) {
    return http::Response::json(Value{{"count", done}, {"skipped", asked - done}});
}

/// What is done to many triggers, and its name as an operation.
struct NamedChange {
    std::string name{};
    TriggerChange change{};
};

Result<http::Response> operation_on(Api& api, const http::Request& request, const std::vector<store::TriggerId>& ids,
                                    const std::string& action) {
    OperationWish wish{.resource = "triggers", .action = action};
    for (const store::TriggerId& one : ids)
        wish.members.push_back(one.flow.namespace_name + "/" + one.flow.id + "/" + one.id);
    return in_background(api, request, std::move(wish));
}

/// Those that the change does not fit are left out.
Result<http::Response> change_all(Api& api, const http::Request& request, const std::vector<store::TriggerId>& ids,
                                  const NamedChange& by) {
    if (is_second_profile(request)) return operation_on(api, request, ids, by.name);
    std::size_t done = 0;
    for (const store::TriggerId& id : ids) done += change(api, id, by.change) ? 1 : 0;
    return counted(ids.size(), done);
}

Result<http::Response> remove_all(Api& api, const http::Request& request, const std::vector<store::TriggerId>& ids) {
    if (is_second_profile(request)) return operation_on(api, request, ids, "delete");
    std::size_t done = 0;
    for (const store::TriggerId& id : ids) done += remove_row(api, id) ? 1 : 0;
    return counted(ids.size(), done);
}

Result<http::Response> remove_listed(Api& api, const http::Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    return remove_all(api, request, ids_in(request, *body));
}

Result<http::Response> remove_found(Api& api, const http::Request& request) {
    const auto ids = ids_by_query(api, request);
    if (!ids) return tl::unexpected(ids.error());
    return remove_all(api, request, *ids);
}

Result<http::Response> change_listed(Api& api, const http::Request& request, const NamedChange& by) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    return change_all(api, request, ids_in(request, *body), by);
}

Result<http::Response> change_found(Api& api, const http::Request& request, const NamedChange& by) {
    const auto ids = ids_by_query(api, request);
    if (!ids) return tl::unexpected(ids.error());
    return change_all(api, request, *ids, by);
}

NamedChange switching(Api& api, const http::Request& request, bool disabled) {
    return {disabled ? "disable" : "enable",
            [&api, disabled, by = asker_of(request)](pg::Transaction& tx, store::TriggerView& trigger) {
                return set_disabled(api, tx, trigger, disabled, by);
            }};
}

Result<http::Response> switch_listed(Api& api, const http::Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    const bool disabled = (*body)["disabled"].if_bool().value_or(true);
    return change_all(api, request, ids_in(request, (*body)["triggers"]), switching(api, request, disabled));
}

Result<http::Response> switch_found(Api& api, const http::Request& request) {
    const auto disabled = flag_parameter(request, "disabled", true);
    if (!disabled) return tl::unexpected(disabled.error());
    return change_found(api, request, switching(api, request, *disabled));
}

}  // namespace trigger_routes

void add_trigger_routes(http::Router& router, Api& api) {
    using namespace trigger_routes;
    using http::Method;
    using http::Request;
    route(router, Method::Get, "/triggers/search", [&api](const Request& r) { return search(api, r); },
          {"Triggers, filtered and paged", kSearchParameters});
    route(router, Method::Get, "/triggers/{namespace}/{flowId}", [&api](const Request& r) { return of_flow(api, r); });
    route(router, Method::Put, "/triggers", [&api](const Request& r) { return update(api, r); });
    route(router, Method::Put, "/triggers/set-disabled", [&api](const Request& r) { return switch_one(api, r); });
    route(router, Method::Post, "/triggers/{namespace}/{flowId}/{triggerId}/unlock", [&api](const Request& r) {
        return answer(api, r, id_of(r), [](pg::Transaction&, store::TriggerView& trigger) { return unlock(trigger); });
    });
    route(router, Method::Post, "/triggers/{namespace}/{flowId}/{triggerId}/restart", [&api](const Request& r) {
        return answer(api, r, id_of(r), [&api](pg::Transaction& tx, store::TriggerView& trigger) {
            return restart_evaluation(api, trigger, tx.now());
        });
    });
    route(router, Method::Delete, "/triggers/{namespace}/{flowId}/{triggerId}",
          [&api](const Request& r) { return remove(api, r); });
    route(router, Method::Delete, "/triggers/delete/by-triggers",
          [&api](const Request& r) { return remove_listed(api, r); });
    route(router, Method::Delete, "/triggers/delete/by-query",
          [&api](const Request& r) { return remove_found(api, r); });
    route(router, Method::Put, "/triggers/backfill/create", [&api](const Request& r) { return new_backfill(api, r); });
    struct Verb {
        const char* name;
        Method method;
        Result<void> (*change)(store::TriggerView&);
    };
    for (const Verb& verb : {Verb{"pause", Method::Put, pause_backfill}, Verb{"unpause", Method::Put, unpause_backfill},
                             Verb{"delete", Method::Post, delete_backfill}}) {
        const std::string pattern = std::string("/triggers/backfill/") + verb.name;
        const NamedChange all{
            std::string(verb.name) + "-backfill",
            [by = verb.change](pg::Transaction&, store::TriggerView& trigger) { return by(trigger); }};
        route(router, verb.method, pattern,
              [&api, by = verb.change](const Request& r) { return change_backfill(api, r, by); });
        route(router, Method::Post, pattern + "/by-triggers",
              [&api, all](const Request& r) { return change_listed(api, r, all); });
        route(router, Method::Post, pattern + "/by-query",
              [&api, all](const Request& r) { return change_found(api, r, all); });
    }
    const NamedChange free{"unlock", [](pg::Transaction&, store::TriggerView& trigger) { return unlock(trigger); }};
    route(router, Method::Post, "/triggers/unlock/by-triggers",
          [&api, free](const Request& r) { return change_listed(api, r, free); });
    route(router, Method::Post, "/triggers/unlock/by-query",
          [&api, free](const Request& r) { return change_found(api, r, free); });
    route(router, Method::Post, "/triggers/set-disabled/by-triggers",
          [&api](const Request& r) { return switch_listed(api, r); });
    route(router, Method::Post, "/triggers/set-disabled/by-query",
          [&api](const Request& r) { return switch_found(api, r); });
}

}  // namespace sluice::webserver
