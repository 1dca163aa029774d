#include "store/find_kv.h"

#include "store/json_column.h"

namespace sluice::store {
namespace {

constexpr Field kKeyFields[] = {
    {"namespace", Field::Kind::Text, "k.namespace"},
    {"key", Field::Kind::Text, "k.key"},
    {"updated", Field::Kind::Time, "k.updated_at"},
};

constexpr SortField kKeyOrders[] = {
    {"key", "k.key"},
    {"namespace", "k.namespace"},
    {"creationDate", "k.created_at"},
    {"updateDate", "k.updated_at"},
    {"expirationDate", "k.expires_at"},
};

}  // namespace

Result<Found<KvRow>> find_kv(pg::Connection& connection, const Search& search) {
    Query query("find_kv",
                "select k.namespace, k.key, k.kind, 'null', k.description, k.version, k.created_at, k.updated_at, "
                "k.expires_at, false",
                "from sluice.kv k where (k.expires_at is null or k.expires_at > now())");
    for (const Filter& filter : search.filters) {
        if (filter.field == "q") {
            for (const std::string& words : filter.values) {
                apply_words(query, "k.namespace || ' ' || k.key", words, filter.operation == Operation::NotEquals);
            }
        } else if (auto applied = apply(query, filter, kKeyFields); !applied) {
            return tl::unexpected(applied.error());
        }
    }
    Found<KvRow> found;
    found.total = count(query, connection, search.total);
    if (auto sorted = apply_sort(query, search.sort, kKeyOrders); !sorted) return tl::unexpected(sorted.error());
    query.order_by("k.namespace, k.key").limit(search.size, search.offset);
    for (pg::Row row : query.run(connection)) found.rows.push_back(kv_row_of(row));
    return found;
}

}  // namespace sluice::store
