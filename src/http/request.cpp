#include "http/request.h"

#include "base/error.h"
#include "http/cookies.h"

namespace sluice::http {

std::string_view Request::parameter(std::string_view name) const {
    const auto value = find_parameter(name);
    ensure(value.has_value(), "the pattern {} has no variable {}", pattern, name);
    return *value;
}

std::optional<std::string_view> Request::find_parameter(std::string_view name) const {
    for (const auto& [key, value] : parameters) {
        if (key == name) return value;
    }
    return {};
}

std::optional<std::string_view> Request::cookie(std::string_view name) const {
    for (const std::string_view field : headers.all("Cookie")) {
        for (const auto& [key, value] : parse_cookies(field)) {
            if (key == name) return value;
        }
    }
    return {};
}

std::string Request::content_type() const {
    const std::string_view field = header("Content-Type").value_or("");
    std::string type(trimmed(field.substr(0, field.find(';'))));
    for (char& c : type) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
    }
    return type;
}

bool Request::accepts(std::string_view media_type) const {
    const std::vector<std::string_view> fields = headers.all("Accept");
    if (fields.empty()) return true;
    const std::string family = std::string(media_type.substr(0, media_type.find('/'))) + "/*";
    return std::any_of(fields.begin(), fields.end(), [&](std::string_view field) {
        return weight_of(field, media_type) > 0 || weight_of(field, family) > 0;
    });
}

}  // namespace sluice::http
