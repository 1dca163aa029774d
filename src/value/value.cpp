#include "value/value.h"

#include <algorithm>
#include <stdexcept>

#include "base/error.h"

namespace sluice {
namespace {
constexpr std::size_t kIndexFrom = 12;  // below this a scan of the keys is faster than hashing

int height_above(int below, const Value& item) {
    return std::max(below, item.height() + 1);
}
}  // namespace

Map::Map(const Map& other)
    : entries_(other.entries_), flavour_(other.flavour_), height_(other.height_), typed_keys_(other.typed_keys_) {
    if (other.index_) build_index();
}

Map& Map::operator=(const Map& other) {
    if (this != &other) *this = Map(other);
    return *this;
}

Value::Value(List items, ListFlavour flavour)
    : data_(std::make_shared<SharedList>(SharedList{std::move(items), flavour, 1})) {
    SharedList& made = *std::get<ListPtr>(data_);
    for (const Value& item : made.items) made.height = height_above(made.height, item);
}
Value::Value(Map entries) : data_(std::make_shared<Map>(std::move(entries))) {
    Map& made = *std::get<MapPtr>(data_);
    made.height_ = 1;
    for (const auto& [key, value] : made) made.height_ = height_above(made.height_, value);
}
Value::Value(std::initializer_list<std::pair<std::string, Value>> entries) : Value(Map(entries)) {}

std::int64_t Value::as_integer() const {
    if (const auto* i = std::get_if<std::int32_t>(&data_)) return *i;
    return std::get<std::int64_t>(data_);
}

double Value::as_double() const {
    switch (kind()) {
        case Kind::Int:
            return std::get<std::int32_t>(data_);
        case Kind::Long:
            return static_cast<double>(std::get<std::int64_t>(data_));
        case Kind::Float:
            return static_cast<double>(std::get<float>(data_));
        default:
            return std::get<double>(data_);
    }
}

const List& Value::as_list() const {
    return std::get<ListPtr>(data_)->items;
}
ListFlavour Value::flavour() const {
    return std::get<ListPtr>(data_)->flavour;
}
const Map& Value::as_map() const {
    return *std::get<MapPtr>(data_);
}

const std::string* Value::if_string() const {
    const auto* text = std::get_if<StringPtr>(&data_);
    return text != nullptr ? text->get() : nullptr;
}

const List* Value::if_list() const {
    const auto* list = std::get_if<ListPtr>(&data_);
    return list != nullptr ? &(*list)->items : nullptr;
}

const Map* Value::if_map() const {
    const auto* map = std::get_if<MapPtr>(&data_);
    return map != nullptr ? map->get() : nullptr;
}

int Value::height() const {
    if (const auto* list = std::get_if<ListPtr>(&data_)) return (*list)->height;
    if (const auto* map = std::get_if<MapPtr>(&data_)) return (*map)->height_;
    const Extension* extension = if_extension();
    return extension != nullptr ? extension->height() : 0;
}

const Extension* Value::if_extension() const {
    const auto* extension = std::get_if<ExtensionPtr>(&data_);
    return extension != nullptr ? extension->get() : nullptr;
}

std::optional<std::int64_t> Value::if_integer() const {
    if (!is_integer()) return {};
    return as_integer();
}

std::optional<bool> Value::if_bool() const {
    if (!is_bool()) return {};
    return as_bool();
}

std::optional<Value> Value::get(std::string_view key) const {
    if (const Map* map = if_map()) {
        const Value* found = map->find(key);
        return found != nullptr ? std::optional(*found) : std::nullopt;
    }
    return is_lazy() ? as_lazy().find(key) : std::nullopt;
}

std::string Value::text(std::string_view key) const {
    const Map* map = if_map();
    const Value* found = map != nullptr ? map->find(key) : nullptr;
    const std::string* text = found != nullptr ? found->if_string() : nullptr;
    return text != nullptr ? *text : std::string();
}

List& Value::mutable_list() {
    auto& shared = std::get<ListPtr>(data_);
    if (shared.use_count() > 1) shared = std::make_shared<SharedList>(*shared);
    return shared->items;
}

Map& Value::mutable_map() {
    auto& shared = std::get<MapPtr>(data_);
    if (shared.use_count() > 1) shared = std::make_shared<Map>(*shared);
    return *shared;
}

bool Value::operator==(const Value& other) const {
    if (is_integer() && other.is_integer()) return as_integer() == other.as_integer();
    if (is_number() && other.is_number() && !is_integer() && !other.is_integer()) {
        return as_double() == other.as_double();
    }
    if (is_lazy()) return as_lazy().force() == other;
    if (other.is_lazy()) return *this == other.as_lazy().force();
    if (kind() != other.kind()) return false;
    switch (kind()) {
        case Kind::Null:
            return true;
        case Kind::Bool:
            return as_bool() == other.as_bool();
        case Kind::String:
            return as_string() == other.as_string();
        case Kind::List:
            return as_list() == other.as_list();
        case Kind::Map: {
            const Map& mine = as_map();
            const Map& theirs = other.as_map();
            if (mine.size() != theirs.size()) return false;
            for (const auto& [key, value] : mine) {
                const Value* found = theirs.find(key);
                if (found == nullptr || !(*found == value)) return false;
            }
            return true;
        }
        case Kind::Extension:
            return as_extension().equals(other.as_extension());
        default:
            return false;  // numbers and lazy maps are done above
    }
}

Map::Map(std::initializer_list<Entry> entries) {
    entries_.reserve(entries.size());
    for (const Entry& entry : entries) set(entry.first, entry.second);
}

void Map::build_index() const {
    index_ = std::make_unique<std::unordered_multimap<std::size_t, std::size_t>>();
    index_->reserve(entries_.size() * 2);
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        index_->emplace(std::hash<std::string_view>{}(entries_[i].first), i);
    }
}

