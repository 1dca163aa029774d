#include "webserver/parameters.h"

#include <charconv>

namespace sluice::webserver {

std::string text_parameter(const http::Request& request, std::string_view name) {
    return std::string(request.query.first(name).value_or(""));
}

Result<std::optional<std::int64_t>> integer_parameter(const http::Request& request, std::string_view name) {
    const auto text = request.query.first(name);
    if (!text || text->empty()) return std::optional<std::int64_t>();
    std::int64_t number = 0;
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (failed != std::errc{} || end != text->data() + text->size()) {
        return refuse(ErrorCode::BadRequest, "Bad Request: '{}' must be a whole number, found '{}'", name, *text);
    }
    return std::optional(number);
}

Result<bool> flag_parameter(const http::Request& request, std::string_view name, bool otherwise) {
    const auto text = request.query.first(name);
    if (!text) return otherwise;
    if (*text == "true" || text->empty()) return true;
    if (*text == "false") return false;
    return refuse(ErrorCode::BadRequest, "Bad Request: '{}' must be true or false, found '{}'", name, *text);
}

Result<std::optional<Timestamp>> date_parameter(const http::Request& request, std::string_view name) {
    const auto found = request.query.first(name);
    if (!found || found->empty()) return std::optional<Timestamp>();
    std::string text(*found);
    // A literal + of an offset arrives as a blank; seconds and the offset may be missing.
    if (const auto blank = text.find(' '); blank != std::string::npos && blank > 10) text[blank] = '+';
    const auto at = text.find('T');
    if (at != std::string::npos && text.find_first_of("Z+-", at) == std::string::npos) text += 'Z';
    auto date = parse_iso(text);
    if (!date) {
        return refuse(ErrorCode::BadRequest, "Bad Request: '{}' must be a date such as 2026-01-31T10:00:00Z, found '{}'",
                      name, *found);
    }
    return std::optional(*date);
}

std::vector<std::string> list_parameter(const http::Request& request, std::string_view name) {
    std::vector<std::string> out;
    for (const std::string_view value : request.query.all(name)) {
        std::size_t from = 0;
        while (from <= value.size()) {
            const std::size_t end = std::min(value.find(',', from), value.size());
            if (end > from) out.emplace_back(value.substr(from, end - from));
            from = end + 1;
        }
    }
    return out;
}

Result<std::vector<flow::Label>> label_parameters(const http::Request& request, std::string_view name) {
    std::vector<flow::Label> out;
    for (const std::string_view text : request.query.all(name)) {
        const std::size_t colon = text.find(':');
        if (colon == std::string_view::npos || colon == 0) {
            return invalid("Illegal argument: a label must be key:value, found '{}'", text);
        }
        out.push_back({std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))});
    }
    return out;
}

}  // namespace sluice::webserver
