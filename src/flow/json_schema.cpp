#include "flow/json_schema.h"

#include "value/json.h"

namespace sluice::flow {
namespace {

/// Who reads it: an editor checks texts against it, so that an expression must be allowed where a number is wanted; a
/// page shows what is meant.
enum class Reader { Editor, Page };

constexpr std::string_view name_of(Category category) {
    switch (category) {
        case Category::Task:
            return "task";
        case Category::Trigger:
            return "trigger";
        case Category::Condition:
            return "condition";
        case Category::TaskRunner:
            return "taskRunner";
        case Category::Other:
            return "object";
    }
    return "object";
}

Value reference(std::string_view name) {
    return Value{{"$ref", fmt::format("#/definitions/{}", name)}};
}
Value list_of(Value items) {
    return Value{{"type", "array"}, {"items", std::move(items)}};
}
Value any_of(List choices) {
    return Value{{"anyOf", Value(std::move(choices))}};
}
Value type(const char* name) {
    return Value{{"type", name}};
}

Value object_schema(const std::vector<Property>& properties, Reader reader);
Value property_schema(const Property& property, Reader reader);

/// A number, or for an editor also the expression that gives one.
Value scalar(const char* name, const Property& property, Reader reader) {
    if (reader == Reader::Page || property.literal) return type(name);
    return Value{{"type", Value(List{Value(name), Value("string")})}};
}

Value enumeration(const Property& property) {
    List words;
    for (const std::string& word : property.values) words.emplace_back(word);
    return Value{{"type", "string"}, {"enum", Value(std::move(words))}};
}

Value items_of(const Property& property, Reader reader) {
    if (!property.items.empty()) return property_schema(property.items.front(), reader);
    if (property.name == "triggers") return reference("trigger");
    if (property.name == "conditions") return reference("condition");
    return Value(Map());
}

Value shape_schema(const Property& property, Reader reader) {
    switch (property.shape) {
        case Shape::Any:
            return Value(Map());
        case Shape::Text:
            return type("string");
        case Shape::Integer:
            return scalar("integer", property, reader);
        case Shape::Number:
            return scalar("number", property, reader);
        case Shape::Boolean:
            return scalar("boolean", property, reader);
        case Shape::Duration:
            return Value{{"type", "string"}, {"format", "duration"}};
        case Shape::DateTime:
            return Value{{"type", "string"}, {"format", "date-time"}};
        case Shape::Enum:
            return enumeration(property);
        case Shape::List:
            return list_of(items_of(property, reader));
        case Shape::Map:
            return Value{{"type", "object"}, {"additionalProperties", items_of(property, reader)}};
        case Shape::Object:
            return object_schema(property.fields, reader);
        case Shape::Typed:
            return reference(name_of(property.category));
        case Shape::Tasks:
            return list_of(reference("task"));
        case Shape::TaskCases:
            return Value{{"type", "object"}, {"additionalProperties", list_of(reference("task"))}};
        case Shape::DagTasks:
            return list_of(
                Value{{"type", "object"},
                      {"properties", Value{{"task", reference("task")}, {"dependsOn", list_of(type("string"))}}},
                      {"required", Value(List{Value("task")})}});
        case Shape::Task:
            return reference("task");
        case Shape::Inputs:
            return list_of(object_schema(input_properties(), reader));
        case Shape::Labels:
            return any_of({Value{{"type", "object"}, {"additionalProperties", Value(Map())}},
                           list_of(Value{{"type", "object"},
                                         {"properties", Value{{"key", type("string")}, {"value", type("string")}}}})});
        case Shape::TextOrList:
            return any_of({type("string"), list_of(type("string"))});
        case Shape::ListOrText:
            return any_of({list_of(items_of(property, reader)), type("string")});
        case Shape::MapOrText:
            return any_of({type("object"), type("string")});
    }
    return Value(Map());
}

/// "3" is the number 3 where a number is wanted, and text elsewhere.
Value default_value(const Property& property) {
    if (property.shape == Shape::Text || property.shape == Shape::Enum || property.shape == Shape::Duration) {
        return property.default_text;
    }
    auto value = parse_json(property.default_text);
    return value ? std::move(*value) : Value(property.default_text);
}

Value property_schema(const Property& property, Reader reader) {
    Value out = shape_schema(property, reader);
    Map& map = out.mutable_map();
    if (!property.description.empty()) {
        map.set("description", property.description);
        map.set("markdownDescription", property.description);
    }
    if (!property.default_text.empty()) map.set("default", default_value(property));
    map.set("$dynamic", !property.literal);
    map.set("$required", property.required);
    if (property.secret) map.set("writeOnly", true);
    if (property.deprecated) {
        map.set("$deprecated", true);
        map.set("deprecated", true);
    }
    return out;
}

void add_properties(Map& properties, List& required, const std::vector<Property>& from, Reader reader) {
    for (const Property& property : from) {
        properties.set(property.name, property_schema(property, reader));
        if (property.required) required.emplace_back(property.name);
    }
}

Value object_of(Map properties, List required) {
    Map out;
    out.set("type", "object");
    out.set("properties", Value(std::move(properties)));
    if (!required.empty()) out.set("required", Value(std::move(required)));
    return Value(std::move(out));
}

Value object_schema(const std::vector<Property>& from, Reader reader) {
    Map properties;
    List required;
    add_properties(properties, required, from, reader);
    return object_of(std::move(properties), std::move(required));
}

const std::vector<Property>& base_of(Category category) {
    static const std::vector<Property> kOnlyType{
        {.name = "type", .shape = Shape::Text, .description = "What it is", .required = true, .literal = true}};
    switch (category) {
        case Category::Task:
            return task_base_properties();
        case Category::Trigger:
            return trigger_base_properties();
        default:
            return kOnlyType;
    }
}

List examples_of(const TypeInfo& info) {
    List out;
    for (const Example& example : info.examples) {
        out.push_back(Value{{"title", example.title}, {"code", example.yaml}, {"lang", "yaml"}, {"full", true}});
    }
    return out;
}

void describe(Map& map, const TypeInfo& info) {
    map.set("title", info.title);
    if (!info.description.empty()) {
        map.set("description", info.description);
        map.set("markdownDescription", info.description);
    }
    if (!info.examples.empty()) map.set("$examples", Value(examples_of(info)));
    if (info.deprecated) map.set("$deprecated", true);
}

/// A type as an editor wants it.
Value definition_of(const TypeInfo& info) {
    Map properties;
    List required;
    add_properties(properties, required, base_of(info.category), Reader::Editor);
    add_properties(properties, required, info.properties, Reader::Editor);
    properties.set("type", Value{{"const", info.name}, {"markdownDescription", info.title}});
    Value out = object_of(std::move(properties), std::move(required));
    describe(out.mutable_map(), info);
    return out;
}

/// Any of the types of a category. Their names stand in front, too: an editor that completes an unfinished `type` only
/// looks into the alternatives that fit best, which are those without required properties.
Value category_schema(const Catalog& catalog, Category category) {
    List any, names, titles;
    for (const auto& info : catalog.types()) {
        if (info->internal || info->deprecated || info->category != category) continue;
        any.push_back(reference(info->name));
        names.emplace_back(info->name);
        titles.emplace_back(info->title);
    }
    if (any.empty()) return type("object");
    const Value names_first{{"enum", Value(std::move(names))}, {"markdownEnumDescriptions", Value(std::move(titles))}};
    return Value{{"type", "object"}, {"properties", Value{{"type", names_first}}}, {"anyOf", Value(std::move(any))}};
}

/// One definition for each type, and one for each category that is any of them.
Map definitions_of(const Catalog& catalog) {
    Map out;
    for (const auto& info : catalog.types()) {
        if (!info->internal) out.set(info->name, definition_of(*info));
    }
    for (const Category category :
         {Category::Task, Category::Trigger, Category::Condition, Category::TaskRunner, Category::Other}) {
        out.set(name_of(category), category_schema(catalog, category));
    }
    return out;
}

}  // namespace

Value json_schema(const Catalog& catalog, SchemaOf what) {
    Value root;
    switch (what) {
        case SchemaOf::Flow:
            root = object_schema(flow_properties(), Reader::Editor);
            break;
        case SchemaOf::Task:
            root = reference("task");
            break;
        case SchemaOf::Trigger:
            root = reference("trigger");
            break;
        case SchemaOf::PluginDefault:
            root = object_schema({{.name = "type",
                                   .shape = Shape::Text,
                                   .description = "Types that begin so",
                                   .required = true,
                                   .literal = true},
                                  {.name = "forced",
                                   .shape = Shape::Boolean,
                                   .description = "Wins over the task's own",
                                   .literal = true},
                                  {.name = "values", .shape = Shape::Map, .description = "Properties"}},
                                 Reader::Editor);
            break;
    }
    Map out;
    out.set("$schema", "http://json-schema.org/draft-07/schema#");
    for (const auto& [name, value] : root.as_map()) out.set(name, value);
    out.set("definitions", Value(definitions_of(catalog)));
    return Value(std::move(out));
}

Value type_schema(const TypeInfo& info, bool all) {
    Map properties;
    List required;
    add_properties(properties, required, info.properties, Reader::Page);
    if (all) {
        for (const Property& base : base_of(info.category)) {
            if (base.name == "id" || base.name == "type") continue;
            properties.set(base.name, property_schema(base, Reader::Page));
        }
    }
    Value own = object_of(std::move(properties), std::move(required));
    describe(own.mutable_map(), info);
    Map outputs;
    for (const Output& output : info.outputs) {
        outputs.set(output.name,
                    property_schema({.name = output.name, .shape = output.shape, .description = output.description},
                                    Reader::Page));
    }
    return Value{{"properties", own}, {"outputs", object_of(std::move(outputs), {})}, {"definitions", Value(Map())}};
}

}  // namespace sluice::flow
