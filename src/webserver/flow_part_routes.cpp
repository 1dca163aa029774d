// Parts of flows: one task or trigger by itself, names that a task may use, what is outdated, revisions that may go.
#include <algorithm>
#include <charconv>
#include <set>

#include "flow/edit_source.h"
#include "store/find_executions.h"
#include "store/find_flows.h"
#include "value/json.h"
#include "webserver/flow_changes.h"
#include "webserver/flow_names.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace flow_part_routes {

using http::Request;

flow::FlowId flow_id_of(const Request& request) {
    return {std::string(request.parameter("namespace")), std::string(request.parameter("id"))};
}

// --------------------------------------------------------------------------------------------- one task or trigger

/// A mistake in the flow around a part, as it stands in the part itself.
Error within_part(Error error, std::string_view entry) {
    Place& place = error.place;
    if (place.line >= flow::kPartLine) {
        place.line -= flow::kPartLine - 1;
        place.column = std::max(1, place.column - (flow::kPartColumn - 1));
    }
    if (place.property.starts_with(entry)) place.property.erase(0, entry.size());
    if (place.property.starts_with('.')) place.property.erase(0, 1);
    return error;
}

/// One answer, always 200.
Result<http::Response> validate_part(Api& api, const Request& request, const std::string& section) {
    flow::ParsedFlow parsed = parse_text(api, flow::flow_around(request.body, section));
    const std::string entry = section + "[0]";
    for (Error& error : parsed.errors) error = within_part(std::move(error), entry);
    for (Error& warning : parsed.warnings) warning = within_part(std::move(warning), entry);
    for (std::string& path : parsed.deprecations) {
        if (path.starts_with(entry + ".")) path.erase(0, entry.size() + 1);
    }
    parsed.id = {};
    return http::Response::json(validation_on_wire(parsed, 0, false));
}

Result<http::Response> validate_section(Api& api, const Request& request) {
    const std::string section = text_parameter(request, "section");
    if (section.empty() || section == "TASKS") return validate_part(api, request, "tasks");
    if (section == "TRIGGERS") return validate_part(api, request, "triggers");
    return refuse(ErrorCode::BadRequest, "Bad Request: section: expected TASKS or TRIGGERS, found '{}'", section);
}

/// The next revision of a flow, with one task replaced: JSON.
Result<http::Response> replace_task(Api& api, const Request& request) {
    const auto task = parse_json(request.body);
    if (!task || !task->is_map()) return invalid("Invalid json: expected a task as an object");
    const std::string id(request.parameter("taskId"));
    if (task->text("id") != id)
        return invalid("Illegal argument: the path names the task '{}', and the body '{}'", id, task->text("id"));
    auto saved = api.services.pool.in_transaction([&](pg::Transaction& tx) -> Result<store::SavedFlow> {
        store::lock_flow(tx, flow_id_of(request));  // or a save meanwhile would be overwritten
        const auto row = store::latest_flow(tx.connection(), flow_id_of(request));
        if (!row || row->deleted) return not_found("Not Found: flow {} does not exist", flow_id_of(request).text());
        const auto source = flow::with_task(row->source, id, *task);
        if (!source) return tl::unexpected(source.error());
        api.services.flows.refresh(tx.connection());
        const flow::ParsedFlow parsed = api.services.flows.parse(*source);
        if (!parsed.ok()) return tl::unexpected(parsed.error());
        return store::save_flow(tx, parsed, *source, store::Save::Update, user_of(request), api.services.instance);
    });
    if (!saved) return tl::unexpected(saved.error());
    if (saved->changed) api.services.signals.notify(pg::kTriggersChannel);
    return http::Response::json(flow_on_wire(saved->row, false));
}

/// Names that expressions of a task may use; without `taskId` those of the flow itself.
Result<http::Response> expressions(Api& api, const Request& request) {
    const flow::ParsedFlow parsed = parse_text(api, request.body);
    if (!parsed.ok()) return tl::unexpected(parsed.error());
    const std::string id = text_parameter(request, "taskId");
    if (!id.empty() && parsed.flow->place(id) == nullptr) return not_found("Not Found: the flow has no task {}", id);
    List out;
    for (std::string& name : names_at(*parsed.flow, id)) out.emplace_back(std::move(name));
    return http::Response::json(Value(std::move(out)));
}

// --------------------------------------------------------------------------------------------------- deprecated

/// Ids of tasks and triggers whose type is outdated, or has a newer name.
void collect_deprecated(const flow::Catalog& catalog, const Value& tree, std::set<std::string>& out) {
    if (tree.is_list()) {
        for (const Value& one : tree.as_list()) collect_deprecated(catalog, one, out);
    }
    if (!tree.is_map()) return;
    const std::string name = tree.text("type");
    const flow::TypeInfo* type = name.empty() ? nullptr : catalog.find(name);
    if (type != nullptr) {
        const auto& old = type->aliases;
        if (type->deprecated || std::find(old.begin(), old.end(), name) != old.end()) out.insert(tree.text("id"));
    }
    for (const auto& [key, value] : tree.as_map()) collect_deprecated(catalog, value, out);
}

