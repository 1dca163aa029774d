#include "store/task_cache.h"

#include "sql/store.h"
#include "store/json_column.h"

namespace sluice::store {

std::optional<Value> find_cached_outputs(pg::Connection& connection, const std::string& key) {
    const pg::Rows rows = connection.run(sql::find_cached_outputs, key);
    if (rows.empty()) return {};
    return value_of_column(rows[0].maybe_text());
}

void cache_outputs(pg::Connection& connection, const std::string& key, const Value& outputs,
                   std::optional<Duration> ttl) {
    connection.run(sql::cache_outputs, key, json_column(outputs), ttl);
}

void forget_cached_outputs(pg::Connection& connection) { connection.run(sql::forget_cached_outputs); }

}  // namespace sluice::store
