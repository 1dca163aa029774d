// Flows: create, update, read, validate, delete.
#include "http/form.h"
#include "webserver/flow_changes.h"
#include "webserver/parameters.h"
#include "webserver/wire.h"

namespace sluice::webserver {
namespace flow_routes {

flow::FlowId flow_id_of(const http::Request& request) {
    return {std::string(request.parameter("namespace")), std::string(request.parameter("id"))};
}

/// `expectedRevision` keeps a text from overwriting one that its writer has not seen.
Result<store::SavedFlow> after(const http::Request& request, Result<store::SavedFlow> saved) {
    const auto expected = integer_parameter(request, "expectedRevision");
    if (!expected) return tl::unexpected(expected.error());
    if (!saved || !saved->changed || !*expected || saved->row.revision == **expected + 1) return saved;
    return conflict("Conflict: flow {} is at revision {} by now, expected {}: somebody else saved it meanwhile",
                    saved->row.id.text(), saved->row.revision - 1, **expected);
}

/// The next revision of a flow from a text.
Result<http::Response> save(Api& api, const http::Request& request, store::Save how,
                            const std::optional<flow::FlowId>& expected) {
    const flow::ParsedFlow parsed = parse_text(api, request.body);
    if (!parsed.ok()) return tl::unexpected(parsed.error());
    if (expected) {
        const auto wrong = [](const char* property, const char* message) {
            Error detail{ErrorCode::Invalid, message, Place{.property = property}, {}, ""};
            return tl::unexpected(
                Error{ErrorCode::Invalid, fmt::format("Invalid entity: {}: {}", property, message), {}, {detail}, ""});
        };
        if (parsed.id.id != expected->id) return wrong("flow.id", "Illegal flow id update");
        if (parsed.id.namespace_name != expected->namespace_name) {
            return wrong("flow.namespace", "Illegal namespace update");
        }
    }
    if (auto allowed = demand(request, parsed.id.namespace_name); !allowed) return tl::unexpected(allowed.error());
    auto saved = api.services.pool.in_transaction([&](pg::Transaction& tx) {
        return after(request, store::save_flow(tx, parsed, request.body, how, user_of(request), api.services.instance));
    });
    if (!saved) return tl::unexpected(saved.error());
    if (saved->changed) api.services.signals.notify(pg::kTriggersChannel);
    return http::Response::json(flow_on_wire(saved->row, true));
}

Result<http::Response> get(Api& api, const http::Request& request) {
    const flow::FlowId id = flow_id_of(request);
    const auto wanted = integer_parameter(request, "revision");
    if (!wanted) return tl::unexpected(wanted.error());
    const auto revision = *wanted;
    const bool deleted_too = flag_parameter(request, "allowDeleted").value_or(false);
    const auto row = api.services.pool.with_connection([&](pg::Connection& connection) {
        return revision ? store::flow_revision(connection, id, *revision) : store::latest_flow(connection, id);
    });
    if (!row || (row->deleted && !deleted_too && !revision))
        return not_found("Not Found: flow {} does not exist", id.text());
    return http::Response::json(flow_on_wire(*row, flag_parameter(request, "source").value_or(false)));
}

Result<http::Response> revisions(Api& api, const http::Request& request) {
    const flow::FlowId id = flow_id_of(request);
    const auto rows = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::flow_revisions(connection, id); });
    if (rows.empty()) return not_found("Not Found: flow {} does not exist", id.text());
    List list;
    for (const store::FlowRow& row : rows) {
        if (!row.deleted || flag_parameter(request, "allowDelete").value_or(false))
            list.push_back(flow_on_wire(row, true));
    }
    return http::Response::json(Value(std::move(list)));
}

/// A task at any depth: whatever bears this id and a type.
const Value* task_below(const Value& tree, std::string_view id) {
    if (tree.is_map()) {
        if (tree.text("id") == id && !tree.text("type").empty()) return &tree;
        for (const auto& [key, value] : tree.as_map()) {
            if (const Value* found = task_below(value, id)) return found;
        }
    } else if (tree.is_list()) {
        for (const Value& one : tree.as_list()) {
            if (const Value* found = task_below(one, id)) return found;
        }
    }
    return nullptr;
}