Result<http::Response> deprecated(Api& api, const Request& request) {
    constexpr std::size_t kPage = 500;
    const auto filters = filters_of(request, api.services.pool.clock().now());
    if (!filters) return tl::unexpected(filters.error());
    List out;
    for (flow::FlowId last;;) {
        const auto rows = run_search(api.services.pool, [&](pg::Connection& connection) {
            return store::next_flows(connection, *filters, last, kPage);
        });
        if (!rows) return tl::unexpected(rows.error());
        for (const store::FlowRow& row : *rows) {
            std::set<std::string> found;
            collect_deprecated(api.services.flows.catalog(), row.definition, found);
            if (found.empty()) continue;
            List tasks;
            for (const std::string& id : found) tasks.emplace_back(id);
            out.push_back(Value{{"namespace", row.id.namespace_name},
                                {"flowId", row.id.id},
                                {"revision", row.revision},
                                {"deprecatedTasks", Value(std::move(tasks))}});
        }
        if (rows->size() < kPage) return http::Response::json(Value(std::move(out)));
        last = rows->back().id;
    }
}

// ---------------------------------------------------------------------------------------------------- revisions

/// An execution that is not over and runs one of the revisions, or may do so: beyond a thousand nobody looks.
Result<std::optional<ExecutionId>> running_one(Api& api, const flow::FlowId& flow,
                                               const std::vector<std::int64_t>& revisions) {
    constexpr std::size_t kMostLookedAt = 1000;
    store::Search search{.filters = {equal_to("namespace", flow.namespace_name), equal_to("flowId", flow.id)},
                         .size = kMostLookedAt,
                         .total = store::Total::None};
    store::Filter alive{"state", store::Operation::In, "", {}};
    for (const StateName& state : kStateNames) {
        if (!state.over) alive.values.emplace_back(state.text);
    }
    search.filters.push_back(std::move(alive));
    const store::Filter others{"kind", store::Operation::In, "", {"TEST", "PLAYGROUND", "LOOP"}};
    for (const bool ordinary : {true, false}) {
        if (!ordinary) search.filters.push_back(others);
        const auto found = run_search(
            api.services.pool, [&](pg::Connection& connection) { return store::find_executions(connection, search); });
        if (!found) return tl::unexpected(found.error());
        for (const engine::Execution& one : found->rows) {
            if (std::find(revisions.begin(), revisions.end(), one.flow_revision) != revisions.end())
                return std::optional(one.id);
        }
        if (found->rows.size() == kMostLookedAt) return std::optional(found->rows.back().id);
    }
    return std::optional<ExecutionId>();
}

/// Old revisions go for good; the newest one stays, and those that executions run.
Result<http::Response> delete_revisions(Api& api, const Request& request) {
    const flow::FlowId id = flow_id_of(request);
    std::vector<std::int64_t> revisions;
    for (const std::string& text : list_parameter(request, "revisions")) {
        std::int64_t number = 0;
        const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (wrong != std::errc() || end != text.data() + text.size())
            return refuse(ErrorCode::BadRequest, "Bad Request: revisions: expected a number, found '{}'", text);
        revisions.push_back(number);
    }
    if (revisions.empty()) return refuse(ErrorCode::BadRequest, "Bad Request: the parameter 'revisions' is missing");
    const auto newest = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::latest_flow(connection, id); });
    if (!newest) return not_found("Not Found: flow {} does not exist", id.text());
    if (std::find(revisions.begin(), revisions.end(), newest->revision) != revisions.end())
        return invalid("Illegal argument: revision {} of {} is its newest; delete the flow itself", newest->revision,
                       id.text());
    const auto running = running_one(api, id, revisions);
    if (!running) return tl::unexpected(running.error());
    if (*running)
        return conflict(
            "Illegal state: execution {} is not over and may run one of these revisions: wait for its end, or kill it",
            **running);
    const std::size_t gone = api.services.pool.in_transaction(
        [&](pg::Transaction& tx) { return store::delete_revisions(tx, id, revisions); });
    if (gone == 0) return not_found("Not Found: flow {} has none of these revisions", id.text());
    return http::Response::json(Value{{"count", gone}});
}

}  // namespace flow_part_routes

void add_flow_part_routes(http::Router& router, Api& api) {
    using namespace flow_part_routes;
    using http::Method;
    route(router, Method::Post, "/flows/validate/task", [&api](const Request& r) { return validate_section(api, r); },
          {"Says what is wrong with a task, or a trigger: YAML or JSON", {"section"}});
    route(router, Method::Post, "/flows/validate/trigger",
          [&api](const Request& r) { return validate_part(api, r, "triggers"); },
          {"Says what is wrong with a trigger: YAML or JSON"});
    route(router, Method::Patch, "/flows/{namespace}/{id}/{taskId}",
          [&api](const Request& r) { return replace_task(api, r); },
          {"Stores the next revision of a flow, with one task replaced: JSON"});
    route(router, Method::Post, "/flows/expressions", [&api](const Request& r) { return expressions(api, r); },
          {"Names that expressions of a task may use: YAML", {"taskId"}});
    route(router, Method::Get, "/flows/deprecated", [&api](const Request& r) { return deprecated(api, r); },
          {"Flows that use outdated types", {"namespace"}});
    route(router, Method::Delete, "/flows/{namespace}/{id}/revisions",
          [&api](const Request& r) { return delete_revisions(api, r); },
          {"Deletes old revisions of a flow", {"revisions"}});
}

}  // namespace sluice::webserver
