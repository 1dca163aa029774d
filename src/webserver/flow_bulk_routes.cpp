// Many flows at once: several documents, import and export, deletion, switching on and off.
#include <set>

#include "http/form.h"
#include "store/find_flows.h"
#include "value/json.h"
#include "webserver/background.h"
#include "webserver/flow_changes.h"
#include "webserver/parameters.h"
#include "webserver/search_request.h"
#include "webserver/wire.h"
#include "webserver/zip.h"

namespace sluice::webserver {
namespace flow_bulk_routes {

using http::Request;

constexpr access::Capability kDelete{access::Resource::Flow, access::Action::Delete};
constexpr std::size_t kLargestImport = 256 * 1024 * 1024;

Error flow_error(const std::string& property, const std::string& message) {
    const Error detail{ErrorCode::Invalid, message, Place{.property = property}, {}, ""};
    return {ErrorCode::Invalid, fmt::format("Invalid entity: {}: {}", property, message), {}, {detail}, ""};
}

struct Document {
    std::string text{};
    flow::ParsedFlow parsed{};
};

/// Which flows a body may hold, and which of those that are missing in it are removed.
struct Scope {
    std::string name_space{};  // empty: all
    bool below = false;        // with the namespaces below
    bool remove_others = false;
    bool moves = false;  // flows of other namespaces are taken into this one

