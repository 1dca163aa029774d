#include "http/error_body.h"

#include "value/json.h"

namespace sluice::http {

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
