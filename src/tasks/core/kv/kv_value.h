#pragma once
#include "plugin/records.h"

namespace sluice::tasks {

/// The value and its kind, as it is stored. `kind` empty: as the value is.
/// Errors  Invalid: a text that is none of the kind
Result<plugin::KeyValue> key_value(const std::string& key, const Value& value, const std::string& kind);

/// Errors  Invalid: letters, digits, '.', '_' and '-', and the first is a letter or digit
Result<void> check_key(const std::string& key);

}  // namespace sluice::tasks