    bool has(const std::string& name) const {
        return name_space.empty() || name == name_space || (below && name.starts_with(name_space + "."));
    }
};

Result<std::vector<Document>> documents_of(Api& api, const Request& request, const Scope& scope) {
    std::vector<Document> out;
    std::set<flow::FlowId> seen;
    for (const flow::SourceDocument& document : flow::split_documents(request.body)) {
        Document one{scope.moves ? in_namespace(document.text, scope.name_space) : document.text, {}};
        one.parsed = parse_text(api, one.text, "", document.first_line);
        if (!one.parsed.ok()) return tl::unexpected(one.parsed.error());
        if (!scope.has(one.parsed.id.namespace_name))
            return tl::unexpected(flow_error("flow.namespace", "Flow namespace is invalid"));
        if (auto allowed = demand(request, one.parsed.id.namespace_name); !allowed)
            return tl::unexpected(allowed.error());
        if (!seen.insert(one.parsed.id).second) return tl::unexpected(flow_error("flow.id", "Duplicate flow id"));
        out.push_back(std::move(one));
    }
    if (out.empty() && scope.remove_others) {
        return invalid(
            "Illegal argument: the body holds no flow, and delete=true would remove all of them; use DELETE for that");
    }
    return out;
}

/// In one transaction: those that are missing go, the others are stored.
Result<http::Response> save_all(Api& api, const Request& request, const Scope& scope) {
    const auto documents = documents_of(api, request, scope);
    if (!documents) return tl::unexpected(documents.error());
    const auto dry_run = flag_parameter(request, "dryRun");
    if (!dry_run) return tl::unexpected(dry_run.error());
    std::set<flow::FlowId> kept;
    for (const Document& one : *documents) kept.insert(one.parsed.id);
    List out;
    std::int64_t removed = 0;
    const auto done = api.services.pool.in_transaction([&](pg::Transaction& tx) -> Result<void> {
        out.clear();
        removed = 0;
        if (scope.remove_others) {
            const auto present = store::find_flow_sources(tx.connection(), {});
            if (!present) return tl::unexpected(present.error());
            for (const store::FlowRow& row : *present) {
                if (!scope.has(row.id.namespace_name) || kept.contains(row.id)) continue;
                ++removed;
                if (auto allowed = demand(request, kDelete, row.id.namespace_name); !allowed) return allowed;
                if (*dry_run) continue;
                if (auto gone = store::delete_flow(tx, row.id, user_of(request)); !gone) return gone;
            }
        }
        for (const Document& one : *documents) {
            if (*dry_run) continue;
            auto saved = store::save_flow(tx, one.parsed, one.text, store::Save::Either, user_of(request),
                                          api.services.instance);
            if (!saved) return tl::unexpected(saved.error());
            out.push_back(flow_on_wire(saved->row, true));
        }
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    api.services.signals.notify(pg::kTriggersChannel);
    auto response = http::Response::json(Value(std::move(out)));
    response.set("X-Deleted-Count", std::to_string(removed));
    return response;
}

Result<http::Response> save_namespace(Api& api, const Request& request) {
    const auto remove = flag_parameter(request, "delete", true);
    if (!remove) return tl::unexpected(remove.error());
    const auto moves = flag_parameter(request, "override");
    if (!moves) return tl::unexpected(moves.error());
    return save_all(api, request, {std::string(request.parameter("namespace")), false, *remove, *moves});
}

Result<http::Response> save_bulk(Api& api, const Request& request) {
    const auto remove = flag_parameter(request, "delete", true);
    if (!remove) return tl::unexpected(remove.error());
    const auto below = flag_parameter(request, "allowNamespaceChild");
    if (!below) return tl::unexpected(below.error());
    return save_all(api, request, {text_parameter(request, "namespace"), *below, *remove});
}

// ----------------------------------------------------------------------------------------- import and export

http::Response zipped(const std::vector<store::FlowRow>& rows) {
    std::vector<ZipEntry> entries;
    for (const store::FlowRow& row : rows)
        entries.emplace_back(row.id.namespace_name + "." + row.id.id + ".yml", row.source);
    auto response = http::Response::bytes(zip_of(entries), "application/zip");
    response.set("Content-Disposition", http::as_attachment("flows.zip"));
    return response;
}

Result<std::vector<flow::FlowId>> ids_in(const Request& request) {
    const auto body = parse_json(request.body);
    if (!body || !body->is_list()) return invalid("Invalid json: expected a list of {{\"namespace\", \"id\"}}");
    std::vector<flow::FlowId> out;
    for (const Value& one : body->as_list()) {
        out.push_back({one.text("namespace"), one.text("id")});
        if (auto allowed = demand(request, out.back().namespace_name); !allowed) return tl::unexpected(allowed.error());
    }
    return out;
}

Result<std::vector<store::FlowRow>> rows_by_query(Api& api, const Request& request) {
    const auto filters = filters_of(request, api.services.pool.clock().now());
    if (!filters) return tl::unexpected(filters.error());
    return run_search(api.services.pool,
                      [&](pg::Connection& connection) { return store::find_flow_sources(connection, *filters); });
}

Result<http::Response> export_by_query(Api& api, const Request& request) {
    const auto rows = rows_by_query(api, request);
    if (!rows) return tl::unexpected(rows.error());
    return zipped(*rows);
}

Result<http::Response> export_by_ids(Api& api, const Request& request) {
    const auto ids = ids_in(request);
    if (!ids) return tl::unexpected(ids.error());
    std::vector<store::FlowRow> rows;
    for (const flow::FlowId& id : *ids) {
        auto row = api.services.pool.with_connection(
            [&](pg::Connection& connection) { return store::latest_flow(connection, id); });
        if (!row || row->deleted) return not_found("Not Found: flow {} does not exist", id.text());
        rows.push_back(std::move(*row));
    }
    return zipped(rows);
}

/// The documents of an uploaded file, with a name for each that tells it in an answer.
Result<std::vector<ZipEntry>> files_in(const http::Part& part) {
    if (!part.head.filename.ends_with(".zip")) return std::vector{ZipEntry{part.head.filename, part.text}};
    auto entries = unzip(part.text);
    if (!entries) return entries;
    std::erase_if(*entries, [](const ZipEntry& entry) {
        return !entry.first.ends_with(".yml") && !entry.first.ends_with(".yaml");
    });
    return entries;
}

/// Each document by itself: one that is wrong does not keep the others out, unless failOnError is set.
Result<http::Response> import(Api& api, const Request& request) {
    const auto strict = flag_parameter(request, "failOnError");
    if (!strict) return tl::unexpected(strict.error());
    const auto form = http::form_of(request, {.max_text_part = kLargestImport, .max_text_total = kLargestImport});
    if (!form) return tl::unexpected(form.error());
    const http::Part* part = form->find("fileUpload");
    if (part == nullptr) return refuse(ErrorCode::BadRequest, "Bad Request: the part 'fileUpload' is missing");
    const auto files = files_in(*part);
    if (!files) return tl::unexpected(files.error());
    List failed;
    for (const auto& [name, text] : *files) {
        for (const flow::SourceDocument& document : flow::split_documents(text)) {
            const auto parsed = parse_text(api, document.text, name, document.first_line);
            const auto allowed = demand(request, parsed.id.namespace_name);
            auto saved = !parsed.ok() ? Result<store::SavedFlow>(tl::unexpected(parsed.error()))
                         : !allowed   ? Result<store::SavedFlow>(tl::unexpected(allowed.error()))
                                      : api.services.pool.in_transaction([&](pg::Transaction& tx) {
                                          return store::save_flow(tx, parsed, document.text, store::Save::Either,
                                                                    user_of(request), api.services.instance);
                                      });
            if (saved) continue;
            if (*strict) return tl::unexpected(saved.error());
            failed.emplace_back(parsed.id.id.empty() ? name : parsed.id.text());
        }
    }
    api.services.signals.notify(pg::kTriggersChannel);
    return http::Response::json(Value(std::move(failed)));
}

// ------------------------------------------------------------------------------- delete, enable and disable

/// What is done to many flows, and its name as an operation.
struct NamedChange {
    const char* name;
    FlowChange change;
};

Result<http::Response> change_all(Api& api, const Request& request, const std::vector<flow::FlowId>& ids,
                                  const NamedChange& wanted) {
    if (is_second_profile(request)) {
        OperationWish wish{.resource = "flows", .action = wanted.name};
        for (const flow::FlowId& id : ids) wish.members.push_back(id.namespace_name + "/" + id.id);
        return in_background(api, request, std::move(wish));
    }
    const auto done = api.services.pool.in_transaction([&](pg::Transaction& tx) -> Result<void> {
        for (const flow::FlowId& id : std::set<flow::FlowId>(ids.begin(), ids.end())) {
            if (auto one = wanted.change(tx, id); !one) return one;
        }
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    api.services.signals.notify(pg::kTriggersChannel);
    return http::Response::json(Value{{"count", ids.size()}});
}

Result<http::Response> change_listed(Api& api, const Request& request, const NamedChange& change) {
    const auto ids = ids_in(request);
    if (!ids) return tl::unexpected(ids.error());
    return change_all(api, request, *ids, change);
}

Result<http::Response> change_found(Api& api, const Request& request, const NamedChange& change) {
    const auto rows = rows_by_query(api, request);
    if (!rows) return tl::unexpected(rows.error());
    std::vector<flow::FlowId> ids;
    for (const store::FlowRow& row : *rows) ids.push_back(row.id);
    return change_all(api, request, ids, change);
}

}  // namespace flow_bulk_routes

void add_flow_bulk_routes(http::Router& router, Api& api) {
    using namespace flow_bulk_routes;
    using http::Method;
    const auto save = [&](const char* pattern, Result<http::Response> (*handler)(Api&, const Request&),
                          const RouteDoc& doc) {
        for_both_roots(pattern, [&](std::string full) {
            router.add(Method::Post, std::move(full), [&api, handler](const Request& r) { return handler(api, r); })
                .limit_body(kLargestImport)
                .describe(doc.summary, doc.query);
        });
    };
    save("/flows/{namespace}", save_namespace, {"Stores the flows of a namespace", {"delete", "override", "dryRun"}});
    save("/flows/bulk", save_bulk, {"Stores many flows", {"delete", "namespace", "allowNamespaceChild", "dryRun"}});
    save("/flows/import", import, {"Stores the flows of a file", {"failOnError"}});
    route(router, Method::Get, "/flows/export/by-query", [&api](const Request& r) { return export_by_query(api, r); },
          {"Flows as a ZIP", kSearchParameters});
    route(router, Method::Post, "/flows/export/by-ids", [&api](const Request& r) { return export_by_ids(api, r); },
          {"Flows as a ZIP"});
    route(router, Method::Delete, "/flows/delete/by-ids",
          [&api](const Request& r) {
              return change_listed(api, r, {"delete", removing_flow(user_of(r))});
          },
          {"Deletes flows"});
    route(router, Method::Delete, "/flows/delete/by-query",
          [&api](const Request& r) {
              return change_found(api, r, {"delete", removing_flow(user_of(r))});
          },
          {"Deletes flows", kSearchParameters});
    for (const auto& [verb, disabled] : {std::pair("disable", true), std::pair("enable", false)}) {
        const std::string pattern = std::string("/flows/") + verb;
        route(router, Method::Post, pattern + "/by-ids",
              [&api, verb = verb, disabled = disabled](const Request& r) {
                  return change_listed(api, r, {verb, switching_flow(api, user_of(r), disabled)});
              },
              {"Switches flows on or off"});
        route(router, Method::Post, pattern + "/by-query",
              [&api, verb = verb, disabled = disabled](const Request& r) {
                  return change_found(api, r, {verb, switching_flow(api, user_of(r), disabled)});
              },
              {"Switches flows on or off", kSearchParameters});
    }
}

}  // namespace sluice::webserver