std::size_t Map::position(std::string_view key) const {
    if (index_) {
        const auto [from, to] = index_->equal_range(std::hash<std::string_view>{}(key));
        for (auto at = from; at != to; ++at) {
            if (entries_[at->second].first == key) return at->second;
        }
        return entries_.size();
    }
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        if (entries_[i].first == key) return i;
    }
    return entries_.size();
}

const Value* Map::find(std::string_view key) const {
    const std::size_t at = position(key);
    return at < entries_.size() ? &entries_[at].second : nullptr;
}

Value* Map::find(std::string_view key) {
    const std::size_t at = position(key);
    return at < entries_.size() ? &entries_[at].second : nullptr;
}

Value& Map::operator[](std::string_view key) {
    const std::size_t at = position(key);
    if (at < entries_.size()) return entries_[at].second;
    entries_.emplace_back(std::string(key), Value());
    typed_keys_.reset();
    // The index is kept by the writer only, so that reading a shared map from many threads changes nothing.
    if (index_)
        index_->emplace(std::hash<std::string_view>{}(key), entries_.size() - 1);
    else if (entries_.size() >= kIndexFrom)
        build_index();
    return entries_.back().second;
}

bool Map::erase(std::string_view key) {
    const std::size_t at = position(key);
    if (at >= entries_.size()) return false;
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(at));
    index_.reset();
    typed_keys_.reset();
    if (entries_.size() >= kIndexFrom) build_index();
    return true;
}

Value deep_merge(const Value& onto, const Value& from) {
    if (onto.is_map() && from.is_map()) {
        Value merged = onto;
        Map& map = merged.mutable_map();
        for (const auto& [key, value] : from.as_map()) {
            Value* present = map.find(key);
            if (present != nullptr)
                *present = deep_merge(*present, value);
            else
                map.set(key, value);
        }
        return merged;
    }
    if (onto.is_list() && from.is_list()) {
        Value merged = onto;
        List& list = merged.mutable_list();
        list.insert(list.end(), from.as_list().begin(), from.as_list().end());
        return merged;
    }
    return from;
}

}  // namespace sluice
