#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/time.h"
#include "flow/type_info.h"
#include "value/value.h"

namespace sluice::plugin {

// What a rendered property becomes in C++. A text that an expression gave is read as the type that is wanted.
// Errors  Invalid: "expected a whole number, found 'x'"
Result<void> convert(const Value& from, std::string& to);
Result<void> convert(const Value& from, std::int64_t& to);
Result<void> convert(const Value& from, double& to);
Result<void> convert(const Value& from, bool& to);
Result<void> convert(const Value& from, Duration& to);
Result<void> convert(const Value& from, LogLevel& to);
Result<void> convert(const Value& from, Value& to);
/// A list; one text is a list of one; the JSON text of a list is that list.
Result<void> convert(const Value& from, std::vector<std::string>& to);
/// A map, or the JSON text of one.
Result<void> convert(const Value& from, std::map<std::string, std::string>& to);
template <class T>
Result<void> convert(const Value& from, std::optional<T>& to) {
    T value{};
    const auto converted = convert(from, value);
    if (converted) to = std::move(value);
    return converted;
}

/// The text of a value as tasks use it: strings as they are, anything else as JSON.
std::string text_of(const Value& value);

// How a member's type is declared.
inline flow::Shape shape_of(const std::string&) {
    return flow::Shape::Text;
}
inline flow::Shape shape_of(std::int64_t) {
    return flow::Shape::Integer;
}
inline flow::Shape shape_of(double) {
    return flow::Shape::Number;
}
inline flow::Shape shape_of(bool) {
    return flow::Shape::Boolean;
}
inline flow::Shape shape_of(Duration) {
    return flow::Shape::Duration;
}
inline flow::Shape shape_of(LogLevel) {
    return flow::Shape::Enum;
}
inline flow::Shape shape_of(const Value&) {
    return flow::Shape::Any;
}
inline flow::Shape shape_of(const std::vector<std::string>&) {
    return flow::Shape::TextOrList;
}
inline flow::Shape shape_of(const std::map<std::string, std::string>&) {
    return flow::Shape::MapOrText;
}
template <class T>
flow::Shape shape_of(const std::optional<T>&) {
    return shape_of(T{});
}

// The default of a member, for documentation: it is written once, in the struct.
inline std::string default_of(const std::string& text) {
    return text;
}
inline std::string default_of(std::int64_t number) {
    return std::to_string(number);
}
inline std::string default_of(double number) {
    return fmt::format("{}", number);
}
inline std::string default_of(bool b) {
    return b ? "true" : "false";
}
inline std::string default_of(Duration d) {
    return d == Duration{0} ? "" : to_iso(d);
}
inline std::string default_of(LogLevel level) {
    return std::string(to_text(level));
}
template <class T>
std::string default_of(const T&) {
    return "";
}

}  // namespace sluice::plugin
