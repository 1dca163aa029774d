#include "http/method.h"

namespace sluice::http {

std::string_view to_text(Method method) {
    switch (method) {
        case Method::Get:
            return "GET";
        case Method::Head:
            return "HEAD";
        case Method::Post:
            return "POST";
        case Method::Put:
            return "PUT";
        case Method::Patch:
            return "PATCH";
        case Method::Delete:
            return "DELETE";
        case Method::Options:
            return "OPTIONS";
    }
    return "GET";
}

std::optional<Method> parse_method(std::string_view text) {
    for (const Method method : kMethods) {
        if (text == to_text(method)) return method;
    }
    return {};
}

}  // namespace sluice::http
