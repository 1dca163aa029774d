#pragma once
#include <string>

#include "value/value.h"

namespace sluice::expr {

class Call;
class Session;

// The three ways in which a value becomes text. A lazy map is fetched as a whole.

/// As Java's toString: [a, b], {k=v}, strings without quotes; null is "null".
void append_java_text(std::string& out, const Value& value, Session& session);
std::string java_text_of(const Value& value, Session& session);
/// The same of what a filter was given.
std::string input_text(Call& call);

/// As {{ }} prints it: lists and maps as JSON, null as nothing.
void append_printed(std::string& out, const Value& value, Session& session);

/// JSON without blanks; null entries of maps are left out, those of lists are not.
void append_json(std::string& out, const Value& value, Session& session);

/// The text of a map's key
std::string key_text(const Value& key);

/// What messages call the type of a value: "a text", "a list", "a 32-bit integer"
std::string type_name(const Value& value);
/// java.lang.String, java.util.ArrayList …
std::string java_class_name(const Value& value);

}  // namespace sluice::expr
