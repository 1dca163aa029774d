#include "flow/json_schema_reader.h"

#include <algorithm>
#include <set>

#include "base/nearest.h"
#include "value/json.h"

namespace sluice::flow {
namespace {

const std::vector<std::string>& schema_words() {
    static const std::vector<std::string> all{
        "type",     "enum",        "format", "items",     "properties", "required", "additionalProperties",
        "default",  "description", "title",  "writeOnly", "deprecated", "examples", "$schema",
        "$comment", "$dynamic"};
    return all;
}

bool is_true(const Node& map, std::string_view key) {
    return map.text_of(key) == "true";
}

/// `type` as a set of words; null says nothing that `required` does not.
std::set<std::string> types_of(const Node& schema) {
    std::set<std::string> out;
    const Node* type = schema.find("type");
    if (type == nullptr) return out;
    if (type->is_scalar()) out.insert(type->text);
    for (const Node& one : type->items) out.insert(one.text);
    out.erase("null");
    return out;
}

Shape shape_of_text(const Node& schema) {
    const std::string_view format = schema.text_of("format");
    if (schema.find("enum") != nullptr) return Shape::Enum;
    if (format == "duration") return Shape::Duration;
    if (format == "date-time") return Shape::DateTime;
    return Shape::Text;
}

std::string in_words(const std::set<std::string>& words) {
    std::string out;
    for (const std::string& word : words) (out += out.empty() ? "" : ", ") += word;
    return out;
}

}  // namespace

void JsonSchemaReader::error(const Node& at, const std::string& path, std::string message) {
    errors_.push_back(Error{ErrorCode::Invalid, std::move(message), Place{file_, at.line, at.column, path}, {}, ""});
}

std::vector<Property> JsonSchemaReader::properties_of(const Node& schema, const std::string& path) {
    Property all;
    if (!schema.is_map()) {
        error(schema, path, "expected a JSON schema: {type: object, properties: {…}}");
        return {};
    }
    if (const auto types = types_of(schema); !types.empty() && types != std::set<std::string>{"object"}) {
        error(schema, path, fmt::format("expected type: object, found {}", in_words(types)));
        return {};
    }
    read_object(schema, path, all);
    return std::move(all.fields);
}

Property JsonSchemaReader::property_of(const std::string& name, const Node& schema, const std::string& path) {
    Property out;
    out.name = name;
    if (schema.is_null()) return out;
    if (!schema.is_map()) {
        error(schema, path, "expected a JSON schema, for example {type: string, description: …}");
        return out;
    }
    for (const Node::Entry& entry : schema.entries) {
        if (std::ranges::find(schema_words(), entry.key) != schema_words().end()) continue;
        Node at = entry.value;
        at.line = entry.line;
        at.column = entry.column;
        error(at, path + "." + entry.key,
              fmt::format("the keyword '{}' is not checked here{}; leave it out, and check the value in the plugin",
                          entry.key, did_you_mean(entry.key, schema_words())));
    }
    read_type(schema, path, out);
    read_notes(schema, out);
    return out;
}

void JsonSchemaReader::read_type(const Node& schema, const std::string& path, Property& out) {
    const auto types = types_of(schema);
    const auto is = [&](std::set<std::string> wanted) { return types == wanted; };
    if (is({"string"})) {
        out.shape = shape_of_text(schema);
    } else if (is({"integer"})) {
        out.shape = Shape::Integer;
    } else if (is({"number"})) {
        out.shape = Shape::Number;
    } else if (is({"boolean"})) {
        out.shape = Shape::Boolean;
    } else if (is({"array"}) || is({"array", "string"})) {
        out.shape = is({"array"}) ? Shape::List : Shape::ListOrText;
        if (const Node* items = schema.find("items")) out.items = {property_of("", *items, path + ".items")};
    } else if (is({"object"}) || (types.empty() && schema.find("properties") != nullptr)) {
        read_object(schema, path, out);
    } else if (is({"object", "string"})) {
        out.shape = Shape::MapOrText;
    } else if (types.empty() && schema.find("enum") != nullptr) {
        out.shape = Shape::Enum;
    } else {
        static const std::set<std::string> kAll{"string", "integer", "number", "boolean", "array", "object"};
        for (const std::string& type : types) {
            if (kAll.contains(type)) continue;
            error(*schema.find("type"), path + ".type", fmt::format("'{}' is not one of {}", type, in_words(kAll)));
        }
        out.shape = Shape::Any;
    }
    if (out.shape != Shape::Enum) return;
    for (const Node& word : schema.find("enum")->items) out.values.push_back(word.text);
    if (out.values.empty()) error(schema, path + ".enum", "expected a list of words");
}

void JsonSchemaReader::read_object(const Node& schema, const std::string& path, Property& out) {
    const Node* properties = schema.find("properties");
    if (properties == nullptr) {
        out.shape = Shape::Map;
        const Node* values = schema.find("additionalProperties");
        if (values != nullptr && values->is_map()) {
            out.items = {property_of("", *values, path + ".additionalProperties")};
        }
        return;
    }
    out.shape = Shape::Object;
    for (const Node::Entry& entry : properties->entries) {
        out.fields.push_back(property_of(entry.key, entry.value, path + ".properties." + entry.key));
    }
    const Node* required = schema.find("required");
    if (required == nullptr) return;
    for (const Node& name : required->items) {
        const auto found = std::ranges::find(out.fields, name.text, &Property::name);
        if (found != out.fields.end())
            found->required = true;
        else
            error(name, path + ".required", fmt::format("there is no property '{}'", name.text));
    }
}

void JsonSchemaReader::read_notes(const Node& schema, Property& out) {
    const Node* text = schema.find("description");
    if (text == nullptr) text = schema.find("title");
    if (text != nullptr) out.description = text->text;
    out.secret = is_true(schema, "writeOnly") || schema.text_of("format") == "password";
    out.deprecated = is_true(schema, "deprecated");
    out.literal = schema.text_of("$dynamic") == "false";
    if (const Node* otherwise = schema.find("default")) {
        out.default_text = otherwise->is_scalar() ? otherwise->text : to_json(to_value(*otherwise));
    }
}

}  // namespace sluice::flow
