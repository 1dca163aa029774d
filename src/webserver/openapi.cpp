#include "webserver/openapi.h"

#include <set>

namespace sluice::webserver {
namespace {

constexpr std::string_view kTenantRoot = "/api/v1/main";
constexpr std::string_view kRoot = "/api/v1";

/// "executions" of /api/v1/main/executions/{id}
std::string tag_of(std::string_view pattern) {
    for (const std::string_view root : {kTenantRoot, kRoot}) {
        if (!pattern.starts_with(root)) continue;
        pattern.remove_prefix(root.size());
        break;
    }
    if (pattern.starts_with('/')) pattern.remove_prefix(1);
    const std::string_view tag = pattern.substr(0, pattern.find('/'));
    return tag.empty() ? "server" : std::string(tag);
}

/// "getExecutionsById" of GET /api/v1/main/executions/{id}
std::string operation_id(const http::Route& route) {
    std::string out(to_text(route.method()));
    for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    bool upper = true;
    std::string_view rest = route.pattern();
    for (const std::string_view root : {kTenantRoot, kRoot}) {
        if (rest.starts_with(root)) rest.remove_prefix(root.size());
    }
    for (const char c : rest) {
        if (c == '{') out += "By";
        if (std::isalnum(static_cast<unsigned char>(c)) == 0) {
            upper = true;
            continue;
        }
        out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        upper = false;
    }
    return out;
}

Value parameter(const std::string& name, const char* in, bool required) {
    return Value{{"name", name}, {"in", in}, {"required", required}, {"schema", Value{{"type", "string"}}}};
}

Value operation_of(const http::Route& route, const AccessRule& rule) {
    List parameters;
    for (const std::string& name : route.variables()) parameters.push_back(parameter(name, "path", true));
    for (const std::string& name : route.query_parameters()) parameters.push_back(parameter(name, "query", false));
    const Value error{
        {"description", "What is wrong"},
        {"content", Value{{"application/json", Value{{"schema", Value{{"$ref", "#/components/schemas/Error"}}}}}}}};
    Map out;
    out.set("tags", Value(List{Value(tag_of(route.pattern()))}));
    out.set("operationId", operation_id(route));
    if (!route.summary().empty()) out.set("summary", route.summary());
    if (!parameters.empty()) out.set("parameters", Value(std::move(parameters)));
    // What a role needs for it, and where: see access_table.h
    out.set("x-access", to_text(rule.where));
    const bool by_role = rule.where != Where::Open && rule.where != Where::LoggedIn;
    if (by_role) out.set("x-capability", access::to_text(rule.what));
    if (rule.where == Where::Open) out.set("security", Value(List()));
    out.set("responses", Value{{"200", Value{{"description", "Done"}}}, {"default", error}});
    return Value(std::move(out));
}

Value error_schema() {
    const Value text{{"type", "string"}};
    const Value entry{{"type", "object"}, {"properties", Value{{"message", text}, {"path", text}}}};
    const Value entries{{"type", "object"},
                        {"properties", Value{{"errors", Value{{"type", "array"}, {"items", entry}}}}}};
    return Value{{"type", "object"},
                 {"required", Value(List{Value("message")})},
                 {"properties", Value{{"message", text},
                                      {"status", Value{{"type", "integer"}}},
                                      {"title", text},
                                      {"detail", text},
                                      {"code", text},
                                      {"requestId", text},
                                      {"_embedded", entries}}}};
}

}  // namespace

Value openapi_of(const std::vector<const http::Route*>& routes, const AccessRules& rules, const std::string& version,
                 const std::string& url) {
    std::set<std::string> below_tenant;
    for (const http::Route* route : routes) {
        if (route->pattern().starts_with(kTenantRoot)) below_tenant.insert(route->pattern().substr(kTenantRoot.size()));
    }
    std::map<std::string, Map> paths;
    for (const http::Route* route : routes) {
        const std::string& pattern = route->pattern();
        if (pattern.find("**") != std::string::npos) continue;
        const bool twin = !pattern.starts_with(kTenantRoot) && pattern.starts_with(kRoot) &&
                          below_tenant.contains(pattern.substr(kRoot.size()));
        if (twin) continue;
        std::string method(to_text(route->method()));
        for (char& c : method) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        paths[pattern].set(method, operation_of(*route, *rules.find(route->method(), pattern)));
    }
    Map described;
    for (auto& [pattern, operations] : paths) described.set(pattern, Value(std::move(operations)));
    return Value{
        {"openapi", "3.0.3"},
        {"info", Value{{"title", "Sluice"}, {"version", version}}},
        {"servers", Value(List{Value{{"url", url}}})},
        {"security", Value(List{Value{{"basic", Value(List())}}, Value{{"token", Value(List())}}})},
        {"paths", Value(std::move(described))},
        {"components", Value{{"securitySchemes", Value{{"basic", Value{{"type", "http"}, {"scheme", "basic"}}},
                                                       {"token", Value{{"type", "http"}, {"scheme", "bearer"}}}}},
                             {"schemas", Value{{"Error", error_schema()}}}}}};
}

}  // namespace sluice::webserver
