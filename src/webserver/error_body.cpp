#include "webserver/error_body.h"

namespace sluice::webserver {
namespace {

/// The beginning that clients look for, by kind of error.
std::string_view prefix_of(const Error& error) {
    switch (error.code) {
        case ErrorCode::NotFound: return "Not Found";
        case ErrorCode::Conflict: return "Illegal state";
        case ErrorCode::Invalid: return error.details.empty() ? "Illegal argument" : "Invalid entity";
        case ErrorCode::Internal: return "Internal server error";
        default: return "";
    }
}

std::string message_of(const Error& error) {
    const std::string_view prefix = prefix_of(error);
    const bool has_one = prefix.empty() || error.message.starts_with(prefix) || error.message.starts_with("Invalid ") ||
                         error.message.starts_with("Illegal ");
    // Two answers have no prefix: clients compare them as they are.
    const bool plain = error.message == "Flow not found" || error.message == "Webhook not found";
    return has_one || plain ? error.message : fmt::format("{}: {}", prefix, error.message);
}

}  // namespace

http::Response error_body(const http::Request* request, const Error& error, http::Status status) {
    Map body;
    body.set("message", message_of(error));
    const std::string path = request != nullptr ? request->path : "";
    body.set("_links", Value{{"self", Value{{"href", path}, {"templated", false}}}});
    if (!error.details.empty()) {
        List details;
        for (const Error& detail : error.details) {
            Map one;
            one.set("message", detail.message);
            if (!detail.place.property.empty()) one.set("path", detail.place.property);
            if (detail.place.line > 0) {
                one.set("line", detail.place.line);
                one.set("column", detail.place.column);
            }
            details.push_back(Value(std::move(one)));
        }
        body.set("_embedded", Value{{"errors", Value(std::move(details))}});
    }
    body.set("status", static_cast<int>(status));
    body.set("title", http::reason_of(status));
    body.set("detail", error.message);
    body.set("code", to_text(error.code));
    if (request != nullptr) body.set("requestId", request->id);
    return http::Response::json(Value(std::move(body)), status);
}

}  // namespace sluice::webserver
