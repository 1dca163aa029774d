// The key-value store of namespaces.
#include "base/utf8.h"
#include "store/find_kv.h"
#include "store/kv.h"
#include "value/json.h"
#include "webserver/api.h"
#include "webserver/search_request.h"

namespace sluice::webserver {
namespace kv_routes {

using http::Request;

std::string namespace_of(const Request& request) {
    return std::string(request.parameter("namespace"));
}

bool is_key(std::string_view key) {
    constexpr std::size_t kLongest = 256;
    const auto fits = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
    };
    return !key.empty() && key.size() <= kLongest && std::isalnum(static_cast<unsigned char>(key[0])) != 0 &&
           std::all_of(key.begin(), key.end(), fits);
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool is_duration(const std::string& text) {
    return (text.starts_with('P') || text.starts_with("-P")) && parse_duration(text).has_value();
}

/// YYYY-MM-DD
bool is_date(std::string_view text) {
    return text.size() == 10 && text[4] == '-' && text[7] == '-' &&
           parse_iso(std::string(text) + "T00:00:00Z").has_value();
}

/// JSON, in which bare dates, instants and durations are values too. Returns the kind and the value.
Result<std::pair<std::string, Value>> read_value(std::string_view body) {
    const std::string text(trimmed(body));
    if (auto json = parse_json(text)) {
        if (json->is_bool()) return std::pair("BOOLEAN", *json);
        if (const std::string* word = json->if_string())
            return std::pair(is_duration(*word) ? "DURATION" : "STRING", *json);
        if (json->is_map() || json->is_list() || json->is_null()) return std::pair("JSON", *json);
        return std::pair("NUMBER", *json);
    }
    if (is_date(text)) return std::pair("DATE", Value(text));
    if (parse_iso(text)) return std::pair("DATETIME", Value(text));
    if (is_duration(text)) return std::pair("DURATION", Value(text));
    return invalid("Invalid JSON value for: {} (a text needs quotes)", text.substr(0, 200));
}

Map entry_on_wire(const store::KvRow& row) {
    Map out;
    out.set("namespace", row.name_space);
    out.set("key", row.key);
    out.set("version", row.version);
    out.set("revision", row.version);
    out.set("type", row.kind);
    if (!row.description.empty()) out.set("description", row.description);
    out.set("creationDate", to_iso(row.created_at));
    out.set("updateDate", to_iso(row.updated_at));
    if (row.expires_at) out.set("expirationDate", to_iso(*row.expires_at));
    return out;
}

List entries(const std::vector<store::KvRow>& rows) {
    List out;
    for (const store::KvRow& row : rows) {
        if (!row.expired) out.push_back(Value(entry_on_wire(row)));
    }
    return out;
}

Result<http::Response> search(Api& api, const Request& request) {
    const auto wanted = search_of(request, api.services.pool.clock().now());
    if (!wanted) return tl::unexpected(wanted.error());
    const auto found =
        run_search(api.services.pool, [&](pg::Connection& connection) { return store::find_kv(connection, *wanted); });
    if (!found) return tl::unexpected(found.error());
    return paged(entries(found->rows), found->total);
}

Result<http::Response> list(Api& api, const Request& request) {
    const auto rows = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::kv_list(connection, namespace_of(request)); });
    return http::Response::json(Value(entries(rows)));
}

/// What the namespaces above have.
Result<http::Response> inherited(Api& api, const Request& request) {
    List out;
    std::string name = namespace_of(request);
    for (auto dot = name.rfind('.'); dot != std::string::npos; dot = name.rfind('.')) {
        name.resize(dot);
        const auto rows = api.services.pool.with_connection(
            [&](pg::Connection& connection) { return store::kv_list(connection, name); });
        for (Value& one : entries(rows)) out.push_back(std::move(one));
    }
    return http::Response::json(Value(std::move(out)));
}

