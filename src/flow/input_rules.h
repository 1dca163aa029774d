#pragma once
#include <optional>
#include <string>
#include <vector>

#include "flow/flow.h"

namespace sluice::flow {

/// What a SELECT, MULTISELECT or ENUM may be.
struct Choices {
    std::vector<std::string> values{};
    bool custom_too = false;
};

/// Why a value breaks a rule of its input (min, validator, after …), in the words that clients know.
/// Source  flows.md §2.4
std::optional<std::string> rule_problem(const Input& input, const Value& value, const Choices& choices);

/// A value as messages show it.
std::string shown(const Value& value);

/// Why a text is not of the form that its type wants: DATETIME, DATE, TIME, DURATION, URI.
std::optional<std::string> form_problem(InputType type, const std::string& text);

/// How it is kept: instants in UTC, the rest as it is.
Value normal_form(InputType type, const std::string& text);

}  // namespace sluice::flow
