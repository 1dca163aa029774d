// What namespaces say of themselves: description, variables, plugin defaults, and what they inherit of these.
#include "flow/namespace_settings.h"
#include "store/namespaces.h"
#include "store/secrets.h"
#include "value/json.h"
#include "webserver/api.h"
#include "webserver/parameters.h"

namespace sluice::webserver {
namespace namespace_settings_routes {

using http::Request;
using store::NamespaceRow;

constexpr std::size_t kLongestDescription = 10'000;

std::string name_of(const Request& request) {
    return std::string(request.parameter("namespace"));
}

/// Tells one state of a namespace from another.
std::string etag_of(const NamespaceRow& row) {
    return fmt::format("\"{}\"", row.updated_at.time_since_epoch().count());
}

Value row_on_wire(const NamespaceRow& row) {
    Map out;
    out.set("id", row.name);
    if (!row.description.empty()) out.set("description", row.description);
    out.set("variables", row.variables);
    if (row.variables_source) out.set("variablesSource", *row.variables_source);
    out.set("pluginDefaults", row.plugin_defaults);
    if (row.plugin_defaults_source) out.set("pluginDefaultsSource", *row.plugin_defaults_source);
    if (row.updated_at != Timestamp{}) out.set("updated", to_iso(row.updated_at));
    return Value(std::move(out));
}

http::Response shown(const NamespaceRow& row) {
    auto response = http::Response::json(row_on_wire(row));
    if (row.updated_at != Timestamp{}) response.set("ETag", etag_of(row));
    return response;
}

/// One that says nothing of itself is there all the same: it may have flows, now or later.
http::Response get(Api& api, const Request& request) {
    const auto rows = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::namespace_rows(connection, {name_of(request)}); });
    return shown(rows.empty() ? NamespaceRow{.name = name_of(request)} : rows.front());
}

/// A text is YAML and kept as it is; a value is JSON. null: there is none any more.
Result<void> read_variables(NamespaceRow& row, const Value& body) {
    const auto source = body.get("variablesSource");
    const auto given = body.get("variables");
    if (source && source->is_string()) {
        auto read = flow::parse_variables(source->as_string());
        if (!read) return tl::unexpected(read.error());
        row.variables = std::move(*read);
        row.variables_source = source->as_string();
    } else if (source || given) {
        if (given && !given->is_map() && !given->is_null())
            return invalid("Invalid json mapping: expected variables as an object");
        row.variables = given && given->is_map() ? *given : Value(Map());
        row.variables_source = {};
    }
    return {};
}

Result<void> read_plugin_defaults(Api& api, NamespaceRow& row, const Value& body) {
    const auto source = body.get("pluginDefaultsSource");
    const auto given = body.get("pluginDefaults");
    if (!source && !given) return {};
    const bool as_text = source && source->is_string();
    auto read = as_text ? flow::parse_plugin_defaults(source->as_string(), api.services.flows.catalog())
                        : flow::check_plugin_defaults(given.value_or(Value()), api.services.flows.catalog());
    if (!read) return tl::unexpected(read.error());
    row.plugin_defaults = std::move(*read);
    row.plugin_defaults_source = as_text ? std::optional(source->as_string()) : std::nullopt;
    return {};
}

/// What the body does not name stays.
Result<void> read_into(Api& api, NamespaceRow& row, const Value& body) {
    if (const auto text = body.get("description")) row.description = text->is_string() ? text->as_string() : "";
    if (row.description.size() > kLongestDescription)
        return invalid("Illegal argument: a description has at most {} bytes", kLongestDescription);
    if (auto read = read_variables(row, body); !read) return read;
    return read_plugin_defaults(api, row, body);
}

Result<Value> body_of(const Request& request) {
    auto body = parse_json(request.body);
    if (!body || !body->is_map())
        return invalid(
            "Invalid json: expected {{\"description\", \"variables\" or \"variablesSource\", \"pluginDefaults\" or "
            "\"pluginDefaultsSource\"}}");
    return body;
}

/// As its author had seen it (If-Match), or as it must be for the method.
Result<void> fits(const Request& request, const std::optional<NamespaceRow>& present, bool create) {
    if (create && present) return conflict("Illegal state: there is already a namespace {}; change it", present->name);
    const auto seen = request.header("If-Match");
    if (!seen || *seen == (present ? etag_of(*present) : "\"\"")) return {};
    return conflict("Illegal state: somebody else changed the namespace meanwhile; nothing was overwritten");
}

