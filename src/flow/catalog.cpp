#include "flow/catalog.h"

#include <algorithm>
#include <mutex>

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

void Catalog::put(std::unique_ptr<TypeInfo> type) {
    by_name_[type->name] = type.get();
    for (const std::string& alias : type->aliases) by_name_[alias] = type.get();
    types_.push_back(std::move(type));
}

void Catalog::add(TypeInfo type) {
    const std::unique_lock lock(*mutex_);
    const auto is_free = [&](const std::string& name) {
        ensure(!by_name_.contains(name), "the type name {} is taken twice", name);
    };
    is_free(type.name);
    for (const std::string& alias : type.aliases) is_free(alias);
    put(std::make_unique<TypeInfo>(std::move(type)));
}

void Catalog::amend(std::string_view short_name, const std::function<void(TypeInfo&)>& change) {
    const auto found = std::ranges::find(types_, short_name, [](const auto& one) { return one->short_name(); });
    ensure(found != types_.end(), "there is no type {}", short_name);
    change(**found);
}

Result<void> Catalog::learn(TypeInfo type) {
    const std::unique_lock lock(*mutex_);
    std::vector<std::string> names = type.aliases;
    names.push_back(type.name);
    for (const std::string& name : names) {
        const TypeInfo* taken = find_here(name);
        if (taken == nullptr || (taken->external && taken->name == type.name)) continue;
        return conflict("the type name {} is taken by {} {}; give the plugin's type another name", name,
                        taken->external ? "the plugin type" : "the built-in type", taken->name);
    }
    const auto older =
        std::ranges::find(types_, type.name, [](const auto& one) -> const std::string& { return one->name; });
    if (older != types_.end()) {
        for (const std::string& alias : (*older)->aliases) by_name_.erase(alias);
        replaced_.push_back(std::move(*older));
        types_.erase(older);
    }
    put(std::make_unique<TypeInfo>(std::move(type)));
    return {};
}

std::vector<const TypeInfo*> Catalog::types() const {
    const std::shared_lock lock(*mutex_);
    std::vector<const TypeInfo*> out;
    out.reserve(types_.size());
    for (const auto& type : types_) out.push_back(type.get());
    return out;
}

const TypeInfo* Catalog::find(std::string_view name) const {
    const std::shared_lock lock(*mutex_);
    return find_here(name);
}

const TypeInfo* Catalog::find_here(std::string_view name) const {
    if (const auto found = by_name_.find(std::string(name)); found != by_name_.end()) return found->second;
    const auto found = by_name_.find(std::string(kTypePrefix) + std::string(name));
    return found != by_name_.end() ? found->second : nullptr;
}

std::string Catalog::suggestion(std::string_view name) const {
    const bool full = name.starts_with("io.");
    const std::string_view wanted = name.starts_with(kTypePrefix) ? name.substr(kTypePrefix.size()) : name;
    std::vector<std::string> candidates;
    std::vector<std::string> last_words;
    for (const TypeInfo* type : types()) {
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
