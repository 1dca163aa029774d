#pragma once
#include "flow/parse_flow.h"

namespace sluice::flow {

/// The name of a namespace, as flows may write it.
bool is_namespace(std::string_view text);

/// The variables of a namespace: a map of names to any values. An empty text has none.
/// Errors  Invalid; details with line, column and property
Result<Value> parse_variables(std::string_view yaml);

/// A list of {type, forced, values}, checked as the `pluginDefaults` of a flow are. An empty text has none.
/// Errors  Invalid; details with line, column and property
Result<Value> parse_plugin_defaults(std::string_view yaml, const Catalog& catalog);
/// The same of values that were no text: of JSON.
Result<Value> check_plugin_defaults(const Value& list, const Catalog& catalog);

/// What was checked once, perhaps by another version, or written in SQL: items of another form are left out.
std::vector<PluginDefault> plugin_defaults_of(const Value& list);

}  // namespace sluice::flow
