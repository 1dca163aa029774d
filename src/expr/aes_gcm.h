#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "value/value.h"

namespace sluice::expr {

inline constexpr std::size_t kAesIvBytes = 12;

/// The bytes of a key that is given in base64.
/// Errors  Invalid: no base64, or not of 16, 24 or 32 bytes
Result<std::string> aes_key_of(std::string_view base64);

/// Base64 of 32 random bytes.
/// Errors  BugError: the system has no random numbers
std::string new_aes_key();

/// Base64 of IV, cipher text and tag. The same IV must never be used twice with a key.
/// Errors  BugError: the library refused
std::string aes_gcm_sealed(const std::string& key, const std::string& iv, const std::string& plain);
/// Errors  Invalid: another key, or text that was changed
Result<std::string> aes_gcm_opened(const std::string& key, std::string_view base64);

// Secrets at rest: {"type": "io.kestra.datatype:aes_encrypted", "value": "<what aes_gcm_sealed made>"}

/// Errors  BugError: the system has no random numbers
Value sealed_value(const std::string& key, const std::string& plain);
/// What is to be opened; null: the value is no sealed one
const std::string* sealed_text(const Value& value);

}  // namespace sluice::expr
