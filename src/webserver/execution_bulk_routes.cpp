// The same for many executions: by their ids, all or nothing, or by a query.
#include "value/json.h"
#include "webserver/execution_changes.h"
#include "webserver/parameters.h"
#include "webserver/replaying.h"
#include "webserver/search_request.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace execution_bulk_routes {

using http::Request;
/// Makes the change that a request asks for.
using MakeChange = std::function<Result<Change>(const Request&)>;

struct Verb {
    std::string name{};           // of the path
    std::string message{};        // "invalid bulk <message>"
    std::string expected{};       // what a member must be; empty: the change's own words
    std::optional<State> only{};  // the state that the bulk form wants
    MakeChange make{};
};

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

Change only_in(std::optional<State> state, Change change) {
    if (!state) return change;
    return [state, change = std::move(change)](pg::Transaction& tx, engine::Execution& execution) -> Result<void> {
        if (execution.state() != *state) return invalid("execution not in state {}", to_text(*state));
        return change(tx, execution);
    };
}

/// An execution that the visitor may not change is none that he knows of.
Change allowed_by(const Request& request, Change change) {
    return [&request, change = std::move(change)](pg::Transaction& tx, engine::Execution& execution) -> Result<void> {
        if (!may(request, execution.flow.namespace_name)) return not_found("execution not found");
        return change(tx, execution);
    };
}

Result<http::Response> by_ids(Api& api, const Request& request, const Verb& verb, const std::vector<ExecutionId>& ids) {
    const auto change = verb.make(request);
    if (!change) return tl::unexpected(change.error());
    const auto done = change_listed(api, ids, verb.expected, allowed_by(request, only_in(verb.only, *change)));
    if (!done) return invalid_members("invalid bulk " + verb.message, done.error());
    return http::Response::json(outcome_on_wire(*done));
}

Result<http::Response> by_listed_ids(Api& api, const Request& request, const Verb& verb) {
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const auto ids = ids_in(*body);
    if (!ids) return tl::unexpected(ids.error());
    return by_ids(api, request, verb, *ids);
}

Result<http::Response> by_query(Api& api, const Request& request, const Verb& verb) {
    const auto change = verb.make(request);
    if (!change) return tl::unexpected(change.error());
    const auto filters = filters_of(request, api.services.pool.clock().now());
    if (!filters) return tl::unexpected(filters.error());
    const auto dry_run = flag_parameter(request, "dryRun");
    if (!dry_run) return tl::unexpected(dry_run.error());
    const auto done = change_found(api, *filters, only_in(verb.only, *change), *dry_run);
    if (!done) return tl::unexpected(done.error());
    return http::Response::json(outcome_on_wire(*done));
}

Result<State> state_parameter(const Request& request, std::initializer_list<const char*> names,
                              std::optional<State> otherwise) {
    for (const char* name : names) {
        const std::string word = text_parameter(request, name);
        if (word.empty()) continue;
        if (const auto state = state_of(word)) return *state;
        return invalid("Illegal argument: there is no state '{}'", word);
    }
    if (otherwise) return *otherwise;
    return refuse(ErrorCode::BadRequest, "Bad Request: the parameter '{}' is missing", *names.begin());
}

/// {"executionsId": […], "executionLabels": […]}
Result<http::Response> labels_by_ids(Api& api, const Request& request) {
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const auto ids = ids_in((*body)["executionsId"]);
    if (!ids) return tl::unexpected(ids.error());
    const auto labels = labels_of_wire((*body)["executionLabels"]);
    if (!labels) return tl::unexpected(labels.error());
    const Verb verb{.message = "set labels",
                    .make = [&](const Request&) -> Result<Change> { return setting_labels(*labels, false); }};
    return by_ids(api, request, verb, *ids);
}

Result<Change> labels_in_body(const Request& request) {
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const auto labels = labels_of_wire(*body);
    if (!labels) return tl::unexpected(labels.error());
    return setting_labels(*labels, false);
}

std::vector<Verb> verbs(Api& api) {
    const auto user = [](const Request& r) { return user_of(r); };
    return {
        {"restart", "restart", "execution not in state FAILED", State::Failed,
         [user](const Request& r) -> Result<Change> { return restarting(user(r)); }},
        {"resume", "resume", "execution not in state PAUSED", State::Paused,
         [user](const Request& r) -> Result<Change> {
             return asking(engine::ResumeRequested{{}, Value(Map()), user(r)});
         }},
        {"pause", "pause", "execution not in state RUNNING", State::Running,
         [user](const Request& r) -> Result<Change> { return asking(engine::PauseRequested{user(r)}); }},
        {"unqueue", "unqueue", "execution not in state QUEUED", State::Queued,
         [user](const Request& r) -> Result<Change> {
             const auto state = state_parameter(r, {"state", "newState"}, State::Running);
             if (!state) return tl::unexpected(state.error());
             return unqueueing(*state, user(r));
         }},
        {"force-run",
         "force run",
         "execution in a terminated state",
         {},
         [user](const Request& r) -> Result<Change> {
             return asking(engine::ForceRunRequested{State::Running, user(r)});
         }},
        {"change-status",
         "change execution status",
         "execution not in a terminated state",
         {},
         [](const Request& r) -> Result<Change> {
             const auto state = state_parameter(r, {"newStatus", "status"}, {});
             if (!state) return tl::unexpected(state.error());
             return changing_status(*state);
         }},
        {"replay",
         "replay",
         "",
         {},
         [&api, user](const Request& r) -> Result<Change> {
             const auto latest = flag_parameter(r, "latestRevision");
             if (!latest) return tl::unexpected(latest.error());
             return replaying(api, *latest, user(r));
         }},
    };
}

}  // namespace execution_bulk_routes

void add_execution_bulk_routes(http::Router& router, Api& api) {
    using namespace execution_bulk_routes;
    using http::Method;
    const auto add = [&](Method method, const std::string& path, const Verb& verb, const char* summary) {
        route(router, method, path + "/by-ids", [&api, verb](const Request& r) { return by_listed_ids(api, r, verb); },
              {summary});
        route(router, method, path + "/by-query", [&api, verb](const Request& r) { return by_query(api, r, verb); },
              {summary, kSearchParameters});
    };
    for (const Verb& verb : verbs(api))
        add(Method::Post, "/executions/" + verb.name, verb, "The same for many executions");
    // Of many, kill does not reach those that they started.
    const Verb kill{"kill", "kill", "execution already finished", {}, [](const Request& r) -> Result<Change> {
                        return asking(engine::KillRequested{false, user_of(r)});
                    }};
    add(Method::Delete, "/executions/kill", kill, "Kills many executions");
    const Verb remove{"", "delete", "", {}, [&api](const Request& r) -> Result<Change> {
                          const auto what = deletion_of(r);
                          if (!what) return tl::unexpected(what.error());
                          return deleting(api, *what);
                      }};
    add(Method::Delete, "/executions", remove, "Deletes many executions");
    route(router, Method::Post, "/executions/labels/by-ids", [&api](const Request& r) { return labels_by_ids(api, r); },
          {"Sets labels of many executions"});
    const Verb labels{"labels", "set labels", "", {}, labels_in_body};
    route(router, Method::Post, "/executions/labels/by-query",
          [&api, labels](const Request& r) { return by_query(api, r, labels); },
          {"Sets labels of many executions", kSearchParameters});
}

}  // namespace sluice::webserver
