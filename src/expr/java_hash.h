#pragma once
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "value/value.h"

namespace sluice::expr {

// Map literals and a few filters give maps whose keys stand in the order of java.util.HashMap. Texts that are made of
// them are compared and signed, so the order is reproduced.

std::int32_t java_hash(const Value& value);
std::int32_t java_hash(std::string_view text);

using KeysAndValues = std::vector<std::pair<Value, Value>>;

/// The smallest capacity of a map that gets this many entries at once, as a literal does.
std::size_t capacity_for(std::size_t entries);
/// The capacity of a map that began with this one and grew to so many entries.
std::size_t grown_capacity(std::size_t begin, std::size_t entries);

/// A map of these entries in hash order; of equal keys the last value counts. Null keys are refused.
/// Throws  Failure
Map hash_map(KeysAndValues entries, std::size_t capacity);

/// The entries of a map in hash order, as a default HashMap that they were put into one by one.
Map hash_ordered(const Map& map);

}  // namespace sluice::expr
