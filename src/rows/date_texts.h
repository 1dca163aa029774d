#pragma once
#include <optional>
#include <string>

#include "base/error.h"
#include "value/value.h"

namespace sluice::rows {

/// How dates stand in files that have no type for them, as patterns of java.time; "": ISO 8601.
struct DateTexts {
    std::string date = "yyyy-MM-dd";
    std::string time = "HH:mm:ss[XXX]";
    std::string date_time = "yyyy-MM-dd'T'HH:mm:ss.SSS[XXX]";
    std::string zone{};  // where times with zone are shown; "": where they say
};

/// The text of a date or time; empty: the value is none.
/// Errors  Invalid: a pattern or zone that does not exist
Result<std::optional<std::string>> date_text(const Value& value, const DateTexts& how);

}  // namespace sluice::rows
