#pragma once
#include <string>
#include <string_view>

namespace sluice {

/// Bytes from outside as text that every later part can store: what is not UTF-8 becomes U+FFFD, one for each broken
/// sequence, and so does U+0000, which PostgreSQL refuses in text.
std::string repaired_utf8(std::string bytes);

/// The length of the well-formed sequence that starts at `at` (1 to 4); 0 when there is none.
std::size_t utf8_length(std::string_view bytes, std::size_t at);

/// The longest prefix of at most `limit` bytes that does not end inside a sequence.
std::string_view utf8_prefix(std::string_view text, std::size_t limit);

}  // namespace sluice
