#include "flow/reading.h"

#include <charconv>

#include "base/nearest.h"
#include "flow/missing_types.h"
#include "value/json.h"

namespace sluice::flow {
namespace {

bool has_braces(const std::string& text) {
    return text.find("{{") != std::string::npos || text.find("{%") != std::string::npos ||
           text.find("{#") != std::string::npos;
}

std::string_view type_word(const Node& node) {
    switch (node.type) {
        case Node::Type::Null:
            return "nothing";
        case Node::Type::Scalar:
            return "a single value";
        case Node::Type::List:
            return "a list";
        case Node::Type::Map:
            return "a map";
    }
    return "nothing";
}

std::string known_names(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) (out += out.empty() ? "" : ", ") += name;
    return out;
}

}  // namespace

void Reading::error_at(int line, int column, const std::string& path, std::string message) {
    errors.push_back(Error{ErrorCode::Invalid, std::move(message), place(line, column, path), {}, ""});
}

std::string under(const std::string& path, std::string_view key) {
    return path.empty() ? std::string(key) : path + "." + std::string(key);
}

bool is_name(std::string_view text, std::string_view marks) {
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    return !text.empty() && is_plain(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) {
        return is_plain(c) || marks.find(c) != std::string_view::npos;
    });
}

std::string under(const std::string& path, std::size_t index) {
    return fmt::format("{}[{}]", path, index);
}

std::string read_text(Reading& reading, const Node& node, const std::string& path) {
    if (node.is_scalar()) return node.text;
    if (!node.is_null()) reading.error(node, path, "expected a text, found {}", type_word(node));
    return "";
}

bool read_bool(Reading& reading, const Node& node, const std::string& path, bool otherwise) {
    if (node.is_null()) return otherwise;
    if (node.is_scalar()) {
        if (node.text == "true") return true;
        if (node.text == "false") return false;
        const Value value = scalar_value(node);
        if (value.is_bool()) return value.as_bool();
    }
    reading.error(node, path, "expected true or false, found {}",
                  node.is_scalar() ? "'" + node.text + "'" : std::string(type_word(node)));
    return otherwise;
}

std::optional<std::int64_t> read_integer(Reading& reading, const Node& node, const std::string& path) {
    if (node.is_null()) return {};
    if (node.is_scalar()) {
        std::int64_t number = 0;
        const char* end = node.text.data() + node.text.size();
        const auto [at, failed] = std::from_chars(node.text.data(), end, number);
        if (failed == std::errc{} && at == end) return number;
    }
    reading.error(node, path, "expected a whole number, found {}",
                  node.is_scalar() ? "'" + node.text + "'" : std::string(type_word(node)));
    return {};
}

std::optional<Duration> read_duration(Reading& reading, const Node& node, const std::string& path) {
    if (node.is_null()) return {};
    if (!node.is_scalar()) {
        reading.error(node, path, "expected a duration such as PT30S, found {}", type_word(node));
        return {};
    }
    const auto duration = parse_duration(node.text);
    if (duration) return *duration;
    reading.error(node, path, "{}", duration.error().message);
    return {};
}

std::vector<std::string> read_texts(Reading& reading, const Node& node, const std::string& path) {
    std::vector<std::string> out;
    if (node.is_scalar()) return {node.text};
    if (!node.is_list() && !node.is_null()) {
        reading.error(node, path, "expected a list of texts, found {}", type_word(node));
    }
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        out.push_back(read_text(reading, node.items[i], under(path, i)));
    }
    return out;
}

std::string read_word(Reading& reading, const Node& node, const std::string& path,
                      const std::vector<std::string>& values) {
    const std::string word = read_text(reading, node, path);
    if (word.empty() || std::find(values.begin(), values.end(), word) != values.end()) return word;
    reading.error(node, path, "'{}' is not one of {}{}", word, known_names(values), did_you_mean(word, values));
    return "";
}

std::optional<LogLevel> read_log_level(Reading& reading, const Node& node, const std::string& path) {
    const std::string word = read_word(reading, node, path, {"TRACE", "DEBUG", "INFO", "WARN", "ERROR"});
    if (word.empty()) return {};
    return parse_log_level(word).value_or(LogLevel::Info);
}

namespace {

void add_label(Reading& reading, std::vector<Label>& labels, const std::string& key, const Node& value,
               const std::string& path, bool of_flow) {
    if (key.find_first_not_of(" \t") == std::string::npos) {
        return reading.error(value, path, "a label's key must not be blank");
    }
    if (!value.is_scalar()) {
        return reading.error(value, path, "Unsupported type for key: {}, value: {}", key, to_json(to_value(value)));
    }
    if (key.starts_with("system.") && !(of_flow && key == "system.readOnly")) {
        return reading.error(value, path, "System labels can only be set by Kestra itself, offending label: {}={}{}",
                             key, value.text, of_flow ? "" : ".");
    }
    check_expression(reading, value, path);
    labels.push_back({key, value.text});
}

}  // namespace