Result<http::Response> get(Api& api, const Request& request) {
    const std::string key(request.parameter("key"));
    const auto row = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::kv_get(connection, namespace_of(request), key); });
    if (!row) return not_found("No value found for key '{}' in namespace '{}'", key, namespace_of(request));
    if (row->expired) return refuse(ErrorCode::Gone, "Resource has expired");
    return http::Response::json(Value{
        {"type", row->kind}, {"value", row->value}, {"revision", row->version}, {"updated", to_iso(row->updated_at)}});
}

Result<http::Response> put(Api& api, const Request& request) {
    store::KvRow row;
    row.name_space = namespace_of(request);
    row.key = std::string(request.parameter("key"));
    if (!is_key(row.key))
        return invalid(
            "Illegal argument: a key is made of letters, digits, '.', '_' and '-', and begins with a letter or digit; "
            "found '{}'",
            row.key);
    auto read = read_value(request.body);
    if (!read) return tl::unexpected(read.error());
    std::tie(row.kind, row.value) = std::move(*read);
    row.description = repaired_utf8(std::string(request.header("description").value_or("")));
    std::optional<Duration> ttl;
    if (const auto text = request.header("ttl"); text && !text->empty()) {
        const auto parsed = parse_duration(*text);
        if (!parsed) return invalid("Invalid format: ttl: {}", parsed.error().message);
        ttl = *parsed;
    }
    api.services.pool.in_transaction([&](pg::Transaction& tx) {
        tx.now();  // it begins
        store::kv_set(tx.connection(), row, ttl, true);
    });
    return http::Response::empty(http::Status::Ok);
}

Result<http::Response> remove(Api& api, const Request& request) {
    const bool removed = api.services.pool.in_transaction([&](pg::Transaction& tx) {
        tx.now();
        return store::kv_delete(tx.connection(), namespace_of(request), std::string(request.parameter("key")));
    });
    return http::Response::json(Value(removed));
}

/// {"keys": […]}
Result<http::Response> remove_several(Api& api, const Request& request) {
    const auto body = parse_json(request.body);
    if (!body) return invalid("Invalid json: {}", body.error().message);
    const auto keys = body->get("keys");
    if (!keys || !keys->is_list()) return invalid("Invalid json mapping: expected {{\"keys\": […]}}");
    List gone;
    api.services.pool.in_transaction([&](pg::Transaction& tx) {
        tx.now();
        gone.clear();
        for (const Value& key : keys->as_list()) {
            if (key.is_string() && store::kv_delete(tx.connection(), namespace_of(request), key.as_string()))
                gone.push_back(key);
        }
    });
    return http::Response::json(Value{{"keys", Value(std::move(gone))}});
}

}  // namespace kv_routes

void add_kv_routes(http::Router& router, Api& api) {
    using namespace kv_routes;
    using http::Method;
    route(router, Method::Get, "/kv", [&api](const Request& r) { return search(api, r); },
          {"Keys of all namespaces", kSearchParameters});
    route(router, Method::Get, "/namespaces/{namespace}/kv", [&api](const Request& r) { return list(api, r); },
          {"Keys of a namespace"});
    route(router, Method::Get, "/namespaces/{namespace}/kv/inheritance",
          [&api](const Request& r) { return inherited(api, r); }, {"Keys of the namespaces above"});
    route(router, Method::Get, "/namespaces/{namespace}/kv/{key}", [&api](const Request& r) { return get(api, r); },
          {"A value"});
    route(router, Method::Put, "/namespaces/{namespace}/kv/{key}", [&api](const Request& r) { return put(api, r); },
          {"Stores a value"});
    route(router, Method::Delete, "/namespaces/{namespace}/kv/{key}",
          [&api](const Request& r) { return remove(api, r); }, {"Removes a key"});
    route(router, Method::Delete, "/namespaces/{namespace}/kv",
          [&api](const Request& r) { return remove_several(api, r); }, {"Removes keys"});
}

}  // namespace sluice::webserver
