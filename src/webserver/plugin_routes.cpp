// Types of tasks, triggers and conditions: what there is, their documentation, and schemas for editors.
#include <map>
#include <set>

#include "access/passwords.h"
#include "expr/catalogue.h"
#include "flow/icons.h"
#include "flow/json_schema.h"
#include "webserver/api.h"
#include "webserver/parameters.h"

namespace sluice::webserver {
namespace plugin_routes {

constexpr const char* kCached = "public, max-age=3600";

http::Response cached(const Value& body) {
    return http::Response::json(body).set("Cache-Control", kCached);
}

/// "core.http" of io.kestra.plugin.core.http.Request
std::string group_of(const flow::TypeInfo& type) {
    const std::string_view name = type.short_name();
    return std::string(name.substr(0, std::min(name.rfind('.'), name.size())));
}

/// How words are spelt that are no plain words.
std::string spelt(std::string_view word) {
    static const std::map<std::string_view, std::string_view> kWords{{"ai", "AI"},
                                                                     {"aws", "AWS"},
                                                                     {"condition", "Conditions"},
                                                                     {"csv", "CSV"},
                                                                     {"dbt", "dbt"},
                                                                     {"dlt", "dlt"},
                                                                     {"duckdb", "DuckDB"},
                                                                     {"flow", "Flow control"},
                                                                     {"fs", "Files"},
                                                                     {"ftp", "FTP"},
                                                                     {"ftps", "FTPS"},
                                                                     {"gcp", "Google Cloud"},
                                                                     {"googleworkspace", "Google Chat"},
                                                                     {"http", "HTTP"},
                                                                     {"jbang", "JBang"},
                                                                     {"jdbc", "SQL"},
                                                                     {"json", "JSON"},
                                                                     {"kv", "Key-value store"},
                                                                     {"line", "LINE"},
                                                                     {"log", "Logs"},
                                                                     {"minio", "MinIO"},
                                                                     {"node", "Node.js"},
                                                                     {"openai", "OpenAI"},
                                                                     {"opentofu", "OpenTofu"},
                                                                     {"pagerduty", "PagerDuty"},
                                                                     {"php", "PHP"},
                                                                     {"postgresql", "PostgreSQL"},
                                                                     {"powershell", "PowerShell"},
                                                                     {"s3", "Amazon S3"},
                                                                     {"sendgrid", "SendGrid"},
                                                                     {"sftp", "SFTP"},
                                                                     {"sqlite", "SQLite"},
                                                                     {"sqlmesh", "SQLMesh"},
                                                                     {"ssh", "SSH"},
                                                                     {"trigger", "Triggers"},
                                                                     {"whatsapp", "WhatsApp"},
                                                                     {"xml", "XML"},
                                                                     {"yaml", "YAML"}};
    if (const auto known = kWords.find(word); known != kWords.end()) return std::string(known->second);
    std::string title(word);
    if (!title.empty()) title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
    return title;
}

/// "HTTP" of core.http, "Ansible" of ansible.cli, "API: executions" of kestra.executions
std::string title_of_group(std::string_view group) {
    static const std::set<std::string_view> kSaysNothing{"cli", "notifications", "notify", "chat"};
    constexpr std::string_view kApi = "kestra.";
    if (group.starts_with(kApi)) return fmt::format("API: {}", group.substr(kApi.size()));
    const auto last = group.rfind('.');
    if (last == std::string_view::npos || !kSaysNothing.contains(group.substr(last + 1)))
        return spelt(group.substr(last + 1));
    const std::string_view before = group.substr(0, last);
    return spelt(before.substr(before.rfind('.') + 1));
}

const char* list_of(flow::Category category) {
    switch (category) {
        case flow::Category::Task:
            return "tasks";
        case flow::Category::Trigger:
            return "triggers";
        case flow::Category::Condition:
            return "conditions";
        case flow::Category::TaskRunner:
            return "taskRunners";
        case flow::Category::Other:
            return "additionalPlugins";
    }
    return "additionalPlugins";
}

/// One entry for each group of types, with lists of them by kind.
Value plugins(const flow::Catalog& catalog) {
    std::map<std::string, Map> groups;
    for (const auto& type : catalog.types()) {
        if (type->internal) continue;
        const std::string name = group_of(*type);
        Map& group = groups[name];
        if (group.empty()) {
            group.set("name", name);
            group.set("title", title_of_group(name));
            group.set("group", std::string(flow::kTypePrefix) + name);
            for (const char* list : {"tasks", "triggers", "conditions", "taskRunners", "aliases"})
                group.set(list, Value(List()));
        }
        Value& list = group[list_of(type->category)];
        if (list.is_null()) list = Value(List());
        list.mutable_list().push_back(
            Value{{"cls", type->name}, {"title", type->title}, {"deprecated", type->deprecated}});
        for (const std::string& alias : type->aliases) group["aliases"].mutable_list().emplace_back(alias);
    }
    List out;
    for (auto& [name, group] : groups) out.push_back(Value(std::move(group)));
    return Value(std::move(out));
}

/// Trigger types by category, of their group's name.
Value triggers(const flow::Catalog& catalog) {
    Map out;
    for (const auto& type : catalog.types()) {
        if (type->internal || type->category != flow::Category::Trigger) continue;
        Value& list = out[group_of(*type)];
        if (list.is_null()) list = Value(List());
        list.mutable_list().push_back(Value{{"cls", type->name}, {"title", type->title}});
    }
    return Value(std::move(out));
}

Value icon_entry(const flow::TypeInfo& type) {
    const std::string_view name = type.short_name();
    return Value{{"name", name.substr(name.rfind('.') + 1)},
                 {"icon", access::to_base64(flow::icon_of(type))},
                 {"flowable", type.runs == flow::Runs::Flowable}};
}

Value icons(const flow::Catalog& catalog) {
    Map out;
    for (const auto& type : catalog.types()) {
        if (!type->internal) out.set(type->name, icon_entry(*type));
    }
    return Value(std::move(out));
}

Value group_icons(const flow::Catalog& catalog) {
    Map out;
    for (const auto& type : catalog.types()) {
        if (type->internal) continue;
        const std::string group = group_of(*type);
        const std::string name = std::string(flow::kTypePrefix) + group;
        if (!out.contains(name)) {
            out.set(name,
                    Value{{"name", group}, {"icon", access::to_base64(flow::group_icon(group))}, {"flowable", false}});
        }
    }
    return Value(std::move(out));
}

Result<const flow::TypeInfo*> type_of(const flow::Catalog& catalog, const http::Request& request) {
    const std::string_view name = request.parameter("cls");
    const flow::TypeInfo* type = catalog.find(name);
    if (type != nullptr && !type->internal) return type;
    const std::string near = catalog.suggestion(name);
    return not_found("Not Found: there is no type {}{}", name, near.empty() ? "" : "; did you mean " + near + "?");
}

Result<http::Response> one_icon(const flow::Catalog& catalog, const http::Request& request) {
    const auto type = type_of(catalog, request);
    if (!type) return tl::unexpected(type.error());
    return cached(icon_entry(**type));
}

/// A plugin's icon is somebody else's text: as a picture it may draw, and nothing else.
Result<http::Response> icon_file(const flow::Catalog& catalog, const http::Request& request) {
    const auto type = type_of(catalog, request);
    if (!type) return tl::unexpected(type.error());
    http::Response out = http::Response::text(flow::icon_of(**type));
    out.set("Content-Type", "image/svg+xml");
    out.set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox");
    return out.set("Cache-Control", kCached);
}

Result<http::Response> documentation(const flow::Catalog& catalog, const http::Request& request) {
    const auto all = flag_parameter(request, "all");
    if (!all) return tl::unexpected(all.error());
    const auto type = type_of(catalog, request);
    if (!type) return tl::unexpected(type.error());
    return cached(Value{{"markdown", (*type)->description}, {"schema", flow::type_schema(**type, *all)}});
}

Result<http::Response> versions(const flow::Catalog& catalog, const http::Request& request,
                                const std::string& version) {
    const flow::TypeInfo* type = catalog.find(request.parameter("cls"));
    if (type == nullptr) return not_found("Not Found: there is no type {}", request.parameter("cls"));
    return cached(Value{{"type", type->name}, {"versions", Value(List{Value(version)})}});
}

/// The documentation of the only version that there is.
Result<http::Response> versioned(const flow::Catalog& catalog, const http::Request& request,
                                 const std::string& version) {
    if (request.parameter("version") != version) {
        return not_found("Not Found: there is no version {} of {}; there is {}", request.parameter("version"),
                         request.parameter("cls"), version);
    }
    return documentation(catalog, request);
}

Result<flow::SchemaOf> schema_kind(std::string_view word) {
    if (word.ends_with(".json")) word.remove_suffix(5);
    if (word == "flow") return flow::SchemaOf::Flow;
    if (word == "task") return flow::SchemaOf::Task;
    if (word == "trigger") return flow::SchemaOf::Trigger;
    if (word == "plugindefault") return flow::SchemaOf::PluginDefault;
    return not_found("Not Found: there is no schema '{}'; there are flow, task, trigger and plugindefault", word);
}

Result<http::Response> schema(const flow::Catalog& catalog, const http::Request& request) {
    const auto kind = schema_kind(request.parameter("type"));
    if (!kind) return tl::unexpected(kind.error());
    const auto as_list = flag_parameter(request, "arrayOf");
    if (!as_list) return tl::unexpected(as_list.error());
    Value made = flow::json_schema(catalog, *kind);
    if (!*as_list) return cached(made);
    Value definitions = made["definitions"];
    made.mutable_map().erase("definitions");
    made.mutable_map().erase("$schema");
    return cached(Value{{"$schema", "http://json-schema.org/draft-07/schema#"},
                        {"type", "array"},
                        {"items", made},
                        {"definitions", definitions}});
}

Result<http::Response> properties(const flow::Catalog& catalog, const http::Request& request) {
    const auto kind = schema_kind(request.parameter("type"));
    if (!kind) return tl::unexpected(kind.error());
    return cached(flow::json_schema(catalog, *kind)["properties"]);
}

Value inputs() {
    List out;
    for (const std::string& word : flow::find_property(flow::input_properties(), "type")->values) {
        out.push_back(Value{{"type", word}, {"cls", word}});
    }
    return Value(std::move(out));
}

/// What an input of a type may say, besides what all of them may.
Result<http::Response> input_documentation(const http::Request& request) {
    const auto type = flow::input_type_of(request.parameter("type"));
    if (!type) return not_found("Not Found: there is no type of inputs {}", request.parameter("type"));
    flow::TypeInfo described;
    described.name = flow::to_text(*type);
    described.title = fmt::format("An input of type {}", described.name);
    described.properties = flow::input_properties();
    return cached(Value{
        {"type", described.name}, {"markdown", described.title}, {"schema", flow::type_schema(described, false)}});
}

/// What an expression may call, for completion and documentation.
Value expression_words() {
    List out;
    for (const expr::Described& one : expr::catalogue()) {
        out.push_back(Value{
            {"kind", one.kind}, {"name", one.name}, {"parameters", one.parameters}, {"description", one.summary}});
    }
    return Value(std::move(out));
}

}  // namespace plugin_routes

void add_plugin_routes(http::Router& router, Api& api) {
    using namespace plugin_routes;
    using http::Method;
    using http::Request;
    const flow::Catalog& catalog = api.services.flows.catalog();
    const auto get = [&](const char* pattern, auto handler, const char* summary) {
        route(router, Method::Get, pattern, std::move(handler), {summary});
    };
    get(
        "/plugins", [&catalog](const Request&) { return cached(plugins(catalog)); }, "All types, by group");
    get(
        "/plugins/groups/subgroups", [&catalog](const Request&) { return cached(plugins(catalog)); },
        "All types, by group");
    get(
        "/plugins/triggers", [&catalog](const Request&) { return cached(triggers(catalog)); }, "Trigger types");
    get(
        "/plugins/icons", [&catalog](const Request&) { return cached(icons(catalog)); }, "Icons of types");
    get(
        "/plugins/icons/groups", [&catalog](const Request&) { return cached(group_icons(catalog)); },
        "Icons of groups");
    get(
        "/plugins/icons/{cls}", [&catalog](const Request& r) { return one_icon(catalog, r); }, "Icon of a type");
    get(
        "/plugins/{cls}/icon.svg", [&catalog](const Request& r) { return icon_file(catalog, r); },
        "Icon of a type as a picture");
    get(
        "/plugins/inputs", [](const Request&) { return cached(inputs()); }, "Types of inputs");
    get(
        "/plugins/inputs/{type}", [](const Request& r) { return input_documentation(r); }, "Properties of inputs");
    get(
        "/plugins/expressions", [](const Request&) { return cached(expression_words()); },
        "Filters, functions and tests of expressions");
    get(
        "/plugins/schemas/{type}", [&catalog](const Request& r) { return schema(catalog, r); }, "JSON schema");
    get(
        "/schemas/{type}", [&catalog](const Request& r) { return schema(catalog, r); }, "JSON schema");
    get(
        "/plugins/properties/{type}", [&catalog](const Request& r) { return properties(catalog, r); },
        "Properties of a schema");
    get(
        "/plugins/{cls}", [&catalog](const Request& r) { return documentation(catalog, r); },
        "Documentation of a type");
    get(
        "/plugins/{cls}/versions",
        [&catalog, &api](const Request& r) { return versions(catalog, r, api.config.version); }, "Versions of a type");
    get(
        "/plugins/{cls}/versions/{version}",
        [&catalog, &api](const Request& r) { return versioned(catalog, r, api.config.version); },
        "Documentation of a version of a type");
}

}  // namespace sluice::webserver
