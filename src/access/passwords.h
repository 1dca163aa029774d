#pragma once
#include <string>
#include <string_view>

#include "base/error.h"

namespace sluice::access {

/// "scrypt$N$r$salt$hash", salt and hash in base64. Takes a twentieth of a second and 16 MiB, by intent.
std::string hash_password(const std::string& password);
bool matches(const std::string& password, const std::string& hash);

/// Errors  Invalid: too short, too long, or the name itself
Result<void> check_password(const std::string& username, const std::string& password);

/// Easy to read and to type: no 0/O, 1/l/I.
std::string readable_password();

/// SHA-256 in base64: for what is random already.
std::string digest_of(std::string_view secret);
std::string random_bytes(std::size_t count);
/// `bytes` random ones in hexadecimal digits
std::string random_hex(std::size_t bytes);

/// Takes the same time wherever the two differ.
bool are_equal(std::string_view left, std::string_view right);

std::string from_base64(std::string_view text);
std::string to_base64(std::string_view bytes);

}  // namespace sluice::access
