#include "tasks/core/http/file_name.h"

#include <algorithm>

#include "storage/uri.h"

namespace sluice::tasks {
namespace {

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return out;
}

/// The value of a parameter: a token, or a quoted text with backslashes.
std::string parameter(std::string_view header, std::string_view name) {
    const std::string searched = lower(header);
    for (auto at = searched.find(name); at != std::string::npos; at = searched.find(name, at + 1)) {
        const auto before = searched.find_last_not_of(" \t", at == 0 ? 0 : at - 1);
        if (at != 0 && before != std::string::npos && searched[before] != ';') continue;
        auto from = header.find_first_not_of(" \t", at + name.size());
        if (from == std::string_view::npos || header[from] != '=') continue;
        from = header.find_first_not_of(" \t", from + 1);
        if (from == std::string_view::npos) return "";
        if (header[from] != '"') {
            const auto end = std::min(header.find_first_of("; \t", from), header.size());
            return std::string(header.substr(from, end - from));
        }
        std::string out;
        for (++from; from < header.size() && header[from] != '"'; ++from) {
            if (header[from] == '\\' && from + 1 < header.size()) ++from;
            out += header[from];
        }
        return out;
    }
    return "";
}

std::string last_segment(std::string_view path) {
    const auto slash = path.find_last_of("/\\");
    return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

std::string usable(std::string name) {
    return name == "." || name == ".." || name.find('\0') != std::string::npos ? "" : name;
}

}  // namespace

std::optional<std::string> disposition_file_name(std::string_view header) {
    // filename*=UTF-8''na%C3%AFve.csv
    const std::string extended = parameter(header, "filename*");
    if (const auto quote = extended.rfind('\''); quote != std::string::npos) {
        const auto decoded = storage::percent_decoded(extended.substr(quote + 1));
        const std::string name = decoded ? usable(last_segment(*decoded)) : "";
        if (!name.empty()) return name;
    }
    const std::string name = usable(last_segment(parameter(header, "filename")));
    return name.empty() ? std::nullopt : std::optional(name);
}

std::string url_file_name(std::string_view url) {
    url = url.substr(0, url.find_first_of("?#"));
    const auto scheme = url.find("://");
    const auto path = url.find('/', scheme == std::string_view::npos ? 0 : scheme + 3);
    if (path == std::string_view::npos) return "";
    const auto decoded = storage::percent_decoded(url.substr(path));
    return decoded ? usable(last_segment(*decoded)) : "";
}

}  // namespace sluice::tasks
