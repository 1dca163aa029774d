#include "tasks/core/kv/kv_value.h"

#include "plugin/convert.h"
#include "value/json.h"

namespace sluice::tasks {
namespace {

std::string kind_of(const Value& value) {
    if (value.is_bool()) return "BOOLEAN";
    if (value.is_number()) return "NUMBER";
    if (value.is_map() || value.is_list() || value.is_lazy() || value.is_null()) return "JSON";
    if (const Extension* extension = value.if_extension()) {
        switch (extension->type()) {
            case ExtensionType::BigInteger:
            case ExtensionType::BigDecimal:
                return "NUMBER";
            case ExtensionType::Instant:
            case ExtensionType::ZonedDateTime:
            case ExtensionType::LocalDateTime:
                return "DATETIME";
            case ExtensionType::LocalDate:
                return "DATE";
            case ExtensionType::TimeAmount:
                return "DURATION";
            default:
                return "STRING";
        }
    }
    return "STRING";
}

/// "2026-01-31", or the date of an instant.
Result<Value> date_of(const std::string& text) {
    if (parse_iso(text.size() == 10 ? text + "T00:00:00Z" : text)) return Value(text.substr(0, 10));
    return invalid("'{}' is no date such as 2026-01-31", text);
}

Result<Value> parsed(const std::string& text, const std::string& kind) {
    if (kind == "NUMBER") {
        auto number = parse_json(text);
        if (number && (number->is_number() || number->if_extension() != nullptr)) return number;
        return invalid("'{}' is no number", text);
    }
    if (kind == "BOOLEAN") return Value(text == "true");
    if (kind == "DATETIME") {
        const auto at = parse_iso(text);
        if (!at) return tl::unexpected(at.error());
        return Value(to_iso(*at));
    }
    if (kind == "DATE") return date_of(text);
    if (kind == "DURATION") {
        const auto duration = parse_duration(text);
        if (!duration) return tl::unexpected(duration.error());
        return Value(to_iso(*duration));
    }
    if (kind == "JSON") {
        auto json = parse_json(text);
        if (!json) return invalid("no JSON: {}", json.error().text());
        return json;
    }
    return Value(text);
}

}  // namespace

Result<plugin::KeyValue> key_value(const std::string& key, const Value& value, const std::string& kind) {
    plugin::KeyValue out;
    out.key = key;
    const std::string own_kind = kind_of(value);
    if (kind.empty() || kind == own_kind) {
        out.kind = own_kind;
        out.value = value;
        return out;
    }
    auto as_wanted = parsed(plugin::text_of(value), kind);
    if (!as_wanted) return invalid("the value of key '{}': {}", key, as_wanted.error().message);
    out.kind = kind;
    out.value = std::move(*as_wanted);
    return out;
}

Result<void> check_key(const std::string& key) {
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const bool good = !key.empty() && is_plain(key.front()) && std::all_of(key.begin(), key.end(), [&](char c) {
        return is_plain(c) || c == '.' || c == '_' || c == '-';
    });
    if (good) return {};
    return invalid("'{}' is no key: letters, digits, '.', '_' and '-' are allowed, and the first is a letter or digit",
                   key);
}

}  // namespace sluice::tasks
