#pragma once
#include <optional>
#include <string>

namespace sluice::store {

/// What is empty here is NULL in the table.
inline std::optional<std::string> optional_text(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

}  // namespace sluice::store
