#include "http/error_body.h"

#include "value/json.h"

namespace sluice::http {

Status status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::Invalid:
            return Status::Unprocessable;
        case ErrorCode::BadRequest:
            return Status::BadRequest;
        case ErrorCode::NotFound:
            return Status::NotFound;
        case ErrorCode::Conflict:
            return Status::Conflict;
        case ErrorCode::Gone:
            return Status::Gone;
        case ErrorCode::TooLarge:
            return Status::ContentTooLarge;
        case ErrorCode::Unauthorized:
            return Status::Unauthorized;
        case ErrorCode::Forbidden:
            return Status::Forbidden;
        case ErrorCode::Unavailable:
            return Status::Unavailable;
        case ErrorCode::Expression:
            return Status::Unprocessable;
        case ErrorCode::Cancelled:
            return Status::Unavailable;
        case ErrorCode::Timeout:
            return Status::GatewayTimeout;
        case ErrorCode::Internal:
            return Status::InternalError;
    }
    return Status::InternalError;
}

Response plain_error_body(const Request* request, const Error& error, Status status) {
    std::string json = "{\"message\":";
    append_json_string(json, error.text());
    json += fmt::format(",\"status\":{},\"code\":", number(status));
    append_json_string(json, error.kind.empty() ? to_text(error.code) : std::string_view(error.kind));
    if (request != nullptr) {
        json += ",\"requestId\":";
        append_json_string(json, request->id);
    }
    json += "}";
    return Response::json_text(std::move(json), status);
}

}  // namespace sluice::http
