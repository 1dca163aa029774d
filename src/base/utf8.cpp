#include "base/utf8.h"

#include <cstdint>
#include <cstring>

namespace sluice {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
    return at < bytes.size() ? static_cast<std::uint8_t>(bytes[at]) : 0;
}

bool is_continuation(std::uint8_t byte) {
    return (byte & 0xC0) == 0x80;
}

/// How many bytes the broken sequence at `at` takes: its valid beginning, so that it becomes one replacement.
std::size_t broken_length(std::string_view bytes, std::size_t at) {
    const std::uint8_t first = byte_at(bytes, at);
    const std::size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4) return 1;
    const std::uint8_t second = byte_at(bytes, at + 1);
    const std::uint8_t lowest = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const std::uint8_t highest = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < lowest || second > highest) return 1;
    std::size_t length = 2;
    while (length < wanted && is_continuation(byte_at(bytes, at + length))) ++length;
    return length;
}

/// The position of the first byte that is neither plain ASCII nor part of a well-formed sequence.
std::size_t first_trouble(std::string_view bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        std::uint64_t word = 0;
        while (at + sizeof(word) <= bytes.size()) {
            std::memcpy(&word, bytes.data() + at, sizeof(word));
            // A byte of zero or with its top bit set ends the fast path.
            if (((word - 0x0101010101010101ULL) | word) & 0x8080808080808080ULL) break;
            at += sizeof(word);
        }
        if (at >= bytes.size()) break;
        const std::size_t length = utf8_length(bytes, at);
        if (length == 0 || bytes[at] == '\0') return at;
        at += length;
    }
    return at;
}

}  // namespace

std::size_t utf8_length(std::string_view bytes, std::size_t at) {
    const std::uint8_t first = byte_at(bytes, at);
    if (at >= bytes.size()) return 0;
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    const std::size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (at + wanted > bytes.size() || broken_length(bytes, at) != wanted) return 0;
    return wanted;
}

std::string repaired_utf8(std::string bytes) {
    std::size_t at = first_trouble(bytes);
    if (at == bytes.size()) return bytes;
    std::string out = bytes.substr(0, at);
    while (at < bytes.size()) {
        const std::size_t length = bytes[at] == '\0' ? 0 : utf8_length(bytes, at);
        if (length > 0) {
            out.append(bytes, at, length);
            at += length;
        } else {
            out += kReplacement;
            at += broken_length(bytes, at);
        }
    }
    return out;
}

std::string_view utf8_prefix(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text;
    for (std::size_t back = 0; back < 4 && back <= limit; ++back) {
        if (!is_continuation(byte_at(text, limit - back))) return text.substr(0, limit - back);
    }
    return text.substr(0, limit);  // no character at all: bytes
}

}  // namespace sluice
