#include "http/io/compose.h"

#include "http/conditional.h"
#include "http/content_type.h"
#include "http/gzip.h"
#include "http/range.h"

namespace sluice::http {
namespace {

constexpr std::uint64_t kMinPacked = 1024;                // below it the frame eats what packing saves
constexpr std::uint64_t kMaxPackedOnReactor = 64 * 1024;  // about 1 ms
constexpr std::uint64_t kMaxPacked = 64ULL * 1024 * 1024;

bool may_have_body(Status status) {
    return number(status) >= 200 && status != Status::NoContent && status != Status::NotModified;
}

/// The text of the Date header; it changes once a second, and many answers are made in one.
const std::string& date_now() {
    thread_local std::int64_t second = 0;
    thread_local std::string text;
    const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
    if (now.time_since_epoch().count() != second) {
        second = now.time_since_epoch().count();
        text = to_http_date(second);
    }
    return text;
}

/// Fields that only the server may write: they say where a message ends.
bool is_framing_field(std::string_view name) {
    for (const std::string_view framing : {"Connection", "Keep-Alive", "Transfer-Encoding", "Content-Length", "Date"}) {
        if (equal_ignoring_case(name, framing)) return true;
    }
    return false;
}

/// A line break in a value that came from a user would let him write header fields of his own.
void append_clean(std::string& out, std::string_view text) {
    for (const char c : text) out += (c >= 0 && c < 0x20 && c != '\t') || c == 0x7F ? ' ' : c;
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    append_clean(out, name);
    out += ": ";
    append_clean(out, value);
    out += "\r\n";
}

std::string write_head(const Request& request, const Response& response) {
    std::string head;
    head.reserve(256);
    head += fmt::format("HTTP/1.1 {} {}\r\n", number(response.status), reason_of(response.status));
    append_field(head, "Date", date_now());
    for (const auto& [name, value] : response.headers) {
        if (!is_framing_field(name)) append_field(head, name, value);
    }
    if (!response.headers.has("X-Request-Id")) append_field(head, "X-Request-Id", request.id);
    return head;
}

bool wants_gzip(const Request& request) {
    for (const std::string_view accepted : request.headers.all("Accept-Encoding")) {
        if (weight_of(accepted, "gzip") > 0) return true;
    }
    return false;
}

/// Marks an answer that is packed when the client can read that, so that caches keep both apart.
bool prepare_gzip(const Request& request, Response& response) {
    const bool possible = is_compressible(response.headers.find("Content-Type").value_or("")) &&
                          !response.headers.has("Content-Encoding") && may_have_body(response.status);
    if (!possible) return false;
    if (!response.headers.has_token("Vary", "Accept-Encoding")) response.headers.add("Vary", "Accept-Encoding");
    if (!wants_gzip(request)) return false;
    response.headers.set("Content-Encoding", "gzip");
    // The bytes differ from those of the plain answer: its strong tag would promise too much.
    const auto etag = response.headers.find("ETag");
    if (etag && !etag->starts_with("W/")) response.headers.set("ETag", "W/" + std::string(*etag));
    return true;
}

std::string_view memory_of(const Body& body) {
    if (const auto* text = std::get_if<std::string>(&body)) return *text;
    if (const auto* shared = std::get_if<std::shared_ptr<const std::string>>(&body)) {
        if (*shared) return **shared;
    }
    if (const auto* fixed = std::get_if<StaticText>(&body)) return fixed->text;
    return {};
}

void pack(const Request& request, Response& response, const ComposeOptions& options) {
    const std::uint64_t size = size_of(response.body);
    const std::uint64_t most = options.on_reactor ? kMaxPackedOnReactor : kMaxPacked;
    if (std::holds_alternative<FilePiece>(response.body) || size < kMinPacked || size > most) return;
    if (response.status == Status::PartialContent) return;
    if (prepare_gzip(request, response)) response.body = gzip(memory_of(response.body));
}

void apply_range(const Request& request, Response& response) {
    response.headers.set("Accept-Ranges", "bytes");
    const auto wanted = request.headers.find("Range");
    if (!wanted || request.method != Method::Get || !range_still_applies(request.headers, response.headers)) return;
    const std::uint64_t size = size_of(response.body);
    const RangeChoice choice = choose_range(*wanted, size);
    if (choice.kind == RangeChoice::Kind::Whole) return;
    if (choice.kind == RangeChoice::Kind::Unsatisfiable) {
        response = Response::empty(Status::RangeNotSatisfiable);
        response.headers.add("Content-Range", fmt::format("bytes */{}", size));
        return;
    }
    response.status = Status::PartialContent;
    response.headers.set("Content-Range",
                         fmt::format("bytes {}-{}/{}", choice.first, choice.first + choice.size - 1, size));
    response.body = part_of(std::move(response.body), choice.first, choice.size);
}

void apply_conditions(const Request& request, Response& response) {
    const bool reads = request.method == Method::Get || request.method == Method::Head;
    if (!reads || response.status != Status::Ok) return;
    if (is_not_modified(request.headers, response.headers)) {
        response.status = Status::NotModified;
        response.body = std::string();
        response.headers.remove("Content-Type");
    } else if (response.ranges) {
        apply_range(request, response);
    }
}

}  // namespace

Wire compose(const Request& request, Response response, const ComposeOptions& options) {
    apply_conditions(request, response);
    pack(request, response, options);
    Wire wire{.status = response.status, .head = write_head(request, response)};
    if (may_have_body(response.status)) {
        append_field(wire.head, "Content-Length", fmt::format("{}", size_of(response.body)));
        if (request.method != Method::Head) wire.body = std::move(response.body);
    }
    return wire;
}

Wire compose_stream(const Request& request, Response head, const ComposeOptions& options) {
    Wire wire{.status = head.status};
    wire.no_body = request.method == Method::Head || !may_have_body(head.status);
    if (options.size)
        wire.framing = Framing::Length;
    else
        wire.framing = options.version >= 11 ? Framing::Chunked : Framing::UntilClose;
    wire.gzip = !options.size && prepare_gzip(request, head);
    wire.head = write_head(request, head);
    if (!may_have_body(head.status)) return wire;
    if (options.size)
        append_field(wire.head, "Content-Length", fmt::format("{}", *options.size));
    else if (wire.framing == Framing::Chunked)
        append_field(wire.head, "Transfer-Encoding", "chunked");
    return wire;
}

}  // namespace sluice::http