std::vector<Label> read_labels(Reading& reading, const Node& node, const std::string& path, bool of_flow) {
    std::vector<Label> labels;
    if (node.is_map()) {
        for (const Node::Entry& entry : node.entries) {
            add_label(reading, labels, entry.key, entry.value, under(path, entry.key), of_flow);
        }
    } else if (node.is_list()) {
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            const Node& item = node.items[i];
            const Node* key = item.find("key");
            const Node* value = item.find("value");
            if (key == nullptr || value == nullptr || !key->is_scalar()) {
                reading.error(item, under(path, i), "expected a label as {{key: …, value: …}}");
                continue;
            }
            add_label(reading, labels, key->text, *value, under(path, i), of_flow);
        }
    } else if (node.is_scalar() && has_braces(node.text)) {
        check_expression(reading, node, path);
    } else if (!node.is_null()) {
        reading.error(node, path, "expected labels as a map or as a list of {{key, value}}, found {}", type_word(node));
    }
    return labels;
}

namespace {

Value any_value(Reading& reading, const Node& node, const std::string& path) {
    check_expressions(reading, node, path);
    return to_value(node);
}

Value scalar_or_expression(Reading& reading, const Property& property, const Node& node, const std::string& path) {
    if (node.is_scalar() && has_braces(node.text)) {
        if (property.literal)
            reading.error(node, path, "must be a literal value: expressions are not allowed here");
        else
            check_expression(reading, node, path);
        return Value(node.text);
    }
    switch (property.shape) {
        case Shape::Integer:
            return Value(read_integer(reading, node, path));
        case Shape::Boolean:
            return node.is_null() ? Value() : Value(read_bool(reading, node, path, false));
        case Shape::Duration: {
            const auto duration = read_duration(reading, node, path);
            return duration ? Value(to_iso(*duration)) : Value();
        }
        case Shape::Enum: {
            const std::string word = read_word(reading, node, path, property.values);
            return word.empty() ? Value() : Value(word);
        }
        case Shape::Number: {
            const Value value = scalar_value(node);
            if (value.is_number() || value.is_null()) return value;
            reading.error(node, path, "expected a number, found {}",
                          node.is_scalar() ? "'" + node.text + "'" : std::string(type_word(node)));
            return {};
        }
        default: {
            const std::string text = read_text(reading, node, path);
            return node.is_scalar() ? Value(text) : Value();
        }
    }
}

Value list_value(Reading& reading, const Property& property, const Node& node, const std::string& path) {
    if (!node.is_list()) {
        reading.error(node, path, "expected a list, found {}", type_word(node));
        return {};
    }
    List out;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const std::string here = under(path, i);
        out.push_back(property.items.empty() ? any_value(reading, node.items[i], here)
                                             : read_property(reading, property.items[0], node.items[i], here));
    }
    return Value(std::move(out));
}

Value map_value(Reading& reading, const Property& property, const Node& node, const std::string& path) {
    if (!node.is_map()) {
        reading.error(node, path, "expected a map, found {}", type_word(node));
        return {};
    }
    Map out;
    for (const Node::Entry& entry : node.entries) {
        const std::string here = under(path, entry.key);
        out.set(entry.key, property.items.empty() ? any_value(reading, entry.value, here)
                                                  : read_property(reading, property.items[0], entry.value, here));
    }
    return Value(std::move(out));
}

Value typed_value(Reading& reading, const Property& property, const Node& node, const std::string& path) {
    if (!node.is_map()) {
        reading.error(node, path, "expected an object with a type, found {}", type_word(node));
        return {};
    }
    const TypeInfo* info = read_type(reading, node, path, property.category);
    if (info == nullptr) return {};
    Value out = read_properties(reading, info->properties, node, path, {"type"}, info->name);
    out.mutable_map().set("type", Value(info->name));
    return out;
}

}  // namespace

Value read_property(Reading& reading, const Property& property, const Node& node, const std::string& path) {
    if (node.is_null()) return {};
    const bool expression = node.is_scalar() && has_braces(node.text);
    switch (property.shape) {
        case Shape::Any:
            return any_value(reading, node, path);
        case Shape::TextOrList:
            if (!node.is_list()) return scalar_or_expression(reading, property, node, path);
            return list_value(reading, {.shape = Shape::List, .items = {{.shape = Shape::Text}}}, node, path);
        case Shape::ListOrText:
            if (node.is_scalar()) return any_value(reading, node, path);
            return list_value(reading, property, node, path);
        case Shape::MapOrText:
            if (node.is_scalar()) return any_value(reading, node, path);
            return map_value(reading, property, node, path);
        case Shape::List:
            if (expression) return any_value(reading, node, path);
            return list_value(reading, property, node, path);
        case Shape::Map:
            if (expression) return any_value(reading, node, path);
            return map_value(reading, property, node, path);
        case Shape::Object:
            if (!node.is_map()) {
                reading.error(node, path, "expected an object, found {}", type_word(node));
                return {};
            }
            return read_properties(reading, property.fields, node, path, {}, property.name);
        case Shape::Typed:
            return typed_value(reading, property, node, path);
        case Shape::Labels: {
            if (expression) return any_value(reading, node, path);
            Map out;
            for (const Label& label : read_labels(reading, node, path, false)) out.set(label.key, Value(label.value));
            return Value(std::move(out));
        }
        case Shape::Inputs: {
            List out;
            for (const Input& input : read_inputs(reading, node, path)) out.push_back(input.definition);
            return Value(std::move(out));
        }
        case Shape::Tasks:
        case Shape::TaskCases:
        case Shape::DagTasks:
        case Shape::Task:
            return {};  // branches, not values: read_task takes them
        default:
            return scalar_or_expression(reading, property, node, path);
    }
}

