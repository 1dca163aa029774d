#include "flow/external_type.h"

#include <algorithm>
#include <charconv>

#include "base/nearest.h"
#include "base/time.h"
#include "flow/json_schema_reader.h"
#include "value/json.h"

namespace sluice::flow {
namespace {

bool is_type_name(std::string_view name) {
    std::size_t dots = 0;
    bool fresh = true;  // a part begins
    for (const char c : name) {
        const bool letter = std::isalpha(static_cast<unsigned char>(c)) != 0;
        const bool other = std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
        if (c == '.' ? fresh : !(letter || (other && !fresh))) return false;
        dots += c == '.' ? 1 : 0;
        fresh = c == '.';
    }
    return !fresh && dots >= 1;
}

/// Reads one declaration.
class TypeReader {
  public:
    TypeReader(const Node& declared, const std::string& file) : declared_(declared), schema_(file, out_.errors) {}

    ExternalType read(const std::vector<std::string>& also) {
        if (!declared_.is_map()) {
            schema_.error(declared_, "", "expected a type: {type: com.example.Name, title: …, properties: {…}}");
            return std::move(out_);
        }
        out_.info.external = true;
        check_keys(also);
        read_texts();
        read_names();
        if (const Node* properties = declared_.find("properties")) {
            out_.info.properties = schema_.properties_of(*properties, "properties");
            check_properties(*properties);
        }
        if (const Node* outputs = declared_.find("outputs")) read_outputs(*outputs);
        if (const Node* examples = declared_.find("examples")) read_examples(*examples);
        return std::move(out_);
    }

  private:
    void check_keys(const std::vector<std::string>& also) {
        std::vector<std::string> known{"type",       "title",   "description", "aliases", "deprecated",
                                       "properties", "outputs", "examples",    "icon"};
        known.insert(known.end(), also.begin(), also.end());
        for (const Node::Entry& entry : declared_.entries) {
            if (std::ranges::find(known, entry.key) != known.end()) continue;
            Node at;
            at.line = entry.line;
            at.column = entry.column;
            schema_.error(at, entry.key, "unknown key" + did_you_mean(entry.key, known));
        }
    }

    void read_texts() {
        out_.info.title = declared_.text_of("title");
        out_.info.description = declared_.text_of("description");
        out_.info.icon = declared_.text_of("icon");
        out_.info.deprecated = declared_.text_of("deprecated") == "true";
        if (out_.info.title.empty()) schema_.error(declared_, "title", "a sentence is needed that says what it does");
        if (!out_.info.icon.empty() && !out_.info.icon.starts_with("<svg")) {
            schema_.error(*declared_.find("icon"), "icon",
                          "expected SVG text that begins with <svg, or the name of an .svg file");
        }
    }

    void read_names() {
        const auto check = [&](const Node& at, const std::string& name, const char* path) {
            if (is_type_name(name)) return;
            schema_.error(at, path,
                          fmt::format("'{}' is no name of a type: expected words joined by dots, "
                                      "for example com.example.Hello",
                                      name));
        };
        const Node* type = declared_.find("type");
        out_.info.name = declared_.text_of("type");
        check(type != nullptr ? *type : declared_, out_.info.name, "type");
        const Node* aliases = declared_.find("aliases");
        if (aliases == nullptr) return;
        for (const Node& alias : aliases->items) {
            check(alias, alias.text, "aliases");
            out_.info.aliases.push_back(alias.text);
        }
    }

    void check_properties(const Node& at) {
        for (const Property& property : out_.info.properties) {
            if (find_property(task_base_properties(), property.name) == nullptr) continue;
            const Node* all = at.find("properties");
            const Node* one = all != nullptr ? all->find(property.name) : nullptr;
            schema_.error(one != nullptr ? *one : at, "properties." + property.name,
                          fmt::format("every task has a property '{}' already; give it another name", property.name));
        }
    }

    /// A JSON schema, or a map of names to descriptions or schemas.
    void read_outputs(const Node& outputs) {
        const bool is_schema = outputs.text_of("type") == "object" && outputs.find("properties") != nullptr;
        const Node& map = is_schema ? *outputs.find("properties") : outputs;
        if (!map.is_map()) return schema_.error(map, "outputs", "expected names with their schemas");
        for (const Node::Entry& entry : map.entries) {
            const std::string path = "outputs." + entry.key;
            if (entry.value.is_scalar()) {
                out_.info.outputs.push_back({entry.key, entry.value.text, Shape::Any});
                continue;
            }
            Node schema = entry.value;  // an HTTP template says there what the output is
            std::erase_if(schema.entries, [](const Node::Entry& one) { return one.key == "value"; });
            const Property read = schema_.property_of(entry.key, schema, path);
            out_.info.outputs.push_back({entry.key, read.description, read.shape});
        }
    }

    void read_examples(const Node& examples) {
        for (const Node& one : examples.items) {
            Example example{std::string(one.text_of("title")), std::string(one.text_of("code"))};
            if (example.yaml.empty()) {
                schema_.error(one, "examples", "expected {title: …, code: a whole flow}");
                continue;
            }
            out_.info.examples.push_back(std::move(example));
        }
    }

