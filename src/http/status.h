#pragma once
#include <cstdint>
#include <string_view>

namespace sluice::http {

/// Any number from 100 to 599 may be cast to it; these have names.
enum class Status : std::uint16_t {
    Continue = 100,
    Ok = 200,
    Created = 201,
    Accepted = 202,
    NoContent = 204,
    PartialContent = 206,
    MultiStatus = 207,
    MovedPermanently = 301,
    Found = 302,
    SeeOther = 303,
    NotModified = 304,
    TemporaryRedirect = 307,
    PermanentRedirect = 308,
    BadRequest = 400,
    Unauthorized = 401,
    Forbidden = 403,
    NotFound = 404,
    MethodNotAllowed = 405,
    NotAcceptable = 406,
    RequestTimeout = 408,
    Conflict = 409,
    Gone = 410,
    LengthRequired = 411,
    PreconditionFailed = 412,
    ContentTooLarge = 413,
    UriTooLong = 414,
    UnsupportedMediaType = 415,
    RangeNotSatisfiable = 416,
    ExpectationFailed = 417,
    Unprocessable = 422,
    Locked = 423,
    TooManyRequests = 429,
    HeaderTooLarge = 431,
    InternalError = 500,
    NotImplemented = 501,
    BadGateway = 502,
    Unavailable = 503,
    GatewayTimeout = 504,
    VersionNotSupported = 505,
};

inline int number(Status status) {
    return static_cast<int>(status);
}

/// "Not Found"; "Unknown" for a number without a name
std::string_view reason_of(Status status);

}  // namespace sluice::http
