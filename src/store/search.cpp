#include "store/search.h"

namespace sluice::store {

const Filter* Search::filter(std::string_view field) const {
    for (const Filter& one : filters) {
        if (one.field == field) return &one;
    }
    return nullptr;
}

Result<void> apply_sort(Query& query, std::span<const SortKey> keys, std::span<const SortField> fields) {
    for (const SortKey& key : keys) {
        const auto found =
            std::find_if(fields.begin(), fields.end(), [&](const SortField& f) { return f.name == key.field; });
        if (found == fields.end()) {
            std::string known;
            for (const SortField& field : fields) (known += known.empty() ? "" : ", ") += field.name;
            return invalid("Invalid sort parameter: there is no field '{}' to sort by here; there are {}", key.field,
                           known);
        }
        query.order_by(fmt::format("{} {}", found->column, key.descending ? "desc" : "asc"));
    }
    return {};
}

Query::Count count(const Query& query, pg::Connection& connection, Total total) {
    switch (total) {
        case Total::None:
            return {};
        case Total::Exact:
            return query.count_or_estimate(connection, kMostCounted);
        case Total::Complete:
            return query.count(connection);
    }
    return {};
}

}  // namespace sluice::store
