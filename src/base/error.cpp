#include "base/error.h"

namespace sluice {

std::string_view to_text(ErrorCode code) {
    switch (code) {
        case ErrorCode::Invalid:
            return "invalid";
        case ErrorCode::BadRequest:
            return "bad_request";
        case ErrorCode::NotFound:
            return "not_found";
        case ErrorCode::Conflict:
            return "conflict";
        case ErrorCode::Gone:
            return "gone";
        case ErrorCode::TooLarge:
            return "too_large";
        case ErrorCode::Unauthorized:
            return "unauthorized";
        case ErrorCode::Forbidden:
            return "forbidden";
        case ErrorCode::Unavailable:
            return "unavailable";
        case ErrorCode::Expression:
            return "expression";
        case ErrorCode::Cancelled:
            return "cancelled";
        case ErrorCode::Timeout:
            return "timeout";
        case ErrorCode::Internal:
            return "internal";
    }
    return "internal";
}

std::string Place::text() const {
    std::string out = file;
    if (line > 0) out += (out.empty() ? "" : ":") + std::to_string(line);
    if (line > 0 && column > 0) out += ":" + std::to_string(column);
    if (!property.empty()) out += (out.empty() ? "" : " ") + property;
    return out;
}

std::string Error::text() const {
    const std::string where = place.text();
    std::string out = where.empty() ? message : where + ": " + message;
    for (const Error& detail : details) out += "\n" + detail.text();
    return out;
}

}  // namespace sluice
