#include "object_store/signature.h"

#include <algorithm>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace sluice::object_store {
namespace {

std::string digest(const EVP_MD* kind, std::string_view bytes) {
    std::string out(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    const int done =
        ::EVP_Digest(bytes.data(), bytes.size(), reinterpret_cast<unsigned char*>(out.data()), &size, kind, nullptr);
    ensure(done == 1, "OpenSSL makes no digest of {} bytes", bytes.size());
    out.resize(size);
    return out;
}

std::string hmac(std::string_view key, std::string_view bytes) {
    std::string out(EVP_MAX_MD_SIZE, '\0');
    unsigned int size = 0;
    ::HMAC(::EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(),
           reinterpret_cast<unsigned char*>(out.data()), &size);
    out.resize(size);
    return out;
}

std::string hex(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) out += fmt::format("{:02x}", static_cast<unsigned char>(c));
    return out;
}

/// "20261124T051000Z"
std::string basic_time(Timestamp at) {
    std::string out = to_iso(std::chrono::floor<std::chrono::seconds>(at));
    std::erase_if(out, [](char c) { return c == '-' || c == ':'; });
    return out;
}

struct UrlParts {
    std::string host, path, query;
};
UrlParts split(const std::string& url) {
    const auto scheme = url.find("://");
    const auto host = scheme == std::string::npos ? 0 : scheme + 3;
    const auto path = std::min(url.find_first_of("/?", host), url.size());
    const auto query = std::min(url.find('?', path), url.size());
    UrlParts out{url.substr(host, path - host), url.substr(path, query - path), {}};
    if (query < url.size()) out.query = url.substr(query + 1);
    if (out.path.empty()) out.path = "/";
    return out;
}

/// Parameters in the order of their names, each with a '='.
std::string canonical_query(const std::string& query) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < query.size();) {
        const auto end = std::min(query.find('&', at), query.size());
        std::string part = query.substr(at, end - at);
        if (part.find('=') == std::string::npos) part += '=';
        parts.push_back(std::move(part));
        at = end + 1;
    }
    std::sort(parts.begin(), parts.end());
    std::string out;
    for (const std::string& part : parts) (out += out.empty() ? "" : "&") += part;
    return out;
}

/// Without blanks around, and one where several stand together.
std::string squeezed(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
        out += c;
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

}  // namespace

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

std::string sha256_hex(std::string_view bytes) {
    return hex(digest(::EVP_sha256(), bytes));
}

std::string md5_base64(std::string_view bytes) {
    const std::string raw = digest(::EVP_md5(), bytes);
    std::string out(25, '\0');
    const int size =
        ::EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                          reinterpret_cast<const unsigned char*>(raw.data()), static_cast<int>(raw.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::string encoded(std::string_view text, bool is_path) {
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view("-._~").find(c) != std::string_view::npos || (is_path && c == '/');
        if (plain)
            out += c;
        else
            out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

void sign(net::Request& request, const Credentials& credentials, const std::string& region, Timestamp now,
          std::string_view service) {
    const auto* text = std::get_if<std::string>(&request.body);
    const std::string payload_hash = sha256_hex(text != nullptr ? *text : std::string_view());
    request.headers.add("x-amz-content-sha256", payload_hash);
    const std::string time = basic_time(now);
    request.headers.add("x-amz-date", time);
    if (credentials.access_key.empty()) return;
    if (!credentials.session_token.empty()) request.headers.add("x-amz-security-token", credentials.session_token);

    const UrlParts url = split(request.url);
    std::vector<std::pair<std::string, std::string>> signed_headers{{"host", url.host}};
    for (const auto& [name, value] : request.headers) signed_headers.emplace_back(lower_case(name), squeezed(value));
    std::sort(signed_headers.begin(), signed_headers.end());
    std::string header_lines, names;
    for (const auto& [name, value] : signed_headers) {
        header_lines += fmt::format("{}:{}\n", name, value);
        (names += names.empty() ? "" : ";") += name;
    }
    const std::string canonical = fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, url.path,
                                              canonical_query(url.query), header_lines, names, payload_hash);
    const std::string day = time.substr(0, 8);
    const std::string scope = fmt::format("{}/{}/{}/aws4_request", day, region, service);
    const std::string to_sign = fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", time, scope, sha256_hex(canonical));
    const std::string key =
        hmac(hmac(hmac(hmac("AWS4" + credentials.secret_key, day), region), service), "aws4_request");
    request.headers.add("Authorization",
                        fmt::format("AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
                                    credentials.access_key, scope, names, hex(hmac(key, to_sign))));
}

}  // namespace sluice::object_store
