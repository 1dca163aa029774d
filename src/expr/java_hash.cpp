#include "expr/java_hash.h"

#include <algorithm>
#include <bit>

#include "expr/failure.h"
#include "expr/text_forms.h"
#include "expr/unicode.h"
#include "value/extension.h"

namespace sluice::expr {
namespace {

constexpr std::size_t kDefaultCapacity = 16;
constexpr std::size_t kTreeCapacity = std::size_t{1} << 30U;

std::int32_t folded(std::uint64_t bits) {
    return static_cast<std::int32_t>(bits ^ (bits >> 32U));
}

std::uint32_t hash_of_list(const List& items) {
    std::uint32_t hash = 1;
    for (const Value& item : items) hash = 31 * hash + static_cast<std::uint32_t>(java_hash(item));
    return hash;
}

std::uint32_t hash_of_map(const Map& map) {
    std::uint32_t hash = 0;
    for (const auto& [key, value] : map)
        hash += static_cast<std::uint32_t>(java_hash(std::string_view(key)) ^ java_hash(value));
    return hash;
}

std::size_t bucket_of(const Value& key, std::size_t capacity) {
    const auto hash = static_cast<std::uint32_t>(java_hash(key));
    return (hash ^ (hash >> 16U)) & (capacity - 1);
}

}  // namespace

std::int32_t java_hash(std::string_view text) {
    std::uint32_t hash = 0;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = code_point_at(text, at);
        if (point.value >= 0x10000) {
            hash = 31 * hash + (0xd800 + ((point.value - 0x10000) >> 10U));
            hash = 31 * hash + (0xdc00 + ((point.value - 0x10000) & 0x3ffU));
        } else {
            hash = 31 * hash + point.value;
        }
        at += point.length;
    }
    return static_cast<std::int32_t>(hash);
}

std::int32_t java_hash(const Value& value) {
    switch (value.kind()) {
        case Kind::Null:
            return 0;
        case Kind::Bool:
            return value.as_bool() ? 1231 : 1237;
        case Kind::Int:
            return static_cast<std::int32_t>(value.as_integer());
        case Kind::Long:
            return folded(static_cast<std::uint64_t>(value.as_integer()));
        case Kind::Float:
            return std::bit_cast<std::int32_t>(static_cast<float>(value.as_double()));
        case Kind::Double:
            return folded(std::bit_cast<std::uint64_t>(value.as_double()));
        case Kind::String:
            return java_hash(std::string_view(value.as_string()));
        case Kind::List:
            return static_cast<std::int32_t>(hash_of_list(value.as_list()));
        case Kind::Map:
            return static_cast<std::int32_t>(hash_of_map(value.as_map()));
        case Kind::Lazy:
            return java_hash(value.as_lazy().force());
        case Kind::Extension:
            return java_hash(std::string_view(value.as_extension().text()));
    }
    return 0;
}

std::size_t capacity_for(std::size_t entries) {
    return std::bit_ceil(std::max<std::size_t>((entries * 4 + 2) / 3, 1));
}

std::size_t grown_capacity(std::size_t begin, std::size_t entries) {
    std::size_t capacity = begin;
    while (entries * 4 > capacity * 3 && capacity < kTreeCapacity) capacity *= 2;
    return capacity;
}

Map hash_map(KeysAndValues entries, std::size_t capacity) {
    std::vector<std::pair<std::size_t, std::size_t>> order;  // bucket, and place in the source
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (entries[i].first.is_null()) throw null_operand("a map cannot have a null key");
        order.emplace_back(bucket_of(entries[i].first, capacity), i);
    }
    std::sort(order.begin(), order.end());
    Map map;
    map.reserve(entries.size());
    List keys;
    bool all_text = true;
    for (const auto& [bucket, i] : order) {
        auto& [key, value] = entries[i];
        const std::string name = key_text(key);
        if (!map.contains(name)) keys.push_back(key);
        all_text = all_text && key.is_string();
        map.set(name, std::move(value));
    }
    if (!all_text) map.set_typed_keys(std::move(keys));
    map.set_flavour(MapFlavour::Hash);
    return map;
}

Map hash_ordered(const Map& map) {
    KeysAndValues entries;
    entries.reserve(map.size());
    for (const auto& [key, value] : map) entries.emplace_back(key, value);
    const std::size_t capacity = grown_capacity(kDefaultCapacity, entries.size());
    return hash_map(std::move(entries), capacity);
}

}  // namespace sluice::expr
