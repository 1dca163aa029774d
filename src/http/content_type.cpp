#include "http/content_type.h"

#include <algorithm>
#include <string>
#include <utility>

namespace sluice::http {
namespace {

constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
    {"html", "text/html; charset=utf-8"},
    {"htm", "text/html; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"webmanifest", "application/manifest+json"},
    {"yml", "application/x-yaml"},
    {"yaml", "application/x-yaml"},
    {"xml", "application/xml"},
    {"txt", "text/plain; charset=utf-8"},
    {"log", "text/plain; charset=utf-8"},
    {"md", "text/markdown; charset=utf-8"},
    {"csv", "text/csv; charset=utf-8"},
    {"sql", "application/sql"},
    {"jsonl", "application/x-ndjson"},
    {"ion", "application/octet-stream"},
    {"pdf", "application/pdf"},
    {"zip", "application/zip"},
    {"gz", "application/gzip"},
    {"wasm", "application/wasm"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"ico", "image/x-icon"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"ttf", "font/ttf"},
};

constexpr std::string_view kCompressible[] = {
    "application/json",    "application/javascript", "application/xml",      "application/x-yaml",
    "application/yaml",    "application/sql",        "application/x-ndjson", "application/wasm",
    "application/graphql", "image/svg+xml",          "image/x-icon",         "font/ttf",
    "application/rtf",
};

std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    return out;
}

}  // namespace

std::string_view content_type_of(std::string_view file_name) {
    const auto slash = file_name.rfind('/');
    if (slash != std::string_view::npos) file_name.remove_prefix(slash + 1);
    const auto dot = file_name.rfind('.');
    if (dot != std::string_view::npos) {
        const std::string ending = lower_case(file_name.substr(dot + 1));
        for (const auto& [known, type] : kTypes) {
            if (ending == known) return type;
        }
    }
    return "application/octet-stream";
}

bool is_compressible(std::string_view content_type) {
    std::string type = lower_case(content_type.substr(0, content_type.find(';')));
    while (type.ends_with(' ')) type.pop_back();
    // An event stream must reach the client event by event.
    if (type == "text/event-stream") return false;
    if (type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml")) return true;
    return std::find(std::begin(kCompressible), std::end(kCompressible), type) != std::end(kCompressible);
}

}  // namespace sluice::http
