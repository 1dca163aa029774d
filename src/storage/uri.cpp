#include "storage/uri.h"

namespace sluice::storage {
namespace {

constexpr std::string_view kScheme = "kestra";
// What the pattern that finds URIs in commands and scripts lets pass, without '#', which starts a fragment.
constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+=/";
constexpr std::string_view kHex = "0123456789ABCDEF";

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/// The scheme, when the text starts with one: "s3" of "s3://bucket"
std::string_view scheme_of(std::string_view text) {
    const std::size_t colon = text.find(':');
    const std::size_t slash = text.find('/');
    if (colon == std::string_view::npos || colon > slash) return {};
    return text.substr(0, colon);
}

}  // namespace

std::string percent_encoded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (kPlain.find(c) != std::string_view::npos) {
            out += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', kHex[byte >> 4], kHex[byte & 0x0F]};
        }
    }
    return out;
}

Result<std::string> percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
        const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0) {
            return invalid(
                "'{}' is not well encoded: '%' must be followed by two hexadecimal digits; write a percent "
                "sign as %25",
                text);
        }
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return out;
}

Result<Uri> Uri::parse(std::string_view text) {
    std::string_view rest = text;
    if (const std::string_view scheme = scheme_of(text); !scheme.empty()) {
        if (scheme != kScheme) return invalid("Invalid internal storage scheme, got uri '{}'", text);
        rest.remove_prefix(scheme.size() + 1);
        if (rest.starts_with("//")) rest.remove_prefix(2);
    }
    if (!rest.starts_with('/')) {
        return invalid("'{}' is no file of the internal storage: expected kestra:/// and a path", text);
    }
    const auto path = percent_decoded(rest);
    if (!path) return tl::unexpected(path.error());
    return of_path(*path);
}

Result<Uri> Uri::of_path(std::string_view path) {
    return Uri().below(path);
}

Result<Uri> Uri::below(std::string_view relative) const {
    if (relative.find('\0') != std::string_view::npos) return invalid("a file name must not hold a zero byte");
    std::string out = is_root() ? "" : path_;
    for (std::size_t at = 0; at <= relative.size();) {
        const std::size_t end = std::min(relative.find('/', at), relative.size());
        const std::string_view segment = relative.substr(at, end - at);
        if (segment == "..") {
            return invalid("File should be accessed with their full path and not using relative '..' path.");
        }
        if (!segment.empty() && segment != ".") (out += '/') += segment;
        at = end + 1;
    }
    return Uri(out.empty() ? "/" : std::move(out));
}

Uri Uri::operator/(std::string_view name) const {
    const auto made = below(name);
    ensure(made.has_value(), "'{}' can't stand below {}", name, path_);
    return *made;
}

std::string Uri::text() const {
    return fmt::format("{}://{}", kScheme, percent_encoded(path_));
}

std::string Uri::name() const {
    return path_.substr(path_.rfind('/') + 1);
}

Uri Uri::parent() const {
    const std::size_t slash = path_.rfind('/');
    return slash == 0 ? Uri() : Uri(path_.substr(0, slash));
}

bool Uri::is_within(const Uri& folder) const {
    if (folder.is_root()) return true;
    if (!std::string_view(path_).starts_with(folder.path_)) return false;
    return path_.size() == folder.path_.size() || path_[folder.path_.size()] == '/';
}

std::string Uri::relative_to(const Uri& folder) const {
    ensure(is_within(folder), "{} is not within {}", path_, folder.path_);
    if (folder.is_root()) return path_.substr(1);
    return path_.size() == folder.path_.size() ? "" : path_.substr(folder.path_.size() + 1);
}

std::ostream& operator<<(std::ostream& out, const Uri& uri) {
    return out << uri.text();
}

}  // namespace sluice::storage
