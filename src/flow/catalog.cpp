#include "flow/catalog.h"

#include "base/error.h"
#include "base/nearest.h"

namespace sluice::flow {

const Property* find_property(const std::vector<Property>& properties, std::string_view name_or_alias) {
    for (const Property& property : properties) {
        if (property.name == name_or_alias) return &property;
    }
    for (const Property& property : properties) {
        for (const std::string& alias : property.aliases) {
            if (alias == name_or_alias) return &property;
        }
    }
    return nullptr;
}

const Property* TypeInfo::property(std::string_view name_or_alias) const {
    return find_property(properties, name_or_alias);
}

std::string_view TypeInfo::short_name() const {
    const std::string_view full = name;
    return full.starts_with(kTypePrefix) ? full.substr(kTypePrefix.size()) : full;
}

Catalog Catalog::with_language_types() {
    Catalog catalog;
    add_flowable_types(catalog);
    add_trigger_types(catalog);
    add_condition_types(catalog);
    return catalog;
}

void Catalog::add(TypeInfo type) {
    types_.push_back(std::make_unique<TypeInfo>(std::move(type)));
    const TypeInfo* added = types_.back().get();
    const auto take = [&](const std::string& name) {
        ensure(by_name_.try_emplace(name, added).second, "the type name {} is taken twice", name);
    };
    take(added->name);
    for (const std::string& alias : added->aliases) take(alias);
}

const TypeInfo* Catalog::find(std::string_view name) const {
    if (const auto found = by_name_.find(std::string(name)); found != by_name_.end()) return found->second;
    const auto found = by_name_.find(std::string(kTypePrefix) + std::string(name));
    return found != by_name_.end() ? found->second : nullptr;
}

std::string Catalog::suggestion(std::string_view name) const {
    const bool full = name.starts_with("io.");
    const std::string_view wanted = name.starts_with(kTypePrefix) ? name.substr(kTypePrefix.size()) : name;
    std::vector<std::string> candidates;
    std::vector<std::string> last_words;
    for (const auto& type : types_) {
        if (type->internal || type->deprecated) continue;
        candidates.emplace_back(type->short_name());
        // "Log" or "log.Log" is meant as core.log.Log
        const std::string_view found = type->short_name();
        if (found.size() > wanted.size() && found.ends_with(wanted) && found[found.size() - wanted.size() - 1] == '.') {
            return full ? type->name : std::string(found);
        }
    }
    const auto near = nearest(wanted, candidates);
    if (!near) return "";
    return full ? std::string(kTypePrefix) + *near : *near;
}

}  // namespace sluice::flow
