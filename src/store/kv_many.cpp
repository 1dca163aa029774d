#include "store/kv_many.h"

#include "sql/store.h"

namespace sluice::store {

std::vector<std::optional<KvRow>> kv_get_many(pg::Connection& connection, const std::vector<KvName>& names) {
    std::vector<std::string> name_spaces, keys;
    for (const KvName& name : names) {
        name_spaces.push_back(name.name_space);
        keys.push_back(name.key);
    }
    std::vector<std::optional<KvRow>> out(names.size());
    for (pg::Row row : connection.run(sql::kv_get_many, name_spaces, keys)) {
        const std::int64_t place = row.integer();
        out.at(static_cast<std::size_t>(place - 1)) = kv_row_of(row);
    }
    return out;
}

}  // namespace sluice::store