Result<http::Response> task(Api& api, const http::Request& request) {
    const flow::FlowId id = flow_id_of(request);
    const auto revision = integer_parameter(request, "revision");
    if (!revision) return tl::unexpected(revision.error());
    const auto row = api.services.pool.with_connection([&](pg::Connection& connection) {
        return *revision ? store::flow_revision(connection, id, **revision) : store::latest_flow(connection, id);
    });
    if (!row || row->deleted) return not_found("Not Found: flow {} does not exist", id.text());
    const auto wanted = request.parameter("taskId");
    for (const char* branch : {"tasks", "errors", "finally", "afterExecution"}) {
        if (const Value* found = task_below(row->definition[branch], wanted)) return http::Response::json(*found);
    }
    return not_found("Not Found: flow {} has no task {}", id.text(), wanted);
}

Result<http::Response> remove(Api& api, const http::Request& request) {
    const flow::FlowId id = flow_id_of(request);
    auto done = api.services.pool.in_transaction(
        [&](pg::Transaction& tx) { return store::delete_flow(tx, id, user_of(request)); });
    if (!done) return tl::unexpected(done.error());
    api.services.signals.notify(pg::kTriggersChannel);
    return http::Response::empty();
}

/// The body, or the files of a form, each with its name.
Result<std::vector<std::pair<std::string, std::string>>> texts_of(const http::Request& request) {
    std::vector<std::pair<std::string, std::string>> out;
    if (request.content_type() != "multipart/form-data") {
        out.emplace_back("", request.body);
        return out;
    }
    auto form = http::form_of(request);
    if (!form) return tl::unexpected(form.error());
    for (http::Part& part : form->parts)
        out.emplace_back(part.head.filename.empty() ? part.head.name : part.head.filename, std::move(part.text));
    return out;
}

void validate_text(Api& api, const std::string& file, const std::string& text, List& out) {
    for (const flow::SourceDocument& document : flow::split_documents(text)) {
        const flow::ParsedFlow parsed = parse_text(api, document.text, file, document.first_line);
        bool outdated = false;
        if (parsed.revision) {
            const auto present = api.services.pool.with_connection(
                [&](pg::Connection& connection) { return store::latest_flow(connection, parsed.id); });
            outdated = *parsed.revision != (present ? present->revision + 1 : 1);
        }
        out.push_back(validation_on_wire(parsed, out.size(), outdated));
        if (!file.empty()) out.back().mutable_map().set("filename", file);
    }
}

/// One answer for each document, always 200.
Result<http::Response> validate(Api& api, const http::Request& request) {
    const auto texts = texts_of(request);
    if (!texts) return tl::unexpected(texts.error());
    List out;
    for (const auto& [file, text] : *texts) validate_text(api, file, text, out);
    return http::Response::json(Value(std::move(out)));
}

}  // namespace flow_routes

void add_flow_routes(http::Router& router, Api& api) {
    using namespace flow_routes;
    using http::Method;
    route(router, Method::Post, "/flows",
          [&api](const http::Request& r) { return save(api, r, store::Save::Create, {}); },
          {"Stores a new flow: YAML"});
    route(router, Method::Post, "/flows/validate", [&api](const http::Request& r) { return validate(api, r); },
          {"Says what is wrong with flows: YAML, several documents"});
    route(router, Method::Put, "/flows/{namespace}/{id}",
          [&api](const http::Request& r) { return save(api, r, store::Save::Update, flow_id_of(r)); },
          {"Stores the next revision of a flow: YAML", {"expectedRevision"}});
    route(router, Method::Get, "/flows/{namespace}/{id}", [&api](const http::Request& r) { return get(api, r); },
          {"A flow", {"source", "revision", "allowDeleted"}});
    route(router, Method::Get, "/flows/{namespace}/{id}/revisions",
          [&api](const http::Request& r) { return revisions(api, r); },
          {"All revisions of a flow, oldest first", {"allowDelete"}});
    route(router, Method::Get, "/flows/{namespace}/{id}/tasks/{taskId}",
          [&api](const http::Request& r) { return task(api, r); }, {"A task of a flow, at any depth", {"revision"}});
    route(router, Method::Delete, "/flows/{namespace}/{id}", [&api](const http::Request& r) { return remove(api, r); },
          {"Deletes a flow; its revisions stay"});
}

}  // namespace sluice::webserver
