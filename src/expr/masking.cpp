#include "expr/masking.h"

#include <algorithm>

namespace sluice::expr {
namespace {

std::size_t characters(const std::string& utf8) {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string stars(std::size_t count) {
    constexpr std::string_view kWord = "**masked*";
    if (count < kWord.size()) return std::string(count, '*');
    return std::string(kWord) + std::string(count - kWord.size(), '*');
}

}  // namespace

std::string masked(std::string text, const std::vector<std::string>& secrets) {
    for (const std::string& secret : secrets) {
        if (secret.size() < 3) continue;
        const std::string hidden = stars(characters(secret));
        for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + hidden.size())) {
            text.replace(at, secret.size(), hidden);
        }
    }
    return text;
}

}  // namespace sluice::expr
