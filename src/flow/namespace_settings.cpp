#include "flow/namespace_settings.h"

#include "flow/reading.h"

namespace sluice::flow {
namespace {

constexpr std::size_t kLongestNamespace = 150;

Error with_details(std::string_view what, std::vector<Error> errors) {
    Error out{ErrorCode::Invalid, fmt::format("Invalid {}: ", what), {}, {}, ""};
    for (const Error& one : errors) {
        if (&one != &errors.front()) out.message += ", ";
        out.message += one.place.property.empty() ? one.message : one.place.property + ": " + one.message;
    }
    out.details = std::move(errors);
    return out;
}

Result<Node> node_of(std::string_view yaml, std::string_view what) {
    auto node = parse_yaml(yaml);
    if (node) return node;
    return tl::unexpected(with_details(what, {node.error()}));
}

Result<Value> checked(const Node& list, const Catalog& catalog) {
    const ParseOptions options;
    Reading reading{catalog, options};
    List out;
    for (const PluginDefault& one : read_plugin_defaults(reading, list, ""))
        out.push_back(Value{{"type", one.type}, {"forced", one.forced}, {"values", one.values}});
    if (!reading.errors.empty()) return tl::unexpected(with_details("plugin defaults", std::move(reading.errors)));
    return Value(std::move(out));
}

}  // namespace

bool is_namespace(std::string_view text) {
    const bool has_upper = std::any_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    return !text.empty() && text.size() <= kLongestNamespace && !has_upper && is_name(text, "._-");
}

Result<Value> parse_variables(std::string_view yaml) {
    const auto node = node_of(yaml, "variables");
    if (!node) return tl::unexpected(node.error());
    if (node->is_null()) return Value(Map());
    if (node->is_map()) return to_value(*node);
    const Error detail{
        ErrorCode::Invalid, "expected a map of names to values", Place{"", node->line, node->column, ""}, {}, ""};
    return tl::unexpected(with_details("variables", {detail}));
}

Result<Value> parse_plugin_defaults(std::string_view yaml, const Catalog& catalog) {
    const auto node = node_of(yaml, "plugin defaults");
    if (!node) return tl::unexpected(node.error());
    return checked(*node, catalog);
}

Result<Value> check_plugin_defaults(const Value& list, const Catalog& catalog) {
    return checked(to_node(list), catalog);
}

std::vector<PluginDefault> plugin_defaults_of(const Value& list) {
    std::vector<PluginDefault> out;
    if (!list.is_list()) return out;
    for (const Value& item : list.as_list()) {
        PluginDefault one{item.text("type"), item["forced"].if_bool().value_or(false), item["values"]};
        if (!one.type.empty() && one.values.is_map()) out.push_back(std::move(one));
    }
    return out;
}

}  // namespace sluice::flow
