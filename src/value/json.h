#pragma once
#include <string>
#include <string_view>

#include "base/error.h"
#include "value/value.h"

namespace sluice {

/// Reads JSON. Integers become Int when they fit 32 bits, Long when they fit 64, else a big number; the order of
/// keys is kept, and the last of two equal keys wins.
/// Errors  Invalid: not JSON (with line and column), nested deeper than 512, or holding U+0000
Result<Value> parse_json(std::string_view text);

/// The same for the first value of the text; what stands after it is not looked at.
Result<Value> parse_first_json(std::string_view text);

/// Compact JSON, keys in their order. Doubles are written as Java writes them (1.0, 1.0E10).
/// Lazy maps are fetched. NaN and infinities become text.
std::string to_json(const Value& value);

/// With two blanks of indentation, for people.
std::string to_pretty_json(const Value& value);

/// A JSON string literal of the text, quotes included; invalid UTF-8 is replaced by U+FFFD.
void append_json_string(std::string& out, std::string_view text);

/// The shortest text that reads back as the same number, as Java's Double.toString writes it.
std::string java_text(double number);
std::string java_text(float number);

}  // namespace sluice
