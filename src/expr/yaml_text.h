#pragma once
#include <string>
#include <string_view>

#include "value/value.h"

namespace sluice::expr {

class Session;

/// The first document of a YAML 1.1 text. Dates stay texts, and an alias is the name of its anchor.
/// Throws  Failure: a yaml parse error, also for a text without a document
Value value_from_yaml(const std::string& text, Session& session);

/// The documents of a YAML 1.1 text, read in the same way.
List values_from_yaml(const std::string& text, Session& session);

/// The value as YAML in block style, which ends with a line break.
std::string yaml_of(const Value& value, Session& session);

}  // namespace sluice::expr
