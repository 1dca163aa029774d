// Reads the declarations of inputs.

#include "flow/inputs.h"
#include "flow/reading.h"

namespace sluice::flow {
namespace {

struct InputTypeName {
    InputType type;
    std::string_view text;
};
constexpr InputTypeName kInputTypes[] = {
    {InputType::String, "STRING"},
    {InputType::Int, "INT"},
    {InputType::Float, "FLOAT"},
    {InputType::Boolean, "BOOLEAN"},
    {InputType::Bool, "BOOL"},
    {InputType::DateTime, "DATETIME"},
    {InputType::Date, "DATE"},
    {InputType::Time, "TIME"},
    {InputType::Duration, "DURATION"},
    {InputType::File, "FILE"},
    {InputType::Json, "JSON"},
    {InputType::Yaml, "YAML"},
    {InputType::Uri, "URI"},
    {InputType::Secret, "SECRET"},
    {InputType::Enum, "ENUM"},
    {InputType::Select, "SELECT"},
    {InputType::MultiSelect, "MULTISELECT"},
    {InputType::Array, "ARRAY"},
    {InputType::Email, "EMAIL"},
};

void read_choices(Reading& reading, Input& input, const Node& node, const std::string& path) {
    for (const char* name : {"values", "options"}) {
        if (const Node* values = node.find(name)) input.values = read_texts(reading, *values, under(path, name));
    }
    if (input.type == InputType::Enum && node.find("values") == nullptr) {
        reading.error(node, under(path, "values"), "must not be null");
    }
    const bool chooses = input.type == InputType::Select || input.type == InputType::MultiSelect;
    if (chooses && input.values.empty() && input.expression.empty()) {
        reading.error(node, under(path, "values"), "a {} input needs 'values' or an 'expression' that gives them",
                      to_text(input.type));
    }
}

void read_item_type(Reading& reading, Input& input, const Node& node, const std::string& path) {
    const Node* item = node.find("itemType");
    if (item == nullptr) {
        if (input.type == InputType::Array) reading.error(node, under(path, "itemType"), "must not be null");
        return;
    }
    input.item_type = input_type_of(item->text);
    if (!input.item_type)
        reading.error(*item, under(path, "itemType"), "Invalid type: {}", item->text);
    else if (*input.item_type == InputType::Array) {
        reading.error(*item, under(path, "itemType"), "`itemType` cannot be `ARRAY`");
    }
}

Input read_input(Reading& reading, const Node& node, const std::string& path) {
    Input input;
    input.definition = to_value(node);
    const Value read = read_properties(reading, input_properties(), node, path, {}, "input");
    input.id = read.text("id");
    if (!input.id.empty() && !is_name(input.id, "._-")) {
        reading.error(node, under(path, "id"), "must match \"^[a-zA-Z0-9][.a-zA-Z0-9_-]*\"");
    }
    input.type = input_type_of(read.text("type")).value_or(InputType::String);
    input.description = read.text("description");
    input.display_name = read.text("displayName");
    if (input.display_name.size() > 64)
        reading.error(node, under(path, "displayName"), "size must be between 0 and 64");
    input.required = read["required"].if_bool().value_or(true);
    if (const Node* defaults = node.find("defaults"); defaults != nullptr && !defaults->is_null()) {
        // The text of a scalar counts, not what YAML makes of it: 1.10 stays "1.10".
        const bool structured = !defaults->is_scalar();
        const Value typed = scalar_value(*defaults);
        const bool keeps_type = input.type == InputType::Boolean || input.type == InputType::Bool ||
                                input.type == InputType::Int || input.type == InputType::Float;
        input.defaults = structured ? to_value(*defaults) : keeps_type ? typed : Value(defaults->text);
    }
    if (const Node* prefill = node.find("prefill")) input.prefill = to_value(*prefill);
    input.validator = read.text("validator");
    input.min = read.get("min");
    input.max = read.get("max");
    input.after = read.text("after");
    input.before = read.text("before");
    input.expression = read.text("expression");
    input.allow_custom_value = read["allowCustomValue"].if_bool().value_or(false);
    input.auto_select_first = read["autoSelectFirst"].if_bool().value_or(false);
    input.extension = read.text("extension");
    if (const Node* allowed = node.find("allowedFileExtensions")) {
        input.allowed_extensions = read_texts(reading, *allowed, under(path, "allowedFileExtensions"));
    }
    if (const Node* depends = node.find("dependsOn")) {
        if (const Node* inputs = depends->find("inputs")) {
            input.depends_on = read_texts(reading, *inputs, under(path, "dependsOn.inputs"));
        }
        input.condition = depends->text_of("condition");
    }
    if (node.find("name") != nullptr && node.find("id") == nullptr) reading.deprecations.push_back(under(path, "name"));
    read_choices(reading, input, node, path);
    read_item_type(reading, input, node, path);
    return input;
}

}  // namespace

std::string_view to_text(InputType type) {
    for (const auto& [known, text] : kInputTypes) {
        if (known == type) return text;
    }
    return "STRING";
}

std::optional<InputType> input_type_of(std::string_view text) {
    for (const auto& [type, known] : kInputTypes) {
        if (known == text) return type;
    }
    return {};
}

std::vector<Input> read_inputs(Reading& reading, const Node& list, const std::string& path) {
    std::vector<Input> out;
    if (!list.is_list() && !list.is_null()) reading.error(list, path, "expected a list of inputs");
    for (std::size_t i = 0; i < list.items.size(); ++i) {
        if (!list.items[i].is_map()) {
            reading.error(list.items[i], under(path, i), "expected an input with an id and a type");
            continue;
        }
        out.push_back(read_input(reading, list.items[i], under(path, i)));
    }
    return out;
}

std::vector<Input> inputs_of(const Value& definitions) {
    const Catalog nothing;
    const ParseOptions options;
    Reading reading{nothing, options};
    return read_inputs(reading, to_node(definitions), "inputs");
}

}  // namespace sluice::flow
