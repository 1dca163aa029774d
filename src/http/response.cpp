#include "http/response.h"

#include "base/overloaded.h"
#include "http/conditional.h"
#include "http/content_type.h"
#include "http/uri.h"
#include "value/json.h"

namespace sluice::http {
std::uint64_t size_of(const Body& body) {
    return std::visit(
        Overloaded{
            [](const std::string& text) -> std::uint64_t { return text.size(); },
            [](const std::shared_ptr<const std::string>& text) -> std::uint64_t { return text ? text->size() : 0; },
            [](const StaticText& fixed) -> std::uint64_t { return fixed.text.size(); },
            [](const FilePiece& piece) -> std::uint64_t { return piece.size; },
        },
        body);
}

Body part_of(Body body, std::uint64_t first, std::uint64_t size) {
    ensure(first + size <= size_of(body), "a part from {} of {} bytes is outside a body of {}", first, size,
           size_of(body));
    return std::visit(Overloaded{
                          [&](std::string&& text) -> Body { return text.substr(first, size); },
                          [&](std::shared_ptr<const std::string>&& text) -> Body { return text->substr(first, size); },
                          [&](StaticText&& fixed) -> Body { return StaticText{fixed.text.substr(first, size)}; },
                          [&](FilePiece&& piece) -> Body {
                              return FilePiece{std::move(piece.file), piece.offset + first, size};
                          },
                      },
                      std::move(body));
}

Response Response::bytes(Body body, std::string content_type, Status status) {
    Response response{.status = status, .body = std::move(body)};
    response.headers.add("Content-Type", std::move(content_type));
    return response;
}

Response Response::text(std::string text, Status status) {
    return bytes(std::move(text), "text/plain; charset=utf-8", status);
}

Response Response::html(std::string text, Status status) {
    return bytes(std::move(text), "text/html; charset=utf-8", status);
}

Response Response::json_text(std::string text, Status status) {
    return bytes(std::move(text), "application/json", status);
}

Response Response::json(const Value& value, Status status) {
    return json_text(to_json(value), status);
}

Response Response::empty(Status status) {
    return {.status = status};
}

Response Response::redirect(std::string location, Status status) {
    return empty(status).set("Location", std::move(location));
}

Result<Response> Response::file(const std::string& path, const FileOptions& options) {
    auto file = OpenFile::open(path);
    if (!file) return tl::unexpected(file.error());
    const OpenFile& opened = **file;
    const std::string_view type = options.content_type.empty() ? content_type_of(path) : options.content_type;
    Response response = bytes(FilePiece{*file, 0, opened.size()}, std::string(type));
    response.ranges = true;
    response.set("ETag", opened.etag());
    response.set("Last-Modified", to_http_date(opened.modified()));
    if (!options.download_name.empty()) response.set("Content-Disposition", as_attachment(options.download_name));
    return response;
}

Response& Response::set(std::string name, std::string value) & {
    headers.set(std::move(name), std::move(value));
    return *this;
}

Response&& Response::set(std::string name, std::string value) && {
    headers.set(std::move(name), std::move(value));
    return std::move(*this);
}

Response& Response::add_cookie(const Cookie& cookie) {
    headers.add("Set-Cookie", to_header(cookie));
    return *this;
}

std::string as_attachment(std::string_view file_name) {
    std::string ascii;
    for (const char c : file_name) ascii += c < 0x20 || c > 0x7E || c == '"' || c == '\\' ? '_' : c;
    std::string out = "attachment; filename=\"" + ascii + "\"";
    if (ascii != file_name) out += "; filename*=UTF-8''" + percent_encode(file_name);
    return out;
}

}  // namespace sluice::http
