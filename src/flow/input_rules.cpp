#include "flow/input_rules.h"

#include <charconv>

#include "expr/pattern.h"
#include "value/json.h"

namespace sluice::flow {
namespace {

constexpr const char* kUri =
    R"(^[a-z]+:\/\/(?:www\.)?[-a-zA-Z0-9@:%._\+~#=]{1,256}\.[a-zA-Z0-9()]{1,6}\b(?:[-a-zA-Z0-9()@:%_\+.~#?&\/=]*)$)";
constexpr const char* kEmail = R"(^$|^[a-zA-Z0-9_!#$%&’*+/=?`{|}~^.-]+@[a-zA-Z0-9.-]+$)";

std::optional<double> number_of(const Value& value) {
    if (value.is_number()) return value.as_double();
    const std::string* text = value.if_string();
    if (text == nullptr) return {};
    double number = 0;
    const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (failed != std::errc{} || end != text->data() + text->size()) return {};
    return number;
}

std::optional<std::string> range_problem(const Input& input, const Value& value) {
    const auto number = number_of(value);
    if (!number) return {};  // its type tells
    if (input.min && number_of(*input.min) && *number < *number_of(*input.min)) {
        return fmt::format("it must be more than `{}`", shown(*input.min));
    }
    if (input.max && number_of(*input.max) && *number > *number_of(*input.max)) {
        return fmt::format("it must be less than `{}`", shown(*input.max));
    }
    return {};
}

std::optional<std::string> duration_problem(const Input& input, const Value& value) {
    const auto duration = parse_duration(shown(value));
    if (!duration) return {};
    const auto least = input.min ? parse_duration(shown(*input.min)) : Result<Duration>(tl::unexpected(Error{}));
    const auto most = input.max ? parse_duration(shown(*input.max)) : Result<Duration>(tl::unexpected(Error{}));
    if (least && *duration < *least) return fmt::format("It must be more than `{}`", shown(*input.min));
    if (most && *duration > *most) return fmt::format("It must be less than `{}`", shown(*input.max));
    return {};
}

/// Dates and times of one form sort as text; instants are compared as such.
std::optional<std::string> order_problem(const Input& input, const Value& value) {
    const std::string text = shown(value);
    const auto before = [&](const std::string& a, const std::string& b) {
        if (input.type != InputType::DateTime) return a < b;
        const auto x = parse_iso(a);
        const auto y = parse_iso(b);
        return x && y && *x < *y;
    };
    if (!input.after.empty() && before(text, input.after)) return fmt::format("it must be after `{}`", input.after);
    if (!input.before.empty() && before(input.before, text)) return fmt::format("it must be before `{}`", input.before);
    return {};
}

std::string java_list(const std::vector<std::string>& values) {
    std::string out = "[";
    for (const std::string& value : values) (out += out.size() > 1 ? ", " : "") += value;
    return out + "]";
}

std::optional<std::string> choice_problem(const Input& input, const Value& value, const Choices& choices) {
    if (choices.custom_too) return {};
    const auto known = [&](const std::string& one) {
        return std::find(choices.values.begin(), choices.values.end(), one) != choices.values.end();
    };
    const auto wrong = [&] { return fmt::format("it must match the values `{}`", java_list(choices.values)); };
    if (input.type != InputType::MultiSelect) {
        if (input.required && !known(shown(value))) return wrong();
        return {};
    }
    Value list = value;
    if (value.is_string()) {
        auto parsed = parse_json(value.as_string());
        if (!parsed) return {};
        list = std::move(*parsed);
    }
    if (!list.is_list()) return {};
    for (const Value& item : list.as_list()) {
        if (!known(shown(item))) return wrong();
    }
    return {};
}

std::optional<std::string> validator_problem(const Input& input, const Value& value) {
    if (input.validator.empty() || !value.is_string()) return {};
    const auto fits = expr::matches_whole(input.validator, value.as_string());
    if (!fits) return fmt::format("invalid pattern [{}]: {}", input.validator, fits.error().message);
    if (*fits) return {};
    return fmt::format("it must match the pattern `{}`", input.validator);
}

bool is_local_date(const std::string& text) { return parse_iso(text + "T00:00:00Z").has_value(); }

bool is_local_time(const std::string& text) {
    return text.size() >= 5 && parse_iso("2000-01-01T" + text + "Z").has_value();
}

}  // namespace

std::string shown(const Value& value) {
    if (value.is_null()) return "null";
    return value.is_string() ? value.as_string() : to_json(value);
}

std::optional<std::string> rule_problem(const Input& input, const Value& value, const Choices& choices) {
    switch (input.type) {
        case InputType::String:
        case InputType::Secret: return validator_problem(input, value);
        case InputType::Int:
        case InputType::Float: return range_problem(input, value);
        case InputType::Duration: return duration_problem(input, value);
        case InputType::DateTime:
        case InputType::Date:
        case InputType::Time: return order_problem(input, value);
        case InputType::Enum:
        case InputType::Select:
        case InputType::MultiSelect: return choice_problem(input, value, choices);
        case InputType::Email:
            if (value.is_string() && !expr::matches_whole(kEmail, value.as_string()).value_or(false)) {
                return "The input must be a valid email";
            }
            return {};
        default: return {};
    }
}

std::optional<std::string> form_problem(InputType type, const std::string& text) {
    bool fits = true;
    if (type == InputType::DateTime) fits = parse_iso(text).has_value();
    else if (type == InputType::Date) fits = text.size() == 10 && is_local_date(text);
    else if (type == InputType::Time) fits = is_local_time(text);
    else if (type == InputType::Duration) fits = text.find_first_of("Pp") != std::string::npos && parse_duration(text).has_value();
    else if (type == InputType::Uri) fits = expr::matches_whole(kUri, text).value_or(false);
    if (fits) return {};
    return fmt::format("Expected `{}` but received `{}`", to_text(type), text);
}

Value normal_form(InputType type, const std::string& text) {
    if (type != InputType::DateTime) return Value(text);
    return Value(to_iso(parse_iso(text).value_or(Timestamp{})));
}

}  // namespace sluice::flow
