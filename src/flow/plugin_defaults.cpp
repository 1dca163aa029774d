// Plugin defaults: values that are laid into every map that has a `type` they match.
#include "flow/reading.h"

namespace sluice::flow {
namespace {

/// An old name of a type counts as the new one, on either side.
std::string resolved(const Catalog& catalog, std::string_view type) {
    const TypeInfo* info = catalog.find(type);
    return info != nullptr ? info->name : std::string(type);
}

bool matches(const Catalog& catalog, const PluginDefault& one, std::string_view type) {
    const std::string wanted = resolved(catalog, one.type);
    const std::string found = resolved(catalog, type);
    return found == wanted || found.starts_with(wanted) || std::string_view(type).starts_with(one.type);
}

void mark_injected(Node& node) {
    node.injected = true;
    for (Node& item : node.items) mark_injected(item);
    for (Node::Entry& entry : node.entries) mark_injected(entry.value);
}

/// `from` under `onto`: what `onto` has stays, maps are merged, lists joined with the defaults first. `forced`: the
/// defaults win instead.
void lay(Node& onto, const Node& from, bool forced) {
    for (const Node::Entry& entry : from.entries) {
        Node* present = nullptr;
        for (Node::Entry& mine : onto.entries) {
            if (mine.key == entry.key) present = &mine.value;
        }
        if (present == nullptr) {
            onto.entries.push_back({entry.key, onto.line, onto.column, entry.value});
            Node& added = onto.entries.back().value;
            mark_injected(added);
            added.line = onto.line;
            added.column = onto.column;
        } else if (present->is_map() && entry.value.is_map()) {
            lay(*present, entry.value, forced);
        } else if (present->is_list() && entry.value.is_list()) {
            const auto where = forced ? present->items.end() : present->items.begin();
            present->items.insert(where, entry.value.items.begin(), entry.value.items.end());
        } else if (forced) {
            const int line = present->line;
            const int column = present->column;
            *present = entry.value;
            mark_injected(*present);
            present->line = line;
            present->column = column;
        }
    }
}

struct Layer {
    const PluginDefault* one;
    Node values;
};

void visit(Node& node, const Catalog& catalog, const std::vector<Layer>& layers) {
    for (Node& item : node.items) visit(item, catalog, layers);
    for (Node::Entry& entry : node.entries) {
        if (entry.key != "pluginDefaults" && entry.key != "taskDefaults") visit(entry.value, catalog, layers);
    }
    const std::string type(node.text_of("type"));
    if (type.empty()) return;
    // The most important comes first among those that give way, and last among those that are forced.
    for (const Layer& layer : layers) {
        if (!layer.one->forced && matches(catalog, *layer.one, type)) lay(node, layer.values, false);
    }
    for (const Layer& layer : layers) {
        if (layer.one->forced && matches(catalog, *layer.one, type)) lay(node, layer.values, true);
    }
}

}  // namespace

void inject_defaults(Node& document, const Catalog& catalog, const std::vector<PluginDefault>& defaults) {
    std::vector<Layer> layers;
    for (const PluginDefault& one : defaults) {
        if (!one.type.empty()) layers.push_back({&one, to_node(one.values)});
    }
    for (Node::Entry& entry : document.entries) {
        if (entry.key == "pluginDefaults" || entry.key == "taskDefaults") continue;
        visit(entry.value, catalog, layers);
    }
}

}  // namespace sluice::flow
