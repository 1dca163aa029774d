#pragma once
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "base/error.h"
#include "http/cookies.h"
#include "http/headers.h"
#include "http/open_file.h"
#include "http/status.h"
#include "value/value.h"

namespace sluice::http {

/// Bytes that live as long as the program, such as an embedded asset.
struct StaticText {
    std::string_view text{};
};

/// What a response carries: its own text, a text shared with others, the program's own bytes, or a file.
using Body = std::variant<std::string, std::shared_ptr<const std::string>, StaticText, FilePiece>;

std::uint64_t size_of(const Body& body);
/// The part of the body from `first` on; it must lie within it.
Body part_of(Body body, std::uint64_t first, std::uint64_t size);

struct FileOptions {
    std::string content_type{};   // empty: by the file's ending
    std::string download_name{};  // empty: shown by the browser, otherwise saved under this name
};

/// An answer that is known in full. The server adds Content-Length, Date, X-Request-Id, Connection and, where the
/// request allows it, turns it into 304, 206 or 416, and packs it.
struct Response {
    Status status = Status::Ok;
    Headers headers{};
    Body body{};
    bool ranges = false;  // a Range request may be answered with a part of it

    static Response text(std::string text, Status status = Status::Ok);
    static Response html(std::string text, Status status = Status::Ok);
    static Response json(const Value& value, Status status = Status::Ok);
    /// Text that is JSON already.
    static Response json_text(std::string text, Status status = Status::Ok);
    static Response bytes(Body body, std::string content_type, Status status = Status::Ok);
    static Response empty(Status status = Status::NoContent);
    static Response redirect(std::string location, Status status = Status::Found);
    /// With ETag, Last-Modified and ranges.
    /// Errors  NotFound, Internal: see OpenFile
    static Result<Response> file(const std::string& path, const FileOptions& options = {});

    /// Replaces a header field. Line breaks in values become blanks when they are sent.
    Response& set(std::string name, std::string value) &;
    Response&& set(std::string name, std::string value) &&;
    Response& add_cookie(const Cookie& cookie);
};

/// The value of Content-Disposition that makes a browser save under `file_name`, whatever letters it has.
std::string as_attachment(std::string_view file_name);

}  // namespace sluice::http
