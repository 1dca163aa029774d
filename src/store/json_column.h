#pragma once
#include <optional>
#include <string>

#include "value/json.h"

namespace sluice::store {

/// A jsonb column: NULL is null.
inline std::optional<std::string> json_column(const Value& value) {
    if (value.is_null()) return {};
    return to_json(value);
}

inline Value value_of_column(const std::optional<std::string>& json) {
    if (!json) return {};
    auto value = parse_json(*json);
    ensure(value.has_value(), "a jsonb column holds '{}'", json->substr(0, 80));
    return std::move(*value);
}

}  // namespace sluice::store
