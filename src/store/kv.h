#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pg/pg.h"
#include "value/value.h"

namespace sluice::store {

struct KvRow {
    std::string name_space{};
    std::string key{};
    std::string kind{};  // STRING NUMBER BOOLEAN DATETIME DATE DURATION JSON
    Value value{};
    std::string description{};
    std::int64_t version = 0;
    Timestamp created_at{};
    Timestamp updated_at{};
    std::optional<Timestamp> expires_at{};
    bool expired = false;
};

/// Reads the columns of kv_get.sql.
KvRow kv_row_of(pg::Row& row);

std::optional<KvRow> kv_get(pg::Connection& connection, const std::string& name_space, const std::string& key);
std::vector<KvRow> kv_list(pg::Connection& connection, const std::string& name_space, const std::string& prefix = "");
/// Empty: overwrite is false and there is one already
std::optional<std::int64_t> kv_set(pg::Connection& connection, const KvRow& row, std::optional<Duration> ttl,
                                   bool overwrite);
/// Removes keys that expired a day ago.
void kv_purge(pg::Connection& connection);
bool kv_delete(pg::Connection& connection, const std::string& name_space, const std::string& key);

}  // namespace sluice::store