void check_unknown(Reading& reading, const std::vector<const std::vector<Property>*>& known, const Node& map,
                   const std::string& path, std::string_view owner) {
    if (!reading.options.strict) return;
    for (const Node::Entry& entry : map.entries) {
        if (entry.value.injected) continue;
        bool found = false;
        std::vector<std::string> names;
        for (const auto* properties : known) {
            if (find_property(*properties, entry.key) != nullptr) found = true;
            for (const Property& property : *properties) names.push_back(property.name);
        }
        if (found) continue;
        reading.error_at(
            entry.line, entry.column, under(path, entry.key),
            fmt::format("Unrecognized field \"{}\" (in {}), not marked as ignorable{} ({} known properties: {})",
                        entry.key, owner, did_you_mean(entry.key, names), names.size(), known_names(names)));
    }
}

Value read_properties(Reading& reading, const std::vector<Property>& properties, const Node& map,
                      const std::string& path, const std::set<std::string>& taken, std::string_view owner) {
    Map out;
    for (const Node::Entry& entry : map.entries) {
        if (taken.contains(entry.key)) continue;
        const Property* property = find_property(properties, entry.key);
        const std::string here = under(path, entry.key);
        if (property == nullptr) {
            if (!reading.options.strict || entry.value.injected) continue;
            std::vector<std::string> names;
            for (const Property& known : properties) names.push_back(known.name);
            reading.error_at(
                entry.line, entry.column, here,
                fmt::format("Unrecognized field \"{}\" (in {}), not marked as ignorable{} ({} known properties: {})",
                            entry.key, owner, did_you_mean(entry.key, names), names.size(), known_names(names)));
            continue;
        }
        if (property->deprecated || property->name != entry.key) reading.deprecations.push_back(here);
        Value value = read_property(reading, *property, entry.value, here);
        if (!value.is_null()) out.set(property->name, std::move(value));
    }
    for (const Property& property : properties) {
        if (!property.required || taken.contains(property.name)) continue;
        bool present = map.find(property.name) != nullptr;
        for (const std::string& alias : property.aliases) present = present || map.find(alias) != nullptr;
        if (!present) reading.error(map, under(path, property.name), "must not be null");
    }
    return Value(std::move(out));
}

const TypeInfo* read_type(Reading& reading, const Node& map, const std::string& path, Category category) {
    const Node* type = map.find("type");
    if (type == nullptr || !type->is_scalar() || type->text.empty()) {
        reading.error(map, under(path, "type"), "Invalid type: null; a 'type' is needed here");
        return nullptr;
    }
    const TypeInfo* info = reading.catalog.find(type->text);
    if (info == nullptr) {
        if (const MissingType* missing = missing_type(type->text)) {
            reading.error(*type, under(path, "type"), "Invalid type: {}; this version does not run it. Instead: {}",
                          type->text, missing->use_instead);
            return nullptr;
        }
        const std::string near = reading.catalog.suggestion(type->text);
        const MissingType* family = near.empty() ? missing_family(type->text) : nullptr;
        if (family != nullptr) {
            reading.error(*type, under(path, "type"), "Invalid type: {}; this version does not run it. Instead: {}",
                          type->text, family->use_instead);
            return nullptr;
        }
        reading.error(*type, under(path, "type"), "Invalid type: {}; no plugin registered for the defined type: '{}'{}",
                      type->text, type->text, near.empty() ? "" : fmt::format("; did you mean '{}'?", near));
        return nullptr;
    }
    if (info->category != category || info->internal) {
        reading.error(*type, under(path, "type"), "the type {} can't be used here", type->text);
        return nullptr;
    }
    if (info->name != type->text && type->text.starts_with("io.")) {
        reading.infos.push_back(fmt::format("{} is replaced by {}", type->text, info->name));
    }
    if (info->deprecated) reading.deprecations.push_back(path);
    if (!info->notice.empty()) reading.warn(*type, under(path, "type"), "{}: {}", info->name, info->notice);
    return info;
}

void check_expressions(Reading& reading, const Node& node, const std::string& path) {
    if (node.is_scalar()) return check_expression(reading, node, path);
    for (std::size_t i = 0; i < node.items.size(); ++i) check_expressions(reading, node.items[i], under(path, i));
    for (const Node::Entry& entry : node.entries) check_expressions(reading, entry.value, under(path, entry.key));
}

}  // namespace sluice::flow
