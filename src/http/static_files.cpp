#include "http/static_files.h"

#include "http/content_type.h"

namespace sluice::http {
namespace {

/// Tells contents of one program apart; nobody gains by making two of them equal.
std::string etag_of(const StaticFile& file, std::string_view form) {
    if (!file.digest.empty()) return fmt::format("\"{}{}\"", file.digest, form);
    return fmt::format("\"{:016x}{}\"", std::hash<std::string_view>{}(file.content), form);
}

bool accepts_coding(const Request& request, std::string_view coding) {
    for (const std::string_view accepted : request.headers.all("Accept-Encoding")) {
        if (weight_of(accepted, coding) > 0) return true;
    }
    return false;
}

}  // namespace

StaticFiles::StaticFiles(const std::vector<StaticFile>& files, StaticFileOptions options)
    : options_(std::move(options)) {
    for (const StaticFile& file : files) {
        const auto& [path, content, digest] = file;
        if (path.ends_with(".gz"))
            entries_[std::string(path.substr(0, path.size() - 3))].gzip = {content, etag_of(file, "-gz")};
        else if (path.ends_with(".br"))
            entries_[std::string(path.substr(0, path.size() - 3))].brotli = {content, etag_of(file, "-br")};
        else
            entries_[std::string(path)].plain = {content, etag_of(file, "")};
    }
    // A packed form without its plain one can't be given to everybody.
    std::erase_if(entries_, [](const auto& entry) { return entry.second.plain.etag.empty(); });
}

const StaticFiles::Entry* StaticFiles::find(std::string_view path, std::string& found) const {
    auto at = entries_.find(path);
    const bool is_page = at == entries_.end() && (options_.assets.empty() || !path.starts_with(options_.assets));
    if (is_page) at = entries_.find(options_.fallback);
    if (at == entries_.end()) return nullptr;
    found = at->first;
    return &at->second;
}

Result<Response> StaticFiles::answer(const Request& request, std::string_view path) const {
    std::string name;
    const Entry* entry = find(path, name);
    if (entry == nullptr) return not_found("there is no file {}", path);
    const bool as_brotli = !entry->brotli.etag.empty() && accepts_coding(request, "br");
    const bool as_gzip = !as_brotli && !entry->gzip.etag.empty() && accepts_coding(request, "gzip");
    const Form& form = as_brotli ? entry->brotli : as_gzip ? entry->gzip : entry->plain;

    Response response = Response::bytes(StaticText{form.content}, std::string(content_type_of(name)));
    response.set("ETag", form.etag);
    const bool is_asset = !options_.assets.empty() && name.starts_with(options_.assets);
    response.set("Cache-Control", is_asset ? options_.cache_assets : options_.cache_others);
    if (as_brotli || as_gzip) response.set("Content-Encoding", as_brotli ? "br" : "gzip");
    if (!entry->brotli.etag.empty() || !entry->gzip.etag.empty()) response.set("Vary", "Accept-Encoding");
    return response;
}

}  // namespace sluice::http
