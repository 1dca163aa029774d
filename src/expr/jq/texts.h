#pragma once
#include <string>

#include "value/value.h"

namespace sluice::expr {
class Session;
}

namespace sluice::expr::jq {

/// The value in a format: text, json, base64, base64d, uri, csv, tsv, html, sh. A text in "text" is itself.
/// Throws  Raised
std::string formatted(const std::string& format, const Value& value);

/// The parts between the separators; the characters when the separator is empty.
Value split_by(const std::string& text, const std::string& separator, Session& session);

}  // namespace sluice::expr::jq
