#include "schedule/precondition_filters.h"

#include <algorithm>

#include "base/nearest.h"

namespace sluice::schedule::filters {
namespace {

enum class Needs { Value, Values, Neither };
/// What is compared, with the filter's `value` or `values`.
struct Operands {
    std::string found;
    std::string value;
    std::vector<std::string> values;
    const MatchesWhole& matches;
};
struct Type {
    std::string_view name;
    Needs needs;
    Result<bool> (*holds)(const Operands&);
};

bool is_in(const Operands& it) {
    return std::find(it.values.begin(), it.values.end(), it.found) != it.values.end();
}
bool is_null(const Operands& it) {
    return it.found.empty() || it.found == "null";
}
Result<bool> regex(const Operands& it) {
    if (!it.matches) return invalid("regular expressions can't be used here");
    return it.matches(it.value, it.found);
}

constexpr Type kTypes[] = {
    {"EQUAL_TO", Needs::Value, [](const Operands& it) { return Result<bool>(it.found == it.value); }},
    {"NOT_EQUAL_TO", Needs::Value, [](const Operands& it) { return Result<bool>(it.found != it.value); }},
    {"IN", Needs::Values, [](const Operands& it) { return Result<bool>(is_in(it)); }},
    {"NOT_IN", Needs::Values, [](const Operands& it) { return Result<bool>(!is_in(it)); }},
    {"IS_TRUE", Needs::Neither, [](const Operands& it) { return Result<bool>(it.found == "true"); }},
    {"IS_FALSE", Needs::Neither, [](const Operands& it) { return Result<bool>(it.found == "false"); }},
    {"IS_NULL", Needs::Neither, [](const Operands& it) { return Result<bool>(is_null(it)); }},
    {"IS_NOT_NULL", Needs::Neither, [](const Operands& it) { return Result<bool>(!is_null(it)); }},
    {"STARTS_WITH", Needs::Value, [](const Operands& it) { return Result<bool>(it.found.starts_with(it.value)); }},
    {"ENDS_WITH", Needs::Value, [](const Operands& it) { return Result<bool>(it.found.ends_with(it.value)); }},
    {"REGEX", Needs::Value, regex},
    {"CONTAINS", Needs::Value,
     [](const Operands& it) { return Result<bool>(it.found.find(it.value) != std::string::npos); }},
};

const std::vector<std::string> kFields{"FLOW_ID", "NAMESPACE", "STATE", "EXPRESSION"};

std::string text_of(const Value& value) {
    if (const std::string* text = value.if_string()) return *text;
    if (const auto flag = value.if_bool()) return *flag ? "true" : "false";
    if (const auto number = value.if_integer()) return std::to_string(*number);
    return "";
}

Result<const Type*> type_of(const Value& filter) {
    const std::string name = filter.text("type");
    std::vector<std::string> names;
    for (const Type& type : kTypes) {
        if (type.name == name) return &type;
        names.emplace_back(type.name);
    }
    return invalid("`type` '{}' is not one of {}{}", name, fmt::join(names, ", "), did_you_mean(name, names));
}

Result<void> check_operands(const Value& filter, const Type& type, bool expression) {
    const bool has_value = !filter["value"].is_null();
    const bool has_values = !filter["values"].is_null();
    if (type.needs == Needs::Values) {
        if (!has_values) return invalid("`values` cannot be null for type {}", type.name);
        if (has_value) return invalid("`value` must be null for type {}", type.name);
        return {};
    }
    if (type.needs == Needs::Value && !has_value) return invalid("`value` cannot be null for type {}", type.name);
    // Of an EXPRESSION it is the expression itself. Older flows put a value to every type: it is not looked at.
    if (expression && !has_value) return invalid("`value` cannot be null for type {}", type.name);
    if (has_values) return invalid("`values` must be null for type {}", type.name);
    return {};
}

Result<std::string> found(const Value& filter, const ConditionContext& context) {
    const std::string field = filter.text("field");
    if (field == "EXPRESSION") {
        if (!context.render) return refuse(ErrorCode::Expression, "expressions can't be used here");
        return context.render(filter.text("value"));
    }
    if (context.execution == nullptr) return invalid("there is no execution to look at");
    if (field == "FLOW_ID") return context.execution->flow.id;
    if (field == "NAMESPACE") return context.execution->flow.namespace_name;
    return std::string(to_text(context.execution->state));
}

}  // namespace

Result<void> check(const Value& filter) {
    const std::string field = filter.text("field");
    if (std::find(kFields.begin(), kFields.end(), field) == kFields.end()) {
        return invalid("`field` '{}' is not one of {}{}", field, fmt::join(kFields, ", "),
                       did_you_mean(field, kFields));
    }
    const auto type = type_of(filter);
    if (!type) return tl::unexpected(type.error());
    return check_operands(filter, **type, field == "EXPRESSION");
}

Result<bool> holds(const Value& filter, const ConditionContext& context, const MatchesWhole& matches) {
    if (auto checked = check(filter); !checked) return tl::unexpected(checked.error());
    const auto type = type_of(filter);
    auto text = found(filter, context);
    if (!text) return tl::unexpected(text.error());
    Operands operands{std::move(*text), text_of(filter["value"]), {}, matches};
    const Value values = filter["values"];
    if (const List* list = values.if_list()) {
        for (const Value& value : *list) operands.values.push_back(text_of(value));
    }
    return (*type)->holds(operands);
}

}  // namespace sluice::schedule::filters
