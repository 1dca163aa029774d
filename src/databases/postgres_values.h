#pragma once
#include <string>
#include <string_view>

#include "value/value.h"

namespace sluice::databases {

/// A column's value, from the text that the server sends (DateStyle ISO). `zone` is the session's time zone when the
/// task named one, and stands beside the offset of times with zone.
///
/// Numbers keep all their digits; bytea is base64; json, arrays and dates are what they say. What has no type here, and
/// dates beyond those of ISO 8601 (infinity, BC), stays text.
Value postgres_value(unsigned int type, std::string_view text, const std::string& zone);

/// How a value is sent as a placeholder's: its text, and the type that it says itself (0: the server decides).
struct PostgresParameter {
    std::optional<std::string> text{};  // empty: null
    unsigned int type = 0;
};
PostgresParameter postgres_parameter(const Value& value);
/// The same for a placeholder whose type the server told: lists for arrays, base64 for bytea.
PostgresParameter postgres_parameter(const Value& value, unsigned int wanted);

}  // namespace sluice::databases
