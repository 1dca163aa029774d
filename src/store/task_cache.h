#pragma once
#include <optional>
#include <string>

#include "pg/pg.h"
#include "value/value.h"

namespace sluice::store {

/// Outputs of tasks with a taskCache, by a digest of what they were made of.
std::optional<Value> find_cached_outputs(pg::Connection& connection, const std::string& key);
/// ttl  empty: for ever
void cache_outputs(pg::Connection& connection, const std::string& key, const Value& outputs,
                   std::optional<Duration> ttl);
void forget_cached_outputs(pg::Connection& connection);

}  // namespace sluice::store