Result<NamespaceRow> changed(Api& api, const Request& request, const std::string& name, const Value& body, bool create,
                             bool dry_run) {
    return api.services.pool.in_transaction([&](pg::Transaction& tx) -> Result<NamespaceRow> {
        store::lock_namespace(tx, name);
        auto rows = store::namespace_rows(tx.connection(), {name});
        const auto present = rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
        if (auto fit = fits(request, present, create); !fit) return tl::unexpected(fit.error());
        NamespaceRow row = present.value_or(NamespaceRow{.name = name});
        if (auto read = read_into(api, row, body); !read) return tl::unexpected(read.error());
        if (!dry_run) store::put_namespace(tx, row);
        return row;
    });
}

Result<http::Response> change(Api& api, const Request& request, const std::string& name, bool create) {
    const auto dry_run = flag_parameter(request, "dryRun");
    if (!dry_run) return tl::unexpected(dry_run.error());
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    if (!flow::is_namespace(name))
        return invalid("Illegal argument: a namespace is made of small letters, digits, '.', '_' and '-'; found '{}'",
                       name);
    auto row = changed(api, request, name, *body, create, *dry_run);
    if (!row) return tl::unexpected(row.error());
    if (!*dry_run) api.services.flows.doubt_namespaces();  // the others are told by the row's trigger
    return shown(*row);
}

/// {"id", …}
Result<http::Response> create(Api& api, const Request& request) {
    const auto body = body_of(request);
    if (!body) return tl::unexpected(body.error());
    const std::string name = body->text("id");
    if (auto allowed = demand(request, name); !allowed) return tl::unexpected(allowed.error());
    return change(api, request, name, true);
}

Result<http::Response> remove(Api& api, const Request& request) {
    const std::string name = name_of(request);
    const auto removed = api.services.pool.in_transaction([&](pg::Transaction& tx) -> Result<bool> {
        store::lock_namespace(tx, name);
        auto rows = store::namespace_rows(tx.connection(), {name});
        const auto present = rows.empty() ? std::nullopt : std::optional(std::move(rows.front()));
        if (auto fit = fits(request, present, false); !fit) return tl::unexpected(fit.error());
        return store::delete_namespace(tx, name);
    });
    if (!removed) return tl::unexpected(removed.error());
    if (!*removed) return not_found("Not Found: the namespace {} has nothing that could be deleted", name_of(request));
    api.services.flows.doubt_namespaces();
    return http::Response::empty();
}

std::vector<NamespaceRow> rows_above(Api& api, const Request& request) {
    std::vector<std::string> above = store::with_those_above(name_of(request));
    above.erase(above.begin());
    return api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::namespace_rows(connection, above); });
}

/// From the nearest namespace above to the farthest: [{"namespace", "variables"}]
http::Response inherited_variables(Api& api, const Request& request) {
    List out;
    for (const NamespaceRow& row : rows_above(api, request)) {
        if (!row.variables.as_map().empty())
            out.push_back(Value{{"namespace", row.name}, {"variables", row.variables}});
    }
    return http::Response::json(Value(std::move(out)));
}

/// The same, and at the end, without a namespace, those of the configuration.
http::Response inherited_plugin_defaults(Api& api, const Request& request) {
    List out;
    for (const NamespaceRow& row : rows_above(api, request)) {
        if (!row.plugin_defaults.as_list().empty())
            out.push_back(Value{{"namespace", row.name}, {"pluginDefaults", row.plugin_defaults}});
    }
    List of_instance;
    for (const flow::PluginDefault& one : api.services.flows.instance_defaults())
        of_instance.push_back(Value{{"type", one.type}, {"forced", one.forced}, {"values", one.values}});
    if (!of_instance.empty()) out.push_back(Value{{"pluginDefaults", Value(std::move(of_instance))}});
    return http::Response::json(Value(std::move(out)));
}

}  // namespace namespace_settings_routes

void add_namespace_settings_routes(http::Router& router, Api& api) {
    using namespace namespace_settings_routes;
    using http::Method;
    const std::string one = "/namespaces/{namespace}";
    route(router, Method::Get, one, [&api](const Request& r) { return get(api, r); }, {"A namespace"});
    route(router, Method::Post, "/namespaces", [&api](const Request& r) { return create(api, r); },
          {"Makes a namespace, before it has flows", {"dryRun"}});
    route(router, Method::Put, one, [&api](const Request& r) { return change(api, r, name_of(r), false); },
          {"Changes what a namespace says of itself", {"dryRun"}});
    route(router, Method::Delete, one, [&api](const Request& r) { return remove(api, r); },
          {"Forgets what a namespace says of itself; its flows stay"});
    route(router, Method::Get, one + "/inherited-variables",
          [&api](const Request& r) { return inherited_variables(api, r); }, {"Variables of the namespaces above"});
    route(router, Method::Get, one + "/inherited-plugindefaults",
          [&api](const Request& r) { return inherited_plugin_defaults(api, r); },
          {"Plugin defaults of the namespaces above, and of the configuration"});
}

}  // namespace sluice::webserver