    const Node& declared_;
    ExternalType out_{};
    JsonSchemaReader schema_;
};

tl::unexpected<Error> unfit(const std::string& path, std::string_view wanted, const Value& found) {
    const std::string text = found.is_string() ? found.as_string() : to_json(found);
    return invalid("property '{}': expected {}, found '{}'", path, wanted, text.substr(0, 200));
}

/// A whole text as a number.
template <class Number>
std::optional<Number> number_in(const Value& value) {
    const std::string* text = value.if_string();
    if (text == nullptr) return {};
    Number out{};
    const char* end = text->data() + text->size();
    const auto [at, failed] = std::from_chars(text->data(), end, out);
    return failed == std::errc{} && at == end ? std::optional(out) : std::nullopt;
}

Result<Value> fitting_scalar(const Property& property, const Value& value, const std::string& path) {
    switch (property.shape) {
        case Shape::Integer:
            if (value.is_integer()) return value;
            if (const auto number = number_in<std::int64_t>(value)) return Value(*number);
            return unfit(path, "a whole number", value);
        case Shape::Number:
            if (value.is_number()) return value;
            if (const auto number = number_in<std::int64_t>(value)) return Value(*number);
            if (const auto number = number_in<double>(value)) return Value(*number);
            return unfit(path, "a number", value);
        case Shape::Boolean:
            if (value.is_bool()) return value;
            if (value == Value("true")) return Value(true);
            if (value == Value("false")) return Value(false);
            return unfit(path, "true or false", value);
        default:
            break;
    }
    const std::string text = value.is_string() ? value.as_string() : to_json(value);
    if (property.shape == Shape::Duration && !parse_duration(text))
        return unfit(path, "a duration such as PT10S", value);
    if (property.shape == Shape::Enum && std::ranges::find(property.values, text) == property.values.end()) {
        std::string words;
        for (const std::string& word : property.values) (words += words.empty() ? "" : ", ") += word;
        return unfit(path, "one of " + words, value);
    }
    return Value(text);
}

/// A list or map, or the JSON text of one.
Value json_in_text(const Value& value, char open) {
    const std::string* text = value.if_string();
    if (text == nullptr || text->find_first_not_of(" \t\r\n") == std::string::npos) return value;
    if ((*text)[text->find_first_not_of(" \t\r\n")] != open) return value;
    auto parsed = parse_json(*text);
    return parsed ? std::move(*parsed) : value;
}

Result<Value> fitting_list(const Property& property, const Value& value, const std::string& path) {
    const Value read = json_in_text(value, '[');
    const List* list = read.if_list();
    if (list == nullptr && property.shape == Shape::ListOrText) return read;
    if (list == nullptr) return unfit(path, "a list", value);
    if (property.items.empty()) return read;
    List out;
    for (std::size_t i = 0; i < list->size(); ++i) {
        auto item = fitting_value(property.items.front(), (*list)[i], fmt::format("{}[{}]", path, i));
        if (!item) return item;
        out.push_back(std::move(*item));
    }
    return Value(std::move(out));
}

Result<Value> fitting_map(const Property& property, const Value& value, const std::string& path) {
    const Value read = json_in_text(value, '{');
    const Map* map = read.if_map();
    if (map == nullptr && property.shape == Shape::MapOrText) return read;
    if (map == nullptr) return unfit(path, "a map", value);
    if (property.shape == Shape::Object) return fitting_properties(property.fields, read, path);
    if (property.items.empty()) return read;
    Map out;
    for (const auto& [name, one] : *map) {
        auto item = fitting_value(property.items.front(), one, path + "." + name);
        if (!item) return item;
        out.set(name, std::move(*item));
    }
    return Value(std::move(out));
}

}  // namespace

ExternalType read_external_type(const Node& declared, const std::string& file, const std::vector<std::string>& also) {
    return TypeReader(declared, file).read(also);
}

ExternalType read_external_type(const Value& document) {
    return read_external_type(to_node(document), "", {});
}

Result<Value> fitting_value(const Property& property, const Value& rendered, const std::string& path) {
    if (rendered.is_null()) return rendered;
    switch (property.shape) {
        case Shape::Any:
            return rendered;
        case Shape::List:
        case Shape::ListOrText:
            return fitting_list(property, rendered, path);
        case Shape::Map:
        case Shape::Object:
        case Shape::MapOrText:
            return fitting_map(property, rendered, path);
        default:
            return fitting_scalar(property, rendered, path);
    }
}

Result<Value> fitting_properties(const std::vector<Property>& declared, const Value& rendered,
                                 const std::string& path) {
    Map out;
    for (const Property& property : declared) {
        const std::string here = path.empty() ? property.name : path + "." + property.name;
        Value value = rendered[property.name];
        if (value.is_null() && !property.default_text.empty()) value = Value(property.default_text);
        if (value.is_null() && property.required) return invalid("property '{}' is required", here);
        auto fitting = fitting_value(property, value, here);
        if (!fitting) return fitting;
        if (!fitting->is_null()) out.set(property.name, std::move(*fitting));
    }
    return Value(std::move(out));
}

}  // namespace sluice::flow
