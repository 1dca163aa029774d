#include "expr/encoding.h"

#include <array>
#include <cstdint>
#include <openssl/evp.h>

#include "base/error.h"

namespace sluice::expr {
namespace {

constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_plain_in_urls(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
           c == '*' || c == '_';
}

}  // namespace

std::string base64_of(std::string_view bytes) {
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    const auto byte = [&](std::size_t at) {
        return at < bytes.size() ? static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[at])) : 0U;
    };
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        const std::uint32_t bits = byte(at) << 16U | byte(at + 1) << 8U | byte(at + 2);
        out += kBase64[bits >> 18U];
        out += kBase64[bits >> 12U & 63U];
        out += at + 1 < bytes.size() ? kBase64[bits >> 6U & 63U] : '=';
        out += at + 2 < bytes.size() ? kBase64[bits & 63U] : '=';
    }
    return out;
}

std::optional<std::string> from_base64(std::string_view text) {
    const std::size_t padded = text.size();
    while (text.ends_with('=')) text.remove_suffix(1);
    const std::size_t padding = padded - text.size();
    const bool pads_right = padding == 0 || (padded % 4 == 0 && padding <= 2);
    if (!pads_right || text.size() % 4 == 1) return {};
    std::string out;
    std::uint32_t bits = 0;
    int count = 0;
    for (const char c : text) {
        const std::size_t value = kBase64.find(c);
        if (value == std::string_view::npos) return {};
        bits = bits << 6U | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        out += static_cast<char>(bits >> static_cast<unsigned>(count) & 255U);
    }
    return out;
}

std::string url_encoded(std::string_view text) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (is_plain_in_urls(c)) {
            out += c;
        } else if (c == ' ') {
            out += '+';
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += '%';
            out += kHex[byte >> 4U];
            out += kHex[byte & 15U];
        }
    }
    return out;
}

std::optional<std::string> url_decoded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '+') {
            out += ' ';
        } else if (text[at] != '%') {
            out += text[at];
        } else {
            const int high = at + 1 < text.size() ? hex_digit(text[at + 1]) : -1;
            const int low = at + 2 < text.size() ? hex_digit(text[at + 2]) : -1;
            if (high < 0 || low < 0) return {};
            out += static_cast<char>(high * 16 + low);
            at += 2;
        }
    }
    return out;
}

std::string hexadecimal(std::string_view bytes) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        out += kHex[byte >> 4U];
        out += kHex[byte & 15U];
    }
    return out;
}

std::string sha256_of(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    const int done = EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr);
    ensure(done == 1, "SHA-256 could not be computed");
    return hexadecimal({reinterpret_cast<const char*>(digest.data()), length});
}

}  // namespace sluice::expr
