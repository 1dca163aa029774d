#include "oidc/base64_url.h"

#include <algorithm>

#include "access/passwords.h"

namespace sluice::oidc {

std::string to_base64_url(std::string_view bytes) {
    std::string out = access::to_base64(bytes);
    while (out.ends_with('=')) out.pop_back();
    std::replace(out.begin(), out.end(), '+', '-');
    std::replace(out.begin(), out.end(), '/', '_');
    return out;
}

std::string from_base64_url(std::string_view text) {
    constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if (text.size() % 4 == 1 || text.find_first_not_of(kLetters) != std::string_view::npos) return "";
    std::string plain(text);
    std::replace(plain.begin(), plain.end(), '-', '+');
    std::replace(plain.begin(), plain.end(), '_', '/');
    return access::from_base64(plain);
}

}  // namespace sluice::oidc
