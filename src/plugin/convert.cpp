#include "plugin/convert.h"

#include <charconv>

#include "value/json.h"

namespace sluice::plugin {
namespace {

tl::unexpected<Error> wanted(std::string_view what, const Value& from) {
    return invalid("expected {}, found '{}'", what, text_of(from).substr(0, 200));
}

/// The JSON that a text holds, when it looks like a list or a map.
std::optional<Value> structure_in(const Value& from, char open) {
    const std::string* text = from.if_string();
    if (text == nullptr) return {};
    const auto first = text->find_first_not_of(" \t\r\n");
    if (first == std::string::npos || (*text)[first] != open) return {};
    auto parsed = parse_json(*text);
    if (!parsed) return {};
    return std::move(*parsed);
}

}  // namespace

std::string text_of(const Value& value) {
    if (value.is_null()) return "";
    return value.is_string() ? value.as_string() : to_json(value);
}

Result<void> convert(const Value& from, std::string& to) {
    to = text_of(from);
    return {};
}

Result<void> convert(const Value& from, std::int64_t& to) {
    if (const auto integer = from.if_integer()) {
        to = *integer;
        return {};
    }
    if (const std::string* text = from.if_string()) {
        const char* end = text->data() + text->size();
        const auto [at, failed] = std::from_chars(text->data(), end, to);
        if (failed == std::errc{} && at == end) return {};
    }
    return wanted("a whole number", from);
}

Result<void> convert(const Value& from, double& to) {
    if (from.is_number()) {
        to = from.as_double();
        return {};
    }
    if (const std::string* text = from.if_string()) {
        const char* end = text->data() + text->size();
        const auto [at, failed] = std::from_chars(text->data(), end, to);
        if (failed == std::errc{} && at == end) return {};
    }
    return wanted("a number", from);
}

Result<void> convert(const Value& from, bool& to) {
    if (from.is_bool()) {
        to = from.as_bool();
        return {};
    }
    const std::string text = text_of(from);
    if (text != "true" && text != "false") return wanted("true or false", from);
    to = text == "true";
    return {};
}

Result<void> convert(const Value& from, Duration& to) {
    const auto duration = parse_duration(text_of(from));
    if (!duration) return tl::unexpected(duration.error());
    to = *duration;
    return {};
}

Result<void> convert(const Value& from, LogLevel& to) {
    const auto level = parse_log_level(text_of(from));
    if (!level) return tl::unexpected(level.error());
    to = *level;
    return {};
}

Result<void> convert(const Value& from, Value& to) {
    to = from;
    return {};
}

Result<void> convert(const Value& from, std::vector<std::string>& to) {
    to.clear();
    const auto in_text = structure_in(from, '[');
    const Value& list = in_text ? *in_text : from;
    if (list.is_list()) {
        for (const Value& item : list.as_list()) to.push_back(text_of(item));
    } else if (!list.is_null()) {
        to.push_back(text_of(list));
    }
    return {};
}

Result<void> convert(const Value& from, std::map<std::string, std::string>& to) {
    to.clear();
    const auto in_text = structure_in(from, '{');
    const Value& map = in_text ? *in_text : from;
    if (!map.is_map()) return wanted("a map", from);
    for (const auto& [key, value] : map.as_map()) to[key] = text_of(value);
    return {};
}

}  // namespace sluice::plugin
