// The same for many executions: by their ids, all or nothing, or by a query.
#include "value/json.h"
#include "webserver/background.h"
#include "webserver/bulk_verbs.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace execution_bulk_routes {

using http::Request;
Result<std::vector<ExecutionId>> ids_in(const Value& list) {
    if (!list.is_list()) return invalid("Invalid json mapping: expected a list of execution ids");
    std::vector<ExecutionId> out;
    for (const Value& one : list.as_list()) {
        const std::string* text = one.if_string();
        if (text == nullptr) return invalid("Invalid json mapping: expected a list of execution ids");
        out.emplace_back(*text);
    }
    return out;
}

http::Response invalid_members(const std::string& message, const std::vector<InvalidMember>& members) {
    List invalids;
    for (const InvalidMember& one : members) {
        invalids.push_back(Value{{"message", one.message},
                                 {"invalidValue", one.id.text()},
                                 {"propertyPath", "execution"},
                                 {"rootBean", one.id.text()}});
    }
    return http::Response::json(
        Value{{"message", message}, {"invalids", Value(std::move(invalids))}, {"status", 400}, {"code", "bad_request"}},
        http::Status::BadRequest);
}

Value outcome_on_wire(const BulkOutcome& outcome) {
    List errors;
    for (const auto& [id, message] : outcome.errors) errors.push_back(Value{{"id", id.text()}, {"message", message}});
    return Value{{"count", outcome.count}, {"skipped", outcome.skipped}, {"errors", Value(std::move(errors))}};
}

/// An execution that the visitor may not change is none that he knows of.
Change allowed_by(const Request& request, Change change) {
    return [&request, change = std::move(change)](pg::Transaction& tx, engine::Execution& execution) -> Result<void> {
        if (!may(request, execution.flow.namespace_name)) return not_found("execution not found");
        return change(tx, execution);
    };
}

Result<http::Response> by_ids(Api& api, const Request& request, const BulkVerb& verb,
                              const std::vector<ExecutionId>& ids, const Value& options = Value(Map())) {
    const auto change = verb.change_of(request);
    if (!change) return tl::unexpected(change.error());
    if (is_second_profile(request)) {
        OperationWish wish{.resource = "executions", .action = verb.name, .options = options};
        for (const ExecutionId& id : ids) wish.members.push_back(id.text());
        return in_background(api, request, std::move(wish));
    }
    const auto done = change_listed(api, ids, verb.expected, allowed_by(request, *change));
    if (!done) return invalid_members("invalid bulk " + verb.message, done.error());
    return http::Response::json(outcome_on_wire(*done));
}

Result<http::Response> by_listed_ids(Api& api, const Request& request, const BulkVerb& verb) {
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const auto ids = ids_in(*body);
    if (!ids) return tl::unexpected(ids.error());
    return by_ids(api, request, verb, *ids);
}

Result<http::Response> by_query(Api& api, const Request& request, const BulkVerb& verb) {
    const auto change = verb.change_of(request);
    if (!change) return tl::unexpected(change.error());
    auto filters = filters_of(request, api.services.pool.clock().now());
    if (!filters) return tl::unexpected(filters.error());
    const auto dry_run = flag_parameter(request, "dryRun");
    if (!dry_run) return tl::unexpected(dry_run.error());
    if (is_second_profile(request) && !*dry_run) {
        const auto body = parse_json(request.body);
        const Value options = body && body->is_list() ? Value{{"labels", *body}} : Value(Map());
        return in_background(
            api, request,
            {.resource = "executions", .action = verb.name, .options = options, .filters = std::move(*filters)});
    }
    const auto done = change_found(api, *filters, *change, *dry_run);
    if (!done) return tl::unexpected(done.error());
    return http::Response::json(outcome_on_wire(*done));
}

/// {"executionsId": […], "executionLabels": […]}
Result<http::Response> labels_by_ids(Api& api, const Request& request) {
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const auto ids = ids_in((*body)["executionsId"]);
    if (!ids) return tl::unexpected(ids.error());
    const auto labels = labels_of_wire((*body)["executionLabels"]);
    if (!labels) return tl::unexpected(labels.error());
    const BulkVerb verb{.name = "labels", .message = "set labels", .make = [&](const Request&) -> Result<Change> {
                            return setting_labels(*labels, false);
                        }};
    return by_ids(api, request, verb, *ids, Value{{"labels", (*body)["executionLabels"]}});
}

}  // namespace execution_bulk_routes

void add_execution_bulk_routes(http::Router& router, Api& api) {
    using namespace execution_bulk_routes;
    using http::Method;
    const auto add = [&](Method method, const std::string& path, const BulkVerb& verb, const char* summary) {
        route(router, method, path + "/by-ids", [&api, verb](const Request& r) { return by_listed_ids(api, r, verb); },
              {summary});
        route(router, method, path + "/by-query", [&api, verb](const Request& r) { return by_query(api, r, verb); },
              {summary, kSearchParameters});
    };
    for (const BulkVerb& verb : bulk_verbs(api)) {
        if (verb.name == "kill")
            add(Method::Delete, "/executions/kill", verb, "Kills many executions");
        else if (verb.name == "delete")
            add(Method::Delete, "/executions", verb, "Deletes many executions");
        else if (verb.name != "labels")
            add(Method::Post, "/executions/" + verb.name, verb, "The same for many executions");
        else
            route(router, Method::Post, "/executions/labels/by-query",
                  [&api, verb](const Request& r) { return by_query(api, r, verb); },
                  {"Sets labels of many executions", kSearchParameters});
    }
    route(router, Method::Post, "/executions/labels/by-ids", [&api](const Request& r) { return labels_by_ids(api, r); },
          {"Sets labels of many executions"});
}

}  // namespace sluice::webserver
