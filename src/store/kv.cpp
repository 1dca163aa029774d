#include "store/kv.h"

#include "sql/store.h"
#include "store/json_column.h"

namespace sluice::store {

KvRow kv_row_of(pg::Row& row) {
    KvRow out;
    out.name_space = row.text();
    out.key = row.text();
    out.kind = row.text();
    out.value = value_of_column(row.maybe_text());
    out.description = row.maybe_text().value_or("");
    out.version = row.integer();
    out.created_at = row.timestamp();
    out.updated_at = row.timestamp();
    out.expires_at = row.maybe_timestamp();
    out.expired = row.boolean();
    return out;
}

std::optional<KvRow> kv_get(pg::Connection& connection, const std::string& name_space, const std::string& key) {
    const pg::Rows rows = connection.run(sql::kv_get, name_space, key);
    if (rows.empty()) return {};
    pg::Row row = rows[0];
    return kv_row_of(row);
}

std::vector<KvRow> kv_list(pg::Connection& connection, const std::string& name_space, const std::string& prefix) {
    std::vector<KvRow> out;
    for (pg::Row row : connection.run(sql::kv_list, name_space, prefix)) out.push_back(kv_row_of(row));
    return out;
}

std::optional<std::int64_t> kv_set(pg::Connection& connection, const KvRow& row, std::optional<Duration> ttl,
                                   bool overwrite) {
    const pg::Rows rows =
        connection.run(sql::kv_set, row.name_space, row.key, row.kind, to_json(row.value),
                       row.description.empty() ? std::nullopt : std::optional(row.description), ttl, overwrite);
    return rows.empty() ? std::nullopt : std::optional(rows[0].integer());
}

bool kv_delete(pg::Connection& connection, const std::string& name_space, const std::string& key) {
    return connection.run(sql::kv_delete, name_space, key).affected() > 0;
}

void kv_purge(pg::Connection& connection) {
    connection.run(sql::kv_purge);
}

}  // namespace sluice::store
